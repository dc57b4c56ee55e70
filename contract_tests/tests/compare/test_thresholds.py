"""Comparisons just below, at and just above each threshold."""

import math
from fractions import Fraction

import pytest
from bluejay_results.compare.comparison import Conclusion, Drop, Evidence, Limits, conclude, drop_of
from bluejay_results.compare.effect import Effect
from bluejay_results.judging.statistics import Interval

LEVEL = 1 - 0.95
ABOVE = math.nextafter(LEVEL, 1)
ALL = Interval(-1, 1)
BETTER, WORSE, NO_CHANGE, TOO_SMALL = list(Conclusion)[:4]


def _effect(change: str, p: float, low: float, high: float) -> Effect:
    """An effect; its change and the ends of its interval are given in points."""
    return Effect(50, Fraction(change) / 100, p, Interval(low / 100, high / 100), 0.4, 1)


@pytest.mark.parametrize(
    ("effect", "conclusion"),
    [
        # p decides first, even if the change is near 0.
        (_effect("-1", LEVEL, -2, -0.5), WORSE),
        (_effect("-1", ABOVE, -2, 0.5), NO_CHANGE),
        (_effect("1", LEVEL, 0.5, 2), BETTER),
        (_effect("1", ABOVE, -0.5, 2), NO_CHANGE),
        # Both ends must be within the margin of 5 points.
        (_effect("0", 1, -5, 5), NO_CHANGE),
        (_effect("0", 1, -5.1, 4.9), TOO_SMALL),
        (_effect("0", 1, -4.9, 5.1), TOO_SMALL),
        (_effect("-9", 0.06, -20, 2), TOO_SMALL),
        (None, TOO_SMALL),
    ],
)
def test_the_verdict_depends_first_on_p_and_then_on_the_margin(
    effect: Effect | None, conclusion: Conclusion
) -> None:
    assert conclude(Evidence(effect, effect), Limits()) is conclusion


@pytest.mark.parametrize(
    ("effect", "drop"),
    [
        # Kept if the largest drop in the interval is below 5 points, even if a drop is certain.
        (_effect("0", 1, -4.99, 4.99), Drop.KEPT),
        (_effect("-2", 0.001, -4.9, -0.5), Drop.KEPT),
        (_effect("0", 1, -5, 5), Drop.INCONCLUSIVE),
        # Broken if the drop is at least 5 points, the whole interval is a drop, and p is at most 0.05.
        (_effect("-4.9", 0.001, -8, -2), Drop.INCONCLUSIVE),
        (_effect("-5", 0.001, -8, -2), Drop.BROKEN),
        (_effect("-6", LEVEL, -11, -1), Drop.BROKEN),
        (_effect("-6", ABOVE, -11, -1), Drop.INCONCLUSIVE),
        (_effect("-6", 0.04, -11, -0.1), Drop.BROKEN),
        (_effect("-6", 0.04, -11, 0), Drop.INCONCLUSIVE),
        (None, Drop.INCONCLUSIVE),
    ],
)
def test_the_interval_of_the_change_decides_whether_max_drop_is_kept(
    effect: Effect | None, drop: Drop
) -> None:
    assert drop_of(Evidence(effect, effect), Limits(max_drop=5)) is drop


def test_a_drop_equal_to_max_drop_is_compared_exactly() -> None:
    """3 of 30 callers are exactly 10 points, although no float equals a tenth."""
    effect = Effect(30, Fraction(-3, 30), 0.01, Interval(-0.2, -0.01), 0.1, 1)
    assert [drop_of(Evidence(effect, effect), Limits(max_drop=most)) for most in (9.999, 10.0, 10.001)] == [
        Drop.BROKEN,
        Drop.BROKEN,
        Drop.INCONCLUSIVE,
    ]
