"""The details of a conversation: facts, expected and actual tool calls, and the judges' answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from attrs import frozen
from bluejay_api.models import Evaluation, ToolCallComparisonGroup

from ..results.outcome import Outcome, Why
from ..results.result import SimulationResult
from ..writing.latency_text import conversation_latency_text
from .words import json_text, moment_text, status_text, time_text

_LINK = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+([/?#][!-~]*)?")


@frozen
class Tool:
    """The calls of one tool.

    Attributes:
        name: The name of the tool.
        is_missing: Whether the tool was expected and never called.
        calls: The expected and the actual calls side by side; an empty text where a side has no call.
    """

    name: str
    is_missing: bool
    calls: list[tuple[str, str]]


@frozen
class Answer:
    """A judge's answer to a question."""

    question: str
    answer: str
    reason: str


def facts(result: SimulationResult) -> Iterator[tuple[str, str]]:
    """Yield the labels and the texts of a conversation's facts."""
    if result.owner:
        yield "To act", result.owner
    yield "Status", status_text(result.response.status)
    yield "Started", moment_text(result.start_time)
    if result.duration is not None:
        yield "Duration", time_text(result.duration.total_seconds() * 1000)
    if latency := conversation_latency_text(result.latency):
        yield "Latency", latency
    if result.outcome is Outcome.PASSED and result.actual_tools:
        yield "Tools", f"called {', '.join(result.actual_tools)}"
    if result.evaluation and result.evaluation.call_summary:
        yield "Summary", result.evaluation.call_summary


def links(result: SimulationResult) -> list[tuple[str, str]]:
    """Return the labels and the signed URLs of the transcript and the audio."""
    named = (("Transcript", result.response.transcript_url), ("Audio", result.response.audio_url))
    return [(label, url) for label, url in named if url]


def is_link(url: str) -> bool:
    """Whether a URL may become a link: http or https, with a host, in printable ASCII."""
    return bool(_LINK.fullmatch(url))


def reason_text(result: SimulationResult) -> str:
    """Return why a conversation has its outcome and, if it missed its goal, which tools it did not call."""
    reason = result.reason
    if reason.why in {Why.STOPPED, Why.NOT_CONNECTED}:
        return status_text(result.response.status)
    if reason.why is Why.GOAL_MISSED and reason.explanation:
        tools = f"; tools not called: {', '.join(reason.tools)}" if reason.tools else ""
        return f"{reason.explanation}{tools}"
    said = f"{reason}"
    return f"{said[:1].upper()}{said[1:]}"


def tools(result: SimulationResult) -> list[Tool]:
    """Return the tools, with expected and actual calls side by side."""
    return [_tool(each) for each in result.tool_calls]


def _tool(group: ToolCallComparisonGroup) -> Tool:
    expected, actual = group.expected or [], group.actual or []
    left = [json_text(each.parameters or {}) for each in expected]
    right = [f"{json_text(each.parameters or {})} → {json_text(each.output)}" for each in actual]
    return Tool(group.name, bool(expected) and not actual, list(zip_longest(left, right, fillvalue="")))


def answers(result: SimulationResult) -> list[Answer]:
    """Return the judges' answers of the current evaluation, then the verdicts of the other evaluations."""
    current = result.evaluation
    others = [each for each in result.response.evaluations or () if each is not current]
    return [*(_answers(current) if current else ()), *map(_other, others)]


def _answers(evaluation: Evaluation) -> Iterator[Answer]:
    for question, answer, why in (
        ("Goal reached", evaluation.goal_success, evaluation.goal_reasoning),
        ("Hallucination", evaluation.hallucination, evaluation.hallucination_reasoning),
        ("Redundancy", evaluation.redundancy, evaluation.redundancy_reasoning),
        ("Pronunciation", evaluation.pronunciation_score, evaluation.pronunciation_reasoning),
        ("Sentiment", evaluation.sentiment_label, None),
    ):
        if answer is not None:
            yield Answer(question, _answer_text(answer), why or "")
    for metric in evaluation.custom_metrics or ():
        yield Answer(metric.name, f"{metric.response_value}", metric.reasoning or "")


def _other(evaluation: Evaluation) -> Answer:
    question = f"Goal reached, by another evaluation ({moment_text(evaluation.created_at)})"
    return Answer(question, _answer_text(evaluation.goal_success), evaluation.goal_reasoning or "")


def _answer_text(answer: object) -> str:
    if answer is None:
        return "-"
    return ("no", "yes")[answer] if isinstance(answer, bool) else f"{answer}"
