"""A verdict as lines for a log, in the same words and the same table as on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from ..verdict import Verdict
from .content import (
    Group,
    Row,
    basis_text,
    findings,
    groups,
    headline,
    outcomes_text,
    page_url,
    plain,
    rows,
)

TITLES = ("rule", "wanted", "measured", "verdict")
"""The columns of the table of rules."""

_EMPTY: Mapping[str, str] = {}
_WIDEST = 44
"""The maximum width that a column is padded to; a longer text shifts the rest of its line."""
_MOST_REASONS = 20


@frozen
class TextParts:
    """The parts of a text report.

    Attributes:
        head: The lines before the table, the decision first.
        rows: The rows of the table of rules.
        details: The line below each row; empty for a row without details.
        tail: The lines after the table.
    """

    head: list[str]
    rows: list[Row]
    details: list[str]
    tail: list[str]


def text(verdict: Verdict, *, explain: bool = False, sources: Mapping[str, str] = _EMPTY) -> list[str]:
    """Return the lines, the decision and its reason first; `text_parts` describes the arguments."""
    parts = text_parts(verdict, explain=explain, sources=sources)
    return [*parts.head, *_aligned(parts.rows, parts.details), *parts.tail]


def text_parts(verdict: Verdict, *, explain: bool, sources: Mapping[str, str]) -> TextParts:
    """Return the parts of a text report.

    Args:
        verdict: The verdict to write.
        explain: Whether to add how each rule was computed, and where it was set.
        sources: Where each rule was set, by the name of its option. Any other rule has its default.
    """
    table = rows(verdict)
    details = explanations(verdict, sources) if explain else [each.details for each in table]
    return TextParts([*_head(verdict, sources)], table, details, [*_tail(verdict)])


def _head(verdict: Verdict, sources: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines before the table."""
    yield headline(verdict)
    said = [outcomes_text(verdict.run)]
    if not findings(verdict):
        said.append("rules not evaluated")
    elif not sources:
        said.append("no rules set: using the defaults")
    yield f"Run {plain(verdict.run.id)}: {'; '.join(said)}"


def _aligned(table: list[Row], details: list[str]) -> Iterator[str]:
    """Yield the table of rules, each row followed by its details."""
    cells = [TITLES, *((each.rule, each.wanted, each.measured, f"{each.verdict}") for each in table)]
    widths = [min(max(len(row[column]) for row in cells), _WIDEST) for column in range(len(TITLES))]
    for row, said in zip(cells if table else (), ["", *details], strict=False):
        padded = "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield f"  {padded}".rstrip()
        if said:
            yield f"    {said}"


def _tail(verdict: Verdict) -> Iterator[str]:
    """Yield the lines after the table: who has to act and why, notes and the run's page."""
    for group in groups(verdict):
        yield group.title
        yield from (f"  {each}" for each in _reasons(group))
    yield from (f"Note: {plain(note)}" for note in verdict.notes)
    if url := page_url(verdict.run):
        yield f"App: {url}"


def explanations(verdict: Verdict, sources: Mapping[str, str]) -> list[str]:
    """Return a line per rule: its details, where it was set, its sample size, and how it was computed."""
    said = []
    for row, finding in zip(rows(verdict), findings(verdict), strict=True):
        option = finding.rule.split()[0]  # `metric politeness` is set by `metric`
        source = f"set by {plain(sources.get(option, 'default'))}"
        basis = basis_text(finding)
        parts = (row.details, source, f"sample size {finding.sample}", "" if basis in row.details else basis)
        said.append("; ".join(filter(None, parts)))
    return said


def _reasons(group: Group) -> Iterator[str]:
    reasons = group.reasons
    yield from (f"{each}" for each in reasons[:_MOST_REASONS])
    if more := reasons[_MOST_REASONS:]:
        yield f"… and {sum(len(each.results) for each in more)} more for {len(more)} other reasons"
