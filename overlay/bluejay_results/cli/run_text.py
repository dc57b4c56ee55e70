"""A run, or one conversation in full, as lines of text."""

import json
from collections.abc import Iterator
from typing import Any

from bluejay_api.models import Evaluation, ToolCallComparisonGroup
from rich.console import Console
from rich.text import Text

from bluejay_results.judging.worst_first import ORDER, worst_first
from bluejay_results.results.digital_human import DigitalHuman
from bluejay_results.results.outcome import Outcome, Why
from bluejay_results.results.result import SimulationResult
from bluejay_results.results.run import SimulationRun

from ..writing.latency_text import (
    conversation_latency_text,
    latency_cell,
    latency_heading,
    run_latency_text,
)
from ..writing.safe_text import percent_text, terminal_safe
from .layout import (
    Columns,
    Line,
    fitting,
    labelled,
    table,
    wrapped,
)
from .progress import conversations_text, status_text

LISTED = 20
"""The maximum number of conversations to list. If there are more, at most this number of groups is listed."""

_NAMED = 5
"""The maximum number of digital humans that are named."""

_STYLES: dict[str, str] = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "red",
    Outcome.UNKNOWN: "yellow",
    Outcome.VOID: "dim",
    Outcome.UNDER_WAY: "cyan",
}
_LONGEST_NOTE = 400
_LONGEST_STATUS = 20


def report(
    run: SimulationRun, console: Console, *, list_all: bool = False, is_waited: bool = False
) -> Iterator[Text]:
    """Yield the lines of a run's report; conversations that did not pass are grouped if there are many.

    After a wait, a settled run has no conversations left to fetch by id.
    """
    yield from wrapped(_verdict(run), console)
    if run.results:
        yield from wrapped(_counts(run), console)
    not_passed = worst_first(run)
    if not_passed:
        yield Text()
        if list_all or len(not_passed) <= LISTED:
            yield from _rows(not_passed, latency_heading(run.latency_unit), console)
        else:
            yield from _groups(not_passed, console)
    yield Text()
    notes = [("Note", terminal_safe(str(note), _LONGEST_NOTE)) for note in run.notes]
    latency, summary = ("Latency", run_latency_text(run)), ("Summary", run.summary)
    yield from labelled([*_to_judge_by(run, is_waited=is_waited), latency, *notes, summary], console)
    if run.app_url:
        yield Text(f"App      {run.app_url}")


def pass_rate_text(run: SimulationRun) -> str:
    """Return the pass rate, or why there is none, and the rate by the conversations if it differs."""
    by_counters, passed = _by_counters(run), len(run.passed)
    known = passed + len(run.failed)
    rate = run.judged_pass_rate
    of_judged = "no outcome known"
    if rate is not None:
        of_judged = f"{passed} of {known} with a known outcome passed, {percent_text(rate)}"
    if run.contradictions:
        return f"counters contradict conversations: by counters {by_counters}; by conversations {of_judged}"
    return by_counters if rate == run.pass_rate else f"{by_counters}; {of_judged}"


def conversation(result: SimulationResult, console: Console, *, note: str = "") -> Iterator[Text]:
    """Yield the lines that show a conversation, with a note if it can't be judged yet."""
    yield Text(f"Conversation {result.id}: {result.outcome}", "bold")
    yield from labelled([*_details(result), ("Note", note)], console)


def _by_counters(run: SimulationRun) -> str:
    counters = run.response.simulation_run
    passed, total = counters.tests_passed, counters.total_tests
    if passed is None or total is None:
        return "no pass rate, because the run has no counters"
    if total == 0:
        return "no pass rate, because the run counts 0 conversations"
    if run.pass_rate is None:
        return f"no pass rate, because the run counts {passed} passed of {total}"
    return f"{passed} of {total} passed, {percent_text(run.pass_rate)}"


def _verdict(run: SimulationRun) -> Text:
    settled, style = ("settled", "bold green") if run.is_settled else ("not settled", "bold yellow")
    score = ("" if run.is_settled else "so far ") + pass_rate_text(run)
    unsure = [(len(run.unknown) + run.missing_count, "unknown"), (len(run.void), "void")]
    return Text.assemble(
        f"Run {terminal_safe(run.id)} is ",
        (settled, style),
        f" ({status_text(run)}): ",
        (score, "bold red" if run.contradictions else "bold"),
        *(f"; {count} {outcome}" for count, outcome in unsure if count),
    )


def _counts(run: SimulationRun) -> Text:
    counts = [
        Text(f"{len(results)} {outcome}", _STYLES[outcome])
        for outcome, results in run.results_by_outcome.items()
        if results
    ]
    if run.missing_count:
        counts.append(Text(f"{run.missing_count} missing", _STYLES[Outcome.UNKNOWN]))
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
        latency: [latency_cell(each.latency) for each in results],
    }
    kept = fitting(columns, (latency, "caller", "status"), console)
    reasons = [_reason(each, "status" in kept) for each in results]
    yield from table(kept, ("reason", reasons), console, styles=_STYLES, numbers={latency})


