"""A verdict as lines for a log, in the same words and the same table as on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from ..rule_words import Line
from ..verdict import Verdict
from ..words import notes
from .content import groups, headline, outcomes_text, page_url, pass_rate_text, plain, rule_lines

TITLES = ("rule", "value", "verdict")
"""The columns of the table of rules."""

_WIDEST = 44
"""The maximum width that a column is padded to; a longer text shifts the rest of its line."""
_MOST_REASONS = 20


@frozen
class TextParts:
    """The parts of a text report.

    Attributes:
        head: The lines before the table, the decision first.
        rows: The rows of the table of rules; a remark is a line below its row.
        tail: The lines after the table.
    """

    head: list[str]
    rows: list[Line]
    tail: list[str]


def text(verdict: Verdict) -> list[str]:
    """Return the lines, the decision and its reason first."""
    parts = text_parts(verdict)
    return [*parts.head, *_aligned(parts.rows), *parts.tail]


def text_parts(verdict: Verdict) -> TextParts:
    """Return the parts of a text report."""
    return TextParts([*_head(verdict)], rule_lines(verdict), [*_tail(verdict)])


def _head(verdict: Verdict) -> Iterator[str]:
    """Yield the lines before the table."""
    yield headline(verdict)
    yield f"Run {plain(verdict.run.id)}: {outcomes_text(verdict.run)}"
    if rate := pass_rate_text(verdict):
        yield f"Pass rate: {rate}"


def _aligned(rows: list[Line]) -> Iterator[str]:
    """Yield the table of rules, each row followed by its remark."""
    cells = [TITLES, *((each.rule, each.value, each.verdict) for each in rows)]
    widths = [min(max(map(len, column)), _WIDEST) for column in zip(*cells, strict=True)]
    for row, remark in zip(cells if rows else (), ["", *(each.remark for each in rows)], strict=False):
        padded = "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield f"  {padded}".rstrip()
        if remark:
            yield f"    {remark}"


def _tail(verdict: Verdict) -> Iterator[str]:
    """Yield the lines after the table: the conversations that did not pass, notes and the run's page."""
    for group in groups(verdict):
        yield group.title
        yield from (f"  {each}" for each in group.reasons[:_MOST_REASONS])
        if more := group.reasons[_MOST_REASONS:]:
            yield f"  … and {len(more)} other reasons"
    yield from (f"Note: {plain(note)}" for note in notes(verdict))
    if url := page_url(verdict.run):
        yield f"App: {url}"
