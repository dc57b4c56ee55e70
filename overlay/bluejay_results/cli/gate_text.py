"""A verdict as lines of text, for a terminal or a log."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from bluejay_results.gate import Decision, RuleVerdict
from bluejay_results.gate.reports.content import headline, page_url, plain, rule_lines
from bluejay_results.gate.view import GateView
from bluejay_results.gate.words import pass_rate_text

from ..writing.words import outcomes_text
from .layout import grid, wrapped
from .run_text import group_lines

_DECISIONS = {Decision.SHIP: "bold green", Decision.DONT_SHIP: "bold red"}
_STYLES: dict[str, str] = {
    "met": "green",
    "not met": "red",
    RuleVerdict.KEPT: "green",
    RuleVerdict.BROKEN: "red",
    RuleVerdict.INCONCLUSIVE: "yellow",
    RuleVerdict.NOT_APPLICABLE: "dim",
}
_INDENT = Text("  ")


def gate_lines(view: GateView, console: Console) -> Iterator[Text]:
    """Yield the lines about a verdict, the decision and its reason first."""
    yield from wrapped(Text(headline(view), _DECISIONS.get(view.decision, "bold yellow")), console)
    yield from wrapped(Text(f"Run {plain(view.run.id)}: {outcomes_text(view.run)}"), console)
    if view.measurement:
        yield from wrapped(Text(f"Pass rate: {pass_rate_text(view.pass_rate)}"), console)
        yield from _rules(view, console)
    yield from group_lines(view.conversations(), console)
    for note in view.run.notes:
        yield from wrapped(Text(f"Note: {plain(note)}", "yellow"), console)
    if url := page_url(view.run):
        yield Text(f"App: {url}")


def _rules(view: GateView, console: Console) -> Iterator[Text]:
    """Yield the table of rules; a remark follows its verdict."""
    cells = [[Text(each, "dim") for each in ("rule", "value", "verdict")]]
    for each in rule_lines(view):
        remark = [(f": {each.remark}", "dim")] if each.remark else []
        verdict = Text.assemble((each.verdict, _STYLES[each.verdict]), *remark)
        cells.append([Text(each.rule), Text(each.value), verdict])
    yield from grid(cells, console, indent=_INDENT.cell_len)
