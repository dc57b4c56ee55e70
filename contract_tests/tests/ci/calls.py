"""Invalid and unusual calls of the gate in both CI systems, and the decision and the runs of each.

The runs: 48501 and 48502 ship, 48100 is an earlier run of their simulation, 48214 is under way, 48112
belongs to another simulation, and 48503 ships, but is also the name of a file in the checkout. A queued run
also ships. No run has the id 99999.

All calls run ci/gate.py and its gate in this process, with the variables that the action and the component
set. `jobs.py` runs other calls in a shell. Only `calls.txt` contains the calls: to add one, add `INPUTS =>`
and run `make findings`.
"""

from __future__ import annotations

import json
import runpy
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
from bluejay_contract.stub import Stub, run
from bluejay_contract.stub.requests_and_answers import StubState
from bluejay_results.cli import main

from ..cli.command import called
from ..clock import stop_time
from .github import HEAD, Action
from .machine import KEY, ROOT, Machine, serve_callers
from .recipes import RefusedError, component

TEXT = Path(__file__).with_name("calls.txt")
SCRIPT = ROOT / "ci" / "gate.py"


def decisions() -> Iterator[str]:
    """Yield the lines of the text."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as context:
        clock = stop_time(context)
        context.setattr(StubState, "now", property(lambda _: clock.utc_now()))
        with Stub(api_key=KEY, queued_run_seconds=0.2) as stub:
            machine = Machine(Path(folder) / "checkout", stub)
            for name in ("saved.json", "48503"):
                (machine.folder / name).write_text(json.dumps(run(passed=6)))
            for line in TEXT.read_text().splitlines():
                call = line.partition(" =>")[0]
                yield line if line.startswith("#") else f"{call} => {_decisions(machine, json.loads(call))}"


def _decisions(machine: Machine, inputs: dict[str, str]) -> str:
    by_action = _decision(machine, Action(machine).variables_of_gate({"api-key": KEY} | inputs))
    try:
        component({"simulation-id": ""} | inputs)
    except RefusedError:
        return f"{by_action}; GitLab refuses it"
    # If the variable that an input names doesn't exist, the key is empty.
    variables = {name.upper().replace("-", "_"): value for name, value in inputs.items() if name != "api-key"}
    variables |= {"BLUEJAY_API_KEY": ""} if "api-key" in inputs else {}
    by_component = _decision(machine, {"BASE_RUN_ID": "none", "NAME": "gate", "ARGS": ""} | variables)
    return by_action if by_action == by_component else f"{by_action}; on GitLab: {by_component}"


def _decision(machine: Machine, variables: Mapping[str, str]) -> str:
    """Run the script with a job's variables; return its exit code, decision and runs, and its own message."""
    outputs, reports = machine.folder / "outputs", machine.folder / "reports"
    shutil.rmtree(reports, ignore_errors=True)
    outputs.write_text("")
    machine.stub.reset()
    for run_id in ("48501", "48502", "48503", "48100"):
        serve_callers(machine.stub, run_id, 6, 6)
    files = {"OUTPUTS": f"{outputs}", "REPORTS": f"{reports}", "COMMIT": HEAD}
    script = runpy.run_path(f"{SCRIPT}")

    def run(command: list[str], env: Mapping[str, str], **_: Any) -> subprocess.CompletedProcess[bytes]:
        assert command[1:3] == ["-m", "bluejay_results"]
        return subprocess.CompletedProcess(command, called(main, command[2:], env).code)

    settings = {**machine.variables, **variables, **files}
    with patch.object(subprocess, "run", run):
        ended = called(script["main"], [f"{SCRIPT}"], settings, cwd=machine.folder)
    said = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
    assert said["exit-code"] == f"{ended.code}"
    why = "".join(ended.errors[-1:])  # of the script: the gate's output isn't kept
    return " ".join(filter(None, [f"{ended.code}", said["decision"], said["run-id"], why and f"({why})"]))


if __name__ == "__main__":
    TEXT.write_text("".join(f"{each}\n" for each in [*decisions()]))
