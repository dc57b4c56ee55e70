"""The quantile of Student's t equals scipy's. The tests in ../oracle check the intervals in random runs."""

import pytest
import scipy  # it imports scipy.stats late, when a test needs it
from bluejay_results.judging.statistics import change_interval, rate_interval, t_quantile


def test_the_t_quantile_equals_the_quantile_that_scipy_computes() -> None:
    freedoms = [*range(2, 400), 1_000, 10_000]
    expected = scipy.stats.t.ppf(0.975, freedoms).tolist()
    assert [t_quantile(each) for each in freedoms] == pytest.approx(expected, rel=1e-11)


def test_there_is_no_interval_if_there_are_no_callers() -> None:
    assert rate_interval([]) is None
    assert change_interval([], 1) is None
