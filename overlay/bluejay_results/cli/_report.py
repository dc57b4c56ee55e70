"""A run as a person reads it in ten seconds: pure, from a run to what rich renders."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bluejay_results.latency import LatencySummary
from bluejay_results.result import Outcome, SimulationResult
from bluejay_results.run import SimulationRun

from ._state import status
from ._text import inert, percent

_STYLES = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "red",
    Outcome.VOID: "yellow",
    Outcome.UNDER_WAY: "cyan",
}
_LONGEST_NOTE = 400
_WORST_FIRST = (Outcome.FAILED, Outcome.VOID, Outcome.UNDER_WAY)


def report(run: SimulationRun, limit: int | None) -> RenderableType:
    """Lay out a run.

    Args:
        run: The run.
        limit: How many conversations to list at most; None lists every one that did not pass.
    """
    not_passed = worst_first(run)
    listed = not_passed[:limit]
    parts: list[RenderableType] = [_verdict(run), _counts(run), Text()]
    if listed:
        parts.append(_table(listed))
    if len(listed) < len(not_passed):
        parts.append(_unlisted(not_passed[len(listed) :]))
    if listed:
        parts.append(Text())
    # The URL is no row of the grid, which would wrap or cut it.
    url = Text(f"App      {run.app_url}", no_wrap=True, overflow="ignore")
    return Group(*parts, _closing(run), url)


def worst_first(run: SimulationRun) -> list[SimulationResult]:
    """Return the conversations that did not pass: failed, void, under way, the slowest first in each."""
    return [
        result
        for outcome in _WORST_FIRST
        for result in sorted(run.results_by_outcome[outcome], key=_slowness, reverse=True)
    ]


def rates(run: SimulationRun) -> str:
    """Return the pass rate, and that of the judged conversations where it differs; or why there is none."""
    by_counters, passed = _pass_rate(run), len(run.results_by_outcome[Outcome.PASSED])
    judged = passed + len(run.results_by_outcome[Outcome.FAILED])
    rate = run.judged_pass_rate
    of_judged = "none judged" if rate is None else f"{passed} of the {judged} judged, {percent(rate)}"
    if run.contradictions:
        return f"counters contradict conversations: by counters {by_counters}; by conversations {of_judged}"
    return by_counters if rate == run.pass_rate else f"{by_counters}; {of_judged}"


def _pass_rate(run: SimulationRun) -> str:
    counters = run.response.simulation_run
    passed, total = counters.tests_passed, counters.total_tests
    if passed is None or total is None:
        return "no pass rate, the run has no counters"
    if total == 0:
        return "no pass rate, the run counts no conversation"
    if run.pass_rate is None:
        return f"no pass rate, {passed} passed of {total} makes no sense"
    return f"{passed} of {total} passed, {percent(run.pass_rate)}"


def _verdict(run: SimulationRun) -> Text:
    settled, style = ("settled", "bold green") if run.is_settled else ("not settled", "bold yellow")
    score = ("" if run.is_settled else "so far ") + rates(run)
    return Text.assemble(
        f"Run {inert(run.id)} is ",
        (settled, style),
        f" ({status(run)}): ",
        (score, "bold red" if run.contradictions else "bold"),
        f"; {len(run.results_by_outcome[Outcome.VOID])} void",
    )


def _counts(run: SimulationRun) -> Text:
    counts = [
        (f"{len(results)} {outcome}", _STYLES[outcome] if results else "dim")
        for outcome, results in run.results_by_outcome.items()
    ]
    line = Text("   ").join(Text(count, style) for count, style in counts)
    if run.results_by_outcome[Outcome.VOID]:
        line.append("   void: neither a pass nor a fail", "dim")
    return line


def _table(results: Iterable[SimulationResult]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for heading in ("outcome", "id", "human", "status"):
        table.add_column(heading, no_wrap=True, max_width=20)
    table.add_column("p50/p95", no_wrap=True, justify="right")
    table.add_column("reason")
    for result in results:
        table.add_row(*_cells(result))
    return table


def _cells(result: SimulationResult) -> tuple[Text, ...]:
    human = "-" if result.digital_human_id is None else str(result.digital_human_id)
    # Its own no_wrap, not the column's: rich then narrows this column alone, and cuts it.
    reason = Text(inert(_reason(result)), no_wrap=True, overflow="ellipsis")
    return (
        Text(result.outcome, _STYLES[result.outcome]),
        Text(str(result.id)),
        Text(human),
        Text(inert(result.status or "-")),
        Text(_latency_cell(result.latency)),
        reason,
    )


def _reason(result: SimulationResult) -> str:
    """Return the reason without what the columns beside it say."""
    return result.reason.removeprefix(f"status {result.status}; ").removeprefix("goal not reached: ")


def _latency_cell(latency: LatencySummary) -> str:
    if latency.p50 is None and latency.p95 is None:
        return "-" if latency.average is None else f"avg {_figure(latency.average)}"
    return "/".join("-" if value is None else _figure(value) for value in (latency.p50, latency.p95))


def _unlisted(results: list[SimulationResult]) -> Text:
    counts = [(outcome, sum(each.outcome is outcome for each in results)) for outcome in _WORST_FIRST]
    more = ", ".join(f"{count} {outcome}" for outcome, count in counts if count)
    return Text(f"… and {len(results)} more: {more}. `show --all` lists them.")


def _closing(run: SimulationRun) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_row(Text("Latency"), Text(_run_latency(run)))
    for note in run.notes:
        grid.add_row(Text("Note", "yellow"), Text(inert(note, _LONGEST_NOTE)))
    if run.summary:
        grid.add_row(Text("Summary"), Text(inert(run.summary)))
    return grid


def _run_latency(run: SimulationRun) -> str:
    summaries = [result.latency for result in run.results]
    p50 = [each.p50 for each in summaries if each.p50 is not None]
    p95 = [each.p95 for each in summaries if each.p95 is not None]
    averages = [each.average for each in summaries if each.average is not None]
    if p50 and p95:
        figures, measured = f"median p50 {_figure(median(p50))}, highest p95 {_figure(max(p95))}", len(p50)
    elif averages:
        figures, measured = f"median average {_figure(median(averages))}", len(averages)
    else:
        return "not measured"
    return f"{figures}, measured in {measured} of {len(summaries)} conversations"


def _slowness(result: SimulationResult) -> float:
    return result.latency.p95 or result.latency.average or 0.0


def _figure(value: float) -> str:
    """Write a latency without a unit, which upstream doesn't document, to three digits or more."""
    return f"{value:.0f}" if 100 <= value < 1e9 else f"{value:.3g}"