def _groups(results: list[SimulationResult], console: Console) -> Iterator[Text]:
    grouped: dict[tuple[Outcome, str], list[SimulationResult]] = {}
    for each in results:
        grouped.setdefault((each.outcome, str(each.reason)), []).append(each)
    # In each outcome, the largest group comes first. The sort is stable, so equal groups stay slowest first.
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
    title = f"{_not_passed(results)}, grouped by reason, the most frequent of each outcome first:"
    yield from wrapped(Text(title, "dim"), console)
    kept = fitting(columns, ("  ", " "), console)
    reasons = [_reason(members[0], False) for _, members in listed]
    yield from table(kept, ("reason", reasons), console, styles=_STYLES, numbers={"count"})
    more = sum(len(members) for _, members in others)
    rest = f"… and {more} more for {len(others)} other reasons. " if more else ""
    yield from wrapped(Text(f"{rest}--all lists every conversation, --result ID shows one."), console)


def _not_passed(results: list[SimulationResult]) -> str:
    under_way = sum(each.outcome is Outcome.UNDER_WAY for each in results)
    return f"{conversations_text(len(results))} did not pass{' so far' if under_way else ''}"


def _reason(result: SimulationResult, beside_status: bool) -> str:
    """Return the reason, without the status if a column shows it."""
    reason = result.reason
    if beside_status and reason.why in {Why.STOPPED, Why.NOT_CONNECTED}:
        return f"owner: {result.owner}" if result.owner else terminal_safe(str(reason))
    return terminal_safe(str(reason))


def _to_judge_by(run: SimulationRun, *, is_waited: bool) -> Iterator[Line]:
    """Yield the lines about incomplete conversations and repeats.

    After a wait, a settled run has no conversations left to fetch by id.
    """
    incomplete = () if is_waited and run.is_settled else run.incomplete
    if incomplete:
        pronoun = "it" if len(incomplete) == 1 else "them"
        yield (
            "Note",
            f"{conversations_text(len(incomplete))} can't be judged yet, because a verdict or tool calls may "
            f"be missing: bluejay-results wait {run.id} fetches {pronoun} by id",
        )
    yield from _repeats(run)


def _repeats(run: SimulationRun) -> Iterator[Line]:
    humans = [each for each in run.by_digital_human if len(each.results) > 1]
    if not humans:
        return
    always = sum(each.failed == len(each.results) for each in humans)
    never = sum(each.passed == len(each.results) for each in humans)
    counts = (always, "always failed"), (never, "always passed"), (len(humans) - always - never, "mixed")
    said = [f"{number} {what}" for number, what in counts if number]
    yield "Repeats", f"{len(humans)} callers with more than one conversation: {', '.join(said)}"
    worst = sorted((each for each in humans if each.failed), key=_failure, reverse=True)
    named = [f"{each.id} ({each.failed} of {each.passed + each.failed} failed)" for each in worst[:_NAMED]]
    more = f" and {len(worst) - _NAMED} more" if len(worst) > _NAMED else ""
    yield "Worst", ", ".join(named) + more


def _failure(human: DigitalHuman) -> tuple[float, int]:
    return human.failed / (human.passed + human.failed), human.failed


def _details(result: SimulationResult) -> Iterator[Line]:
    received = result.response
    yield "Reason", str(result.reason)
    yield "Status", received.status
    yield "Owner", result.owner
    yield "Caller", _text(result.digital_human_id)
    yield "Duration", None if result.duration is None else f"{result.duration.total_seconds():g} s"
    yield "Latency", conversation_latency_text(result.latency)
    if result.evaluation:
        yield from _evaluation(result.evaluation, str(result.reason))
    if not (result.evaluation and result.evaluation.custom_metrics):  # otherwise deprecated
        yield "Metrics", _text(received.custom_metrics or None)
    for group in received.tool_calls or ():
        yield "Tool", _tool(group)
    for event in received.events or ():
        yield "Event", f"{event.start_offset_ms} ms: {event.title}{_because(event.description)}"
    yield "Transcript", received.transcript_url
    yield "Audio", received.audio_url


def _evaluation(evaluation: Evaluation, said: str) -> Iterator[Line]:
    yield "Summary", evaluation.call_summary
    for label, answer, reason in (
        ("Goal reached", evaluation.goal_success, evaluation.goal_reasoning),
        ("Hallucination", evaluation.hallucination, evaluation.hallucination_reasoning),
        ("Redundancy", evaluation.redundancy, evaluation.redundancy_reasoning),
    ):
        if answer is not None:
            yield label, ("yes" if answer else "no") + _because(None if reason and reason in said else reason)
    for metric in evaluation.custom_metrics or ():
        yield "Metric", f"{metric.name} = {metric.response_value}{_because(metric.reasoning)}"


def _tool(group: ToolCallComparisonGroup) -> str:
    expected, actual = (
        ", ".join(json.dumps(call.parameters or {}, ensure_ascii=False) for call in calls or ())
        for calls in (group.expected, group.actual)
    )
    return f"{group.name}: expected {expected or 'none'}; actual {actual or 'none'}"


def _because(reason: str | None) -> str:
    return f": {reason}" if reason else ""


def _text(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)
