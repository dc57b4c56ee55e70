"""A verdict in GitHub-flavoured Markdown, as a step summary or a pull request comment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ...results.result import SimulationResult
from ...writing.words import groups, latency_cell, latency_heading, outcomes_text
from ..verdict import NoVerdict, RunVerdict, Verdict
from ..verdict_text import (
    LONGEST,
    NAME,
    Line,
    failing_callers_text,
    finding_lines,
    headline,
    page_url,
    pass_rate_text,
    plain,
    rule_lines,
)

LIMIT = 1_048_576
"""The maximum size of a step summary that GitHub accepts, in bytes."""

_COMMENT = 10_000
"""The maximum size of a comment in bytes; nobody reads more in a pull request."""
_RESERVED = 100
"""Bytes reserved for the line that says how many conversations were left out."""
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_NOTHING = "\N{ZERO WIDTH SPACE}"


def summary(verdict: Verdict, name: str = NAME, limit: int = LIMIT) -> str:
    """Return a verdict in Markdown, worst conversations first, in less than `limit` bytes of UTF-8.

    The heading starts with `name`.
    """
    lines: list[str] = []
    left = limit - _RESERVED
    left_out = 0
    for line, is_conversation in _lines(verdict, name):
        left -= len(line.encode()) + 1
        if left > 0:
            lines.append(line)
        elif is_conversation:
            left_out += 1
    if left <= 0:
        lines += ["", f"This comment is limited to {limit} bytes, so {left_out} conversations were left out."]
    return "\n".join(lines) + "\n"


def comment(verdict: Verdict, name: str = NAME) -> str:
    """Return a short summary that begins with a marker, so that the next comment can replace it."""
    return f"<!-- bluejay-results gate {name} -->\n{summary(verdict, name, _COMMENT)}"


def _lines(verdict: Verdict, name: str) -> Iterator[tuple[str, bool]]:
    """Yield each line, and whether the line is about a conversation."""
    head = [f"## {_escaped(f'{name}: {headline(verdict)}', None)}"]
    if verdict.rules_file:
        head += ["", f"Rules: {_escaped(verdict.rules_file)}"]
    if len(verdict.each_run) > 1:
        head += ["", *(f"- {_name_of(each)}: {_escaped(headline(each))}" for each in verdict.each_run)]
    if verdict.findings:
        head += ["", *_rule_table(finding_lines(verdict.findings))]
    for each in head:
        yield each, False
    for run in verdict.runs:
        yield from _section(run)


def _name_of(verdict: RunVerdict | NoVerdict) -> str:
    name = _link(f"Run {verdict.run.id}", page_url(verdict.run))
    simulation = verdict.run.simulation_id
    return f"{name} of simulation {_escaped(simulation)}" if simulation else name


def _section(verdict: RunVerdict) -> Iterator[tuple[str, bool]]:
    run = verdict.run
    lines = ["", f"{_name_of(verdict)}: {outcomes_text(run)}"]
    if verdict.measurement:
        lines += ["", f"Pass rate: {_escaped(pass_rate_text(verdict))}", ""]
        lines += _rule_table(rule_lines(verdict))
    if failing := failing_callers_text(run):
        lines += ["", f"Never passed: {_escaped(failing)}"]
    if verdict.notes:
        lines += ["", *(f"- Note: {_escaped(note)}" for note in verdict.notes)]
    for line in lines:
        yield line, False
    unit = latency_heading(run.latency_unit)
    for group in groups(verdict.not_passed):
        titles = ("conversation", "caller", unit, "reason")
        for line in ("", f"### {_escaped(group.title)}", "", _row(*titles), _row(*["---"] * len(titles))):
            yield line, False
        for each in group.results:
            yield _conversation(each), True


def _rule_table(lines: Iterable[Line]) -> list[str]:
    rows = [map(_escaped, (each.rule, each.value, each.verdict, each.remark)) for each in lines]
    return [_row("rule", "value", "verdict", "remark"), _row(*["---"] * 4), *(_row(*each) for each in rows)]


def _conversation(result: SimulationResult) -> str:
    human = "" if result.digital_human_id is None else f"{result.digital_human_id}"
    return _row(f"{result.id}", human, _escaped(latency_cell(result.latency)), _escaped(result.reason))


def _escaped(value: object, limit: int | None = LONGEST) -> str:
    """Return a value as one line of literal text that can't mention a user or an issue."""
    return _PUNCTUATION.sub(_escape, plain(value, limit))


def _escape(match: re.Match[str]) -> str:
    # GitHub looks for @name and #1 in the rendered text, which has no backslashes.
    return f"\\{match[0]}{_NOTHING if match[0] in '@#' else ''}"


def _link(text: str, url: str) -> str:
    return f"[{_escaped(text)}]({url})" if url else _escaped(text)


def _row(*cells: str) -> str:
    """Return a table row; the cells must already be escaped."""
    return f"| {' | '.join(cells)} |"
