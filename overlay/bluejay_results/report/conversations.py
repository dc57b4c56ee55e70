"""The list of conversations: a row for each conversation, with its details below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from attrs import frozen
from bluejay_api.models import Evaluation, Event, ToolCallComparisonGroup

from ..gate.reports.content import plain
from ..gate.reports.content import reason_text as long_reason_text
from ..judging.worst_first import worst_first
from ..results.outcome import Outcome
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from ..writing.latency_text import conversation_latency_text
from .scale import Scale
from .words import json_text, moment_text, seconds_text

Line = tuple[str, str]


@frozen
class Block:
    """An event or a call on the time line: where it begins, and how wide it is."""

    x: str
    width: str


@frozen
class TimeLine:
    """The time line of a conversation.

    Attributes:
        events: The events.
        calls: The tool calls.
        words: The content of the time line as text.
        end: The end of the time line, in seconds.
    """

    events: list[Block]
    calls: list[Block]
    words: str
    end: str


@frozen
class ToolComparison:
    """The calls of one tool.

    Attributes:
        name: The name of the tool.
        difference: How the expected and the actual calls differ, as text.
        is_missing: Whether the tool was expected and never called.
        calls: The expected and the actual calls side by side; an empty text where a side has no call.
    """

    name: str
    difference: str
    is_missing: bool
    calls: list[tuple[str, str]]


@frozen
class Question:
    """A judge's answer to a question."""

    question: str
    answer: str
    reason: str


@frozen
class Conversation:
    """The content of a conversation's details.

    Attributes:
        result: The conversation.
        facts: Labels and texts.
        summary: The judge's summary; empty if there is none.
        time_line: The time line; None if no event and no call has a time.
        tools: The tools, with expected and actual calls side by side.
        questions: The judges' answers.
        events: The time and the text of each event.
    """

    result: SimulationResult
    facts: list[Line]
    summary: str
    time_line: TimeLine | None
    tools: list[ToolComparison]
    questions: list[Question]
    events: list[tuple[str, str]]


def in_order(run: SimulationRun) -> list[SimulationResult]:
    """Return the failed, void and under way conversations, then the passed ones, the doubtful ones first."""
    passed = run.results_by_outcome[Outcome.PASSED]
    return [*worst_first(run), *sorted(passed, key=lambda each: not each.doubt)]


def is_packed(result: SimulationResult) -> bool:
    """Whether a conversation's details are stored compressed, because it passed and isn't doubtful."""
    return result.outcome is Outcome.PASSED and not result.doubt


def conversation(result: SimulationResult) -> Conversation:
    """Return the content of a conversation's details."""
    evaluations = result.response.evaluations or ()
    current = result.evaluation
    questions = list(_questions(current)) if current else []
    questions += [_earlier(each) for each in evaluations if each is not current]
    events = result.response.events or []
    return Conversation(
        result,
        list(_facts(result)),
        (current and current.call_summary) or "",
        _time_line(result, events),
        [_tool(each) for each in result.response.tool_calls or ()],
        questions,
        [_event(each) for each in events],
    )


def tools_called_text(result: SimulationResult) -> str:
    """Return how many of the expected tools were called; a dash if no tool was expected."""
    expected = len(result.expected_tools)
    return f"{len(result.matched_tools)} of {expected}" if expected else "-"


def duration_text(result: SimulationResult) -> str:
    """Return the duration in seconds; a dash if it is unknown."""
    return "-" if result.duration is None else f"{result.duration.total_seconds():,.1f}"


def p95_text(result: SimulationResult) -> str:
    """Return p95 of the latency in milliseconds; a dash if it is unknown."""
    known = result.latency.in_milliseconds()
    return "-" if known is None or known.p95 is None else f"{known.p95:,.0f}"


def reason_text(result: SimulationResult) -> str:
    """Return the reason of a conversation's outcome in one line."""
    return plain(result.reason) if is_packed(result) else long_reason_text(result)


def _facts(result: SimulationResult) -> Iterator[Line]:
    yield "Reason", result.reason
    if result.doubt and result.doubt != result.reason:
        yield "Doubt", result.doubt
    if result.owner:
        yield "To fix by", result.owner
    yield "Status", result.response.status or "null"
    yield "Caller", "-" if result.digital_human_id is None else f"{result.digital_human_id}"
    yield "Started", moment_text(result.response.start_time)
    yield "Duration", "unknown" if result.duration is None else f"{duration_text(result)} s"
    yield "Latency", conversation_latency_text(result.latency) or "not measured"


