"""Converts custom metrics' answers to numbers. See `docs/definitions.md`, Rules about figures."""

from __future__ import annotations

import math
from typing import cast

from attrs import evolve, field, frozen
from bluejay_api.models import CustomMetric

from .answers import Answer, Correction, Question
from .result import SimulationResult

RATED = frozenset({"pass_fail", "yes_no", "tool_call"})
"""The types whose answers are yes or no."""
ORDERED = frozenset({"quantitative", *RATED})
"""The types whose answers can be ordered."""
_ANSWERS = {"yes": 1.0, "pass": 1.0, "true": 1.0, "no": 0.0, "fail": 0.0, "false": 0.0}
_NOT_APPLICABLE = {"not applicable", "not_applicable", "n/a", "na"}


@frozen
class Metric:
    """The answer to a custom metric in one evaluation.

    Attributes:
        name: The metric's name.
        type: The answer type, such as `quantitative` or `pass_fail`.
        text: The answer as received; a reviewer's answer overrides the judge's.
        number: The answer as a number. For `quantitative`, the number received; for `pass_fail`, `yes_no` and
            `tool_call`, 100 or 0, so a mean is a percentage. None for other types, and if the answer can't be
            read, is out of range, or is "not applicable".
        explanation: The reasoning for this answer.
        correction: The judge's answer; None if no reviewer corrected it.
        response: The generated model with all fields.
    """

    name: str
    type: str
    text: str
    number: float | None
    explanation: str | None
    correction: Correction | None
    response: CustomMetric = field(repr=False)

    @classmethod
    def of(cls, received: CustomMetric, answer: Answer) -> Metric:
        """Return the metric for a response model and the answer that counts."""
        text = cast("str", answer.answer)  # a violation makes it None
        effective = received if answer.correction is None else evolve(received, response_value=text)
        whole = None not in cast("tuple[str | None, ...]", (received.response_type, text))
        number = metric_value(effective) if whole and metric_type(received) in ORDERED else None
        explanation, correction = answer.explanation, answer.correction
        return cls(received.name, received.response_type, text, number, explanation, correction, received)


def metrics(result: SimulationResult) -> tuple[Metric, ...]:
    """Return the custom metrics of a conversation's current evaluation, with their answers as numbers."""
    received = (result.evaluation and result.evaluation.custom_metrics) or ()
    found = (each for each in result.answers if each.question is Question.METRIC)
    return tuple(map(Metric.of, received, found))


def metric_type(answer: CustomMetric) -> str:
    """Return a metric's type as spelled in the contract; case is ignored."""
    return answer.response_type.strip().lower()


def is_not_applicable(answer: CustomMetric) -> bool:
    """Whether the answer says that the metric doesn't apply to the conversation."""
    return _normalized(answer) in _NOT_APPLICABLE


def metric_value(answer: CustomMetric) -> float | None:
    """Return a metric's answer as a number, or None if it can't be parsed or is out of the metric's range."""
    text = _normalized(answer)
    if metric_type(answer) in RATED:
        rated = rated_answer(answer)
        return None if rated is None else 100 * rated
    if not text.isascii() or "_" in text:  # float() also accepts `1_0`, and digits in other scripts
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    low, high = _range(answer)
    return value if math.isfinite(value) and low <= value <= high else None


def rated_answer(answer: CustomMetric) -> float | None:
    """Return 1 for yes, pass or true, 0 for no, fail or false, and None for any other answer."""
    return _ANSWERS.get(_normalized(answer))


def _normalized(answer: CustomMetric) -> str:
    return answer.response_value.strip().rstrip(".").lower()


def _range(answer: CustomMetric) -> tuple[float, float]:
    """Return the bounds of a metric's range. Unknown bounds are infinite; swapped bounds count as unknown."""
    low = -math.inf if answer.min_value is None else answer.min_value
    high = math.inf if answer.max_value is None else answer.max_value
    return (low, high) if low <= high else (-math.inf, math.inf)
