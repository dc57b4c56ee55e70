"""Runs `bluejay-results gate` and, with a base, `compare`, for action.yml and templates/gate.yml.

The inputs are the environment variables SIMULATION_ID, RUN_ID, BASE_RUN_ID and ARGS, so that none can run as
code. The reports go to the empty folder REPORTS. The outputs go to the file OUTPUTS, as lines `name=value`.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

REPORTS = {"--junit": "gate.xml", "--html": "gate.html", "--comment": "gate.md"}
COMPARED = {0: "ship", 1: "dont_ship", 4: "inconclusive", 5: "inconclusive", 6: "inconclusive"}
"""The decision for each exit code of `compare --fail-if-worse`; any other code is a failure."""
_ROOT = Path(__file__).parents[1]
_OURS = {"PYTHONPATH": f"{_ROOT / 'generated'}{os.pathsep}{_ROOT / 'overlay'}", "PYTHONSAFEPATH": "1"}
"""The variables with which Python imports our packages, and no module of the user's checkout."""


def main() -> int:
    """Write the outputs, and return the exit code: 0 only for the decision `ship`."""
    found = {"decision": "failed", "run-id": _input("RUN_ID")}
    try:
        code = _gate(shlex.split(_input("ARGS")), found)
    except ValueError as error:
        sys.stderr.write(f"The inputs can't be used: {error}. Quote values of args as in a shell.\n")
        code = 2
    if found["decision"] == "ship" and (base := _input("BASE_RUN_ID")):
        code = _run("compare", ["--fail-if-worse"], [base, found["run-id"]])
        found["decision"] = COMPARED.get(code, "failed")
    _write({**found, "exit-code": str(code)})
    return code


def _gate(args: list[str], found: dict[str, str]) -> int:
    """Run the gate, store its decision and its run, and return its exit code."""
    options = [f"{name}={_report(file)}" for name, file in REPORTS.items()]
    options += [f"--queue={simulation}" for simulation in (_input("SIMULATION_ID"),) if simulation]
    runs = [run_id for run_id in (_input("RUN_ID"),) if run_id]
    if not runs and not _input("SIMULATION_ID"):  # a run in `args` could be a file of the checkout
        raise ValueError("no simulation or run. Set simulation-id or run-id")
    with tempfile.TemporaryDirectory() as folder:
        outputs = Path(folder) / "outputs"
        outputs.touch()
        code = _run("gate", [*args, *options], runs, GITHUB_OUTPUT=str(outputs))
        said = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
    found["run-id"] = said.get("run-id") or found["run-id"]
    is_plausible = (said.get("decision") == "ship") == (code == 0)
    found["decision"] = said.get("decision", "failed") if is_plausible else "failed"
    return code if is_plausible else code or 2


def _run(command: str, options: list[str], runs: list[str], **variables: str) -> int:
    """Run a command of `bluejay-results` and return its exit code."""
    for file in filter(os.path.lexists, runs):  # a pull request can add it, and the command would judge it
        sys.stderr.write(f"{file}: the checkout has a file of this name. Remove it, or name another run.\n")
        return 2
    line = [sys.executable, "-m", "bluejay_results", command, *options, *(["--", *runs] if runs else [])]
    return subprocess.run(line, env=os.environ | _OURS | variables, check=False).returncode  # noqa: S603 - no shell


def _input(name: str) -> str:
    return os.environ.get(name, "")


def _report(file: str) -> str:
    return str(Path(os.environ["REPORTS"], file))


def _write(outputs: dict[str, str]) -> None:
    report = _report(REPORTS["--html"])
    lines = {**outputs, "report": report if Path(report).exists() else ""}
    lines = {name: value if value.isprintable() else "" for name, value in lines.items()}  # one line each
    separator = "_" if os.environ.get("GITLAB_CI") else "-"  # GitLab's names have no hyphens
    with Path(os.environ["OUTPUTS"]).open("a") as file:
        file.write("".join(f"{name.replace('-', separator)}={value}\n" for name, value in lines.items()))


if __name__ == "__main__":
    sys.exit(main())
