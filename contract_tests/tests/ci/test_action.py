"""action.yml against the stub: whether a job deploys, and what the action leaves behind."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from bluejay_contract.stub import Stub

from ..outside import environment
from .github import HEAD, MERGE, Action
from .machine import KEY, ROOT, Machine, serve_callers

MARKER = "<!-- bluejay-results gate gate -->"
CHANGES = "changes.txt"
POSTED = "POST repos/acme/agent/issues/7/comments"
UPDATED = "PATCH repos/acme/agent/issues/comments/1"
SAYS_SHIP = """\
import os, pathlib, sys
pathlib.Path(os.environ["GITHUB_OUTPUT"]).write_text("decision=ship\\nrun-id=1\\n")
"""
"""The first lines of a fake gate, which write the same outputs as for a run that ships."""


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Action]:
    """The action after it has judged a run that ships."""
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


def test_the_comment_names_the_pull_requests_head_rather_than_the_merge_commit(shipped: Action) -> None:
    assert shipped.machine.noted("posted.md")[-1] == f"Commit: {HEAD}"


def test_the_action_installs_only_packages_that_its_lock_file_pins_with_hashes(shipped: Action) -> None:
    installed = shipped.machine.noted("installed.txt")
    assert {"--require-hashes", "--no-deps", "--only-binary"} <= set(installed)
    assert installed[-1].endswith("/action-requirements.lock")


def test_the_api_key_never_appears_in_logs_reports_or_comments(shipped: Action) -> None:
    reports = [path.read_text() for path in Path(shipped.outputs["reports"]).iterdir()]
    assert KEY not in "".join([shipped.machine.log, shipped.summary, *reports])


@pytest.mark.parametrize(
    ("args", "decision"), [("--min-pass-rate 99", "dont_ship"), ("--min-conversations=100", "inconclusive")]
)
def test_the_action_fails_and_outputs_the_decision_if_the_decision_is_not_ship(
    machine: Machine, args: str, decision: str
) -> None:
    action = Action(machine)
    assert not action.run(args=args)
    assert action.outputs["decision"] == decision


def test_the_action_checks_several_runs_and_outputs_one_decision(machine: Machine, stub: Stub) -> None:
    serve_callers(stub, "48100", 5, 1)
    serve_callers(stub, "48101", 5, 5)
    action = Action(machine)
    assert not action.run(**{"simulation-id": "", "run-id": "48101 48100"})
    assert action.outputs["decision"] == "dont_ship"
    assert action.outputs["run-id"] == "48101 48100"


def test_the_action_queues_a_run_of_each_simulation(machine: Machine) -> None:
    action = Action(machine)
    assert action.run(**{"simulation-id": "731 733"})
    assert action.outputs["run-id"] == "48401 48402"


@pytest.mark.parametrize(
    ("callers", "passed", "decision"),
    [(30, 27, "ship"), (30, 10, "dont_ship"), (4, 4, "inconclusive"), (5, 0, "dont_ship")],
    ids=["not worse", "worse", "too few callers", "not compared, because it doesn't ship by itself"],
)
def test_the_decision_considers_the_base_run(
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


def test_two_gates_in_a_job_have_two_folders_and_two_comments(machine: Machine) -> None:
    job = Action(machine)
    assert job.run(name="refunds")
    refunds = Path(job.outputs["reports"])
    assert job.run(name="booking")
    assert Path(job.outputs["reports"]) != refunds
    assert "ship" in (refunds / "gate.md").read_text()
    assert machine.noted(CHANGES) == [POSTED, POSTED]
    assert machine.noted("posted.md")[0] == "<!-- bluejay-results gate booking -->"


def test_a_second_gate_with_the_same_name_fails_and_keeps_the_reports_of_the_first(machine: Machine) -> None:
    job = Action(machine)
    assert job.run()
    first = Path(job.outputs["reports"])
    assert not job.run()
    assert job.outputs["decision"] == "failed"
    assert Path(job.outputs["reports"]) != first
    assert "ship" in (first / "gate.md").read_text()
    assert "failed" in machine.noted("posted.md")[1]


@pytest.mark.parametrize("args", ["--min-pass-rate '80", "--min-pas 80", "48213", "--name other"])
def test_malformed_args_are_reported_as_a_failure_in_every_output(machine: Machine, args: str) -> None:
    action = Action(machine)
    assert not action.run(args=args)
    assert action.outputs["decision"] == "failed"
    assert action.outputs["exit-code"] == "2"
    reports = Path(action.outputs["reports"])
    pages = [(reports / name).read_text() for name in ("gate.html", "gate.xml")]
    comment = "\n".join(machine.noted("posted.md"))
    assert ["args" in each.lower() for each in (comment, action.summary, *pages)] == [True] * 4
    assert "::error title=Gate::failed: args" in machine.log


def test_a_key_in_the_args_never_appears_in_any_output(machine: Machine) -> None:
    action = Action(machine)
    assert not action.run(args=f"--{KEY}")
    reports = [path.read_text() for path in Path(action.outputs["reports"]).iterdir()]
    assert KEY not in "".join([machine.log, action.summary, *reports])


def _checkout(machine: Machine, gate: str) -> Path:
    """A checkout of the action in which another program replaces the gate."""
    action = machine.folder / "action"
    package = action / "overlay/bluejay_results"
    package.mkdir(parents=True)
    for each in (ROOT / "overlay" / "bluejay_results").iterdir():
        (package / each.name).symlink_to(each)
    (package / "__main__.py").unlink()
    (package / "__main__.py").write_text(gate)
    for name in ("ci", "generated"):
        (action / name).symlink_to(ROOT / name)
    return action


@pytest.mark.parametrize(
    ("gate", "decision", "code"),
    [
        ("", "internal_error", "70"),
        ("1 / 0", "internal_error", "70"),
        (f"{SAYS_SHIP}sys.exit(1)", "internal_error", "70"),
        (f"{SAYS_SHIP}sys.exit(9)", "failed", "9"),
        (None, "failed", ""),
    ],
    ids=["silent", "crash", "late crash", "another exit code", "none"],
)
def test_the_comment_reports_a_failure_if_the_gate_ends_without_a_verdict(
    machine: Machine, gate: str | None, decision: str, code: str
) -> None:
    """If `gate` is None, the gate isn't installed, because installing its dependencies fails."""
    machine.add("bin/python3" if gate is None else "unused", "#!/bin/sh\nexit 1\n")
    action = Action(machine, path=_checkout(machine, gate or ""))
    assert not action.run()
    assert (action.outputs["decision"], action.outputs["exit-code"]) == (decision, code)
    marker, heading, *_, commit = machine.noted("posted.md")
    assert marker == MARKER
    assert decision.replace("_", " ") in heading.replace("\\", "")
    assert commit == f"Commit: {HEAD}"


