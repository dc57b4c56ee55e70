"""The layout of a text: each case's title, and below it all its lines."""

from collections.abc import Iterable, Iterator
from pathlib import Path

FOLDER = Path(__file__).with_name("texts")
Case = tuple[str, Iterable[str]]
"""A title and the lines below it."""


def laid_out(cases: Iterable[Case]) -> Iterator[str]:
    """Yield each case's title, and its lines."""
    for title, told in cases:
        yield f"== {printable(title)}"
        yield from (printable(line.rstrip()) for line in told)


def printable(text: str) -> str:
    """Escape every unprintable character in a text; return the text."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
