"""The recipes in docs/ci.md, executed against the stub; `jobs.py` runs GitLab's."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from bluejay_contract.stub import Stub

from .github import Action, evaluated, holds
from .machine import COMMANDS, KEY, QUICKLY, ROOT, Machine, serve_callers
from .recipes import GITHUB, RECIPES, run_jenkins


def run_workflow(machine: Machine, secret: str) -> None:
    """Run the workflow's job `gate`, then its job `deploy` if the condition of that job is true."""
    _, step, _ = GITHUB["jobs"]["gate"]["steps"]
    secrets = {"secrets.BLUEJAY_API_KEY": secret}
    action = Action(machine)
    succeeded = action.run(**{name: evaluated(value, secrets) for name, value in step["with"].items()})
    deploy = GITHUB["jobs"]["deploy"]
    assert deploy["needs"] == "gate"
    values = {"needs.gate.outputs.decision": action.outputs["decision"], "github.event_name": "push"}
    if succeeded and holds(deploy["if"], values):
        machine.run("bash", "-e", "-c", deploy["steps"][-1]["run"])


@pytest.mark.parametrize(("secret", "deploys"), [(KEY, True), ("", False)])
def test_the_workflow_does_not_deploy_if_its_secret_is_missing(
    machine: Machine, secret: str, deploys: bool
) -> None:
    run_workflow(machine, secret)
    assert machine.has_deployed == deploys


@pytest.mark.parametrize(("passes", "code"), [(True, 0), (False, 1)])
def test_the_jenkins_step_ends_with_the_gates_exit_code(
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
def test_the_shell_recipe_deploys_only_if_the_decision_is_ship(
    machine: Machine, stub: Stub, passes: bool
) -> None:
    recipe = RECIPES["bash"].replace(*QUICKLY)
    if not passes:
        serve_callers(stub, "48401", 5, 1)
    assert (machine.run("bash", "-c", recipe).returncode == 0) is passes
    assert machine.has_deployed is passes
    assert machine.exists("reports/gate.xml")


def test_the_workflow_linter_finds_no_faults_in_the_documented_workflow(tmp_path: Path) -> None:
    [line] = re.findall(r"\$\(BIN\)/zizmor (.*) action.yml", (ROOT / "Makefile").read_text())
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (workflows / "gate.yml").write_text(RECIPES["yaml"].replace("@COMMIT", f"@{'0' * 40}"))
    assert subprocess.run([COMMANDS / "zizmor", *line.split(), workflows], check=False).returncode == 0
