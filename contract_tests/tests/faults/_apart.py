"""Makes calls in a separate process: reads them from stdin and writes how they ended to stdout.

It imports neither pytest nor the command, because each row that needs it starts a new process.
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


if __name__ == "__main__":
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=list[Call])
    sys.stdout.buffer.write(msgspec.json.encode([_perform(call) for call in asked]))
