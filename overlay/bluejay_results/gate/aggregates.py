"""Reduces the values of a figure to one number. Percentiles are observed values: nothing is interpolated."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction


class Aggregate(StrEnum):
    """How the values of a figure become one number."""

    MEAN = "mean"
    """The mean."""
    MEDIAN = "median"
    """The median; the lower middle value of an even number of values."""
    MIN = "min"
    """The smallest value."""
    MAX = "max"
    """The largest value."""
    P5 = "p5"
    """The largest value that at least 95 % of the values reach."""
    P10 = "p10"
    """The largest value that at least 90 % of the values reach."""
    P90 = "p90"
    """The smallest value that at least 90 % of the values don't exceed."""
    P95 = "p95"
    """The smallest value that at least 95 % of the values don't exceed."""
    RATE = "rate"
    """The percentage of yes, pass or true."""


_DO_NOT_EXCEED = {Aggregate.MEDIAN: 50, Aggregate.P90: 90, Aggregate.P95: 95, Aggregate.MAX: 100}
"""The percentage of values that don't exceed the aggregate."""
_REACH = {Aggregate.P10: 90, Aggregate.P5: 95, Aggregate.MIN: 100}
"""The percentage of values that reach the aggregate."""


def aggregate(kind: Aggregate, values: Sequence[float]) -> float:
    """Return the aggregate of one or more values. A rate is a percentage, 0 to 100; its values are 0 or 1.

    A mean or rate that equals a limit on paper also equals it here: decimals are added as they are written,
    and the result is rounded once.
    """
    if kind in _DO_NOT_EXCEED:
        return sorted(values)[_at_least(_DO_NOT_EXCEED[kind], len(values)) - 1]
    if kind in _REACH:
        return sorted(values)[-_at_least(_REACH[kind], len(values))]
    mean = sum(Fraction(str(float(each))) for each in values) / len(values)
    return float(mean * 100 if kind is Aggregate.RATE else mean)


def _at_least(percentage: int, count: int) -> int:
    """Return how many of `count` values are at least this percentage."""
    return -(-percentage * count // 100)
