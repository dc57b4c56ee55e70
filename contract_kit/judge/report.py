"""A model for reports, which are written as text, Markdown, JSON and JUnit XML."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from attrs import frozen
from rich.cells import cell_len

from contract_kit.read.document import Skipped, broken_references, by_reason
from contract_kit.terminal import json_safe, terminal_safe

from .junit import Suite, to_junit

_PUNCTUATION = re.compile(r"(?!(?<=\w)-\w)[!-/:-@\[-`{-~]")
"""Matches all punctuation except a hyphen within a word."""
_LINKING = re.compile(r"[@#]|(?<=GH)-", re.IGNORECASE)
"""Matches what GitHub links. It looks for @name, #1 and GH-1 after removing backslash escapes."""


@frozen
class Entry:
    """An item in a list, with further lines below it. The text can come from a document or a client."""

    text: str
    below: Sequence[Entry] = ()


@frozen
class Table:
    """A table.

    Attributes:
        rows: The cells of each row.
        names: The number of leftmost columns that contain names. The other columns are right-aligned, and
            contain numbers or fixed words.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    names: int = 1


@frozen
class Section:
    """A section of a human-readable report.

    Attributes:
        title: A line of fixed text.
        more: The number of entries or rows that are left out.
    """

    title: str = ""
    table: Table | None = None
    entries: Sequence[Entry] = ()
    more: int = 0

    @property
    def rest(self) -> list[str]:
        """A line that counts the omitted entries, if any."""
        return [f"And {self.more:,} more (--all lists them)."] if self.more else []


class Report(ABC):
    """What a command found. All report formats are generated from three views of it."""

    @abstractmethod
    def sections(self) -> Iterator[Section]:
        """Yield the sections of the human-readable report."""

    @abstractmethod
    def data(self) -> Mapping[str, object]:
        """Return all the data in machine-readable form."""

    @abstractmethod
    def suites(self) -> Iterator[Suite]:
        """Yield test suites for CI systems."""

    def text(self) -> str:
        """Return the report as text."""
        return to_text(self.sections())

    def markdown(self) -> str:
        """Return the report as Markdown."""
        return "\n\n".join("\n".join(_markdown_lines(each)) for each in self.sections()) + "\n"

    def json(self) -> str:
        """Return the report as a JSON document in ASCII."""
        return json_safe(json.dumps(self.data(), indent=1)) + "\n"

    def junit(self) -> bytes:
        """Return the report as JUnit XML."""
        return to_junit("contract-kit", list(self.suites()))


def broken(skipped: Iterable[Skipped]) -> Iterator[Section]:
    """Yield a section that lists references that lead nowhere, if there are any."""
    if lines := broken_references(skipped):
        yield Section("Broken references (fix these first)", entries=list(map(Entry, lines)))


def not_covered(skipped: Iterable[Skipped]) -> Iterator[Section]:
    """Yield a section that lists other parts of the document that weren't covered, if there are any."""
    if lines := by_reason(each for each in skipped if not each.is_broken):
        yield Section("Not covered", entries=list(map(Entry, lines)))


def to_text(sections: Iterable[Section]) -> str:
    """Return sections as text."""
    return "\n\n".join("\n".join(_text_lines(each)) for each in sections) + "\n"


def _text_lines(section: Section) -> Iterator[str]:
    if section.title:
        yield section.title
    if section.table:
        yield from _aligned(section.table)
    gap = [""] if any(each.below for each in section.entries) else []
    for each in section.entries:
        yield from gap
        yield from _nested(each, "  ", terminal_safe)
    yield from (line for rest in section.rest for line in (*gap, f"  {rest}"))


def _aligned(table: Table) -> Iterator[str]:
    rows = [table.head, *([terminal_safe(cell) for cell in row] for row in table.rows)]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padding = [" " * (width - cell_len(cell)) for width, cell in zip(widths, row, strict=True)]
        names = [f"{cell}{space}" for cell, space in zip(row[: table.names], padding, strict=False)]
        numbers = [f"{space}{cell}" for cell, space in list(zip(row, padding, strict=True))[table.names :]]
        yield "  ".join([*names, *numbers]).rstrip()


def _markdown_lines(section: Section) -> Iterator[str]:
    if section.title:
        yield f"{section.title.removesuffix('.')}:\n" if section.entries else section.title
    if table := section.table:
        yield f"| {' | '.join(table.head)} |"
        yield f"|{'---|' * table.names}{'--:|' * (len(table.head) - table.names)}"
        for row in table.rows:
            names = map(markdown_safe, row[: table.names])
            yield f"| {' | '.join([*names, *row[table.names :]])} |"
    for each in section.entries:
        yield from _nested(each, "- ", markdown_safe)
    yield from (f"\n{rest}" for rest in section.rest)


def _nested(entry: Entry, before: str, safe: Callable[[str], str]) -> Iterator[str]:
    yield f"{before}{safe(entry.text)}"
    for each in entry.below:
        yield from _nested(each, f"  {before}", safe)


def markdown_safe(text: str) -> str:
    """Return one line that Markdown renders literally, without links or mentions, even in a table."""
    return _PUNCTUATION.sub(r"\\\g<0>", _LINKING.sub("\\g<0>\N{ZERO WIDTH SPACE}", terminal_safe(text)))
