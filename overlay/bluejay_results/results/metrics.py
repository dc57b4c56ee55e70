"""The answers of custom metrics, as numbers. See `docs/definitions.md`, Metrics and rates."""

from __future__ import annotations

import math
from typing import cast

from attrs import field, frozen
from bluejay_api.models import CustomMetric

POSITIVE = {"pass_fail": "pass", "yes_no": "yes"}
"""The positive answer of each metric type whose answers are counted."""
ORDERED = frozenset({"quantitative", *POSITIVE})
"""The types whose answers have an order."""
_NEGATIVE = {"pass_fail": "fail", "yes_no": "no"}
_NOT_APPLICABLE = {"not applicable", "not_applicable", "n/a", "na"}


@frozen
class Metric:
    """The answer of one custom metric in one evaluation.

    Attributes:
        name: The metric's name.
        type: The type of the answer, such as `quantitative` or `pass_fail`.
        text: The answer as received.
        number: The answer as a number. For `quantitative`, the number received; for `pass_fail` and `yes_no`,
            100 or 0, so that a mean is a percentage. None if the answer can't be read, is out of range or
            "not applicable", or if the metric has another type.
        response: The generated model with all fields.
    """

    name: str
    type: str
    text: str
    number: float | None
    response: CustomMetric = field(repr=False)

    @classmethod
    def of(cls, answer: CustomMetric) -> Metric:
        """Return the metric for an answer in a response."""
        received = cast("tuple[str | None, ...]", (answer.response_type, answer.response_value))
        is_whole = None not in received  # a violation makes a field None
        number = metric_value(answer) if is_whole and metric_type(answer) in ORDERED else None
        return cls(answer.name, answer.response_type, answer.response_value, number, answer)


def metric_name(name: str) -> str:
    """Return a metric's name for comparisons, which ignore letter case."""
    return name.strip().casefold()


def metric_type(answer: CustomMetric) -> str:
    """Return a metric's type in the spelling of the contract; letter case is ignored."""
    return answer.response_type.strip().lower()


def is_not_applicable(answer: CustomMetric) -> bool:
    """Whether the judge answered that the metric doesn't apply to the conversation."""
    return _normalized(answer) in _NOT_APPLICABLE


def metric_value(answer: CustomMetric) -> float | None:
    """Return the answer of a metric as a number; None if it can't be read or is out of the metric's range."""
    text = _normalized(answer)
    if (kind := metric_type(answer)) in POSITIVE:
        counted = {POSITIVE[kind]: 100.0, _NEGATIVE[kind]: 0.0}
        return counted.get(text)
    if not text.isascii() or "_" in text:  # Python reads 1_0 and other scripts' digits as numbers
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    low, high = _range(answer)
    return value if math.isfinite(value) and low <= value <= high else None


def worst_value(answer: CustomMetric, *, is_high_bad: bool) -> float | None:
    """Return the worst value in a metric's range; None if that end of the range isn't known."""
    if metric_type(answer) in POSITIVE:
        return 100.0 if is_high_bad else 0.0
    end = _range(answer)[is_high_bad]
    return end if math.isfinite(end) else None


def _normalized(answer: CustomMetric) -> str:
    return answer.response_value.strip().rstrip(".").lower()


def _range(answer: CustomMetric) -> tuple[float, float]:
    """Return the ends of a metric's range; an end is infinite if it is unknown or the ends are swapped."""
    low = -math.inf if answer.min_value is None else answer.min_value
    high = math.inf if answer.max_value is None else answer.max_value
    return (low, high) if low <= high else (-math.inf, math.inf)
