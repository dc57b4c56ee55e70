"""Makes calls in a separate process: reads them from stdin and writes how they ended to stdout.

It imports neither pytest nor the command: memory that an import allocates would count as memory of the call.
"""

import os
import sys
import time

import msgspec

from ._call import Call, Ending
from ._performing import perform


def _perform(call: Call) -> list[Ending]:
    os.environ.update(call.environment)
    time.tzset()  # so that TZ takes effect
    return perform(call)


def main() -> None:
    """Make the calls one after another."""
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=list[Call])
    sys.stdout.buffer.write(msgspec.json.encode([_perform(call) for call in asked]))
