"""The command `wait`: its progress on stderr, its result on stdout, its exit codes, and signals."""

import fcntl
import json
import os
import pty
import signal
import subprocess
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub, run
from bluejay_results.cli.process import on_interrupt

from .. import builders
from ..faults._connection import Connection
from ..faults._http import response
from ..faults._scripts import lists
from ..faults._server import FaultServer
from ..overlay.conftest import ManualClock
from .command import SECONDS, Command, InProcess, broken_pipe, has_received, read_all

HIDE_CURSOR, SHOW_CURSOR = b"\x1b[?25l", b"\x1b[?25h"
QUICKLY = ("--poll-interval", "0.01")
STEPS = tuple(map(Answer, SCENARIOS["advancing"].bodies))
HAS_CALLS: dict[str, Any] = {"end_time": None, "tool_calls": [builders.tool_calls()]}
LACKS_CALLS = HAS_CALLS | {"tool_calls": [builders.tool_calls(actual=0)]}


def listed(run_id: str, *conversations: dict[str, Any]) -> Answer:
    """A run that has ended. Its conversations have no end time, so the grace starts when `wait` sees them."""
    return Answer.json(run(id=run_id, passed=conversations))


def test_wait_prints_a_line_for_each_change_and_then_the_settled_run(
    command: Command, process: Command, stub: Stub
) -> None:
    """The command runs in a process of its own. Two of the steps have the same numbers."""
    stub.serve("48215", *STEPS)
    ended = process("wait", "48215", *QUICKLY)
    assert ended.code == 0
    assert ended.lines == command("show", "-", stdin=STEPS[-1].body).lines
    assert len(ended.errors) == len(STEPS) - 1


def test_wait_lists_every_conversation_that_did_not_pass_with_all(command: Command, stub: Stub) -> None:
    stub.serve("48319", Answer.json(run(id="48319", failed=21)))
    grouped, listed = (command("wait", "48319", *option).lines for option in ([], ["--all"]))
    assert len(grouped) < 21 < len(listed)


@pytest.mark.parametrize(
    ("environment", "changes"),
    [({}, True), ({"TERM": "dumb"}, False), ({"BLUEJAY_LOG": "debug"}, False)],
    ids=["a terminal", "a dumb terminal", "a terminal with a log"],
)
def test_progress_is_a_changing_line_on_a_terminal_that_is_not_dumb_and_gets_no_log(
    command: Command, stub: Stub, environment: dict[str, str], changes: bool
) -> None:
    stub.serve("48215", *STEPS)
    shown = command.on_a_terminal("wait", "48215", *QUICKLY, environment=environment)
    assert "6 of 6" in shown
    assert (HIDE_CURSOR.decode() in shown) is changes
    assert ("GET http://" in shown) is ("BLUEJAY_LOG" in environment)


def test_on_a_terminal_the_reason_for_waiting_stays(command: Command, stub: Stub) -> None:
    stub.serve("48315", listed("48315", LACKS_CALLS), listed("48315", HAS_CALLS))
    shown = command.on_a_terminal("wait", "48315", *QUICKLY)
    assert "(--tool-call-grace 0 skips this wait)\r\n" in shown


def test_forced_colour_hides_no_cursor_in_a_log(command: Command, stub: Stub) -> None:
    stub.serve("48215", *STEPS)
    ended = command("wait", "48215", *QUICKLY, environment={"FORCE_COLOR": "1"})
    assert HIDE_CURSOR.decode() not in ended.err


def test_a_closed_stderr_ends_wait_with_141(process: Command) -> None:
    """The exit code isn't 0, because the run may not have settled."""
    with broken_pipe() as ours:
        ended = process("wait", "48214", stderr=ours)
    assert (ended.code, ended.out) == (141, b"")


@pytest.mark.usefixtures("clock")
def test_a_run_that_does_not_settle_in_time_is_shown_and_exits_with_4(command: Command) -> None:
    wait = ("wait", "48214", "--timeout", "60")
    ended, for_programs = command(*wait), command(*wait, "--json")
    assert (ended.code, for_programs.code) == (4, 4)
    assert ended.out == command("show", "-", stdin=SCENARIOS["under_way"].bodies[-1]).out
    assert json.loads(for_programs.out)["run"]["status"] == "RUNNING"


