"""`gate`'s verdict as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from bluejay_results.gate import Decision, RuleVerdict
from bluejay_results.gate.verdict import RunVerdict, Verdict
from bluejay_results.gate.verdict_text import (
    Line,
    failing_callers_text,
    finding_lines,
    headline,
    page_url,
    pass_rate_text,
    plain,
    rule_lines,
)

from ..writing.words import outcomes_text
from .layout import table, wrapped
from .run_text import group_lines

_DECISIONS = {Decision.SHIP: "bold green", Decision.DONT_SHIP: "bold red"}
_STYLES: dict[str, str] = {
    RuleVerdict.KEPT: "green",
    RuleVerdict.BROKEN: "red",
    RuleVerdict.INCONCLUSIVE: "yellow",
    RuleVerdict.NOT_APPLICABLE: "dim",
}


def gate_lines(verdict: Verdict, console: Console) -> Iterator[Text]:
    """Yield the decision and its reason, a line per run if there are several, and a section per run."""
    yield from wrapped(Text(headline(verdict), _style(verdict.decision)), console)
    if verdict.rules_file:
        yield from wrapped(Text(f"Rules: {plain(verdict.rules_file)}"), console)
    if len(verdict.each_run) > 1:
        for each in verdict.each_run:
            text = Text(f"Run {plain(each.run.id)}: {headline(each)}", _style(each.decision))
            yield from wrapped(text, console)
    yield from _rules(finding_lines(verdict.findings), console)
    for run in verdict.runs:
        if len(verdict.each_run) > 1:
            yield Text()
        yield from _section(run, console)


def _section(verdict: RunVerdict, console: Console) -> Iterator[Text]:
    run = verdict.run
    yield from wrapped(Text(f"Run {plain(run.id)}: {outcomes_text(run)}"), console)
    if verdict.measurement:
        yield from wrapped(Text(f"Pass rate: {pass_rate_text(verdict)}"), console)
        yield from _rules(rule_lines(verdict), console)
    if failing := failing_callers_text(run):
        yield from wrapped(Text(f"Never passed: {failing}"), console)
    yield from group_lines(verdict.not_passed, console)
    for note in verdict.notes:
        yield from wrapped(Text(f"Note: {plain(note)}", "yellow"), console)
    if url := page_url(run):
        yield Text(f"App: {url}")


def _style(decision: Decision) -> str:
    return _DECISIONS.get(decision, "bold yellow")


def _rules(lines: Iterable[Line], console: Console) -> Iterator[Text]:
    lines = list(lines)
    if not lines:
        return
    found = [
        "; ".join(filter(None, (f"got {each.value}" if each.value != "-" else "", each.remark)))
        for each in lines
    ]
    rules = [": ".join(filter(None, (each.rule, text))) for each, text in zip(lines, found, strict=True)]
    verdicts = {"verdict": [each.verdict for each in lines]}
    yield from table(verdicts, ("rule", rules), console, styles=_STYLES)
