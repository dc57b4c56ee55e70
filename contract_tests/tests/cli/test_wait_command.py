"""The command `wait`: its progress on stderr, its result on stdout, and its exit codes."""

import fcntl
import json
import os
import pty
import re
import signal
import subprocess
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import attrs
import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub, run
from bluejay_results import ConnectionFailedError, RunProgress, SimulationRun
from bluejay_results.cli.process import on_interrupt
from bluejay_results.cli.progress import _listeners
from bluejay_results.recording.recording import Settings

from .. import builders
from ..faults._connection import Connection
from ..faults._http import response
from ..faults._scripts import lists
from ..faults._server import FaultServer
from ..overlay.conftest import ManualClock
from .command import CANARY, SECONDS, Command, InProcess, broken_pipe, has_received, read_all

HIDE_CURSOR, SHOW_CURSOR = b"\x1b[?25l", b"\x1b[?25h"
QUICKLY = ("--poll-interval", "0.01")
STEPS = tuple(map(Answer, SCENARIOS["advancing"].bodies))


def test_wait_prints_a_line_for_each_change_and_then_the_settled_run(
    command: Command, process: Command, stub: Stub
) -> None:
    """The command runs in a process of its own."""
    stub.serve("48215", *STEPS)
    ended = process("wait", "48215", *QUICKLY)
    assert ended.code == 0
    assert ended.lines == command("show", "-", stdin=STEPS[-1].body).lines
    assert told(ended.err).splitlines() == [
        "Run 48215: INITIALIZING, no conversation yet",
        "Run 48215: RUNNING, 0 of 6 conversations ended",
        "Run 48215: RUNNING, 3 of 6 conversations ended",
        "Run 48215: COMPLETED, 4 of 6 conversations ended",
        "Run 48215: COMPLETED, 6 of 6 conversations ended",
    ]


def test_wait_lists_every_conversation_that_did_not_pass_with_all(command: Command) -> None:
    grouped, listed = (command("wait", "48221", *option).lines for option in ([], ["--all"]))
    assert len(grouped) < 50
    assert len(listed) > 232


@pytest.mark.parametrize(
    ("environment", "pattern", "changes"),
    [
        ({}, r"Run 48215: COMPLETED, 6 of 6 conversations ended", True),
        ({"TERM": "dumb"}, r"Run 48215: COMPLETED, 6 of 6 conversations ended", False),
        ({"BLUEJAY_LOG": "debug"}, "GET http://", False),
    ],
    ids=["a line that changes", "lines on a dumb terminal", "lines with a log"],
)
def test_progress_is_a_changing_line_on_a_terminal_that_is_not_dumb_and_gets_no_log(
    command: Command, stub: Stub, environment: dict[str, str], pattern: str, changes: bool
) -> None:
    stub.serve("48215", *STEPS)
    shown = command.on_a_terminal("wait", "48215", *QUICKLY, environment=environment)
    assert re.search(pattern, shown)
    assert (HIDE_CURSOR.decode() in shown) is changes


def test_forced_colour_hides_no_cursor_in_a_log(command: Command, stub: Stub) -> None:
    stub.serve("48215", *STEPS)
    ended = command("wait", "48215", *QUICKLY, environment={"FORCE_COLOR": "1"})
    assert HIDE_CURSOR.decode() not in ended.err


def test_a_closed_stderr_ends_wait_with_141(process: Command) -> None:
    """The exit code isn't 0, because the run may not have settled."""
    with broken_pipe() as ours:
        ended = process("wait", "48214", stderr=ours)
    assert ended.code == 141
    assert ended.out == b""


