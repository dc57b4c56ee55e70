"""The texts that are compared word for word: what writes each of them, and where they are."""

from collections.abc import Callable, Iterable
from pathlib import Path

from .commands import gates, help_pages, show, terminal
from .errors import errors
from .harness import checks, findings
from .kit import reports, ways_to_break
from .page import pages
from .refusals import accidents, refusals
from .verdicts import comparisons, verdicts

FOLDER = Path(__file__).with_name("texts")
TEXTS: dict[str, Callable[[], Iterable[str]]] = {
    "show": show,
    "gate": gates,
    "verdicts": verdicts,
    "comparisons": comparisons,
    "page": pages,
    "help": help_pages,
    "terminal": terminal,
    "refusals": refusals,
    "accidents": accidents,
    "errors": errors,
    "findings": findings,
    "check": checks,
    "breaking": ways_to_break,
    "kit": reports,
}
"""What yields the lines of each text, by the name of its file."""
