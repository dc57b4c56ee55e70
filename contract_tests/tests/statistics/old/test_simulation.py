"""Intervals contain the truth and verdicts are rarely wrong; `make simulate` draws more cases, more often."""

from statistics import fmean

import pytest

from .gate_simulation import ANSWERS, always_failing_share, equal_callers, latencies
from .simulation import A_FIFTH_LESS, CHANGES, Case, Comparing, Coverage, cases, comparing, coverage

CASES = cases(callers=(10, 30))
REPEATS = 150


@pytest.fixture(scope="module")
def rates() -> list[Coverage]:
    return [coverage(each, REPEATS) for each in CASES]


@pytest.fixture(scope="module")
def comparisons() -> list[Comparing]:
    return [comparing(case, change, REPEATS) for case in CASES for change in CHANGES]


def test_intervals_of_the_pass_rate_contain_the_true_rate_in_94_percent_of_runs(
    rates: list[Coverage],
) -> None:
    assert fmean(each.ours for each in rates) >= 0.94
    assert min(each.ours for each in rates) >= 0.88


def test_intervals_of_a_change_contain_the_true_change_in_94_percent(comparisons: list[Comparing]) -> None:
    assert fmean(each.covered for each in comparisons) >= 0.94
    assert min(each.covered for each in comparisons) >= 0.88


def test_an_unchanged_agent_gets_the_verdict_worse_in_under_5_percent(comparisons: list[Comparing]) -> None:
    unchanged = [each for each in comparisons if each.change is not A_FIFTH_LESS]
    assert max(each.worse for each in unchanged) <= 0.05


def test_a_drop_of_a_fifth_is_detected_with_enough_callers() -> None:
    much = Case(CASES[0].population, 100, 5)
    assert comparing(much, A_FIFTH_LESS, 20).worse == 1


def test_equal_callers_rarely_break_the_rule_about_always_failing() -> None:
    assert max(each.share for each in equal_callers(200, rates=(0.75,))) <= 0.05


def test_three_broken_callers_of_twenty_are_found() -> None:
    assert always_failing_share([0.75] * 17 + [0.0] * 3, 5, 100) >= 0.95


def test_the_latency_of_a_run_is_near_the_true_percentile_of_all_turns() -> None:
    alike = [each for each in latencies(3) if each.answers in ANSWERS[:2]]
    assert max(abs(each.mean - 1) for each in alike) < 0.1
