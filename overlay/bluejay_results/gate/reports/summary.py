"""A verdict as a GitHub step summary."""

from __future__ import annotations

from collections.abc import Iterator

from ...results.result import SimulationResult
from ...writing.latency_text import latency_cell, latency_heading
from ..verdict import Verdict
from ..words import notes
from .content import groups, headline, reason_text
from .failure import Failure
from .markdown import counts, escaped, link, row, rule_table

LIMIT = 1_048_576
"""The maximum size of a step summary that GitHub accepts, in bytes."""

_ROOM = 100
"""Bytes reserved for the line that says how many conversations were left out."""


def summary(verdict: Verdict, limit: int = LIMIT) -> str:
    """Return a verdict in Markdown, the worst conversations first, in less than `limit` bytes of UTF-8."""
    lines: list[str] = []
    room = limit - _ROOM
    left_out = 0
    for line, is_conversation in _lines(verdict):
        room -= len(line.encode()) + 1
        if room > 0:
            lines.append(line)
        elif is_conversation:
            left_out += 1
    if room <= 0:
        lines += ["", f"Cut to stay under {limit} bytes; conversations left out: {left_out}."]
    return "\n".join(lines) + "\n"


def failure_summary(failure: Failure) -> str:
    """Return a summary that says why there is no verdict."""
    lines = [f"## {escaped(failure.headline, None)}"]
    if failure.run_id:
        lines += ["", link(f"Run {failure.run_id}", failure.url)]
    return "\n".join(lines) + "\n"


def _lines(verdict: Verdict) -> Iterator[tuple[str, bool]]:
    """Yield each line, and whether the line is about a conversation."""
    for line in _head(verdict):
        yield line, False
    for group in groups(verdict):
        yield from ((line, False) for line in ("", f"### {escaped(group.title)}", ""))
        titles = ("conversation", "digital human", latency_heading(verdict.run.latency_unit), "reason")
        yield row(*titles), False
        yield row(*["---"] * len(titles)), False
        for each in group.results:
            yield _conversation(each), True


def _head(verdict: Verdict) -> Iterator[str]:
    yield f"## {escaped(headline(verdict), None)}"
    yield ""
    yield from counts(verdict)
    yield from rule_table(verdict)
    if noted := notes(verdict):
        yield from ("", *(f"- Note: {escaped(note)}" for note in noted))


def _conversation(result: SimulationResult) -> str:
    human = result.digital_human_id
    return row(
        f"{result.id}",
        "" if human is None else f"{human}",
        escaped(latency_cell(result.latency)),
        escaped(reason_text(result), None),
    )
