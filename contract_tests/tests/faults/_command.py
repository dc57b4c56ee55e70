"""Runs the command `bluejay-results` against a fault, and tells how it ended."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Event

from ._call import KEY, RUN_ID, Call, Ending
from ._process import environment
from ._server import wait_for

LIMIT = 30.0
_A_MOMENT = 0.2
_PROGRAM = Path(sys.executable).with_name("bluejay-results")


def run_command(words: tuple[str, ...], call: Call, interrupt_at: Event | None = None) -> Ending:
    """Run it to its end.

    Args:
        words: The command and its options, without the run.
        call: Where the service is, and with which settings.
        interrupt_at: When to press Ctrl-C.
    """
    started = time.monotonic()
    process = subprocess.Popen(
        [_PROGRAM, words[0], RUN_ID, *words[1:]],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**environment(), "BLUEJAY_API_KEY": KEY, "BLUEJAY_API_URL": call.base_url, **call.environment},
    )
    with process:
        if interrupt_at and wait_for(interrupt_at.is_set, LIMIT):
            time.sleep(_A_MOMENT)  # what the server has sent takes its time to be read
            process.send_signal(signal.SIGINT)
        return _ending(process, started)


def _ending(process: subprocess.Popen[bytes], started: float) -> Ending:
    try:
        _, errors = process.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        return Ending("hung", seconds=LIMIT)
    seconds = time.monotonic() - started
    return Ending(f"exit {process.returncode}", message=errors.decode(), seconds=seconds)
