"""The `wait` command: its progress on stderr, its result on stdout, its exit codes, and signals."""

import json
import os
import pty
import re
import signal
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub, run
from bluejay_results.cli.process import on_interrupt
from contract_kit.tests.command import read_all

from .. import builders
from .command import Command, InProcess, broken_pipe

HIDE_CURSOR, SHOW_CURSOR = b"\x1b[?25l", b"\x1b[?25h"
QUICKLY = ("--poll-interval", "0.01")
STEPS = tuple(map(Answer, SCENARIOS["advancing"].bodies))
HAS_CALLS: dict[str, Any] = {"end_time": None, "tool_calls": [builders.tool_calls()]}
LACKS_CALLS = HAS_CALLS | {"tool_calls": [builders.tool_calls(actual=0)]}


def listed(run_id: str, *conversations: dict[str, Any]) -> Answer:
    """A run that has ended, without end times: grace periods start when `wait` reads the conversations."""
    return Answer.json(run(id=run_id, passed=conversations))


def test_the_all_option_lists_every_conversation_that_did_not_pass(command: Command, stub: Stub) -> None:
    stub.serve("48319", Answer.json(run(id="48319", failed=21)))
    grouped, listed = (command("wait", "48319", *option).lines for option in ([], ["--all"]))
    assert len(grouped) < 21 < len(listed)


@pytest.mark.parametrize(
    ("environment", "changes"),
    [({}, True), ({"TERM": "dumb"}, False), ({"BLUEJAY_LOG": "debug"}, False)],
    ids=["a terminal", "a dumb terminal", "a terminal with a log"],
)
def test_progress_is_not_redrawn_in_place_on_a_dumb_terminal_or_with_a_log(
    command: Command, stub: Stub, environment: dict[str, str], changes: bool
) -> None:
    stub.serve("48215", *STEPS)
    shown = command.on_a_terminal("wait", "48215", *QUICKLY, environment=environment)
    assert "6 of 6" in shown
    assert (HIDE_CURSOR.decode() in shown) is changes
    assert ("GET http://" in shown) is ("BLUEJAY_LOG" in environment)


def test_a_log_does_not_hide_the_cursor_if_force_color_is_set(command: Command, stub: Stub) -> None:
    stub.serve("48215", *STEPS)
    ended = command("wait", "48215", *QUICKLY, environment={"FORCE_COLOR": "1"})
    assert HIDE_CURSOR.decode() not in ended.err


def test_the_exit_code_is_141_if_stderr_is_a_closed_pipe(process: Command) -> None:
    """If it were 0, scripts would conclude that the run has settled."""
    with broken_pipe() as ours:
        ended = process("wait", "48214", stderr=ours)
    assert (ended.code, ended.out) == (141, b"")


@pytest.mark.usefixtures("clock")
def test_a_run_is_printed_as_json_even_if_it_does_not_settle_in_time(command: InProcess) -> None:
    ended = command("wait", "48214", "--timeout", "60", "--json")
    assert (ended.code, json.loads(ended.out)["run"]["status"]) == (4, "RUNNING")


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    "answer",
    [
        listed("48311", LACKS_CALLS),
        Answer.json(run(id="48311", passed=1, total_tests=2)),
        Answer.json(run(id="48311", passed=1, under_way=1, status="INCOMPLETED")),
    ],
    ids=["tool calls", "a missing conversation", "a conversation under way after an early end"],
)
def test_the_maximum_wait_is_printed_for_everything_that_is_awaited(
    command: InProcess, stub: Stub, answer: Answer
) -> None:
    stub.serve("48311", answer)
    said = command("wait", "48311", "--timeout", "600", "--tool-call-grace", "90").err
    assert re.findall(r"up to (\d+) s", said) == ["90"]


def test_the_missing_tool_call_count_is_printed_only_when_it_changes(command: Command, stub: Stub) -> None:
    none, one, both = (
        listed("48311", *each) for each in ([LACKS_CALLS] * 2, [HAS_CALLS, LACKS_CALLS], [HAS_CALLS] * 2)
    )
    stub.serve("48311", none, none, one, both)
    ended = command("wait", "48311", *QUICKLY)
    assert ended.code == 0
    waiting = [each for each in ended.errors if "--tool-call-grace" in each]
    assert [each.partition(": ")[2][:2] for each in waiting] == ["2 ", "1 "]


def test_the_terminal_cursor_is_shown_again_after_sigterm(process: Command) -> None:
    ours, its = pty.openpty()
    shown = b""
    with process.start("wait", "48214", stdin=its, stdout=its, stderr=its) as started:
        os.close(its)
        while HIDE_CURSOR not in shown or b"ended" not in shown:
            shown += os.read(ours, 1 << 16)
        started.terminate()
        shown += read_all(ours)
    assert started.returncode == 143
    assert shown.rindex(SHOW_CURSOR) > shown.rfind(HIDE_CURSOR)


def test_the_command_still_ignores_sighup_if_it_was_started_by_nohup(monkeypatch: pytest.MonkeyPatch) -> None:
    """`nohup` makes a program ignore SIGHUP, and the command must not reverse that."""
    handlers = {signal.SIGHUP: signal.SIG_IGN, signal.SIGTERM: signal.SIG_DFL}
    monkeypatch.setattr(signal, "getsignal", handlers.__getitem__)
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    on_interrupt("")
    assert handlers[signal.SIGHUP] is signal.SIG_IGN
    assert callable(handlers[signal.SIGTERM])
