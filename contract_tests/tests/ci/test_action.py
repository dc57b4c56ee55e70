"""action.yml against the stub: whether a job deploys, and what the action leaves behind."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS, Stub

from .github import Action
from .machine import KEY, Machine, serve_callers

pytestmark = pytest.mark.skipif(shutil.which("jq") is None, reason="the stand-in for gh filters with jq")
DONT_SHIP = {"min_score": "99"}
INCONCLUSIVE = {"min_conversations": "100"}
MARKER = "<!-- bluejay-results gate 733 -->"
SAYS_SHIP = """#!/bin/sh
printf '%s\\n' decision=ship score=80 >> "$GITHUB_OUTPUT"
"""
"""The start of a script in place of the gate: it writes the outputs of a run that ships."""


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Action]:
    """The action after a run that ships."""
    with Stub(api_key=KEY, queued_run_seconds=0.2) as stub:
        action = Action(Machine(tmp_path_factory.mktemp("shipped"), stub))
        assert action.run(artifact="verdict")
        yield action


def write_comment(machine: Machine, author: str, body: str) -> dict[str, Any]:
    """Add a comment to the pull request, and return the comment."""
    comment = {"id": 1, "user": {"login": author}, "body": body}
    (machine.folder / "bin/comments.json").write_text(json.dumps([comment]))
    return comment


def test_the_outputs_of_a_run_that_ships_are_its_decision_score_id_and_page(shipped: Action) -> None:
    assert shipped.outputs == {
        "decision": "ship",
        "score": "80",
        "run-id": "48401",
        "report-url": "https://app.getbluejay.ai/simulations/733/runs/48401",
    }


def test_the_summary_and_the_artifact_contain_the_verdict(shipped: Action) -> None:
    assert shipped.summary.startswith("## ship")
    assert shipped.artifacts == {"verdict": ["gate.html", "gate.md", "gate.xml"]}


def test_a_comment_with_the_verdict_is_posted(shipped: Action) -> None:
    [comment] = shipped.machine.comments
    assert comment["body"].startswith(f"{MARKER}\n## ship")


def test_the_action_installs_only_what_its_lock_pins_and_hashes(shipped: Action) -> None:
    assert {"--require-hashes", "--no-deps"} <= set(shipped.machine.installed)
    assert shipped.machine.installed[-1].endswith("/action-requirements.lock")


def test_the_key_is_in_no_log_report_or_comment(shipped: Action) -> None:
    machine = shipped.machine
    reports = [path.read_text() for path in (machine.folder / "reports").iterdir()]
    assert KEY not in "".join([machine.log, shipped.summary, *reports, json.dumps(machine.comments)])


@pytest.mark.parametrize(("inputs", "decision"), [(DONT_SHIP, "dont_ship"), (INCONCLUSIVE, "inconclusive")])
def test_if_the_run_does_not_ship_the_action_fails_and_outputs_the_decision(
    machine: Machine, inputs: Mapping[str, str], decision: str
) -> None:
    action = Action(machine)
    assert not action.run(**inputs)
    assert action.outputs["decision"] == decision


BASE, RUN = "48100", "48101"


@pytest.mark.parametrize(
    ("callers", "passed", "decision"), [(30, 27, "ship"), (30, 10, "dont_ship"), (4, 4, "inconclusive")]
)
def test_with_a_base_the_decision_is_ship_only_if_the_run_is_not_worse(
    machine: Machine, stub: Stub, callers: int, passed: int, decision: str
) -> None:
    serve_callers(stub, BASE, callers, callers)
    serve_callers(stub, RUN, callers, passed)
    action = Action(machine)
    succeeded = action.run(simulation_id="", run=RUN, base=BASE, min_score="20")
    assert action.outputs["decision"] == decision
    assert succeeded == (decision == "ship")


def test_a_run_that_does_not_ship_is_not_compared_with_the_base(machine: Machine, stub: Stub) -> None:
    serve_callers(stub, RUN, 5, 1)
    action = Action(machine)
    assert not action.run(simulation_id="", run=RUN, base="48199")
    assert action.outputs["decision"] == "dont_ship"
    assert "Compare" not in action.ran


def test_the_decision_is_failed_if_the_base_cannot_be_read(machine: Machine) -> None:
    action = Action(machine)
    assert not action.run(base="99999")
    assert action.outputs["decision"] == "failed"


def test_the_decision_is_failed_if_the_comparison_is_cancelled(machine: Machine, stub: Stub) -> None:
    for run_id in (BASE, RUN):
        serve_callers(stub, run_id, 5, 5)
    action = Action(machine, cancelled="Compare")
    assert not action.run(simulation_id="", run=RUN, base=BASE)
    assert action.outputs["decision"] == "failed"


@pytest.mark.parametrize(
    "inputs",
    [
        {"api_key": ""},
        {"api_key": "of-another-account"},
        {"min_score": "eighty"},
        {"python": "/nowhere/python"},
        {"python": "/bin/false"},
        {"python": "/bin/true"},
        {"confident": "yes"},
        {"simulation_id": ""},
        {"wait_for_results": "false"},
    ],
    ids=lambda inputs: " ".join(f"{name}={value}" for name, value in inputs.items()),
)
def test_the_action_fails_if_the_gate_reaches_no_verdict(machine: Machine, inputs: dict[str, str]) -> None:
    """/bin/false acts as a gate that crashes, /bin/true as a gate that ends with 0 and decides nothing."""
    action = Action(machine)
    assert not action.run(**inputs)
    assert action.outputs["decision"] == "failed"
    assert action.summary.startswith("## failed")


def test_a_gate_that_crashes_after_its_decision_does_not_ship(machine: Machine) -> None:
    action = Action(machine)
    assert not action.run(python=machine.add("gate", f"{SAYS_SHIP}exit 1\n"))
    assert (action.outputs["decision"], action.outputs["score"]) == ("failed", "")


@pytest.mark.parametrize("step", ["Install the locked dependencies", "Gate"])
def test_the_decision_is_failed_if_a_step_is_cancelled(machine: Machine, step: str) -> None:
    action = Action(machine, cancelled=step)
    python = machine.add("gate", SAYS_SHIP) if step == "Gate" else ""
    assert not action.run(python=python)
    assert action.outputs["decision"] == "failed"


def test_the_action_judges_a_run_that_exists_already(machine: Machine) -> None:
    action = Action(machine)
    action.run(simulation_id="", run=SCENARIOS["settled"].run_id)
    assert action.outputs["run-id"] == SCENARIOS["settled"].run_id


def test_the_action_installs_nothing_if_the_user_names_a_python(machine: Machine) -> None:
    action = Action(machine)
    assert action.run(python=sys.executable)
    assert not machine.exists("installed.json")


@pytest.mark.parametrize("inputs", [{}, {"api_key": ""}], ids=["ship", "failed"])
def test_the_action_updates_its_earlier_comment(machine: Machine, inputs: Mapping[str, str]) -> None:
    earlier = write_comment(machine, "github-actions[bot]", f"{MARKER}\nearlier")
    Action(machine).run(**inputs)
    [comment] = machine.comments
    assert comment["id"] == earlier["id"]
    assert comment["body"] != earlier["body"]


@pytest.mark.parametrize(
    ("author", "body"),
    [("mallory", f"{MARKER}\nship"), ("github-actions[bot]", f"See {MARKER}")],
    ids=["of-somebody-else", "of-another-workflow"],
)
def test_the_action_never_changes_a_comment_of_another_author_or_workflow(
    machine: Machine, author: str, body: str
) -> None:
    other = write_comment(machine, author, body)
    Action(machine).run(api_key="")
    assert machine.comments[0] == other
    assert len(machine.comments) == 2


@pytest.mark.parametrize(("event", "comment"), [("push", "true"), ("pull_request", "false")])
def test_no_comment_is_posted_on_a_push_or_if_comments_are_turned_off(
    machine: Machine, event: str, comment: str
) -> None:
    Action(machine, event).run(comment=comment, api_key="")
    assert machine.comments == []


def test_an_action_that_may_not_comment_fails_after_ship_and_keeps_the_reports(machine: Machine) -> None:
    machine.add("bin/gh", "#!/bin/sh\nexit 1\n")
    action = Action(machine)
    assert not action.run()
    assert action.outputs["decision"] == "ship"
    assert action.artifacts == {"bluejay-gate": ["gate.html", "gate.md", "gate.xml"]}


def test_files_of_an_earlier_verdict_are_not_reported_again(machine: Machine) -> None:
    (machine.folder / "reports").mkdir()
    (machine.folder / "reports/gate.md").write_text(f"{MARKER}\nship")
    action = Action(machine)
    action.run(python="/bin/false")
    assert action.artifacts == {"bluejay-gate": []}
    assert machine.comments == []


def test_modules_in_the_checkout_do_not_replace_the_modules_of_the_gate(machine: Machine) -> None:
    machine.add("httpx.py", "raise SystemExit(0)")
    assert Action(machine).run()
