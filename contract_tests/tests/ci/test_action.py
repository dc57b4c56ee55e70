"""action.yml against the stub: whether a job deploys, and what the action leaves behind."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.stub import Stub

from .github import ACTION, Action
from .machine import KEY, ROOT, Machine, serve_callers

pytestmark = pytest.mark.skipif(shutil.which("jq") is None, reason="the stand-in for gh filters with jq")
MARKER = "<!-- bluejay-results gate 733 -->"
SAYS_SHIP = """\
import os, pathlib, sys
pathlib.Path(os.environ["GITHUB_OUTPUT"]).write_text("decision=ship\\nrun-id=1\\n")
"""
"""The start of a program in place of the gate: it writes the outputs of a run that ships."""


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Action]:
    """The action after a run that ships."""
    with Stub(api_key=KEY, queued_run_seconds=0.2) as stub:
        action = Action(Machine(tmp_path_factory.mktemp("shipped"), stub))
        assert action.run()
        yield action


def write_comment(machine: Machine, author: str, body: str) -> dict[str, Any]:
    """Add a comment to the pull request, and return the comment."""
    comment = {"id": 1, "user": {"login": author}, "body": body}
    (machine.folder / "bin/comments.json").write_text(json.dumps([comment]))
    return comment


def test_the_outputs_of_a_run_that_ships_are_its_decision_id_code_and_report(shipped: Action) -> None:
    assert shipped.outputs == {
        "decision": "ship",
        "run-id": "48401",
        "exit-code": "0",
        "report": "reports/gate.html",
    }
    reports = [path.name for path in (shipped.machine.folder / "reports").iterdir()]
    assert sorted(reports) == ["gate.html", "gate.md", "gate.xml"]
    assert "ship" in shipped.summary


def test_a_comment_with_the_verdict_is_posted(shipped: Action) -> None:
    [comment] = shipped.machine.comments
    assert comment["body"].startswith(f"{MARKER}\n")


def test_the_action_installs_only_what_its_lock_pins_and_hashes(shipped: Action) -> None:
    assert {"--require-hashes", "--no-deps"} <= set(shipped.machine.installed)
    assert shipped.machine.installed[-1].endswith("/action-requirements.lock")


def test_the_key_is_in_no_log_report_or_comment(shipped: Action) -> None:
    machine = shipped.machine
    reports = [path.read_text() for path in (machine.folder / "reports").iterdir()]
    assert KEY not in "".join([machine.log, shipped.summary, *reports, json.dumps(machine.comments)])


@pytest.mark.parametrize(
    ("args", "decision", "code"),
    [("--min-pass-rate 99", "dont_ship", "1"), ("--min-conversations=100", "inconclusive", "6")],
)
def test_if_the_run_does_not_ship_the_action_fails_and_outputs_the_decision(
    machine: Machine, args: str, decision: str, code: str
) -> None:
    action = Action(machine)
    assert not action.run(args=args)
    assert (action.outputs["decision"], action.outputs["exit-code"]) == (decision, code)


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
    succeeded = action.run(
        **{"simulation-id": "", "run-id": RUN, "base-run-id": BASE, "args": "--min-pass-rate 20"}
    )
    assert action.outputs["decision"] == decision
    assert succeeded == (decision == "ship")


def test_a_run_that_does_not_ship_is_not_compared_with_the_base(machine: Machine, stub: Stub) -> None:
    serve_callers(stub, RUN, 5, 1)
    action = Action(machine)
    assert not action.run(**{"simulation-id": "", "run-id": RUN, "base-run-id": "99999"})
    assert action.outputs["decision"] == "dont_ship"


@pytest.mark.parametrize(
    "inputs",
    [
        {"api-key": ""},
        {"base-run-id": "99999"},
        {"args": "--min-pass-rate '80"},
        {"run-id": "none\ndecision=ship", "args": "'"},
    ],
    ids=lambda inputs: " ".join(f"{name}={value}" for name, value in inputs.items()),
)
def test_the_action_fails_if_the_gate_reaches_no_verdict(machine: Machine, inputs: dict[str, str]) -> None:
    action = Action(machine)
    assert not action.run(**inputs)
    assert action.outputs["decision"] == "failed"


def _checkout(machine: Machine, gate: str) -> Path:
    """A checkout of the action with another program in place of the gate."""
    package = machine.folder / "action/overlay/bluejay_results"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(gate)
    (machine.folder / "action/ci").symlink_to(ROOT / "ci")
    return machine.folder / "action"


@pytest.mark.parametrize(
    "gate", ["", "1 / 0", f"{SAYS_SHIP}sys.exit(1)"], ids=["silent", "crash", "late crash"]
)
def test_a_gate_that_crashes_or_decides_nothing_does_not_ship(machine: Machine, gate: str) -> None:
    action = Action(machine, path=_checkout(machine, gate))
    assert not action.run()
    assert action.outputs["decision"] == "failed"
    assert action.outputs["exit-code"] != "0"


def test_without_a_gate_the_decision_is_failed_and_no_earlier_verdict_is_posted(machine: Machine) -> None:
    (machine.folder / "reports").mkdir()
    (machine.folder / "reports/gate.md").write_text(f"{MARKER}\nship")
    action = Action(machine, cancelled="Install the locked dependencies")
    assert not action.run()
    assert action.outputs["decision"] == "failed"
    assert machine.comments == []


def test_the_action_updates_its_earlier_comment(machine: Machine) -> None:
    earlier = write_comment(machine, "github-actions[bot]", f"{MARKER}\nearlier")
    Action(machine).run()
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
    Action(machine).run(**{"api-key": ""})
    assert machine.comments[0] == other
    assert len(machine.comments) == 2


def test_no_comment_is_posted_on_a_push(machine: Machine) -> None:
    Action(machine, "push").run(**{"api-key": ""})
    assert machine.comments == []


def test_an_action_that_may_not_comment_says_so_and_still_succeeds_after_ship(machine: Machine) -> None:
    machine.add("bin/gh", "#!/bin/sh\nexit 1\n")
    assert Action(machine).run()
    assert "::notice::" in machine.log


def test_files_of_an_earlier_verdict_are_not_reported_again(machine: Machine) -> None:
    (machine.folder / "reports").mkdir()
    (machine.folder / "reports/gate.md").write_text(f"{MARKER}\nship")
    Action(machine, path=_checkout(machine, "1 / 0")).run()
    assert not machine.exists("reports/gate.md")
    assert machine.comments == []


HOSTILE = "-x; touch pwned $(touch pwned) `touch pwned` * ${{ github.token }}"
RECORDER = """\
import json, pathlib, sys
pathlib.Path("arguments.json").write_text(json.dumps(sys.argv[1:]))
"""


def test_inputs_reach_the_gate_unchanged_and_args_are_split_but_never_evaluated(machine: Machine) -> None:
    inputs = dict.fromkeys(("simulation-id", "run-id"), HOSTILE) | {
        "args": f"--require '{HOSTILE}' $(touch pwned)"
    }
    Action(machine, "push", path=_checkout(machine, RECORDER)).run(**inputs)
    found = json.loads((machine.folder / "arguments.json").read_text())
    reports = [
        f"--{name}=reports/gate.{end}"
        for name, end in (("junit", "xml"), ("html", "html"), ("comment", "md"))
    ]
    assert found[5:] == [
        "--require",
        HOSTILE,
        "$(touch",
        "pwned)",
        *reports,
        f"--queue={HOSTILE}",
        "--",
        HOSTILE,
    ]
    assert not machine.exists("pwned")


def test_no_script_of_the_action_contains_an_expression_of_github() -> None:
    scripts = [step["run"] for step in ACTION["runs"]["steps"]]
    assert [each for each in scripts if "${{" in each] == []


def test_modules_in_the_checkout_do_not_replace_the_modules_of_the_gate(machine: Machine) -> None:
    machine.add("httpx.py", "raise SystemExit(0)")
    assert Action(machine).run()
