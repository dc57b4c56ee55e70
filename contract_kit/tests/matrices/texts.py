"""Kept texts: each is a table of cases, with the result of each case.

A line is `CASE ==> RESULT`, and more lines of the result are indented. Most cases are defined only in the
texts: to add one, write the line `CASE`, and run `make findings`. A line `== RULE` begins a group. If
RULE is `RESULT | WHY`, then the results of all its cases must begin with RESULT.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

GROUP, RESULT, MORE = "== ", " ==>", "    "


class Case(NamedTuple):
    """A case, and the heading of its group."""

    group: str
    text: str

    @property
    def rule(self) -> str:
        """How the case's result must begin; empty if its group states no result."""
        return self.group.partition(" | ")[0] if " | " in self.group else ""


Results = Callable[[Iterable[Case]], Iterable[str]]
"""Yields the result of each case, in order."""


def cases(path: Path) -> Iterator[Case]:
    """Yield the cases in a kept text."""
    group = ""
    for line in path.read_text().splitlines():
        if line.startswith(GROUP):
            group = line.removeprefix(GROUP)
        elif line and not line.startswith(MORE):
            yield Case(group, line.partition(RESULT)[0])


def written(given: Iterable[Case], results: Results) -> str:
    """Return a text with these cases and their present results."""
    listed = list(given)
    lines: list[str] = []
    for group, rows in groupby(zip(listed, results(listed), strict=True), lambda row: row[0].group):
        lines += [*[""][: len(lines)], f"{GROUP}{group}"]
        for case, result in rows:
            first, *more = result.split("\n")
            assert first.startswith(case.rule), f"{case.text}: {first}, but its group is of {case.rule}"
            lines += [f"{case.text}{RESULT} {first}".rstrip(), *(f"{MORE}{each}" for each in more)]
    return "\n".join([*lines, ""])


def escaped(data: bytes) -> str:
    """Return bytes in one line of ASCII."""
    return data.decode("latin-1").encode("unicode_escape").decode()


def unescaped(text: str) -> bytes:
    """Return the bytes that a text of one line stands for; `(nothing)` stands for none."""
    return b"" if text == "(nothing)" else text.encode("latin-1").decode("unicode_escape").encode("latin-1")


def files(path: Path) -> dict[str, str]:
    """Return the files in a text, in which a line `== NAME` precedes each."""
    parts = re.split("^== ", path.read_text(), flags=re.MULTILINE)[1:]
    return {name: text for name, _, text in (each.partition("\n") for each in parts)}
