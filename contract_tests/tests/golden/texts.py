"""The texts to compare word for word: the function that yields each text, and the folder."""

from collections.abc import Callable, Iterable

from .commands import commands, runs, terminal
from .errors import errors
from .harness import findings
from .kit import unusual_responses, ways_to_break
from .page import pages
from .refusals import accidents, refusals
from .situations import comparisons, verdicts

TEXTS: dict[str, Callable[[], Iterable[str]]] = {
    **{name: commands(name) for name in ("show", "gate", "help", "check", "kit")},
    "runs": runs,
    "verdicts": verdicts,
    "comparisons": comparisons,
    "page": pages,
    "terminal": terminal,
    "refusals": refusals,
    "accidents": accidents,
    "errors": errors,
    "findings": findings,
    "breaking": ways_to_break,
    "unusual": unusual_responses,
}
"""The function that yields the lines of each text, by the name of its file."""