def _time_line(result: SimulationResult, events: Sequence[Event]) -> TimeLine | None:
    spans = [(each.start_offset_ms, each.end_offset_ms or each.start_offset_ms) for each in events]
    calls = [
        call.start_offset_ms
        for group in result.response.tool_calls or ()
        for call in group.actual or ()
        if call.start_offset_ms is not None
    ]
    if not spans and not calls:
        return None
    known = result.duration.total_seconds() * 1000 if result.duration else 0
    end = max(known, *(last for _, last in spans), *calls, 1)
    scale = Scale(0.0, end)
    return TimeLine(
        [Block(scale.x(first), scale.width(first, max(first, last))) for first, last in spans],
        [Block(scale.x(each), "0%") for each in calls],
        f"{len(spans)} events and {len(calls)} tool calls in {seconds_text(end)} s",
        seconds_text(end),
    )


def _event(event: Event) -> tuple[str, str]:
    end = "" if event.end_offset_ms is None else f" to {seconds_text(event.end_offset_ms)}"
    tags = f" [{', '.join(event.tags)}]" if event.tags else ""
    more = f": {event.description}" if event.description else ""
    metadata = f" {json_text(event.metadata)}" if event.metadata else ""
    return f"{seconds_text(event.start_offset_ms)}{end}", f"{event.title}{more}{tags}{metadata}"


def _tool(group: ToolCallComparisonGroup) -> ToolComparison:
    expected, actual = group.expected or [], group.actual or []
    left = [json_text(each.parameters or {}) for each in expected]
    right = [
        f"{_at_text(each.start_offset_ms)}{json_text(each.parameters or {})} → {json_text(each.output)}"
        for each in actual
    ]
    return ToolComparison(
        group.name,
        _difference_text(expected, actual),
        bool(expected) and not actual,
        list(zip_longest(left, right, fillvalue="")),
    )


def _at_text(offset: int | None) -> str:
    return "" if offset is None else f"{seconds_text(offset)} s: "


def _difference_text(expected: Sequence[Any], actual: Sequence[Any]) -> str:
    if not expected:
        return "called without being expected" if actual else "neither expected nor called"
    if not actual:
        return "missing: expected, never called"
    made = [each.parameters or {} for each in actual]
    others = [each.parameters or {} for each in expected if (each.parameters or {}) not in made]
    if others:
        closest = min((_differing(others[0], each) for each in made), key=len)
        return f"called; parameters differ: {', '.join(closest)}"
    if len(expected) != len(actual):
        return f"called; {len(expected)} expected, {len(actual)} made"
    return "as expected"


def _differing(expected: Any, actual: Any) -> list[str]:
    return sorted(key for key in {*expected, *actual} if expected.get(key) != actual.get(key))


def _questions(evaluation: Evaluation) -> Iterator[Question]:
    for label, answer, why in (
        ("Goal reached", evaluation.goal_success, evaluation.goal_reasoning),
        ("Hallucination", evaluation.hallucination, evaluation.hallucination_reasoning),
        ("Redundancy", evaluation.redundancy, evaluation.redundancy_reasoning),
        ("Pronunciation", evaluation.pronunciation_score, evaluation.pronunciation_reasoning),
        ("Sentiment", evaluation.sentiment_label, None),
    ):
        if answer is not None:
            yield Question(label, _answer_text(answer), why or "")
    for metric in evaluation.custom_metrics or ():
        yield Question(metric.name, f"{metric.response_value}", metric.reasoning or "")


def _earlier(evaluation: Evaluation) -> Question:
    """Return the verdict of an evaluation that isn't the current one."""
    when = moment_text(evaluation.created_at)
    return Question(
        f"Another evaluation ({when}): goal reached",
        "-" if evaluation.goal_success is None else _answer_text(evaluation.goal_success),
        evaluation.goal_reasoning or "",
    )


def _answer_text(answer: object) -> str:
    return ("no", "yes")[answer] if isinstance(answer, bool) else f"{answer}"
