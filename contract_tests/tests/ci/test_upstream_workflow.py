"""The weekly workflow downloads upstream's document and lists its changes."""

import json
import subprocess
from pathlib import Path
from typing import Any

import yaml

from ..outside import environment
from .github import SHELL
from .machine import ROOT

WORKFLOW: Any = yaml.safe_load((ROOT / ".github" / "workflows" / "upstream.yml").read_text())


def test_the_workflow_fails_if_the_published_document_has_changed(tmp_path: Path) -> None:
    """The downloaded document differs from the accepted version in one default value."""
    document = json.loads((ROOT / "contract_tests" / "upstream" / "accepted.json").read_text())
    document["components"]["schemas"]["SimulationRunResponse"]["properties"]["status"]["default"] = "queued"
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    variables = environment() | {"URL": (tmp_path / "openapi.json").as_uri()}
    download, check = (step["run"] for step in WORKFLOW["jobs"]["check"]["steps"] if "run" in step)
    file = str(tmp_path / "folder" / "downloaded.json")
    for script, fails in ((download, False), (check, True)):
        script = script.replace(".build/upstream.json", file).replace("make ", "make -o .venv/.ready ")
        ended = subprocess.run(
            [*SHELL, script], cwd=ROOT, env=variables, capture_output=True, text=True, check=False
        )
        assert (ended.returncode != 0) is fails, ended.stderr
    assert "SimulationRunResponse" in ended.stdout
