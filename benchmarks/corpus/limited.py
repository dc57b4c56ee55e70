"""Runs a command with limits on time and memory, and measures both."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Timer

from attrs import frozen

SECONDS = 120
"""The limit on CPU time, in seconds. Other load on the machine doesn't count."""
BYTES = 1_500_000_000
"""The limit on the address space, in bytes."""
_WAITING = 5
"""A command that only waits uses no CPU time, so it is killed after this many times `SECONDS`."""


@frozen
class Ended:
    """How a command ended.

    Attributes:
        code: The exit code; if a signal ended the command, the signal's number, negated.
        seconds: The CPU time.
        megabytes: The peak resident memory.
    """

    code: int
    seconds: float
    megabytes: float


def run(command: Sequence[str], output: Path, errors: Path, seconds: int = SECONDS) -> Ended:
    """Run a command within the limits.

    Args:
        command: The program, as a path, and its arguments.
        output: The file for what the command prints to stdout.
        errors: The file for what the command prints to stderr.
        seconds: The limit on CPU time.
    """
    limited = [sys.executable, "-m", "benchmarks.corpus.limited", str(seconds), *command]
    with output.open("wb") as stdout, errors.open("wb") as stderr:
        process = subprocess.Popen(limited, stdout=stdout, stderr=stderr, start_new_session=True)  # noqa: S603 - ours
        timer = Timer(_WAITING * seconds, _end, [process.pid, signal.SIGXCPU])
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    _end(process.pid, signal.SIGKILL)  # ends the command's children
    spent = round(usage.ru_utime + usage.ru_stime, 2)
    return Ended(process.returncode, spent, round(usage.ru_maxrss / 1000, 1))


def _end(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, number)


def _limit_and_become(seconds: int, command: list[str]) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.execv(command[0], command)  # noqa: S606 - the limited command


if __name__ == "__main__":
    _limit_and_become(int(sys.argv[1]), sys.argv[2:])
