"""What the library does: the trace and the end of every call."""

from collections.abc import Iterator

from bluejay_results import BluejayClient

from ..virtual import play
from .calls import CALLS
from .ends import end
from .layout import Case, laid_out


def calls() -> Iterator[str]:
    """Yield each call's requests and pauses, what its callbacks were told, and how it ended."""
    yield from laid_out(map(_call, CALLS))


def _call(name: str) -> Case:
    played = play(BluejayClient, CALLS[name])
    sent = [f"sent {each.decode()}" for each in played.bodies if each]
    return name, [played.trace, *played.told, *end(played.ended), *sent]
