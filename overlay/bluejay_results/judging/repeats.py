"""Figures about repeated conversations of one caller: pass^k, flips, and whether the caller turned."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import comb
from statistics import fmean

from attrs import frozen

from .tally import Tally

TURNED_FEWEST = 3
"""A caller can only count as turned with at least this number of judged conversations on each side."""


@frozen
class PassHatK:
    """pass^k: the chance that k conversations of one caller all pass.

    Attributes:
        k: The number of conversations.
        rate: The mean of the callers' own chances, 0 to 1.
        callers: How many callers have at least k judged conversations.
    """

    k: int
    rate: float
    callers: int


def pass_hat_k(callers: Sequence[Tally]) -> list[PassHatK]:
    """Return pass^k for k = 1, 2, ... while at least half of the callers have k judged conversations."""
    found: list[PassHatK] = []
    for k in range(1, max((each.judged for each in callers), default=0) + 1):
        chances = [chance for each in callers if (chance := all_pass(each, k)) is not None]
        if 2 * len(chances) < len(callers):
            break
        found.append(PassHatK(k, fmean(chances), len(chances)))
    return found


def all_pass(caller: Tally, k: int) -> float | None:
    """Return the chance that k conversations of a caller all pass; None if fewer than k were judged."""
    return comb(caller.passed, k) / comb(caller.judged, k) if caller.judged >= k else None


def flips(callers: Sequence[Tally]) -> float | None:
    """Return how often (0 to 1) two judged conversations of one caller disagree; None without repeats."""
    shares = [
        2 * each.passed * (each.judged - each.passed) / (each.judged * (each.judged - 1))
        for each in callers
        if each.judged > 1
    ]
    return fmean(shares) if shares else None


def turned(base: Tally, new: Tally) -> bool:
    """Whether a caller turned: all of at least 3 conversations passed on one side and failed on the other."""
    if min(base.judged, new.judged) < TURNED_FEWEST:
        return False
    return {Fraction(*base), Fraction(*new)} == {Fraction(0), Fraction(1)}