@pytest.mark.parametrize(
    ("author", "body", "change"),
    [
        ("github-actions[bot]", f"{MARKER}\nearlier", UPDATED),
        ("mallory", f"{MARKER}\nship", POSTED),
        ("github-actions[bot]", f"See {MARKER}", POSTED),
    ],
    ids=["its own", "of somebody else", "of another workflow"],
)
def test_the_action_updates_only_its_own_comment(
    machine: Machine, author: str, body: str, change: str
) -> None:
    comment = {"id": 1, "user": {"login": author}, "body": body}
    (machine.folder / "comments.json").write_text(json.dumps([comment]))
    Action(machine).run(**{"api-key": ""})
    assert machine.noted(CHANGES) == [change]


def test_no_comment_is_posted_on_a_push_and_the_report_names_the_pushed_commit(machine: Machine) -> None:
    action = Action(machine, "push")
    action.run(**{"api-key": ""})
    assert machine.noted(CHANGES) == []
    comment = Path(action.outputs["reports"], "gate.md").read_text()
    assert comment.splitlines()[-1] == f"Commit: {MERGE}"


def test_the_action_prints_a_notice_and_succeeds_if_it_cannot_post_a_comment(machine: Machine) -> None:
    machine.add("bin/gh", "#!/bin/sh\nexit 1\n")
    assert Action(machine).run()
    assert "::notice::" in machine.log


HOSTILE = "-x; touch pwned $(touch pwned) `touch pwned` * ${{ github.token }}"
RECORDER = """\
import json, pathlib, sys
pathlib.Path("arguments.json").write_text(json.dumps(sys.argv[1:]))
"""


def test_the_args_reach_the_gate_as_a_shell_would_split_them(machine: Machine) -> None:
    inputs = {"run-id": " 48101\n48102 ", "args": "--require '$(touch pwned)' --confident"}
    Action(machine, "push", path=_checkout(machine, RECORDER)).run(**inputs, **{"simulation-id": ""})
    found = json.loads((machine.folder / "arguments.json").read_text())
    assert found[-7:-3] == ["--require", "$(touch pwned)", "--confident", "--name=gate"]
    assert found[-3:] == ["--", "48101", "48102"]


@pytest.mark.parametrize("name", ["simulation-id", "run-id", "base-run-id", "args", "name"])
def test_the_shell_evaluates_none_of_the_actions_inputs(machine: Machine, name: str) -> None:
    assert not Action(machine).run(**{name: HOSTILE})
    assert not machine.exists("pwned")


def test_the_script_and_the_action_have_the_same_inputs() -> None:
    """Therefore, the script rejects exactly the inputs that the action doesn't have."""
    inputs = runpy.run_path(str(ROOT / "ci" / "gate.py"))["INPUTS"]
    assert list(inputs) == list(yaml.safe_load((ROOT / "action.yml").read_text())["inputs"])


def test_the_action_refuses_to_run_on_pull_request_target(machine: Machine) -> None:
    action = Action(machine, "pull_request_target")
    assert not action.run()
    assert action.outputs["decision"] == "failed"
    assert not machine.exists("installed.txt")


@pytest.mark.parametrize(("missing", "decision"), [("", "internal_error"), ("REPORTS", None)])
def test_a_crash_of_the_script_is_an_internal_error(
    tmp_path: Path, missing: str, decision: str | None
) -> None:
    """The exit code 1 would mean that the decision is "don't ship"."""
    outputs, settings = tmp_path / "outputs", {"INPUTS": "{", "NAME": "gate", "COMMIT": HEAD}
    settings |= {"REPORTS": str(tmp_path / "reports"), "OUTPUTS": str(outputs)}
    settings = environment() | {name: value for name, value in settings.items() if name != missing}
    ended = subprocess.run(
        [sys.executable, "-I", ROOT / "ci/gate.py"], env=settings, cwd=tmp_path, check=False
    )
    assert ended.returncode == 70
    assert outputs.exists() is (decision is not None)
    if decision:
        assert {f"decision={decision}", "exit-code=70"} <= set(outputs.read_text().splitlines())
        for each in (tmp_path / "reports/gate").iterdir():
            assert "internal error" in each.read_text().lower()
