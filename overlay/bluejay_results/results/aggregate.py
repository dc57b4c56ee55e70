"""Aggregates a figure's values. Percentiles are observed values, not interpolated."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction


class Aggregate(StrEnum):
    """How a figure's values are aggregated."""

    MEAN = "mean"
    """The mean."""
    MEDIAN = "median"
    """The median; the lower of the two middle values if the number of values is even."""
    MIN = "min"
    """The smallest value."""
    MAX = "max"
    """The largest value."""
    P5 = "p5"
    """The largest value that at least 95 % of the values reach or exceed."""
    P10 = "p10"
    """The largest value that at least 90 % of the values reach or exceed."""
    P90 = "p90"
    """The smallest value that at least 90 % of the values don't exceed."""
    P95 = "p95"
    """The smallest value that at least 95 % of the values don't exceed."""
    RATE = "rate"
    """The percentage of answers that are yes, pass or true."""


DO_NOT_EXCEED = {Aggregate.MEDIAN: 50, Aggregate.P90: 90, Aggregate.P95: 95, Aggregate.MAX: 100}
"""For each aggregate, the minimum percentage of values that don't exceed it."""
REACH = {Aggregate.P10: 90, Aggregate.P5: 95, Aggregate.MIN: 100}
"""For each aggregate, the minimum percentage of values that reach it."""


def aggregate(kind: Aggregate, values: Sequence[float]) -> float:
    """Aggregate one or more values. A rate is a percentage, 0 to 100, of values that are 0 or 1.

    Decimals are added exactly and rounded once, so if the exact mean or rate equals a limit, the rounded
    value does too.
    """
    if kind in DO_NOT_EXCEED:
        return sorted(values)[_at_least(DO_NOT_EXCEED[kind], len(values)) - 1]
    if kind in REACH:
        return sorted(values)[-_at_least(REACH[kind], len(values))]
    mean = sum(Fraction(str(float(each))) for each in values) / len(values)
    return float(mean * 100 if kind is Aggregate.RATE else mean)


def _at_least(percentage: int, count: int) -> int:
    return -(-percentage * count // 100)
