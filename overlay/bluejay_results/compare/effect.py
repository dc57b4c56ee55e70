"""The statistics of a comparison, over callers that were judged on both sides."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from statistics import fmean

from attrs import frozen

from ..judging.statistics import (
    Interval,
    mcnemar,
    mean_interval,
    newcombe,
    normal_quantile,
    sign_flip,
)
from ..judging.tally import Tally

_POWER_QUANTILE = 0.842
"""The quantile of the normal distribution for 80 % power."""


@frozen
class Effect:
    """The change of the pass rate from base to new, as an estimate for all callers like these.

    Attributes:
        callers: How many callers were judged on both sides.
        change: The mean of the callers' own changes, -1 to 1.
        p: The p-value: how often chance alone produces a change at least this large, in either direction.
        interval: The confidence interval of the change.
        flips: How often a base and a new conversation of one caller disagree, 0 to 1.
        conversations: The number of conversations per caller and side, or the harmonic mean if it varies.
    """

    callers: int
    change: Fraction
    p: float
    interval: Interval
    flips: float
    conversations: float


def effect_of(pairs: Sequence[tuple[Tally, Tally]], confidence: float) -> Effect | None:
    """Return the effect, from each caller's counts before and now; None for fewer than two callers."""
    if len(pairs) < 2:
        return None
    kinds = Counter(pairs)
    change_of = {(base, new): Fraction(*new) - Fraction(*base) for base, new in kinds}
    differences = [change_of[pair] for pair in pairs]
    sizes = {side.judged for pair in pairs for side in pair}
    if sizes == {1}:
        p, interval = _of_single_conversations(kinds, confidence)
    else:
        p = sign_flip(differences, is_exact=len(sizes) == 1)
        interval = mean_interval([float(each) for each in differences], min(sizes), confidence)
    return Effect(
        len(pairs),
        sum(differences, Fraction()) / len(pairs),
        p,
        interval,
        fmean(_flips(*pair) for pair in pairs),
        2 / fmean(1 / base.judged + 1 / new.judged for base, new in pairs),
    )


def _of_single_conversations(
    kinds: Counter[tuple[Tally, Tally]], confidence: float
) -> tuple[float, Interval]:
    both, only_new, only_base, neither = (
        kinds[Tally(base, 1), Tally(new, 1)] for base, new in ((1, 1), (0, 1), (1, 0), (0, 0))
    )
    return mcnemar(only_new, only_base), newcombe(both, only_new, only_base, neither, confidence)


def _flips(base: Tally, new: Tally) -> float:
    before, after = base.passed / base.judged, new.passed / new.judged
    return before * (1 - after) + after * (1 - before)


def callers_needed(
    flips: float, conversations: float, points: float, spread: float = 0.0, confidence: float = 0.95
) -> int | None:
    """Return how many callers are needed to detect a change of the pass rate in 80 % of comparisons.

    Args:
        flips: How often a base and a new conversation of one caller disagree, 0 to 1.
        conversations: How many conversations each caller has on a side.
        points: The change to detect, in percentage points.
        spread: The standard deviation of the callers' true changes, in points.
        confidence: The confidence level of the comparison, 0 to 1.

    Returns:
        The number, at least 2; None if the change is 0 or too small for any number.
    """
    variance = flips / conversations + (spread / 100) ** 2
    factor = round((normal_quantile(confidence) + _POWER_QUANTILE) ** 2, 2)  # 7.85 at 95 %
    square = (points / 100) ** 2
    needed = factor * variance / square if square else math.inf
    return max(math.ceil(needed), 2) if math.isfinite(needed) else None
