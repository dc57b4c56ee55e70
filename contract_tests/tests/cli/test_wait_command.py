"""`bluejay-results wait`: its progress on stderr, its result on stdout, and its ends."""

from __future__ import annotations

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

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub, run
from bluejay_results.cli._remarks import NO_CALLS
from bluejay_results.cli._signals import stop_on_signals

from .command import Command, read_all

HIDE_CURSOR, SHOW_CURSOR = b"\x1b[?25l", b"\x1b[?25h"
QUICKLY = ("--poll-interval", "0.01")
STEPS = tuple(map(Answer, SCENARIOS["advancing"].bodies))


def test_a_run_that_settles_exits_with_0_and_is_shown_after_a_line_for_each_change(
    command: Command, process: Command, stub: Stub
) -> None:
    """In a process of its own. Void stays what has no tool call when it was read singly."""
    stub.serve("48215", *STEPS)
    ended = process("wait", "48215", *QUICKLY)
    shown = command("show", "-", stdin=STEPS[-1].body).lines
    [note] = [line for line in shown if line.startswith("Note ")]
    shown[shown.index(note)] = f"Void     1 conversation with {NO_CALLS}"
    assert (ended.code, ended.lines) == (0, shown)
    assert [re.sub(r", \d+ s$", "", line) for line in ended.errors] == [
        "Run 48215: INITIALIZING, no conversation yet",
        "Run 48215: RUNNING, 0 of 6 conversations ended",
        "Run 48215: RUNNING, 1 of 6 conversations ended",
        "Run 48215: COMPLETED, 4 of 6 conversations ended",
        "Run 48215: COMPLETED, 6 of 6 conversations ended",
    ]


def test_raw_is_the_exact_bytes_of_the_settled_run(command: Command, stub: Stub) -> None:
    stub.serve("48215", *STEPS)
    assert command("wait", "48215", "--raw", *QUICKLY).out == STEPS[-1].body


@pytest.mark.parametrize(("body", "code"), [(b"<html>", 5), (b"[" * 100_000 + b"]" * 100_000, 3)])
def test_raw_is_the_exact_bytes_of_a_run_that_is_refused(
    command: Command, stub: Stub, body: bytes, code: int
) -> None:
    stub.serve("mine", STEPS[0], Answer(body))
    ended = command("wait", "mine", "--raw", *QUICKLY)
    assert (ended.code, ended.out) == (code, body)


def test_on_a_terminal_the_progress_is_a_bar(command: Command, stub: Stub) -> None:
    stub.serve("48215", *STEPS)
    shown = command.on_a_terminal("wait", "48215", *QUICKLY)
    assert re.search(r"Run 48215 COMPLETED.*━.*6/6.*ended.*0:00", shown)


def test_a_bar_is_not_drawn_into_a_log_with_forced_colour(command: Command, stub: Stub) -> None:
    stub.serve("48215", *STEPS)
    assert "━" not in command("wait", "48215", *QUICKLY, environment={"FORCE_COLOR": "1"}).err


def test_a_terminal_that_cannot_redraw_gets_lines(command: Command) -> None:
    shown = command.on_a_terminal("wait", "48213", environment={"TERM": "dumb"})
    assert "Run 48213: COMPLETED, 15 of 15 conversations ended" in shown


def test_a_reader_of_the_progress_that_goes_away_ends_it_quietly(process: Command) -> None:
    """Not with 0: nobody knows whether the run has settled."""
    its, ours = os.pipe()
    os.close(its)
    ended = process("wait", "48214", stderr=ours)
    os.close(ours)
    assert (ended.code, ended.out) == (141, b"")


def test_a_run_that_does_not_settle_in_time_exits_with_4_and_is_shown_as_last_seen(command: Command) -> None:
    wait = ("wait", "48214", "--timeout", "0.1", *QUICKLY)
    ended, for_programs = command(*wait), command(*wait, "--json")
    running = SCENARIOS["under_way"].bodies[-1]
    assert (ended.code, ended.out) == (4, command("show", "-", stdin=running).out)
    assert (for_programs.code, json.loads(for_programs.out)["run"]["status"]) == (4, "RUNNING")
    first, last = (
        "bluejay-results: The run 48214 had not settled within 0.1 s, last seen RUNNING",
        (
            "Wait longer or look at it in the app. [1 of 6 conversations ended, "
            "https://app.getbluejay.ai/simulations/733/runs/48214]"
        ),
    )
    said = ended.errors[-1]
    assert (said.startswith(first), said.endswith(last)) == (True, True), said  # the last poll may be cut off


def test_a_poll_that_fails_is_reported_once_and_the_wait_goes_on(command: Command, stub: Stub) -> None:
    running = Answer.json(run(id="r", passed=1, under_way=5))
    fault = Answer(b"", status=520)
    stub.serve("r", running, fault, fault, running, Answer.json(run(id="r", passed=6)))
    ended = command("wait", "r", *QUICKLY)
    assert ended.code == 0
    told = [line.rpartition(",")[0] for line in ended.errors]
    assert told == [
        "Run r: RUNNING, 1 of 6 conversations ended",
        "Run r: the last poll failed, trying again (520: The service documents no such status. "
        "Check BLUEJAY_API_URL)",
        "Run r: RUNNING, 1 of 6 conversations ended",
        "Run r: COMPLETED, 6 of 6 conversations ended",
    ]


ENDS = {
    signal.SIGINT: (130, "Interrupted."),
    signal.SIGTERM: (143, "Stopped by SIGTERM."),
    signal.SIGHUP: (129, "Stopped by SIGHUP, as when its terminal is closed."),
}


@pytest.mark.parametrize(("number", "code", "says"), [(number, *end) for number, end in ENDS.items()])
def test_a_signal_between_two_polls_is_one_line_and_has_an_exit_code(
    command: Command, number: int, code: int, says: str
) -> None:
    with command.start("wait", "48214") as process:
        assert process.stderr
        process.stderr.readline()
        process.send_signal(number)
        try:
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()  # or leaving would wait for it
    assert (process.returncode, out) == (code, b"")
    assert err.decode() == f"bluejay-results: {says} The run is not affected.\n"


def test_a_terminal_gets_its_cursor_back_after_sigterm(command: Command) -> None:
    with _bar_on_a_terminal(command) as (process, terminal):
        process.terminate()
        shown = read_all(terminal)
        assert process.wait(30) == 143
    assert shown.rindex(SHOW_CURSOR) > shown.rfind(HIDE_CURSOR)
    assert b"bluejay-results: Stopped by SIGTERM." in shown


def test_a_terminal_that_is_closed_ends_it_with_the_code_of_sighup(command: Command) -> None:
    with _bar_on_a_terminal(command) as (process, terminal):
        os.close(terminal)
        assert process.wait(30) == 129


def test_a_signal_that_is_ignored_stays_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `nohup` asks for."""
    handlers = {signal.SIGHUP: signal.SIG_IGN, signal.SIGTERM: signal.SIG_DFL}
    monkeypatch.setattr(signal, "getsignal", handlers.__getitem__)
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    stop_on_signals()
    assert handlers[signal.SIGHUP] is signal.SIG_IGN
    assert callable(handlers[signal.SIGTERM])


@contextmanager
def _bar_on_a_terminal(command: Command) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start a wait on a terminal of its own, and go on when the bar is drawn."""
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
    """Make the terminal on stdin the one whose end is a SIGHUP to this process."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
