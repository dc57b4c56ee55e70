"""GitHub-flavoured Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...results.run import SimulationRun
from ..verdict import Finding
from .content import (
    LONGEST,
    page_url,
    plain,
    value_text,
)

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_NOTHING = "\N{ZERO WIDTH SPACE}"


def escaped(value: object, limit: int | None = LONGEST) -> str:
    """Return a value as one line of literal text that can't mention a user or an issue."""
    return _PUNCTUATION.sub(_escape, plain(value, limit))


def linked(text: str, run: SimulationRun) -> str:
    """Return a text, as a link if the run has a page."""
    return link(text, page_url(run))


def link(text: str, url: str) -> str:
    """Return a text, as a link if there is a URL."""
    return f"[{escaped(text)}]({url})" if url else escaped(text)


def row(*cells: str) -> str:
    """Return a row of a table; the cells must be escaped already."""
    return f"| {' | '.join(cells)} |"


def rule_table(findings: Iterable[Finding]) -> list[str]:
    """Return the lines of a table with a row for each rule."""
    return [
        row("rule", "wanted", "measured", "sample", "verdict"),
        row(*["---"] * 5),
        *(
            row(*map(escaped, (each.rule, each.threshold, value_text(each), each.sample)), each.verdict)
            for each in findings
        ),
    ]


def _escape(match: re.Match[str]) -> str:
    # GitHub looks for @name and #1 in the rendered text, which has no backslashes.
    return f"\\{match[0]}{_NOTHING if match[0] in '@#' else ''}"
