"""One conversation in full, as labelled lines for a person."""

import json
from collections.abc import Iterator
from typing import Any

from bluejay_api.models import Evaluation, ToolCallComparisonGroup
from rich.console import Console
from rich.text import Text

from bluejay_results.results.result import SimulationResult

from ..writing.latency_text import conversation_latency
from .layout import Line, labelled
from .notes_text import NO_CALLS, lacks_calls


def conversation(result: SimulationResult, console: Console, *, note: str = "") -> Iterator[Text]:
    """Yield the lines that show a conversation, with a note if it can't be judged yet."""
    yield Text(f"Conversation {result.id}: {result.outcome}", "bold")
    yield from labelled([*_lines(result, note), ("Note", note)], console)


def _lines(result: SimulationResult, note: str) -> Iterator[Line]:
    received = result.response
    yield "Reason", result.reason
    yield "Void", NO_CALLS if lacks_calls(result) and not note else None
    yield "Status", received.status
    yield "Owner", result.owner
    yield "Caller", _text(result.digital_human_id)
    yield "Duration", None if result.duration is None else f"{result.duration.total_seconds():g} s"
    yield "Latency", conversation_latency(result.latency)
    if result.evaluation:
        yield from _evaluation(result.evaluation, result.reason)
    if not (result.evaluation and result.evaluation.custom_metrics):  # else deprecated
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
        ", ".join(_text(call.parameters or {}) or "" for call in calls or ())
        for calls in (group.expected, group.actual)
    )
    return f"{group.name}: expected {expected or 'none'}; actual {actual or 'none'}"


def _because(reason: str | None) -> str:
    return f": {reason}" if reason else ""


def _text(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)
