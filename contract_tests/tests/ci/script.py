"""Runs ci/gate.py in this process, with the gate that it starts, too."""

from __future__ import annotations

import runpy
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

from bluejay_results.cli import main

from ..cli.command import called
from .github import HEAD
from .machine import ROOT, Machine

SCRIPT = ROOT / "ci" / "gate.py"


def run_script(machine: Machine, variables: Mapping[str, str]) -> tuple[int, dict[str, str]]:
    """Run the script with a job's variables; return its exit code and its outputs."""
    outputs, reports = machine.folder / "outputs", machine.folder / "reports"
    outputs.write_text("")
    shutil.rmtree(reports, ignore_errors=True)
    files = {"OUTPUTS": f"{outputs}", "REPORTS": f"{reports}", "COMMIT": HEAD}
    script = runpy.run_path(f"{SCRIPT}")

    def run(command: list[str], env: Mapping[str, str], **_: Any) -> subprocess.CompletedProcess[bytes]:
        assert command[1:3] == ["-m", "bluejay_results"]
        return subprocess.CompletedProcess(command, called(main, command[2:], env).code)

    settings = {**machine.variables, **variables, **files}
    with patch.object(subprocess, "run", run):
        ended = called(script["main"], [f"{SCRIPT}"], settings, cwd=machine.folder)
    machine.log += ended.err
    return ended.code, dict(line.split("=", 1) for line in outputs.read_text().splitlines())
