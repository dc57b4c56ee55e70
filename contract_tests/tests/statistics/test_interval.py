"""The quantile of Student's t matches scipy's. The tests in ../oracle check intervals in random runs."""

import math
from collections import Counter
from statistics import fmean, stdev

import pytest
import scipy  # it imports scipy.stats late, when a test needs it
from bluejay_results.measuring.statistics import change_interval, rate_interval, t_quantile
from hypothesis import given
from hypothesis import strategies as st


def test_the_t_quantile_matches_scipy() -> None:
    freedoms = [*range(2, 400), 1_000, 10_000, 10_001, 100_000, 10**9, 2**63]
    expected = scipy.stats.t.ppf(0.975, freedoms).tolist()
    assert [t_quantile(each) for each in freedoms] == pytest.approx(expected, rel=1e-11)


@given(st.dictionaries(st.floats(0, 1), st.integers(1, 50), min_size=1, max_size=9))
def test_counted_rates_have_the_same_interval_as_single_rates(
    rates: dict[float, int],
) -> None:
    widened = [*Counter(rates).elements(), 0.0, 1.0]
    centre, count = fmean(widened), len(widened)
    half = t_quantile(count - 1) * stdev(widened) / math.sqrt(count)
    assert rate_interval(rates) == (max(0.0, centre - half), min(1.0, centre + half))


def test_computing_an_interval_takes_no_longer_if_a_rate_occurs_more_often() -> None:
    low, high = rate_interval({0.5: 10**12, 1.0: 1}) or (0, 0)
    assert 0.5 - 1e-8 < low < high < 0.5 + 1e-8


def test_there_is_no_interval_if_there_are_no_callers() -> None:
    assert rate_interval({}) is None
    assert change_interval([], 1) is None
