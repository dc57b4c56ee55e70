"""action.yml against the stub: whether a job deploys, and what the action leaves behind."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from bluejay_contract.stub import Stub

from .github import Action
from .machine import KEY, ROOT, Machine, serve_callers

pytestmark = pytest.mark.skipif(shutil.which("jq") is None, reason="the stand-in for gh filters with jq")
MARKER = "<!-- bluejay-results gate 733 -->"
CHANGES = "changes.txt"
POSTED = "POST repos/acme/agent/issues/7/comments"
UPDATED = "PATCH repos/acme/agent/issues/comments/1"
SAYS_SHIP = """\
import os, pathlib, sys
pathlib.Path(os.environ["GITHUB_OUTPUT"]).write_text("decision=ship\\nrun-id=1\\n")
"""
"""The first lines of a program that replaces the gate; they write the outputs of a run that ships."""


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Action]:
    """The action, after it has judged a run that ships."""
    with Stub(api_key=KEY, queued_run_seconds=0.2) as stub:
        action = Action(Machine(tmp_path_factory.mktemp("shipped") / "checkout", stub))
        assert action.run()
        yield action


def test_the_action_outputs_the_decision_and_the_run_id_and_the_exit_code(shipped: Action) -> None:
    assert shipped.outputs == {
        "decision": "ship",
        "run-id": "48401",
        "exit-code": "0",
        "report": f"{shipped.outputs['reports']}/gate.html",
        "reports": shipped.outputs["reports"],
    }
    assert "ship" in shipped.summary


def test_the_action_writes_its_reports_into_a_folder_outside_the_checkout(shipped: Action) -> None:
    reports = Path(shipped.outputs["reports"])
    assert not reports.is_relative_to(shipped.machine.folder)
    assert sorted(path.name for path in reports.iterdir()) == ["gate.html", "gate.md", "gate.xml"]


def test_the_action_posts_a_comment_with_the_verdict(shipped: Action) -> None:
    assert shipped.machine.noted(CHANGES) == [POSTED]
    assert shipped.machine.noted("posted.md")[0] == MARKER


def test_the_action_installs_only_packages_that_its_lock_file_pins_with_hashes(shipped: Action) -> None:
    installed = shipped.machine.noted("installed.txt")
    assert {"--require-hashes", "--no-deps", "--only-binary"} <= set(installed)
    assert installed[-1].endswith("/action-requirements.lock")


def test_the_api_key_is_in_no_log_and_in_no_report_and_in_no_comment(shipped: Action) -> None:
    reports = [path.read_text() for path in Path(shipped.outputs["reports"]).iterdir()]
    assert KEY not in "".join([shipped.machine.log, shipped.summary, *reports])


@pytest.mark.parametrize(
    ("inputs", "decision"),
    [
        ({"args": "--min-pass-rate 99"}, "dont_ship"),
        ({"args": "--min-conversations=100"}, "inconclusive"),
        ({"api-key": ""}, "failed"),
        ({"base-run-id": "99999"}, "failed"),
        ({"args": "--min-pass-rate '80"}, "failed"),
        ({"run-id": "none\ndecision=ship", "args": "'"}, "failed"),
    ],
)
def test_the_action_fails_and_outputs_the_decision_if_the_decision_is_not_ship(
    machine: Machine, inputs: dict[str, str], decision: str
) -> None:
    action = Action(machine)
    assert not action.run(**inputs)
    assert action.outputs["decision"] == decision
    assert action.outputs["exit-code"] != "0"


@pytest.mark.parametrize(
    ("callers", "passed", "decision"),
    [(30, 27, "ship"), (30, 10, "dont_ship"), (4, 4, "inconclusive"), (5, 0, "dont_ship")],
    ids=["not worse", "worse", "too few callers", "not compared, because it doesn't ship by itself"],
)
def test_the_decision_is_not_ship_if_the_run_is_worse_than_the_base_run(
    machine: Machine, stub: Stub, callers: int, passed: int, decision: str
) -> None:
    if passed:
        serve_callers(stub, "48100", callers, callers)
    serve_callers(stub, "48101", callers, passed)
    runs = {"simulation-id": "", "run-id": "48101", "base-run-id": "48100"}
    action = Action(machine)
    succeeded = action.run(**runs, args="--min-pass-rate 20")
    assert action.outputs["decision"] == decision
    assert succeeded == (decision == "ship")


def _checkout(machine: Machine, gate: str) -> Path:
    """A checkout of the action, in which another program replaces the gate."""
    package = machine.folder / "action/overlay/bluejay_results"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(gate)
    (machine.folder / "action/ci").symlink_to(ROOT / "ci")
    return machine.folder / "action"


@pytest.mark.parametrize(
    "gate", ["", "1 / 0", f"{SAYS_SHIP}sys.exit(1)", None], ids=["silent", "crash", "late crash", "none"]
)
def test_the_action_posts_no_earlier_verdict_if_the_gate_fails(machine: Machine, gate: str | None) -> None:
    """If `gate` is None, the gate isn't installed, because the installation of its dependencies fails."""
    assert Action(machine).run()
    (machine.folder / CHANGES).unlink()
    machine.add("bin/python3" if gate is None else "unused", "#!/bin/sh\nexit 1\n")
    action = Action(machine, path=_checkout(machine, gate or ""))
    assert not action.run()
    assert action.outputs["decision"] == "failed"
    assert action.outputs["exit-code"] != "0"
    assert machine.noted(CHANGES) == []


