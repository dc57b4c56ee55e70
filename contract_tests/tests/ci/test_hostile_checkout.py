"""Jobs whose checkout contains hostile files, as a malicious pull request could add them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from .github import Action
from .kit_jobs import INPUTS, ORDERS, action
from .machine import ROOT, Machine
from .recipes import run_component, run_jenkins

MODULES = {*sys.stdlib_module_names, "bluejay_results", "httpx", "pip", "sitecustomize", "usercustomize"}
PLANTED = "planted by a pull request"
PROGRAMS = ("cat", "gh", "git", "head", "mkdir", "mktemp", "printenv", "python3", "rm", "tail")


def _gate(machine: Machine) -> bool:
    return Action(machine).run()


def _component(machine: Machine) -> bool:
    return run_component(machine) == 0


def _jenkins(machine: Machine) -> bool:
    return run_jenkins(machine) == 0


def _kit(machine: Machine) -> bool:
    shutil.copy(ORDERS / "client.py", machine.folder)
    shutil.copy(ORDERS / "openapi.yaml", machine.folder)
    return action(machine).run_with(INPUTS | {"baseline": ""})


def _install(machine: Machine) -> bool:
    """Run the script that all jobs share, in the checkout."""
    machine.variables["PATH"] = machine.variables["PATH"].removeprefix(f"tools{os.pathsep}")
    lock = ROOT / "action-requirements.lock"
    return machine.run(str(ROOT / "ci" / "install.sh"), "environment", str(lock)).returncode == 0


Job = Callable[[Machine], bool]
GATES = [_gate, _component, _jenkins]
PYTHON3 = """#!/bin/sh
# Python, but its environments lack pip, which is never needed.
case "$*" in
*"-m venv "*) exec {python} "$@" --without-pip ;;
*) exec {python} "$@" ;;
esac
"""


def _plant_code(machine: Machine) -> None:
    """Commit modules and programs that record that they ran, in folders that the job searches."""
    note = str(machine.folder / "ran.txt")
    (machine.folder / "tools").mkdir()
    for name in PROGRAMS:
        machine.add(f"tools/{name}", f"#!/bin/sh\necho {name} >> {note}\n")
    for name in MODULES:
        machine.add(f"{name}.py", f"open({note!r}, 'a').write({name!r} + '\\n')\nraise SystemExit(0)\n")
    machine.variables |= {"PATH": f"tools{os.pathsep}{machine.variables['PATH']}", "PYTHONPATH": "."}


@pytest.mark.parametrize("job", [*GATES, _kit, _install])
def test_the_installation_runs_no_code_from_the_checkout(machine: Machine, job: Job) -> None:
    machine.add("bin/python3", PYTHON3.format(python=sys.executable))
    _plant_code(machine)
    assert not job(machine)
    assert machine.noted("ran.txt") == []
    assert "No module named pip" in machine.log


@pytest.mark.parametrize("job", GATES)
def test_no_code_from_the_checkout_runs_in_a_job_that_has_the_key(machine: Machine, job: Job) -> None:
    _plant_code(machine)
    assert job(machine)
    assert machine.noted("ran.txt") == []


NAMES = ("gate.env", "gate.html", "gate.md", "gate.xml", "contract-kit.md")


def _plant_files_and_links(reports: Path, other: Path) -> None:
    """Commit a report, links, and a folder that can't be removed as a file."""
    (reports / "gate.xml").mkdir(parents=True)
    (reports / "gate.md").write_text(PLANTED)
    for name in set(NAMES) - {"gate.xml", "gate.md"}:
        (reports / name).symlink_to(other / name)


def _plant_link_of_the_folder(reports: Path, other: Path) -> None:
    reports.symlink_to(other)


def _plant_file_instead_of_the_folder(reports: Path, _: Path) -> None:
    reports.write_text(PLANTED)


PLANTS = (_plant_files_and_links, _plant_link_of_the_folder, _plant_file_instead_of_the_folder)
"""On GitHub, the reports are outside of the checkout, so that one of them is enough."""


@pytest.mark.parametrize(
    ("job", "plant"),
    [
        *product((_component, _jenkins), PLANTS),
        (_gate, _plant_files_and_links),
        (_kit, _plant_files_and_links),
    ],
)
def test_no_file_from_the_checkout_becomes_one_of_the_jobs_reports(
    machine: Machine, job: Job, plant: Callable[[Path, Path], None]
) -> None:
    other = machine.folder.parent / "other"
    other.mkdir()
    for name in NAMES:
        (other / name).write_text(PLANTED)
    plant(machine.folder / "reports", other)
    job(machine)
    published = "posted.md" if job in {_gate, _kit} else "reports/gate.html"
    if job is _component:
        published = "reports/gate/gate.html"
    assert machine.exists(published)
    assert PLANTED not in machine.noted(published)
    assert {each.read_text() for each in other.iterdir()} == {PLANTED}