@pytest.mark.usefixtures("clock")
def test_a_run_that_does_not_settle_in_time_is_shown_and_exits_with_4(command: Command) -> None:
    wait = ("wait", "48214", "--timeout", "60")
    ended, for_programs = command(*wait), command(*wait, "--json")
    running = SCENARIOS["under_way"].bodies[-1]
    assert ended.code == 4
    assert ended.out == command("show", "-", stdin=running).out
    assert for_programs.code == 4
    assert json.loads(for_programs.out)["run"]["status"] == "RUNNING"
    assert ended.errors[-1] == (
        "bluejay-results: The run 48214 had not settled within 60 s, last seen RUNNING, "
        "5 conversations still under way. Wait longer or look at it in the app. [1 of 6 conversations ended, "
        "https://app.getbluejay.ai/simulations/733/runs/48214]"
    )


def test_a_poll_that_fails_is_reported_once_and_the_wait_goes_on(command: Command, stub: Stub) -> None:
    running = Answer.json(run(id="48318", passed=1, under_way=5))
    fault = Answer(b"", status=520)
    stub.serve("48318", running, fault, fault, running, Answer.json(run(id="48318", passed=6)))
    ended = command("wait", "48318", *QUICKLY)
    assert ended.code == 0
    told = [line.rpartition(",")[0] for line in ended.errors]
    assert told == [
        "Run 48318: RUNNING, 1 of 6 conversations ended",
        "Run 48318: the last poll failed, trying again (520: The service doesn't document this status. "
        "Check BLUEJAY_API_URL)",
        "Run 48318: RUNNING, 1 of 6 conversations ended",
        "Run 48318: COMPLETED, 6 of 6 conversations ended",
    ]


LACKS_CALLS: dict[str, Any] = {"tool_calls": [{"name": "book", "expected": [{}], "actual": []}]}
HAS_CALLS = {"tool_calls": [{"name": "book", "expected": [{}], "actual": [{}]}]}
WAITING = "waiting up to 1xx s (--tool-call-grace 0 skips this wait)"


def told(text: str) -> str:
    """Return the lines about a wait without the numbers of seconds."""
    return re.sub(r", \d+ s$", "", re.sub(r"up to 1\d\d s", "up to 1xx s", text), flags=re.MULTILINE)


def listed(run_id: str, *conversations: dict[str, Any], **fields: Any) -> Answer:
    """A run that has ended. Its conversations have no end time, so the grace starts when `wait` sees them."""
    timeless = [each | {"end_time": None} for each in conversations]
    return Answer.json(run(id=run_id, passed=timeless, **fields))


def test_missing_tool_calls_are_printed_once_per_change(command: Command, stub: Stub) -> None:
    none, one, both = (
        listed("48311", *each) for each in ([LACKS_CALLS] * 2, [HAS_CALLS, LACKS_CALLS], [HAS_CALLS] * 2)
    )
    stub.serve("48311", none, none, one, both)
    ended = command("wait", "48311", *QUICKLY)
    assert ended.code == 0
    assert ended.lines[1] == "2 passed"
    assert told(ended.err).splitlines() == [
        "Run 48311: COMPLETED, 2 of 2 conversations ended",
        f"Run 48311: 2 conversations have no verdict or not all tool calls yet; {WAITING}",
        f"Run 48311: 1 conversation has no verdict or not all tool calls yet; {WAITING}",
    ]


def test_a_queued_conversation_that_is_not_listed_yet_is_printed(command: Command) -> None:
    queued = {"simulation_run_id": "48313", "simulation_result_ids": ["483130001", "483130002"]}
    with Stub(api_key=CANARY) as own:
        own.serve_queue(Answer.json({**queued, "agent_id": "1"}))
        own.serve("48313", listed("48313", HAS_CALLS), listed("48313", HAS_CALLS, HAS_CALLS))
        ended = command("gate", "--queue", "733", "--base-url", own.url, *QUICKLY)
    assert ended.code == 0
    assert f"Run 48313: 1 conversation has not been listed yet; {WAITING}" in told(ended.err)


def test_on_a_terminal_the_reason_for_waiting_stays(command: Command, stub: Stub) -> None:
    stub.serve("48315", listed("48315", LACKS_CALLS), listed("48315", HAS_CALLS))
    shown = command.on_a_terminal("wait", "48315", *QUICKLY)
    assert f"1 conversation has no verdict or not all tool calls yet; {WAITING}\r\n" in told(shown)