def test_missing_tool_calls_are_printed_once_per_change(command: Command, stub: Stub) -> None:
    none, one, both = (
        listed("48311", *each) for each in ([LACKS_CALLS] * 2, [HAS_CALLS, LACKS_CALLS], [HAS_CALLS] * 2)
    )
    stub.serve("48311", none, none, one, both)
    ended = command("wait", "48311", *QUICKLY)
    assert ended.code == 0
    waiting = [each for each in ended.errors if "--tool-call-grace" in each]
    assert [each.partition(": ")[2][:2] for each in waiting] == ["2 ", "1 "]


def test_a_deadline_during_a_fetch_by_id_exits_with_4(clock: ManualClock) -> None:
    def answer_late(connection: Connection) -> None:
        clock.time += 60
        connection.send(response(b"{}"))

    run = response(listed("48316", LACKS_CALLS, HAS_CALLS).body)
    with FaultServer(lists(run, answer_late)) as server:
        ended = InProcess(server.url)("wait", "48316", "--timeout", "60", "--json")
    outcomes = json.loads(ended.out)["run"]["outcomes"]
    assert (ended.code, outcomes["passed"], outcomes["under_way"]) == (4, 1, 1)


def test_ctrl_c_during_a_fetch_by_id_ends_wait_at_once(process: Command, stub: Stub) -> None:
    stub.serve("48317", listed("48317", LACKS_CALLS))
    stub.serve_result("483170001", Answer(delay=60))
    ended = process.stopped(signal.SIGINT, lambda: has_received(stub, "GET", "483170001"), "wait", "48317")
    assert (ended.code, ended.out, len(ended.errors)) == (130, b"", 1)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_between_polls_prints_one_line_and_sets_the_exit_code(
    command: Command, number: int, code: int
) -> None:
    with command.start("wait", "48214") as process:
        assert process.stderr
        process.stderr.readline()
        process.send_signal(number)
        try:
            out, err = process.communicate(timeout=SECONDS)
        finally:
            process.kill()  # otherwise leaving the block would wait for the process
    assert (process.returncode, out) == (code, b"")
    assert err.startswith(b"bluejay-results: ")
    assert err.count(b"\n") == 1


def test_a_terminal_gets_its_cursor_back_after_sigterm(command: Command) -> None:
    with _waiting_on_a_terminal(command) as (process, terminal):
        process.terminate()
        shown = read_all(terminal)
        assert process.wait(30) == 143
    assert shown.rindex(SHOW_CURSOR) > shown.rfind(HIDE_CURSOR)
    assert b"bluejay-results: " in shown


def test_closing_the_terminal_ends_wait_with_129(command: Command) -> None:
    with _waiting_on_a_terminal(command) as (process, terminal):
        os.close(terminal)
        assert process.wait(30) == 129


def test_a_signal_that_is_ignored_stays_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """`nohup` sets SIGHUP to be ignored."""
    handlers = {signal.SIGHUP: signal.SIG_IGN, signal.SIGTERM: signal.SIG_DFL}
    monkeypatch.setattr(signal, "getsignal", handlers.__getitem__)
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    on_interrupt("")
    assert handlers[signal.SIGHUP] is signal.SIG_IGN
    assert callable(handlers[signal.SIGTERM])


@contextmanager
def _waiting_on_a_terminal(command: Command) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start a wait on a new terminal, and continue when the progress is shown."""
    ours, its = pty.openpty()
    with command.start(
        "wait", "48214", stdin=its, stdout=its, stderr=its, preexec_fn=_take_terminal
    ) as process:
        os.close(its)
        try:
            shown = b""
            while HIDE_CURSOR not in shown or b"ended" not in shown:
                shown += os.read(ours, 1 << 16)
            yield process, ours
        finally:
            process.kill()


def _take_terminal() -> None:
    """Make the terminal on stdin the controlling terminal, so that closing it sends SIGHUP."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
