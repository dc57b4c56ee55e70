"""Makes calls in a process of their own: one with other settings, or whose memory is measured."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from ._call import Call, Ending
from ._performing import perform

_ROOT = Path(__file__).parents[3]
_FROM_OUTSIDE = ("bluejay_", "http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert", "columns")


def settings_from_outside() -> set[str]:
    """Name the variables of this process that change how a client behaves."""
    return {name for name in os.environ if name.lower().startswith(_FROM_OUTSIDE)}


def environment() -> dict[str, str]:
    """Return the environment of this process without them."""
    return {name: os.environ[name] for name in os.environ.keys() - settings_from_outside()}


def perform_apart(calls: list[Call]) -> list[list[Ending]]:
    """Make calls one after another in another process.

    Raises:
        subprocess.TimeoutExpired: They have not ended in time, and have been killed.
        subprocess.CalledProcessError: They have taken the process down.
    """
    done = subprocess.run(
        [sys.executable, "-m", __name__],
        input=msgspec.json.encode(calls),
        stdout=subprocess.PIPE,
        env=environment(),
        cwd=_ROOT,
        timeout=sum(call.limit for call in calls),
        check=True,
    )
    return msgspec.json.decode(done.stdout, type=list[list[Ending]])


def _perform(call: Call) -> list[Ending]:
    os.environ.update(call.environment)
    time.tzset()  # or TZ would count for nothing
    return perform(call)


if __name__ == "__main__":
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=list[Call])
    sys.stdout.buffer.write(msgspec.json.encode([_perform(call) for call in asked]))
