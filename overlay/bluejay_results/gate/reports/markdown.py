"""Text in Markdown, as GitHub reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...results.run import SimulationRun
from ..verdict import Finding
from .content import (
    LONGEST,
    found,
    page,
    plain,
)

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_NOTHING = "\N{ZERO WIDTH SPACE}"


def escaped(value: object, limit: int | None = LONGEST) -> str:
    """Return a value as one line that Markdown takes for text, and in which nobody is mentioned."""
    return _PUNCTUATION.sub(_escape, plain(value, limit))


def linked(text: str, run: SimulationRun) -> str:
    """Return a text, as a link to the run's page where it has one."""
    return link(text, page(run))


def link(text: str, url: str) -> str:
    """Return a text, as a link where there is a URL."""
    return f"[{escaped(text)}]({url})" if url else escaped(text)


def row(*cells: str) -> str:
    """Return a row of a table, of cells that are escaped."""
    return f"| {' | '.join(cells)} |"


def rule_table(findings: Iterable[Finding]) -> list[str]:
    """Return the lines of a table with a row for each rule."""
    return [
        row("rule", "wanted", "measured", "sample", "verdict"),
        row(*["---"] * 5),
        *(
            row(*map(escaped, (each.rule, each.threshold, found(each), each.sample)), each.answer)
            for each in findings
        ),
    ]


def _escape(match: re.Match[str]) -> str:
    # GitHub looks for @name and #1 in what is rendered, where a backslash is gone.
    return f"\\{match[0]}{_NOTHING if match[0] in '@#' else ''}"
