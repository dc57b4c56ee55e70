"""What the GitLab component consists of, and which inputs it refuses; `jobs.txt` has what its jobs do."""

from __future__ import annotations

import re
from itertools import product

from contract_kit.tests.tables import table

from .machine import Machine
from .recipes import GITLAB, INPUTS, component, run_component


def test_the_artifacts_are_the_files_that_the_gate_writes(machine: Machine) -> None:
    run_component(machine, name="refunds-en")
    _, job = component({"name": "refunds-en"})
    reports = job["artifacts"]["reports"]
    paths = [*job["artifacts"]["paths"], reports["junit"], reports["dotenv"]]
    assert [path for path in paths if not machine.exists(path)] == []
    assert {"reports/refunds-en/gate.html", "reports/refunds-en/gate.md"} <= set(paths)


@table("name, value", product(INPUTS, ['x"', "x\ny", "x\\", "$(x)", "`x`", "x;y"]))
def test_the_component_refuses_inputs_that_a_shell_could_run_as_code(name: str, value: str) -> None:
    is_allowed = re.fullmatch(INPUTS[name]["regex"].strip("^$"), value) is not None
    assert is_allowed == (name == "args" and "\n" not in value)


def test_the_example_deploys_only_in_a_pipeline_that_ran_the_gate() -> None:
    assert GITLAB["deploy"]["needs"] == ["bluejay-gate"]
    assert GITLAB["deploy"]["rules"] == ["bluejay-gate", "rules"]
