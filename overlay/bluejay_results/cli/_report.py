"""A run, or one of its conversations, as lines for a person: wrapped to the console's width, never cut."""

from collections.abc import Iterable, Iterator
from statistics import median

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from bluejay_results.latency import LatencySummary
from bluejay_results.result import Outcome, SimulationResult
from bluejay_results.run import SimulationRun

from ._state import status
from .text import percent, terminal_safe

LISTED = 20
"""Conversations that are listed one by one; more are grouped by reason. Also the groups that are listed."""

_STYLES = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "red",
    Outcome.VOID: "yellow",
    Outcome.UNDER_WAY: "cyan",
}
_LONGEST_NOTE = 400
_LONGEST_STATUS = 20
_NARROWEST_REASON = 30
"""Cells that the reason needs: columns make room for it until it has them."""
_WORST_FIRST = (Outcome.FAILED, Outcome.VOID, Outcome.UNDER_WAY)

_NUMBERS = {"count", "p50/p95"}
"""Columns that are aligned to the right."""

_NOTHING = Text()

Columns = dict[str, list[str]]
Line = tuple[str, str | None]
"""A label and its text; None or empty where there is none."""


def report(run: SimulationRun, console: Console, *, list_all: bool = False) -> Iterator[Text]:
    """Yield the lines of a run's report: what did not pass in rows, or in groups where it is much."""
    yield from _wrapped(_verdict(run), console)
    if run.results:
        yield from _wrapped(_counts(run), console)
    not_passed = worst_first(run)
    if not_passed:
        yield Text()
        yield from (_rows if list_all or len(not_passed) <= LISTED else _groups)(not_passed, console)
    yield Text()
    notes = [("Note", terminal_safe(note, _LONGEST_NOTE)) for note in run.notes]
    yield from labelled([("Latency", _run_latency(run)), *notes, ("Summary", run.summary)], console)
    yield Text(f"App      {run.app_url}")


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
    of_judged = "none judged" if rate is None else f"{passed} of the {judged} judged passed, {percent(rate)}"
    if run.contradictions:
        return f"counters contradict conversations: by counters {by_counters}; by conversations {of_judged}"
    return by_counters if rate == run.pass_rate else f"{by_counters}; {of_judged}"


def labelled(lines: Iterable[Line], console: Console) -> Iterator[Text]:
    """Yield the lines that have a text, each after its label."""
    texts = [(label, terminal_safe(text)) for label, text in lines if text]
    width = max(len(label) for label, _ in texts)
    for label, text in texts:
        head = Text(f"{label:<{width}}  ", "yellow" if label == "Note" else "")
        yield from _wrapped(Text(text), console, head)


def latencies(summary: LatencySummary) -> str:
    """Write p50 and p95, else the average, else a dash."""
    if summary.p50 is None and summary.p95 is None:
        return "-" if summary.average is None else f"avg {figure(summary.average)}"
    return "/".join("-" if value is None else figure(value) for value in (summary.p50, summary.p95))


def figure(value: float) -> str:
    """Write a latency without a unit, which upstream doesn't document, to three digits or more."""
    return f"{value:.0f}" if 100 <= value < 1e9 else f"{value:.3g}"


def _pass_rate(run: SimulationRun) -> str:
    counters = run.response.simulation_run
    passed, total = counters.tests_passed, counters.total_tests
    if passed is None or total is None:
        return "no pass rate, the run has no counters"
    if total == 0:
        return "no pass rate, the run counts 0 conversations"
    if run.pass_rate is None:
        return f"no pass rate, the run counts {passed} passed of {total}"
    return f"{passed} of {total} passed, {percent(run.pass_rate)}"


def _verdict(run: SimulationRun) -> Text:
    settled, style = ("settled", "bold green") if run.is_settled else ("not settled", "bold yellow")
    score = ("" if run.is_settled else "so far ") + rates(run)
    void = len(run.results_by_outcome[Outcome.VOID])
    return Text.assemble(
        f"Run {terminal_safe(run.id)} is ",
        (settled, style),
        f" ({status(run)}): ",
        (score, "bold red" if run.contradictions else "bold"),
        f"; {void} void" if void else "",
    )


def _counts(run: SimulationRun) -> Text:
    counts = [
        Text(f"{len(results)} {outcome}", _STYLES[outcome])
        for outcome, results in run.results_by_outcome.items()
        if results
    ]
    if run.results_by_outcome[Outcome.VOID]:
        counts.append(Text("void: neither a pass nor a fail", "dim"))
    return Text("   ").join(counts)


