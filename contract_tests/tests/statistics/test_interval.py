"""The two intervals equal those of scipy."""

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
    [-1.0, 1.0],
    [0.2, -0.4, 0.6, 0.0],
    [0.6, -0.4, 1.0, 0.2, -0.8, 0.0, 0.4],
    [1 / 3, -2 / 3, 0.0] * 40,
]


def test_the_t_quantile_equals_scipys() -> None:
    freedoms = [*range(2, 400), 1_000, 10_000]
    expected = scipy.stats.t.ppf(0.975, freedoms).tolist()
    assert [t_quantile(each) for each in freedoms] == pytest.approx(expected, rel=1e-11)


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


def test_without_callers_there_is_no_interval() -> None:
    assert rate_interval([]) is None
    assert change_interval([], 1) is None