def progress_of(run: SimulationRun) -> RunProgress:
    return RunProgress(run.response.simulation_run, run)


def test_the_progress_shows_the_status_the_count_what_it_waits_for_and_the_last_fault() -> None:
    shown, said = list[str](), list[str]()
    on_update, on_fault = _listeners(shown.append, said.append)
    on_update(progress_of(SimulationRun.from_bytes(SCENARIOS["no_results"].bodies[-1])))
    on_update(progress_of(SimulationRun.from_bytes(SCENARIOS["under_way"].bodies[-1])))
    on_fault(ConnectionFailedError("refused."))
    lacking = builders.saved_run(builders.result(**LACKS_CALLS))
    on_update(
        progress_of(
            SimulationRun(attrs.evolve(lacking.parts, settings=Settings(is_wait=True, tool_call_grace=7)))
        )
    )
    assert shown[1:3] == [
        "RUNNING, 2 of 6 conversations ended",  # as the counters of the polls before said
        "the last poll failed, trying again (refused)",
    ]
    assert said == [
        "1 conversation has no verdict or not all tool calls yet; waiting up to 7 s "
        "(--tool-call-grace 0 skips this wait)"
    ]


def test_a_log_on_a_terminal_is_not_mixed_with_a_changing_line(command: Command) -> None:
    shown = command.on_a_terminal("wait", "48213", environment={"BLUEJAY_LOG": "debug"})
    assert HIDE_CURSOR.decode() not in shown
    assert "GET http://" in shown


def test_a_deadline_during_a_fetch_by_id_exits_with_4(clock: ManualClock) -> None:
    def answer_late(connection: Connection) -> None:
        clock.time += 60
        connection.send(response(b"{}"))

    run = response(listed("48316", LACKS_CALLS, HAS_CALLS).body)
    with FaultServer(lists(run, answer_late)) as server:
        ended = InProcess(server.url)("wait", "48316", "--timeout", "60")
    assert ended.code == 4
    assert ended.lines[0].startswith("Run 48316 is not settled (COMPLETED): so far ")
    assert ended.lines[1] == "1 passed   1 under way"


def test_ctrl_c_during_a_fetch_by_id_ends_wait_at_once(process: Command, stub: Stub) -> None:
    stub.serve("48317", listed("48317", LACKS_CALLS))
    stub.serve_result("483170001", Answer(delay=60))
    ended = process.stopped(signal.SIGINT, lambda: has_received(stub, "GET", "483170001"), "wait", "48317")
    assert ended.code == 130
    assert ended.out == b""
    assert ended.err == "bluejay-results: Interrupted. The run is not affected.\n"


ENDS = {
    signal.SIGINT: (130, "Interrupted."),
    signal.SIGTERM: (143, "Stopped by SIGTERM."),
    signal.SIGHUP: (129, "Stopped by SIGHUP, for example because the terminal was closed."),
}


@pytest.mark.parametrize(("number", "code", "says"), [(number, *end) for number, end in ENDS.items()])
def test_a_signal_between_polls_prints_one_line_and_sets_the_exit_code(
    command: Command, number: int, code: int, says: str
) -> None:
    with command.start("wait", "48214") as process:
        assert process.stderr
        process.stderr.readline()
        process.send_signal(number)
        try:
            out, err = process.communicate(timeout=SECONDS)
        finally:
            process.kill()  # otherwise leaving the block would wait for the process
    assert process.returncode == code
    assert out == b""
    assert err.decode() == f"bluejay-results: {says} The run is not affected.\n"


def test_a_terminal_gets_its_cursor_back_after_sigterm(command: Command) -> None:
    with _waiting_on_a_terminal(command) as (process, terminal):
        process.terminate()
        shown = read_all(terminal)
        assert process.wait(30) == 143
    assert shown.rindex(SHOW_CURSOR) > shown.rfind(HIDE_CURSOR)
    assert b"bluejay-results: Stopped by SIGTERM." in shown


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
