"""The GitLab component against the stub: its exit code, its artifacts and its comments."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from bluejay_contract.stub import Stub

from .github import HEAD
from .gitlab import BOT, MALLORY, TOKEN, GitLab, gitlab
from .machine import KEY, Machine, serve_callers
from .recipes import GITLAB, INPUTS, component, run_component

HOSTILE = "x'; touch pwned; $(touch pwned) `touch pwned` *"
MARKER = "<!-- bluejay-results gate gate -->"


@pytest.fixture
def server(machine: Machine) -> Iterator[GitLab]:
    """A GitLab with a merge request, whose pipeline runs on the machine."""
    with gitlab() as running:
        machine.variables |= running.variables
        yield running


def test_the_component_succeeds_if_the_decision_is_ship(machine: Machine) -> None:
    assert run_component(machine) == 0
    clone, checkout = machine.noted("git.txt")
    assert "https://gitlab-ci-token:token@gitlab.example.com/your-group/bluejay-results.git" in clone
    assert checkout.endswith(GITLAB["include"][0]["inputs"]["commit"])
    assert {"--require-hashes", "--no-deps"} <= set(machine.noted("installed.txt"))
    assert machine.noted("reports/gate.env") == [
        "gate_decision=ship",
        "gate_run_id=48401",
        "gate_exit_code=0",
        "gate_reports=reports/gate",
        "gate_report=reports/gate/gate.html",
    ]
    assert KEY not in machine.log


def test_the_component_queues_a_run_of_each_simulation(machine: Machine) -> None:
    assert run_component(machine, **{"simulation-id": "731 733"}) == 0
    assert "gate_run_id=48401 48402" in machine.noted("reports/gate.env")


def test_the_artifacts_are_the_files_that_the_gate_writes(machine: Machine) -> None:
    run_component(machine, name="refunds-en")
    _, job = component({"name": "refunds-en"})
    reports = job["artifacts"]["reports"]
    paths = [*job["artifacts"]["paths"], reports["junit"], reports["dotenv"]]
    assert [path for path in paths if not machine.exists(path)] == []
    assert {"reports/refunds-en/gate.html", "reports/refunds-en/gate.md"} <= set(paths)


def test_each_name_has_its_own_prefix_for_variables(machine: Machine) -> None:
    run_component(machine, name="refunds-en")
    assert machine.noted("reports/gate.env")[0] == "refunds_en_decision=ship"


def test_including_the_component_twice_with_two_job_names_creates_two_jobs() -> None:
    assert component({"job-name": "refunds"})[0] == "refunds"
    assert component({})[0] == "bluejay-gate"


def test_the_job_runs_in_the_given_stage() -> None:
    assert component({"stage": "verify"})[1]["stage"] == "verify"


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"base-run-id": "48100", "args": "--min-pass-rate 20"}, 1),
        ({"base-run-id": "$RELEASE_RUN", "args": "--min-pass-rate 20"}, 1),
        ({"base-run-id": "$UNSET"}, 2),
        ({"args": """--min-pass-rate "80" --require 'rate("task score") >= 1 %'"""}, 6),
        ({"args": HOSTILE}, 2),
        ({"api-key": "UNSET"}, 2),
    ],
    ids=[
        "worse than its base",
        "worse than a variable's run",
        "no base run in the variable",
        "inconclusive, by a rule in quotes",
        "args never run as code",
        "no secret",
    ],
)
def test_the_component_fails_if_the_decision_is_not_ship(
    machine: Machine, stub: Stub, inputs: dict[str, str], code: int
) -> None:
    machine.variables["RELEASE_RUN"] = "48100"
    if "base-run-id" in inputs:
        serve_callers(stub, "48100", 30, 30)
        serve_callers(stub, "48401", 30, 10)
    assert run_component(machine, **inputs) == code
    assert not machine.exists("pwned")


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize("value", ['x"', "x\ny", "x\\", "$(x)", "`x`", "x;y"])
def test_the_component_refuses_inputs_that_a_shell_could_run_as_code(name: str, value: str) -> None:
    is_allowed = re.fullmatch(INPUTS[name]["regex"].strip("^$"), value) is not None
    assert is_allowed == (name == "args" and "\n" not in value)


def test_the_example_deploys_only_in_a_pipeline_that_ran_the_gate() -> None:
    assert GITLAB["deploy"]["needs"] == ["bluejay-gate"]
    assert GITLAB["deploy"]["rules"] == ["bluejay-gate", "rules"]


def test_the_comment_is_posted_to_the_merge_request(machine: Machine, server: GitLab) -> None:
    run_component(machine)
    assert server.changes == ["POST /projects/5/merge_requests/7/notes"]
    assert server.notes[0]["body"].splitlines() == machine.noted("reports/gate/gate.md")
    assert machine.noted("reports/gate/gate.md")[0] == MARKER
    assert TOKEN not in machine.log


def test_the_comment_names_the_merge_requests_head_rather_than_the_merged_result(
    machine: Machine, server: GitLab
) -> None:
    machine.variables["CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"] = "3" * 40
    run_component(machine)
    assert server.notes[0]["body"].splitlines()[-1] == f"Commit: {'3' * 40}"


@pytest.mark.parametrize(
    ("author", "body", "change"),
    [
        (BOT, f"{MARKER}\nearlier", "PUT /projects/5/merge_requests/7/notes/1"),
        (MALLORY, f"{MARKER}\nship", "POST /projects/5/merge_requests/7/notes"),
        (BOT, "<!-- bluejay-results gate other -->\nship", "POST /projects/5/merge_requests/7/notes"),
    ],
    ids=["its own", "of somebody else", "of another gate"],
)
def test_the_component_updates_only_its_own_comment(
    machine: Machine, server: GitLab, author: int, body: str, change: str
) -> None:
    server.add(author, body)
    for _ in range(150):  # more than one page
        server.add(MALLORY, "Nice.")
    assert run_component(machine, **{"api-key": "UNSET"}) == 2
    assert server.changes == [change]


def test_the_comment_reports_a_failure_if_the_installation_fails(machine: Machine, server: GitLab) -> None:
    python = (machine.folder / "bin/python3").read_text()
    machine.add("bin/python3", python.replace('*"-m venv")', '*"-m venv")\n    exit 3'))
    assert run_component(machine) == 3
    assert server.notes[0]["body"].splitlines()[-1] == f"Commit: {HEAD}"
    assert "failed" in server.notes[0]["body"]


@pytest.mark.parametrize(
    "changed",
    [{"BLUEJAY_COMMENT_TOKEN": ""}, {"BLUEJAY_COMMENT_TOKEN": "wrong"}, {"CI_MERGE_REQUEST_IID": ""}],
    ids=["no token", "a wrong token", "no merge request"],
)
def test_the_job_keeps_its_exit_code_if_the_comment_cannot_be_posted(
    machine: Machine, server: GitLab, changed: dict[str, str]
) -> None:
    machine.variables |= changed
    assert run_component(machine) == 0
    assert server.notes == []
    assert "The verdict was not posted" in machine.log
