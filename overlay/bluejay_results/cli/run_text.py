"""Lines of text for a run, or for one conversation in full."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bluejay_api.models import ToolCallComparisonGroup
from rich.console import Console
from rich.text import Text

from bluejay_results._secrets import without_signature
from bluejay_results.results.outcome import Outcome
from bluejay_results.results.pass_rates import Caller
from bluejay_results.results.unknown_fields import names_text

from ..results.answers import Answer, Question
from ..results.notes import notes
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from ..results.run_figures import figures
from ..writing.numbers import number_text
from ..writing.safe_text import terminal_safe
from ..writing.words import (
    answer_text,
    conversation_latency_text,
    count_text,
    groups,
    latency_cell,
    latency_heading,
    passed_text,
    run_latency_text,
)
from .layout import Columns, Line, fitting, labelled, table, wrapped

LISTED = 20
"""The maximum number of conversations to list without `--all`; if there are more, they are grouped."""
_MOST_REASONS = 20
_LONGEST_REASON = 400

_NAMED = 5
"""The maximum number of callers to list."""

_STYLES: dict[str, str] = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "red",
    Outcome.UNKNOWN: "yellow",
    Outcome.VOID: "dim",
    Outcome.UNDER_WAY: "cyan",
}
_LONGEST_NOTE = 400
_LONGEST_STATUS = 20


def report(run: SimulationRun, console: Console, *, list_all: bool = False) -> Iterator[Text]:
    """Yield the lines of a run's report. Conversations that didn't pass are grouped if there are many."""
    yield from wrapped(_first_line(run), console)
    if run.results:
        yield from wrapped(_counts(run), console)
    if not_passed := run.not_passed:
        yield Text()
        if list_all or len(not_passed) <= LISTED:
            yield from _rows(not_passed, latency_heading(run.latency_unit), console)
        else:
            yield from wrapped(Text(f"{_not_passed(not_passed)}; --all lists each of them:", "dim"), console)
            yield from group_lines(not_passed, console)
    yield Text()
    said = [("Note", terminal_safe(str(note), _LONGEST_NOTE)) for note in notes(run)]
    latency, summary = ("Latency", run_latency_text(figures(run))), ("Summary", run.summary)
    yield from labelled([*_repeats(run.callers), latency, *said, summary], console)
    if run.app_url:
        yield Text(f"App      {run.app_url}")


def conversation(result: SimulationResult, console: Console) -> Iterator[Text]:
    """Yield the lines for a conversation."""
    yield Text(f"Conversation {result.id}: {result.outcome}", "bold")
    yield from labelled(_details(result), console)


def _first_line(run: SimulationRun) -> Text:
    settled, style = ("settled", "bold green") if run.is_settled else ("not settled", "bold yellow")
    score = ("" if run.is_settled else "so far ") + passed_text(run)
    unsure = (
        (len(run.unknown), Outcome.UNKNOWN),
        (run.missing_count, "missing"),
        (len(run.void), Outcome.VOID),
    )
    return Text.assemble(
        f"Run {terminal_safe(run.id)} is ",
        (settled, style),
        f" ({terminal_safe(run.status or 'no status')}): ",
        (score, "bold"),
        *(f"; {count} {outcome}" for count, outcome in unsure if count),
    )


def _counts(run: SimulationRun) -> Text:
    counts = [
        Text(f"{count} {outcome}", _STYLES[outcome]) for outcome, count in run.outcomes.items() if count
    ]
    if run.missing_count:
        counts.append(Text(f"{run.missing_count} missing", _STYLES[Outcome.UNKNOWN]))
    return Text("   ").join(counts)


def _rows(results: Sequence[SimulationResult], latency: str, console: Console) -> Iterator[Text]:
    order = "" if len(results) == 1 else ", grouped by outcome, slowest first"
    title = f"{_not_passed(results)}{order}:"
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


def group_lines(results: Iterable[SimulationResult], console: Console) -> Iterator[Text]:
    """Yield the conversations that did not pass, grouped by outcome, owner and reason."""
    for group in groups(results):
        yield from wrapped(Text(group.title, _STYLES[group.outcome]), console)
        for reason in group.reasons[:_MOST_REASONS]:
            yield from wrapped(Text(terminal_safe(reason, _LONGEST_REASON)), console, Text("  "))
        if more := group.reasons[_MOST_REASONS:]:
            yield from wrapped(Text(f"… and {count_text(len(more), 'other reason')}"), console, Text("  "))


def _not_passed(results: Sequence[SimulationResult]) -> str:
    under_way = any(each.outcome is Outcome.UNDER_WAY for each in results)
    have = "has" if len(results) == 1 else "have"
    verb = f"{have} not passed so far" if under_way else "did not pass"
    return f"{count_text(len(results), 'conversation')} {verb}"


def _reason(result: SimulationResult, beside_status: bool) -> str:
    """Return the reason or, if the status column already shows it, who has to act."""
    if beside_status and result.reason.is_status and result.owner:
        return f"owner: {result.owner}"
    return terminal_safe(str(result.reason))


def _repeats(callers: tuple[Caller, ...]) -> Iterator[Line]:
    """For each caller with several conversations, yield how many of them failed."""
    repeated = [each for each in callers if each.counted + each.void > 1]
    if not repeated:
        return
    always = sum(each.failed == each.counted + each.void for each in repeated)
    never = sum(each.passed == each.counted + each.void for each in repeated)
    mixed = sum(bool(each.passed and each.failed) for each in repeated)
    unclear = len(repeated) - always - never - mixed
    counts = (always, "always failed"), (never, "always passed"), (mixed, "mixed"), (unclear, "unclear")
    said = [f"{number} {what}" for number, what in counts if number]
    yield (
        "Repeats",
        f"{count_text(len(repeated), 'caller')} with more than one conversation: {', '.join(said)}",
    )
    worst = sorted((each for each in repeated if each.failed), key=_failure, reverse=True)
    named = [f"{each.id} ({each.failed} of {each.passed + each.failed} failed)" for each in worst]
    if named:
        yield "Worst", f"caller{'' if len(named) == 1 else 's'} {names_text(named, _NAMED)}"


def _failure(caller: Caller) -> tuple[float, int]:
    return caller.failed / (caller.passed + caller.failed), caller.failed


def _details(result: SimulationResult) -> Iterator[Line]:
    yield "Reason", str(result.reason)
    yield "Status", result.status
    yield "Owner", result.owner
    yield "Caller", None if result.digital_human_id is None else str(result.digital_human_id)
    yield "Duration", None if result.duration is None else number_text(result.duration.total_seconds(), "s")
    yield "Latency", conversation_latency_text(result.latency)
    yield "Summary", result.summary
    for answer in result.all_answers:
        yield _answer(answer, str(result.reason))
    for each in result.tool_calls:
        yield "Tool", _tool(each)
    for event in result.events:
        because = f": {event.description}" if event.description else ""
        yield "Event", f"{event.start_offset_ms} ms: {event.title}{because}"
    yield "Transcript", without_signature(result.response.transcript_url)
    yield "Audio", without_signature(result.response.audio_url)
    if result.is_incomplete:
        alone = f"bluejay-results show --result {result.id}"
        yield (
            "Note",
            f"a verdict or tool calls might be missing; to fetch the conversation by id, run: {alone}",
        )


def _answer(answer: Answer, reason: str) -> Line:
    """Return an answer and, unless the reason already contains it, its explanation."""
    text = _said(answer.answer, answer.explanation, reason)
    if before := answer.correction:
        judge = _said(before.judge_answer, before.judge_explanation, reason)
        text = f"{text.rstrip('.')}; corrected by a reviewer (the judge answered {judge})"
    if answer.question is Question.METRIC:
        return "Metric", f"{answer.metric} = {text}"
    return f"{answer.question}".capitalize(), text


def _said(answer: object, explanation: str | None, reason: str) -> str:
    said = answer_text(answer)
    return f"{said}: {explanation}" if explanation and explanation.rstrip(".") not in reason else said


def _tool(calls: ToolCallComparisonGroup) -> str:
    expected, actual = (
        _parameters(each.parameters for each in side or ()) for side in (calls.expected, calls.actual)
    )
    return f"{calls.name}: expected {expected}; actual {actual}"


def _parameters(calls: Iterable[Any]) -> str:
    return ", ".join(json.dumps(each or {}, ensure_ascii=False) for each in calls) or "none"