def _rows(results: list[SimulationResult], console: Console) -> Iterator[Text]:
    title = f"{_not_passed(results)}, the slowest of each outcome first:"
    yield from _wrapped(Text(title, "dim"), console)
    humans = [each.digital_human_id for each in results]
    columns: Columns = {
        "outcome": [each.outcome for each in results],
        "id": [str(each.id) for each in results],
        "human": ["-" if human is None else str(human) for human in humans],
        "status": [terminal_safe(each.status or "-", _LONGEST_STATUS) for each in results],
        "p50/p95": [latencies(each.latency) for each in results],
    }
    kept = _fitting(columns, ("p50/p95", "human", "status"), console)
    yield from _table(kept, [_reason(each, "status" in kept) for each in results], console)


def _groups(results: list[SimulationResult], console: Console) -> Iterator[Text]:
    grouped: dict[tuple[Outcome, str], list[SimulationResult]] = {}
    for each in results:
        grouped.setdefault((each.outcome, each.reason), []).append(each)
    # The sort is stable: of each outcome the largest group comes first, of groups of a size the slowest.
    groups = sorted(grouped.items(), key=lambda item: (_WORST_FIRST.index(item[0][0]), -len(item[1])))
    listed, others = groups[:LISTED], groups[LISTED:]
    examples = [[str(each.id) for each in members[:3]] + [""] * 2 for _, members in listed]
    columns: Columns = {
        "count": [str(len(members)) for _, members in listed],
        "outcome": [outcome for (outcome, _), _ in listed],
        "examples": [ids[0] for ids in examples],
        " ": [ids[1] for ids in examples],
        "  ": [ids[2] for ids in examples],
    }
    title = f"{_not_passed(results)}, by reason, the most frequent of each outcome first:"
    yield from _wrapped(Text(title, "dim"), console)
    kept = _fitting(columns, ("  ", " "), console)
    yield from _table(kept, [_reason(members[0], False) for _, members in listed], console)
    more = sum(len(members) for _, members in others)
    rest = f"… and {more} more for {len(others)} other reasons. " if more else ""
    yield from _wrapped(Text(f"{rest}--all lists every conversation, --result ID shows one."), console)


def _not_passed(results: list[SimulationResult]) -> str:
    under_way = sum(each.outcome is Outcome.UNDER_WAY for each in results)
    return f"{len(results)} did not pass" if not under_way else f"{len(results)} have not passed yet"


def _fitting(columns: Columns, least_useful: Iterable[str], console: Console) -> Columns:
    """Return the columns without those that leave the reason too little room, the least useful first."""
    kept = dict(columns)
    for name in least_useful:
        if _width(kept) + _NARROWEST_REASON <= console.width:
            break
        del kept[name]
    return kept


def _width(columns: Columns) -> int:
    return sum(max(map(cell_len, (name, *cells))) + 2 for name, cells in columns.items())


def _table(columns: Columns, reasons: list[str], console: Console) -> Iterator[Text]:
    widths = {name: _width({name: cells}) for name, cells in columns.items()}
    headings = "".join(_padded(name, name, width) for name, width in widths.items())
    yield Text(f"{headings}reason", "dim")
    for index, reason in enumerate(reasons):
        cells = {name: _padded(name, cells[index], widths[name]) for name, cells in columns.items()}
        row = (
            Text(cell, _STYLES[Outcome(cell.strip())] if name == "outcome" else "")
            for name, cell in cells.items()
        )
        yield from _wrapped(Text(reason), console, Text().join(row))


def _padded(column: str, cell: str, width: int) -> str:
    return f"{cell:>{width - 2}}  " if column in _NUMBERS else set_cell_size(cell, width)


def _wrapped(text: Text, console: Console, head: Text = _NOTHING) -> Iterator[Text]:
    """Yield a text in lines as wide as the console, all but the first indented by the width of its head."""
    for line in text.wrap(console, max(console.width - head.cell_len, 10)) or [Text()]:
        line.rstrip()
        yield head + line
        head = Text(" " * head.cell_len)


def _reason(result: SimulationResult, beside_status: bool) -> str:
    """Return the reason without what the columns beside it say."""
    said = {f"status {status}" for status in (result.status, result.response.status)} if beside_status else ()
    reason = result.reason.removeprefix("goal not reached: ")
    for each in said:
        reason = reason.removeprefix(each).removeprefix("; ").removeprefix(", ")
    return terminal_safe(reason)


def _run_latency(run: SimulationRun) -> str:
    summaries = [result.latency for result in run.results]
    p50 = [each.p50 for each in summaries if each.p50 is not None]
    p95 = [each.p95 for each in summaries if each.p95 is not None]
    averages = [each.average for each in summaries if each.average is not None]
    if p50 and p95:
        figures, measured = f"median p50 {figure(median(p50))}, highest p95 {figure(max(p95))}", len(p50)
    elif averages:
        figures, measured = f"median average {figure(median(averages))}", len(averages)
    else:
        return "not measured"
    return f"{figures}, measured in {measured} of {len(summaries)} conversations"


def _slowness(result: SimulationResult) -> float:
    return result.latency.p95 or result.latency.average or 0.0
