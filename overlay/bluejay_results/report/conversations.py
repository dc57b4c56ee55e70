"""The details of a conversation: facts, expected and actual tool calls, and the judges' answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from ..results.answers import Answer, Question
from ..results.outcome import Outcome, Why
from ..results.result import SimulationResult
from ..writing.numbers import number_text
from ..writing.words import answer_text, conversation_latency_text
from .words import capitalized, moment_text, parameters_text, status_text

_LINK = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+([/?#][!-~]*)?")


def facts(result: SimulationResult) -> Iterator[tuple[str, str]]:
    """Yield the labels and the texts of a conversation's facts."""
    if result.owner:
        yield "Owner", result.owner
    yield "Status", status_text(result.status)
    yield "Started", moment_text(result.response.start_time)
    if result.duration is not None:
        yield "Duration", number_text(result.duration.total_seconds(), "s")
    if latency := conversation_latency_text(result.latency):
        yield "Latency", latency
    if result.outcome is Outcome.PASSED and result.actual_tools:
        yield "Tools", f"called {', '.join(result.actual_tools)}"
    if result.summary:
        yield "Summary", result.summary


def links(result: SimulationResult) -> list[tuple[str, str]]:
    """Return the labels and the signed URLs of the transcript and the audio."""
    named = (("Transcript", result.response.transcript_url), ("Audio", result.response.audio_url))
    return [(label, url) for label, url in named if url]


def is_link(url: str) -> bool:
    """Whether a URL may become a link: http or https, with a host, in printable ASCII."""
    return bool(_LINK.fullmatch(url))


def reason_text(result: SimulationResult) -> str:
    """Return why a conversation has its outcome."""
    if result.reason.why in {Why.STOPPED, Why.INCONCLUSIVE_STATUS}:
        return status_text(result.status)
    return capitalized(str(result.reason))


def calls(result: SimulationResult) -> Iterator[tuple[str, str, str]]:
    """Yield the expected and the actual calls side by side, each pair with the name of the tool."""
    for tool in result.tool_calls:
        expected = [parameters_text(each.parameters or {}) for each in tool.expected or ()]
        actual = [
            f"{parameters_text(each.parameters or {})} → {parameters_text(each.output)}"
            for each in tool.actual or ()
        ]
        sides = zip_longest(expected, actual, fillvalue="-")
        yield from ((tool.name, left, right) for left, right in sides)


def answers(result: SimulationResult) -> Iterator[tuple[str, str, str]]:
    """Yield each question to a judge, the answer and its reason; then the judge's answer if it was corrected.

    If the conversation passed, the answer about its goal is left out: the reason for the outcome shows it.
    """
    for each in result.all_answers:
        is_known = result.outcome is Outcome.PASSED and each.question is Question.GOAL and each.is_current
        if not is_known:
            yield _question(each), answer_text(each.answer), each.explanation or ""
        if before := each.correction:
            question = f"{_question(each)}, by the judge before a reviewer's correction"
            yield question, answer_text(before.judge_answer), before.judge_explanation or ""


def _question(answer: Answer) -> str:
    if answer.question is Question.METRIC:
        return answer.metric or ""
    question = answer.question.capitalize()
    if answer.is_current:
        return question
    return f"{question}, by another evaluation ({moment_text(answer.evaluated_at)})"
