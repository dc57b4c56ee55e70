"""The 95 % intervals for a pass rate, and for its change between two runs.

Both are Student's t intervals over callers, so repeated conversations with a caller don't count as more
callers. Two imaginary callers are added first (Agresti and Coull's idea); otherwise, equal values would
result in an interval of width 0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from statistics import NormalDist, fmean, stdev

_CONFIDENCE = 0.95
_DIGITS = 60
"""Enough digits to round the standard deviation as `statistics.stdev` does."""
_MANY = 10_000
"""With at least this many degrees of freedom, the quantile is approximated."""


def rate_interval(rates: Mapping[float, int]) -> tuple[float, float] | None:
    """Return the interval for the mean pass rate of callers like the given ones.

    Args:
        rates: The callers' own pass rates, 0 to 1, and how many callers have each rate.

    Returns:
        The lower and the upper end, 0 to 1; None if there are no callers.
    """
    if not rates:
        return None
    numbers, count = {Fraction(rate): number for rate, number in rates.items()}, sum(rates.values())
    total = sum((rate * number for rate, number in numbers.items()), Fraction())
    centre = (total + 1) / (count + 2)  # of these callers and the imaginary ones, with rates 0 and 1
    squares = sum(((rate - centre) ** 2 * number for rate, number in numbers.items()), Fraction())
    variance = (squares + centre**2 + (1 - centre) ** 2) / (count + 1)
    with localcontext(prec=_DIGITS):
        deviation = float((Decimal(variance.numerator) / variance.denominator).sqrt())
    half = t_quantile(count + 1) * deviation / math.sqrt(count + 2)
    rounded = float(total + 1) / (count + 2)  # rounded like the mean of the individual rates
    return max(0.0, rounded - half), min(1.0, rounded + half)


def change_interval(changes: Sequence[float], fewest: int) -> tuple[float, float] | None:
    """Return the interval for the mean change in callers like the given ones.

    One imaginary caller improves by one conversation, and the other gets worse by one. They widen the
    interval without moving its centre.

    Args:
        changes: Each caller's pass rate in the new run minus its pass rate in the base run, -1 to 1.
        fewest: The smallest number of conversations, including void ones, that any of these callers has in a
            run; at least 1.

    Returns:
        The lower and the upper end, -1 to 1; None if there are no callers.
    """
    if not changes:
        return None
    widened = [*changes, 1 / fewest, -1 / fewest]
    centre = fmean(changes)
    half = t_quantile(len(changes) + 1) * stdev(widened) / math.sqrt(len(changes))
    return max(-1.0, centre - half), min(1.0, centre + half)


@lru_cache
def t_quantile(freedom: int) -> float:
    """Return the value that the absolute value of Student's t exceeds with a probability of 5 %.

    Args:
        freedom: The degrees of freedom, at least 2.
    """
    if freedom > _MANY:
        return _t_quantile_of_many(freedom)
    low, high = 0.0, math.pi / 2
    while low < (angle := (low + high) / 2) < high:
        if _chance_within(angle, freedom) < _CONFIDENCE:
            low = angle
        else:
            high = angle
    return math.sqrt(freedom) * math.tan(angle)


def _t_quantile_of_many(freedom: int) -> float:
    """Expand the quantile around the normal distribution's (Abramowitz and Stegun, 26.7.5).

    The finite sum would get slower with each degree of freedom. The expansion differs from it by less than
    1e-14.
    """
    z = NormalDist().inv_cdf((1 + _CONFIDENCE) / 2)
    first, second = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def _chance_within(angle: float, freedom: int) -> float:
    """Return the probability that the absolute value of Student's t is at most sqrt(freedom) * tan(angle).

    For whole degrees of freedom, this probability is a finite sum (Abramowitz and Stegun, 26.7.3 and 26.7.4).
    """
    is_odd = freedom % 2
    square = math.cos(angle) ** 2
    total = term = math.sin(angle) * (math.cos(angle) if is_odd else 1)
    for power in range(2 + is_odd, freedom - 1, 2):
        term *= square * (power - 1) / power
        total += term
    return (angle + total) * 2 / math.pi if is_odd else total
