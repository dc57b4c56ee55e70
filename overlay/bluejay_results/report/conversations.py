"""The details of a conversation: facts, expected and actual tool calls, and the judges' answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from bluejay_api.models import Evaluation

from ..results.outcome import Outcome, Why
from ..results.result import SimulationResult
from ..writing.latency_text import conversation_latency_text
from .words import moment_text, parameters_text, status_text, time_text

Answer = tuple[str, str, str]
"""A question to a judge, the answer, and its reason."""

_GOAL = "Goal reached"
_LINK = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+([/?#][!-~]*)?")


def facts(result: SimulationResult) -> Iterator[tuple[str, str]]:
    """Yield the labels and the texts of a conversation's facts."""
    if result.owner:
        yield "Has to act", result.owner
    yield "Status", status_text(result.response.status)
    yield "Started", moment_text(result.response.start_time)
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


def calls(result: SimulationResult) -> Iterator[tuple[str, str, str]]:
    """Yield the expected and the actual calls side by side, each pair with the name of the tool."""
    for group in result.tool_calls:
        expected = [parameters_text(each.parameters or {}) for each in group.expected or ()]
        actual = [
            f"{parameters_text(each.parameters or {})} → {parameters_text(each.output)}"
            for each in group.actual or ()
        ]
        sides = zip_longest(expected, actual, fillvalue="-")
        yield from ((group.name, left, right) for left, right in sides)


def answers(result: SimulationResult) -> Iterator[Answer]:
    """Yield the judges' answers of the current evaluation, then the verdicts of the other evaluations.

    The goal of a conversation that passed is left out: its line already says why it passed.
    """
    current, is_passed = result.evaluation, result.outcome is Outcome.PASSED
    for each in _answers(current) if current else ():
        if not (is_passed and each[0] == _GOAL):
            yield each
    for other in result.response.evaluations or ():
        if other is not current:
            question = f"{_GOAL}, by another evaluation ({moment_text(other.created_at)})"
            yield question, _answer_text(other.goal_success), other.goal_reasoning or ""


def _answers(evaluation: Evaluation) -> Iterator[Answer]:
    for question, answer, why in (
        (_GOAL, evaluation.goal_success, evaluation.goal_reasoning),
        ("Hallucination", evaluation.hallucination, evaluation.hallucination_reasoning),
        ("Redundancy", evaluation.redundancy, evaluation.redundancy_reasoning),
        ("Pronunciation", evaluation.pronunciation_score, evaluation.pronunciation_reasoning),
        ("Sentiment", evaluation.sentiment_label, None),
    ):
        if answer is not None:
            yield question, _answer_text(answer), why or ""
    for metric in evaluation.custom_metrics or ():
        yield metric.name, f"{metric.response_value}", metric.reasoning or ""


def _answer_text(answer: object) -> str:
    if answer is None:
        return "-"
    return ("no", "yes")[answer] if isinstance(answer, bool) else f"{answer}"
