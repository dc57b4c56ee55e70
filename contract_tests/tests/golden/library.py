"""What the library does: the trace and the end of every call."""

import re
from collections.abc import Iterator

from bluejay_results import BluejayClient

from ..virtual import play
from .calls import CALLS
from .ends import end
from .layout import Case, laid_out

VERSION = re.compile(r"(?<=bluejay-results)/[\d.]+")
FIRST = {each.method: name for name, each in reversed(CALLS.items())}.values()
"""The first call of each method: its first request is kept whole."""


def calls() -> Iterator[str]:
    """Yield each call's requests and pauses, what its callbacks were told, and how it ended."""
    yield from laid_out(map(_call, CALLS))


def _call(name: str) -> Case:
    played = play(BluejayClient, CALLS[name])
    sent = [f"sent {VERSION.sub('/VERSION', each)}" for each in played.requests[: name in FIRST]]
    return name, [played.trace, *played.told, *end(played.ended), *sent]
