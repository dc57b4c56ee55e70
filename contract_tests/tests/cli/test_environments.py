"""Terminals, closed streams, pipes, signals, leftover variables and unusual files."""

import os
import pty
import re
import shlex
from pathlib import Path
from typing import Any

from bluejay_contract.stub import SCENARIOS, Answer, Stub
from contract_kit.tests.command import read_all
from contract_kit.tests.tables import table

from .command import Command, Ended, broken_pipe, check_refused

HIDE_CURSOR, SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"
QUICKLY = ("--poll-interval", "0.01")
STEPS = tuple(map(Answer, SCENARIOS["advancing"].bodies))
STYLE = re.compile(r"\x1b\[[\d;]*m")


@table(
    "environment, is_coloured, is_redrawn",
    [
        ({}, True, True),
        ({"NO_COLOR": "1"}, False, True),
        ({"TERM": "dumb"}, False, False),
        ({"BLUEJAY_LOG": "debug"}, True, False),
    ],
)
def test_a_terminal_gets_its_width_its_colours_and_one_live_line(
    process: Command, stub: Stub, environment: dict[str, str], is_coloured: bool, is_redrawn: bool
) -> None:
    stub.serve("48215", *STEPS)
    shown = process.on_a_terminal("wait", "48215", *QUICKLY, environment={"COLUMNS": "60"} | environment)
    assert "6 of 6" in shown
    assert bool(re.search(r"\x1b\[(1;)?3", shown)) is is_coloured
    assert (HIDE_CURSOR in shown) is is_redrawn
    assert ("GET http://" in shown) is ("BLUEJAY_LOG" in environment)
    report = STYLE.sub("", shown[shown.rindex("Run 48215 is") :]).splitlines()[:-1]
    assert 40 < max(map(len, report)) <= (80 if "TERM" in environment else 60)  # rich assumes 80 if dumb


def test_the_terminal_cursor_is_shown_again_after_sigterm(process: Command) -> None:
    ours, its = pty.openpty()
    shown = b""
    with process.start("wait", "48214", stdin=its, stdout=its, stderr=its) as started:
        os.close(its)
        while HIDE_CURSOR.encode() not in shown or b"ended" not in shown:
            shown += os.read(ours, 1 << 16)
        started.terminate()
        shown += read_all(ours)
    assert started.returncode == 143
    assert shown.rindex(SHOW_CURSOR.encode()) > shown.rfind(HIDE_CURSOR.encode())


@table(
    "line, stream, says",
    [
        ("show 48213", "stdout", ""),
        ("queue 731", "stdout", "simulations/731/runs/"),
        ("wait 48214", "stderr", ""),  # with exit code 0, scripts would conclude that the run has settled
    ],
)
def test_the_exit_code_is_141_if_an_output_is_a_closed_pipe(
    new_process: Command, line: str, stream: str, says: str
) -> None:
    """Only the id of a queued run is still printed."""
    with broken_pipe() as ours:
        streams: dict[str, Any] = {stream: ours}
        ended = new_process(*line.split(), **streams)
    assert (ended.code, ended.out) == (141, b"")
    assert (says in ended.err, bool(ended.err)) == (True, bool(says))


def test_the_exit_code_is_141_if_the_pipe_is_closed_before_the_output_ends(
    new_process: Command, tmp_path: Path
) -> None:
    """With unbuffered output, Python itself would write some of the bytes and ignore the rest."""
    (tmp_path / "large.json").write_bytes(SCENARIOS["paged"].bodies[-1])
    arguments = ("show", tmp_path / "large.json", "--json")
    with new_process.start(*arguments, environment={"PYTHONUNBUFFERED": "1"}) as started:
        assert started.stdout
        started.stdout.read(1)
        started.stdout.close()
    assert started.returncode == 141


def test_output_that_cannot_be_written_or_encoded_is_reported_or_escaped(new_process: Command) -> None:
    with Path("/dev/full").open("wb") as full:
        check_refused(new_process("show", "48213", stdout=full), 2, "No space left on device")
    body = SCENARIOS["settled"].bodies[-1].replace(b"twice", "zweimal: \u00fcbel".encode())
    ended = new_process("show", "-", stdin=body, environment={"PYTHONIOENCODING": "ascii"})
    assert b"zweimal: \\xfcbel" in ended.out


def _redirected(new_process: Command, line: str, redirection: str) -> Ended:
    """Run the command in a shell that closes a stream."""
    script = f"exec {new_process.program} {line} {redirection}"
    return Command("", Path("/bin/sh"))("-c", script, environment=new_process.variables({}))


@table(
    "line, redirection, says",
    [
        ("gate -", "<&-", "standard input"),
        ("gate {saved}", ">&-", "output"),
        ("show {saved} --json", ">&-", "output"),
        ("wait 48213", ">&-", "output"),
    ],
)
def test_a_closed_stream_is_reported(
    new_process: Command, saved: Path, line: str, redirection: str, says: str
) -> None:
    ended = _redirected(new_process, line.format(saved=shlex.quote(str(saved))), redirection)
    check_refused(Ended(ended.code, ended.out, ended.errors[-1]), 2, says)