@pytest.mark.parametrize(
    ("author", "body", "change"),
    [
        ("github-actions[bot]", f"{MARKER}\nearlier", UPDATED),
        ("mallory", f"{MARKER}\nship", POSTED),
        ("github-actions[bot]", f"See {MARKER}", POSTED),
    ],
    ids=["its own", "of somebody else", "of another workflow"],
)
def test_the_action_updates_its_own_earlier_comment_and_no_other_comment(
    machine: Machine, author: str, body: str, change: str
) -> None:
    comment = {"id": 1, "user": {"login": author}, "body": body}
    (machine.folder / "comments.json").write_text(json.dumps([comment]))
    Action(machine).run(**{"api-key": ""})
    assert machine.noted(CHANGES) == [change]


def test_no_comment_is_posted_on_a_push(machine: Machine) -> None:
    Action(machine, "push").run(**{"api-key": ""})
    assert machine.noted(CHANGES) == []


def test_the_action_prints_a_notice_and_succeeds_if_it_cannot_post_a_comment(machine: Machine) -> None:
    machine.add("bin/gh", "#!/bin/sh\nexit 1\n")
    assert Action(machine).run()
    assert "::notice::" in machine.log


HOSTILE = "-x; touch pwned $(touch pwned) `touch pwned` * ${{ github.token }}"
RECORDER = """\
import json, pathlib, sys
pathlib.Path("arguments.json").write_text(json.dumps(sys.argv[1:]))
"""


def test_the_shell_evaluates_no_input_of_the_action(machine: Machine) -> None:
    inputs = dict.fromkeys(("simulation-id", "run-id"), HOSTILE) | {
        "args": f"--require '{HOSTILE}' $(touch pwned)"
    }
    Action(machine, "push", path=_checkout(machine, RECORDER)).run(**inputs)
    found = json.loads((machine.folder / "arguments.json").read_text())
    assert found[5:8] == ["--require", HOSTILE, "$(touch"]
    assert found[-3:] == [f"--queue={HOSTILE}", "--", HOSTILE]
    assert not machine.exists("pwned")


def test_the_action_refuses_the_event_named_pull_request_target(machine: Machine) -> None:
    action = Action(machine, "pull_request_target")
    assert not action.run()
    assert action.outputs["decision"] == "failed"
    assert not machine.exists("installed.txt")
