"""The recipes in docs/ci.md and the GitLab component, executed against the stub."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from bluejay_contract.stub import Stub

from .github import Action, evaluated, holds
from .machine import COMMANDS, KEY, QUICKLY, ROOT, Machine, serve_callers
from .recipes import GITHUB, GITLAB, INPUTS, RECIPES, run_component, run_jenkins

HOSTILE = "x'; touch pwned; $(touch pwned) `touch pwned` *"


def run_workflow(machine: Machine, secret: str) -> None:
    """Run the workflow's job `gate`, then its job `deploy` if the condition of that job is true."""
    _, step, _ = GITHUB["jobs"]["gate"]["steps"]
    secrets = {"secrets.BLUEJAY_API_KEY": secret}
    action = Action(machine)
    succeeded = action.run(**{name: evaluated(value, secrets) for name, value in step["with"].items()})
    deploy = GITHUB["jobs"]["deploy"]
    assert deploy["needs"] == "gate"
    values = {"needs.gate.outputs.decision": action.outputs["decision"], "github.ref": "refs/heads/main"}
    if succeeded and holds(deploy["if"], values):
        machine.run("bash", "-e", "-c", deploy["steps"][-1]["run"])


@pytest.mark.skipif(shutil.which("jq") is None, reason="the stand-in for gh filters with jq")
@pytest.mark.parametrize(("secret", "deploys"), [(KEY, True), ("", False)])
def test_the_workflow_does_not_deploy_if_its_secret_is_missing(
    machine: Machine, secret: str, deploys: bool
) -> None:
    run_workflow(machine, secret)
    assert machine.has_deployed == deploys


def test_the_gitlab_component_succeeds_if_the_decision_is_ship(
    machine: Machine,
) -> None:
    assert run_component(machine) == 0
    clone, checkout = machine.noted("git.txt")
    assert "https://gitlab-ci-token:token@gitlab.example.com/your-group/bluejay-results.git" in clone
    assert checkout.endswith(GITLAB["include"][0]["inputs"]["commit"])
    assert {"--require-hashes", "--no-deps"} <= set(machine.noted("installed.txt"))
    outputs = ["decision=ship", "run_id=48401", "exit_code=0", "report=reports/gate.html"]
    assert machine.noted("reports/gate.env") == outputs
    assert machine.exists("reports/gate.xml")
    assert KEY not in machine.log


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"base-run-id": "48100", "args": "--min-pass-rate 20"}, 1),
        ({"args": """--min-pass-rate "80" --require 'rate("task score") >= 1 %'"""}, 6),
        ({"args": HOSTILE}, 2),
        ({"api-key": "UNSET"}, 2),
    ],
    ids=["worse than its base", "inconclusive, by a rule in quotes", "args never run as code", "no secret"],
)
def test_the_gitlab_component_fails_if_the_decision_is_not_ship(
    machine: Machine, stub: Stub, inputs: dict[str, str], code: int
) -> None:
    if "base-run-id" in inputs:
        serve_callers(stub, "48100", 30, 30)
        serve_callers(stub, "48401", 30, 10)
    assert run_component(machine, **inputs) == code
    assert not machine.exists("pwned")


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize("value", ['x"', "x\ny", "x\\", "$(x)", "`x`", "x;y"])
def test_the_gitlab_component_refuses_inputs_that_a_shell_could_run_as_code(name: str, value: str) -> None:
    is_allowed = re.fullmatch(INPUTS[name]["regex"].strip("^$"), value) is not None
    assert is_allowed == (name == "args" and "\n" not in value)


def test_the_gitlab_example_deploys_only_in_a_pipeline_that_ran_the_gate() -> None:
    assert GITLAB["deploy"]["needs"] == ["bluejay-gate"]
    assert GITLAB["deploy"]["rules"] == ["bluejay-gate", "rules"]


@pytest.mark.parametrize(("passes", "code"), [(True, 0), (False, 1)])
def test_the_jenkins_step_ends_with_the_exit_code_of_the_gate(
    machine: Machine, stub: Stub, passes: bool, code: int
) -> None:
    earlier = machine.folder / "reports/earlier.html"
    earlier.parent.mkdir()
    earlier.touch()
    if not passes:
        serve_callers(stub, "48401", 5, 1)
    assert run_jenkins(machine) == code
    assert {"--require-hashes", "--no-deps"} <= set(machine.noted("installed.txt"))
    assert machine.exists("reports/gate.html")
    assert not earlier.exists()
    assert KEY not in machine.log


@pytest.mark.parametrize("passes", [True, False])
@pytest.mark.parametrize(("kind", "command"), [("make", ["make", "-f"]), ("bash", ["bash"])])
def test_the_make_recipe_and_the_shell_recipe_deploy_only_if_the_decision_is_ship(
    machine: Machine, stub: Stub, kind: str, command: list[str], passes: bool
) -> None:
    (machine.folder / "recipe").write_text(RECIPES[kind].replace(*QUICKLY))
    if not passes:
        serve_callers(stub, "48401", 5, 1)
    assert (machine.run(*command, "recipe", *["deploy"] * (kind == "make")).returncode == 0) is passes
    assert machine.has_deployed is passes
    assert machine.exists("reports/gate.xml")
    assert machine.noted("reports/exit-code") == ([f"{int(not passes)}"] if kind == "make" else [])


def test_the_workflow_linter_reports_no_fault_in_the_documented_workflow(tmp_path: Path) -> None:
    [line] = re.findall(r"\$\(BIN\)/zizmor (.*) action.yml", (ROOT / "Makefile").read_text())
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (workflows / "gate.yml").write_text(RECIPES["yaml"].replace("@COMMIT", f"@{'0' * 40}"))
    assert subprocess.run([COMMANDS / "zizmor", *line.split(), workflows], check=False).returncode == 0
