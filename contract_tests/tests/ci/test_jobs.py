"""Jobs of CI systems and calls of the gate do what the texts say: review the changes of both texts."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ..outside import environment
from . import calls, jobs, kit_jobs
from .machine import ROOT


@pytest.mark.parametrize("name", jobs.JOBS)
def test_a_job_leaves_behind_what_is_kept(name: str) -> None:
    found = jobs.kept(name)
    assert found in jobs.KEPT.read_text(), found


@pytest.mark.parametrize("name", kit_jobs.JOBS)
def test_a_job_of_the_kits_action_leaves_behind_what_is_kept(name: str) -> None:
    found = kit_jobs.kept(name)
    assert found in kit_jobs.KEPT.read_text(), found


def test_a_call_decides_what_is_kept() -> None:
    assert [*calls.decisions()] == calls.TEXT.read_text().splitlines()


def test_the_script_and_the_action_have_the_same_inputs() -> None:
    """Therefore, the script rejects exactly the inputs that the action doesn't have."""
    inputs = runpy.run_path(str(ROOT / "ci" / "gate.py"))["INPUTS"]
    assert list(inputs) == list(yaml.safe_load((ROOT / "action.yml").read_text())["inputs"])


@pytest.mark.parametrize(("missing", "decision"), [("", "internal_error"), ("REPORTS", None)])
def test_a_crash_of_the_script_is_an_internal_error(
    tmp_path: Path, missing: str, decision: str | None
) -> None:
    """The exit code 1 would mean that the decision is "don't ship"."""
    outputs = tmp_path / "outputs"
    given = {
        "INPUTS": "{",
        "NAME": "gate",
        "COMMIT": "",
        "REPORTS": f"{tmp_path}/reports",
        "OUTPUTS": f"{outputs}",
    }
    settings = environment() | {name: value for name, value in given.items() if name != missing}
    command = [sys.executable, "-I", f"{ROOT}/ci/gate.py"]
    assert subprocess.run(command, env=settings, cwd=tmp_path, check=False).returncode == 70
    written = outputs.read_text().splitlines() if outputs.exists() else []
    assert [each for each in written if "=70" in each or "decision" in each] == (
        [f"decision={decision}", "exit-code=70"] if decision else []
    )
    for each in (tmp_path / "reports/gate").iterdir() if decision else ():
        assert "internal error" in each.read_text().lower()
