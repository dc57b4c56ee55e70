"""The weekly workflow downloads the upstream document and SDK, and lists what is new in each."""

import json
import subprocess
from pathlib import Path
from typing import Any

import yaml

from ..golden.harness.upstream import wheel
from ..outside import environment
from .github import SHELL
from .machine import ROOT

WORKFLOW: Any = yaml.safe_load((ROOT / ".github" / "workflows" / "upstream.yml").read_text())


def run(job: str, folder: Path, variables: dict[str, str]) -> tuple[list[bool], str]:
    """Run a job's commands in its own folder; return whether each succeeds, and the last output."""
    succeeded, out = [], ""
    for script in (step["run"] for step in WORKFLOW["jobs"][job]["steps"] if "run" in step):
        script = script.replace(".build", str(folder)).replace("make ", "make -o .venv/.ready ")
        ended = subprocess.run(
            [*SHELL, script],
            cwd=ROOT,
            env=environment() | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        succeeded.append(ended.returncode == 0)
        out = ended.stdout
    return succeeded, out


def test_the_workflow_fails_if_the_published_document_has_changed(tmp_path: Path) -> None:
    """The downloaded document differs from the accepted version in one default value."""
    document = json.loads((ROOT / "contract_tests" / "upstream" / "accepted.json").read_text())
    document["components"]["schemas"]["SimulationRunResponse"]["properties"]["status"]["default"] = "queued"
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    succeeded, out = run("document", tmp_path / "build", {"URL": (tmp_path / "openapi.json").as_uri()})
    assert succeeded == [True, False]
    assert "SimulationRunResponse" in out


def test_the_workflow_fails_if_the_sdk_differs_from_the_contract(tmp_path: Path) -> None:
    """The SDK has only a few of the contract's fields."""
    (tmp_path / "bluejay_sdk-0.4.0-py3-none-any.whl").write_bytes(wheel({}))
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)}
    succeeded, out = run("sdk", tmp_path / "build", offline)
    assert succeeded == [True, False]
    assert "SimulationRunRes." in out


def test_each_comparison_runs_even_if_the_other_fails() -> None:
    assert not any("needs" in WORKFLOW["jobs"][job] for job in ("document", "sdk"))
