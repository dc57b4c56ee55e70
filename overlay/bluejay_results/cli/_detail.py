"""One conversation in full, as labelled lines for a person."""

import json
from collections.abc import Iterator
from typing import Any

from bluejay_api.models import Evaluation, ToolCallComparisonGroup
from rich.console import Console
from rich.text import Text

from bluejay_results.result import SimulationResult

from ._report import Line, figure, labelled


def conversation(result: SimulationResult, console: Console) -> Iterator[Text]:
    """Yield the lines that show a conversation."""
    yield Text(f"Conversation {result.id}: {result.outcome}", "bold")
    yield from labelled(_lines(result), console)


def _lines(result: SimulationResult) -> Iterator[Line]:
    received, latency = result.response, result.latency
    measured = {name: getattr(latency, name) for name in ("average", "p50", "p90", "p95", "p99", "maximum")}
    yield "Reason", result.reason
    yield "Status", received.status
    yield "To act", result.owner
    yield "Caller", _text(result.digital_human_id)
    yield "Duration", None if result.duration is None else f"{result.duration.total_seconds():g} s"
    yield "Latency", ", ".join(f"{name} {figure(value)}" for name, value in measured.items() if value)
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
