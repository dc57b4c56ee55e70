"""The layout of a text: each case's title, and below it only the lines that are new in kind."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

FOLDER = Path(__file__).with_name("texts")
Case = tuple[str, Iterable[str]]
"""A title and the lines below it."""


def laid_out(cases: Iterable[Case]) -> Iterator[str]:
    """Yield each case's title with its number of lines, then only the lines of a new kind.

    Lines that differ only in numbers are of the same kind. The next step is always printed, because a step
    that is wrong in one case can be right in another.
    """
    kinds = set[str]()
    for title, told in cases:
        lines = [printable(line.rstrip()) for line in told]
        yield f"== {printable(title)} [{len(lines)}]"
        for line in filter(None, lines):
            kind = re.sub(r"\d+", "0", line)
            if kind not in kinds or line.startswith("Next: "):
                yield line
            kinds.add(kind)


def printable(text: str) -> str:
    """Escape every unprintable character in a text; return the text."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
