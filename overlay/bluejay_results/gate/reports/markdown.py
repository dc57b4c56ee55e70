"""GitHub-flavoured Markdown."""

from __future__ import annotations

import re
from collections.abc import Container

from ..verdict import Verdict
from .content import LONGEST, outcomes_text, page_url, pass_rate_text, plain, rule_lines

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_NOTHING = "\N{ZERO WIDTH SPACE}"


def escaped(value: object, limit: int | None = LONGEST) -> str:
    """Return a value as one line of literal text that can't mention a user or an issue."""
    return _PUNCTUATION.sub(_escape, plain(value, limit))


def link(text: str, url: str) -> str:
    """Return a text, as a link if there is a URL."""
    return f"[{escaped(text)}]({url})" if url else escaped(text)


def row(*cells: str) -> str:
    """Return a row of a table; the cells must be escaped already."""
    return f"| {' | '.join(cells)} |"


def counts(verdict: Verdict) -> list[str]:
    """Return the lines with the run, its outcomes, and its pass rate with the interval."""
    run = verdict.run
    name = f"{link(f'Run {run.id}', page_url(run))} of simulation {escaped(run.simulation_id)}"
    lines = [f"{name}: {outcomes_text(run)}"]
    if rate := pass_rate_text(verdict):
        lines += ["", f"Pass rate: {escaped(rate)}"]
    return lines


def rule_table(verdict: Verdict, most: int | None = None, without: Container[str] = ()) -> list[str]:
    """Return the lines of a table of the conditions and rules.

    Args:
        verdict: The verdict.
        most: The maximum number of rows; None for all.
        without: The verdicts of rules to leave out.
    """
    lines = [each for each in rule_lines(verdict) if each.verdict not in without]
    if not lines:
        return []
    rows = [
        row(escaped(each.rule), escaped(each.value), each.verdict, escaped(each.remark)) for each in lines
    ]
    table = ["", row("rule", "value", "verdict", "remark"), row(*["---"] * 4), *rows[:most]]
    more = len(rows[most:]) if most else 0
    return [*table, "", f"and {more} more rules"] if more else table


def _escape(match: re.Match[str]) -> str:
    # GitHub looks for @name and #1 in the rendered text, which has no backslashes.
    return f"\\{match[0]}{_NOTHING if match[0] in '@#' else ''}"
