"""Answers of custom metrics as numbers."""

from __future__ import annotations

import math

from bluejay_api.models import CustomMetric

POSITIVE = {"pass_fail": "pass", "yes_no": "yes"}
"""By the type of a metric that is counted: the answer that counts."""
ORDERED = frozenset({"quantitative", *POSITIVE})
"""The types whose answers have an order."""
_NEGATIVE = {"pass_fail": "fail", "yes_no": "no"}
_NOT_APPLICABLE = {"not applicable", "not_applicable", "n/a", "na"}


def metric_value(answer: CustomMetric) -> float | None:
    """Return the answer of a metric as a number; None where it is not applicable or makes no sense."""
    said = answer.response_value.strip().lower()
    if said in _NOT_APPLICABLE:
        return None
    if answer.response_type in POSITIVE:
        counted = {POSITIVE[answer.response_type]: 100.0, _NEGATIVE[answer.response_type]: 0.0}
        return counted.get(said)
    try:
        value = float(said)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
