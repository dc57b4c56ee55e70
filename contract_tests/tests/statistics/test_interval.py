"""The two intervals equal those of scipy, and the examples of the definitions are right."""

import math
from statistics import stdev

import pytest
import scipy  # it imports scipy.stats late, when a test needs it
from bluejay_results.judging.statistics import change_interval, rate_interval, t_quantile

RATES = [
    [0.0],
    [1.0],
    [0.5, 1.0],
    [1.0] * 10,
    [0.2, 0.4, 0.4, 0.8, 1.0],
    [0.75, 1.0, 0.0, 1 / 3] * 30,
]
CHANGES = [
    [0.0],
    [0.0] * 9,
    [0.2, -0.4, 0.6, 0.0],
    [0.6, -0.4, 1.0, 0.2, -0.8, 0.0, 0.4],
    [1 / 3, -2 / 3, 0.0] * 40,
]


def test_the_t_quantile_equals_scipys() -> None:
    for freedom in (*range(2, 400), 1_000, 10_000):
        assert t_quantile(freedom) == pytest.approx(scipy.stats.t.ppf(0.975, freedom), rel=1e-11)


@pytest.mark.parametrize("rates", RATES)
def test_the_interval_of_a_rate_is_scipys_with_two_imaginary_callers(rates: list[float]) -> None:
    theirs = scipy.stats.ttest_1samp([*rates, 0, 1], 0).confidence_interval(0.95)
    assert rate_interval(rates) == pytest.approx((max(0, theirs.low), min(1, theirs.high)), rel=1e-9)


@pytest.mark.parametrize("changes", CHANGES)
@pytest.mark.parametrize("fewest", [1, 3, 5])
def test_the_interval_of_a_change_is_centred_on_the_mean_of_the_changes(
    changes: list[float], fewest: int
) -> None:
    """The definition's own formula, with scipy's quantile: the imaginary callers change only the width."""
    callers, mean = len(changes), sum(changes) / len(changes)
    spread = stdev([*changes, 1 / fewest, -1 / fewest])
    half = scipy.stats.t.ppf(0.975, callers + 1) * spread / math.sqrt(callers)
    assert change_interval(changes, fewest) == pytest.approx((max(-1, mean - half), min(1, mean + half)))


@pytest.mark.parametrize(
    ("passed", "failed", "low", "high"), [(5, 1, 36, 100), (10, 0, 73, 100), (14, 0, 80, 100)]
)
def test_the_examples_of_the_definitions_are_right(passed: int, failed: int, low: int, high: int) -> None:
    interval = rate_interval([1.0] * passed + [0.0] * failed)
    assert interval is not None
    assert tuple(round(100 * end) for end in interval) == (low, high)


def test_fourteen_perfect_callers_prove_80_percent_and_thirteen_do_not() -> None:
    lower_ends = [interval[0] for n in (13, 14) if (interval := rate_interval([1.0] * n))]
    assert lower_ends[0] < 0.8 <= lower_ends[1]


def test_equal_changes_have_an_interval_that_more_conversations_narrow() -> None:
    one, five = (change_interval([0.0] * 20, fewest) for fewest in (1, 5))
    assert one is not None
    assert five is not None
    assert five[1] == pytest.approx(one[1] / 5)
    assert five[1] > 0


def test_the_ends_are_possible_rates_and_possible_changes() -> None:
    assert rate_interval([1.0]) == (0.0, 1.0)
    assert change_interval([-1.0, 1.0], 1) == (-1.0, 1.0)


def test_without_callers_there_is_no_interval() -> None:
    assert rate_interval([]) is None
    assert change_interval([], 1) is None
