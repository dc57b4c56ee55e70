"""`bluejay-results wait`: its progress on stderr, its result on stdout, and its ends."""

from __future__ import annotations

import inspect
import json
import os
import re
import signal

import pytest
from bluejay_contract.stub import SCENARIOS, Answer, Stub
from bluejay_results import _client
from bluejay_results.cli import _app

from .command import Command, Ended

QUICKLY = ("--poll-interval", "0.01")
STEPS = tuple(map(Answer, SCENARIOS["advancing"].bodies))


@pytest.fixture(scope="module")
def waited(command: Command, stub: Stub) -> Ended:
    """The command after a run that settled a step a poll."""
    stub.serve("48215", *STEPS)
    return command("wait", "48215", *QUICKLY)


def test_a_run_that_settles_exits_with_0(waited: Ended) -> None:
    assert waited.code == 0


def test_at_the_end_it_writes_what_show_writes(command: Command, waited: Ended) -> None:
    assert waited.out == command("show", "-", stdin=STEPS[-1].body).out


def test_each_change_is_a_line_on_stderr(waited: Ended) -> None:
    assert [re.sub(r", \d+ s$", "", line) for line in waited.errors] == [
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


def test_a_reader_of_the_progress_that_goes_away_ends_it_quietly(command: Command) -> None:
    """Not with 0: nobody knows whether the run has settled."""
    its, ours = os.pipe()
    os.close(its)
    ended = command("wait", "48214", stderr=ours)
    os.close(ours)
    assert (ended.code, ended.out) == (141, b"")


@pytest.fixture(scope="module")
def timed_out(command: Command) -> Ended:
    """The command after a run that did not settle."""
    return command("wait", "48214", "--timeout", "0.2", *QUICKLY)


def test_a_run_that_does_not_settle_in_time_exits_with_4(timed_out: Ended) -> None:
    assert timed_out.code == 4


def test_a_run_that_does_not_settle_in_time_is_shown_as_last_seen(command: Command, timed_out: Ended) -> None:
    running = SCENARIOS["under_way"].bodies[-1]
    assert timed_out.out == command("show", "-", stdin=running).out
    ended = command("wait", "48214", "--timeout", "0.2", "--json", *QUICKLY)
    assert (ended.code, json.loads(ended.out)["run"]["status"]) == (4, "RUNNING")


def test_a_time_out_says_the_last_state_and_where_to_look(timed_out: Ended) -> None:
    assert timed_out.errors[-1].startswith(
        "bluejay-results: The run 48214 had not settled within 0.2 s, last seen RUNNING. Wait longer or look "
        "at it in the app. [1 of 6 conversations ended, "
        "https://app.getbluejay.ai/simulations/733/runs/48214] [http://127.0.0.1:"
    )


def test_a_look_that_fails_is_told_once_and_lived_through(command: Command, stub: Stub) -> None:
    running = Answer(SCENARIOS["under_way"].bodies[0])
    fault = Answer(b"", status=520)
    stub.serve("r", running, fault, fault, running, Answer(SCENARIOS["settled"].bodies[0]))
    ended = command("wait", "r", *QUICKLY)
    assert ended.code == 0
    told = [line.rpartition(",")[0] for line in ended.errors]
    assert told == [
        "Run r: RUNNING, 1 of 6 conversations ended",
        "Run r: still trying, since the last look failed (520: The service documents no such status. "
        "Check BLUEJAY_API_URL)",
        "Run r: RUNNING, 1 of 6 conversations ended",
        "Run r: COMPLETED, 15 of 15 conversations ended",
    ]


@pytest.fixture(scope="module")
def interrupted(command: Command) -> Ended:
    """The command after Ctrl-C between two looks."""
    with command.start("wait", "48214") as process:
        assert process.stderr
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        try:
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()  # or leaving would wait for it
    return Ended(process.returncode, out, err.decode())


def test_ctrl_c_exits_with_130(interrupted: Ended) -> None:
    assert interrupted.code == 130


def test_ctrl_c_is_one_line(interrupted: Ended) -> None:
    assert interrupted.err == "bluejay-results: Interrupted. A run goes on without this command.\n"


@pytest.mark.parametrize(
    ("option", "default"), [("timeout", _client.WAIT_TIMEOUT), ("poll_interval", _client.POLL_INTERVAL)]
)
def test_the_defaults_are_the_library_s(option: str, default: float) -> None:
    assert inspect.signature(_app.wait).parameters[option].default == default
