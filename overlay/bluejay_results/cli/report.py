"""A run as lines for a person."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from bluejay_results.judging.worst_first import ORDER, worst_first
from bluejay_results.results.result import Outcome, SimulationResult
from bluejay_results.results.run import SimulationRun

from ..writing.latency_text import cell, column, run_latency
from ..writing.text import percent, terminal_safe
from .layout import (
    Columns,
    fitting,
    labelled,
    table,
    wrapped,
)
from .notes_text import remarks
from .state import status

LISTED = 20
"""Conversations that are listed one by one; more are grouped by reason. Also the groups that are listed."""

_STYLES: dict[str, str] = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "red",
    Outcome.VOID: "yellow",
    Outcome.UNDER_WAY: "cyan",
}
_LONGEST_NOTE = 400
_LONGEST_STATUS = 20


def report(
    run: SimulationRun, console: Console, *, list_all: bool = False, is_waited: bool = False
) -> Iterator[Text]:
    """Yield the lines of a run's report: what did not pass in rows, or in groups where it is much.

    After a wait there is nothing left to read singly in a run that has settled.
    """
    yield from wrapped(_verdict(run), console)
    if run.results:
        yield from wrapped(_counts(run), console)
    not_passed = worst_first(run)
    if not_passed:
        yield Text()
        if list_all or len(not_passed) <= LISTED:
            yield from _rows(not_passed, column(run.latency_unit), console)
        else:
            yield from _groups(not_passed, console)
    yield Text()
    notes = [("Note", terminal_safe(note, _LONGEST_NOTE)) for note in run.notes]
    remarked = remarks(run, is_waited=is_waited)
    latency, summary = ("Latency", run_latency(run)), ("Summary", run.summary)
    yield from labelled([*remarked, latency, *notes, summary], console)
    yield Text(f"App      {run.app_url}")


def rates(run: SimulationRun) -> str:
    """Return the pass rate, and that of the judged conversations where it differs; or why there is none."""
    by_counters, passed = _pass_rate(run), len(run.results_by_outcome[Outcome.PASSED])
    judged = passed + len(run.results_by_outcome[Outcome.FAILED])
    rate = run.judged_pass_rate
    of_judged = "none judged" if rate is None else f"{passed} of the {judged} judged passed, {percent(rate)}"
    if run.contradictions:
        return f"counters contradict conversations: by counters {by_counters}; by conversations {of_judged}"
    return by_counters if rate == run.pass_rate else f"{by_counters}; {of_judged}"


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


def _rows(results: list[SimulationResult], latency: str, console: Console) -> Iterator[Text]:
    title = f"{_not_passed(results)}, the slowest of each outcome first:"
    yield from wrapped(Text(title, "dim"), console)
    humans = [each.digital_human_id for each in results]
    columns: Columns = {
        "outcome": [each.outcome for each in results],
        "id": [str(each.id) for each in results],
        "caller": ["-" if human is None else str(human) for human in humans],
        "status": [terminal_safe(each.status or "-", _LONGEST_STATUS) for each in results],
        latency: [cell(each.latency) for each in results],
    }
    kept = fitting(columns, (latency, "caller", "status"), console)
    reasons = [_reason(each, "status" in kept) for each in results]
    yield from table(kept, ("reason", reasons), console, styles=_STYLES, numbers={latency})


def _groups(results: list[SimulationResult], console: Console) -> Iterator[Text]:
    grouped: dict[tuple[Outcome, str], list[SimulationResult]] = {}
    for each in results:
        grouped.setdefault((each.outcome, each.reason), []).append(each)
    # The sort is stable: of each outcome the largest group comes first, of groups of a size the slowest.
    groups = sorted(grouped.items(), key=lambda item: (ORDER.index(item[0][0]), -len(item[1])))
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
    yield from wrapped(Text(title, "dim"), console)
    kept = fitting(columns, ("  ", " "), console)
    reasons = [_reason(members[0], False) for _, members in listed]
    yield from table(kept, ("reason", reasons), console, styles=_STYLES, numbers={"count"})
    more = sum(len(members) for _, members in others)
    rest = f"… and {more} more for {len(others)} other reasons. " if more else ""
    yield from wrapped(Text(f"{rest}--all lists every conversation, --result ID shows one."), console)


def _not_passed(results: list[SimulationResult]) -> str:
    under_way = sum(each.outcome is Outcome.UNDER_WAY for each in results)
    return f"{len(results)} did not pass" if not under_way else f"{len(results)} have not passed yet"


def _reason(result: SimulationResult, beside_status: bool) -> str:
    """Return the reason without what the columns beside it say."""
    said = {f"status {status}" for status in (result.status, result.response.status)} if beside_status else ()
    reason = result.reason.removeprefix("goal not reached: ")
    for each in said:
        reason = reason.removeprefix(each).removeprefix("; ").removeprefix(", ")
    return terminal_safe(reason)
