"""A verdict in GitHub-flavoured Markdown: the summary of a step, and the comment on a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from ...results.result import SimulationResult
from ...writing.words import groups, latency_cell, latency_heading, outcomes_text
from ..verdict import NoVerdict, Verdict
from ..verdict_text import LONGEST, headline, page_url, pass_rate_text, plain, rule_lines

LIMIT = 1_048_576
"""The maximum size of a step summary that GitHub accepts, in bytes."""

_COMMENT = 10_000
"""The maximum size of a comment, in bytes: nobody reads more in a pull request."""
_RESERVED = 100
"""Bytes reserved for the line that says how many conversations were left out."""
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_NOTHING = "\N{ZERO WIDTH SPACE}"


def summary(verdict: Verdict | NoVerdict, limit: int = LIMIT) -> str:
    """Return a verdict in Markdown, the worst conversations first, in less than `limit` bytes of UTF-8."""
    lines: list[str] = []
    left = limit - _RESERVED
    left_out = 0
    for line, is_conversation in _lines(verdict):
        left -= len(line.encode()) + 1
        if left > 0:
            lines.append(line)
        elif is_conversation:
            left_out += 1
    if left <= 0:
        lines += ["", f"Shortened to less than {limit} bytes. Conversations left out: {left_out}."]
    return "\n".join(lines) + "\n"


def comment(verdict: Verdict | NoVerdict) -> str:
    """Return a short summary; it begins with a marker, so that the next comment can replace it."""
    return f"{_marker(verdict.run.simulation_id)}\n{summary(verdict, _COMMENT)}"


def _lines(verdict: Verdict | NoVerdict) -> Iterator[tuple[str, bool]]:
    """Yield each line, and whether the line is about a conversation."""
    for line in _head(verdict):
        yield line, False
    if isinstance(verdict, NoVerdict):
        return
    unit = latency_heading(verdict.run.latency_unit)
    for group in groups(verdict.not_passed):
        titles = ("conversation", "caller", unit, "reason")
        for line in ("", f"### {_escaped(group.title)}", "", _row(*titles), _row(*["---"] * len(titles))):
            yield line, False
        for each in group.results:
            yield _conversation(each), True


def _head(verdict: Verdict | NoVerdict) -> Iterator[str]:
    run = verdict.run
    yield f"## {_escaped(headline(verdict), None)}"
    if run.id:
        yield ""
        name, simulation = _link(f"Run {run.id}", page_url(run)), _escaped(run.simulation_id)
        yield (
            f"{name} of simulation {simulation}: {outcomes_text(verdict.run)}"
            if isinstance(verdict, Verdict)
            else name
        )
    if isinstance(verdict, Verdict) and verdict.measurement:
        yield from ("", f"Pass rate: {_escaped(pass_rate_text(verdict))}")
        yield from ("", _row("rule", "value", "verdict", "remark"), _row(*["---"] * 4))
    for each in rule_lines(verdict):
        yield _row(*map(_escaped, (each.rule, each.value, each.verdict, each.remark)))
    if run.notes:
        yield from ("", *(f"- Note: {_escaped(note)}" for note in run.notes))


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
    """Return a text, as a link if there is a URL."""
    return f"[{_escaped(text)}]({url})" if url else _escaped(text)


def _row(*cells: str) -> str:
    """Return a row of a table; the cells must be escaped already."""
    return f"| {' | '.join(cells)} |"


def _marker(simulation_id: str) -> str:
    """Return an HTML comment with the id, in which `>` and double dashes are percent-encoded."""
    name = quote(plain(simulation_id), safe="").replace("--", "-%2D")
    return f"<!-- {' '.join(filter(None, ('bluejay-results gate', name)))} -->"
