"""How the page shows conversations and callers: their order, and the text for statuses, times and answers."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from attrs import frozen

from ..gate import RunVerdict
from ..results.answers import Answer, Question
from ..results.outcome import Outcome
from ..results.pass_rates import Caller
from ..results.reason import Why
from ..results.result import SimulationResult
from ..writing.numbers import number_text
from ..writing.words import answer_text, conversation_latency_text, in_utc

KINDS = {
    Outcome.PASSED: "p",
    Outcome.FAILED: "f",
    Outcome.UNKNOWN: "q",
    Outcome.VOID: "v",
    Outcome.UNDER_WAY: "u",
}
"""The kinds of marks for conversations: the CSS classes for their colour and shape."""
NAMES = {kind: outcome.value for outcome, kind in KINDS.items()}
"""The outcome that each kind of mark stands for."""
LETTERS = {"p": "P", "f": "F", "q": "?", "v": "V", "u": "U"}
"""The letter for each kind of mark."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def status_text(status: str | None) -> str:
    """Return one of the service's statuses in words: `No answer` for NO_ANSWER; 100 characters at most."""
    return status[:100].replace("_", " ").capitalize() if status else "no status"


def capitalized(text: str) -> str:
    """Return text with its first letter capitalized."""
    return f"{text[:1].upper()}{text[1:]}"


def caller_text(result: SimulationResult) -> str:
    """Return a conversation's caller, or an empty string if it is unknown."""
    return "" if result.digital_human_id is None else f"caller {result.digital_human_id}"


def moment_text(when: datetime.datetime | None) -> str:
    """Return a time such as `19 Nov 2026, 16:04 UTC`, or a dash for None."""
    if when is None:
        return "-"
    at = in_utc(when)
    return f"{day_text(at)} {at.year}, {at:%H:%M %Z}"


def day_text(at: datetime.datetime) -> str:
    """Return the day and month of a time: `19 Nov`."""
    return f"{at.day} {_MONTHS[at.month - 1]}"


def parameters_text(value: Any) -> str:
    """Return an object as `name: value, ...`, a string unchanged, and any other value as JSON."""
    if isinstance(value, dict) and value:
        return ", ".join(f"{name}: {_json(each)}" for name, each in value.items())
    return "no parameters" if value == {} else _json(value)


def _json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


_LINK = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+([/?#][!-~]*)?")


def facts(result: SimulationResult) -> Iterator[tuple[str, str]]:
    """Yield a conversation's facts as pairs of label and text."""
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
    """Return the labels and signed URLs of the transcript and the audio."""
    named = (("Transcript", result.response.transcript_url), ("Audio", result.response.audio_url))
    return [(label, url) for label, url in named if url]


def is_link(url: str) -> bool:
    """Whether a URL may be linked: it must be http or https, have a host, and be printable ASCII."""
    return bool(_LINK.fullmatch(url))


def reason_text(result: SimulationResult) -> str:
    """Return the reason for a conversation's outcome."""
    if result.reason.why in {Why.STOPPED, Why.INCONCLUSIVE_STATUS}:
        return status_text(result.status)
    return capitalized(str(result.reason))


def calls(result: SimulationResult) -> Iterator[tuple[str, str, str]]:
    """Yield pairs of expected and actual calls, each with the tool's name."""
    for tool in result.tool_calls:
        expected = [parameters_text(each.parameters or {}) for each in tool.expected or ()]
        actual = [
            f"{parameters_text(each.parameters or {})} → {parameters_text(each.output)}"
            for each in tool.actual or ()
        ]
        sides = zip_longest(expected, actual, fillvalue="-")
        yield from ((tool.name, left, right) for left, right in sides)


def answers(result: SimulationResult) -> Iterator[tuple[str, str, str]]:
    """Yield each question to the judge, its answer and reason, and the judge's answer if it was corrected.

    An uncorrected goal verdict of a conversation that passed is omitted, because the reason for the outcome
    shows it.
    """
    for each in result.all_answers:
        is_passed = result.outcome is Outcome.PASSED and each.question is Question.GOAL and each.is_current
        if each.correction or not is_passed:
            yield _question(each), answer_text(each.answer), each.explanation or ""
        if before := each.correction:
            question = f"{_question(each)}, according to the judge, before a reviewer's correction"
            yield question, answer_text(before.judge_answer), before.judge_explanation or ""


def _question(answer: Answer) -> str:
    if answer.question is Question.METRIC:
        return answer.metric or ""
    question = answer.question.capitalize()
    if answer.is_current:
        return question
    return f"{question}, according to another evaluation ({moment_text(answer.evaluated_at)})"


MOST_ROWS = 20
"""The maximum number of rows in a table of callers."""


@frozen
class CallerRow:
    """A caller and its conversations in chronological order."""

    caller: Caller
    results: list[SimulationResult]


def caller_rows(verdict: RunVerdict) -> list[CallerRow]:
    """Return the callers that have an id, worst first; those without a pass rate come last."""
    results_of: dict[int | None, list[SimulationResult]] = {}
    for each in verdict.run.results:
        results_of.setdefault(each.digital_human_id, []).append(each)
    callers = sorted((each for each in verdict.run.callers if each.id is not None), key=_goodness)
    return [CallerRow(each, results_of[each.id]) for each in callers]


def _goodness(caller: Caller) -> tuple[float, int, int]:
    """Return a sort key: the pass rate, and the numbers of failed and of unknown conversations.

    The pass rate counts unknown conversations as failed.
    """
    rate = caller.passed / caller.counted if caller.counted else 2.0
    return rate, -caller.failed, -caller.unknown
