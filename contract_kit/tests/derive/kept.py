"""The kept texts: what each contains, and where it is."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from . import limits, others
from .matrix import DOCUMENTS, SCHEMAS, of_document, of_schemas

KEPT = Path(__file__).with_name("kept")
TEXTS: dict[str, Callable[[], Iterator[str]]] = {
    **{group: partial(of_schemas, group) for group in SCHEMAS},
    **{name: partial(of_document, name) for name in DOCUMENTS},
    "alternative bodies": others.alternatives,
    "cursors": others.cursors,
    "limits": limits.lines,
    "operators": others.operators,
    "samples": others.samples,
    "styles": others.styles,
    "built values": others.values,
}
"""For each kept text, the function that yields its lines."""


def text(name: str) -> str:
    return "\n".join(TEXTS[name]()) + "\n"
