"""Every statistic agrees with scipy, or with an enumeration or a published example if scipy lacks it."""

import math
from fractions import Fraction
from itertools import product
from statistics import fmean

import pytest
import scipy  # it imports scipy.stats late, when a test needs it
from bluejay_results.judging.statistics import (
    Interval,
    mcnemar,
    mean_interval,
    newcombe,
    normal_quantile,
    rate_of_callers,
    sign_flip,
    t_quantile,
    wilson,
)

CONFIDENCES = [0.5, 0.6, 0.7, 0.8, 0.872, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999]


@pytest.mark.parametrize("confidence", CONFIDENCES)
def test_the_normal_quantile_equals_scipys(confidence: float) -> None:
    assert normal_quantile(confidence) == pytest.approx(scipy.stats.norm.ppf((1 + confidence) / 2), rel=1e-9)


def test_the_t_quantile_has_the_accuracy_that_its_docstring_states() -> None:
    """The largest error is at 3 degrees of freedom; below 3, the formulas are exact."""
    worst = {
        freedom: max(
            abs(t_quantile(each, freedom) / scipy.stats.t.ppf((1 + each) / 2, freedom) - 1)
            for each in CONFIDENCES
        )
        for freedom in range(1, 201)
    }
    assert max(worst[1], worst[2]) < 1e-12
    assert 1.5e-5 < worst[3] == max(worst.values()) < 2e-5
    assert max(error for freedom, error in worst.items() if freedom > 7) < 1e-7


@pytest.mark.parametrize(("passed", "count"), [(0, 7), (1, 7), (4, 7), (7, 7), (499, 500)])
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_the_wilson_interval_equals_scipys(passed: int, count: int, confidence: float) -> None:
    theirs = scipy.stats.binomtest(passed, count).proportion_ci(confidence, method="wilson")
    ours = wilson(passed / count, count, normal_quantile(confidence))
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@pytest.mark.parametrize(("better", "worse"), [(0, 0), (0, 1), (1, 0), (5, 5), (1, 7), (12, 2), (400, 300)])
def test_the_mcnemar_test_equals_scipys_binomial_test(better: int, worse: int) -> None:
    theirs = scipy.stats.binomtest(better, better + worse).pvalue if better + worse else 1.0
    assert mcnemar(better, worse) == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize(
    "thirds",
    [
        [3],
        [3, -3],
        [1, 1, -1],
        [3, 3, 2, 0, -1],
        [2, 2, 2, 2, 2, -3],
        [-3, -3, -2, -2, -1, -1, -1, 0, 1, 2, 3],
    ],
)
def test_an_exact_sign_flip_counts_every_flip_as_scipy_does(thirds: list[int]) -> None:
    differences = [Fraction(each, 3) for each in thirds]
    sums = [sum(sign * each for sign, each in zip(signs, thirds, strict=True)) for signs in _signs(thirds)]
    share = sum(abs(each) >= abs(sum(thirds)) for each in sums) / len(sums)
    assert sign_flip(differences, is_exact=True) == pytest.approx(share, rel=1e-12)
    if len(thirds) > 1:
        theirs = scipy.stats.permutation_test(
            (thirds,), sum, permutation_type="samples", alternative="two-sided", n_resamples=math.inf
        )
        assert share == pytest.approx(theirs.pvalue, rel=1e-12)


def _signs(of: list[int]) -> list[tuple[int, ...]]:
    return list(product((1, -1), repeat=len(of)))


@pytest.mark.parametrize(("better", "worse"), [(3, 0), (8, 2), (40, 25)])
def test_an_exact_sign_flip_with_one_conversation_per_caller_equals_mcnemar(better: int, worse: int) -> None:
    differences = [Fraction(1)] * better + [Fraction(-1)] * worse + [Fraction(0)] * 9
    assert sign_flip(differences, is_exact=True) == pytest.approx(mcnemar(better, worse), rel=1e-12)


def test_sampled_flips_come_near_the_exact_p_and_are_the_same_each_time() -> None:
    """Four standard errors of 20,000 flips are 0.0073 here."""
    differences = [Fraction(each, 5) for each in (5, 4, 4, 3, 1, 1, 0, -1, -2, -2, 2, 3)]
    exact, sampled = (sign_flip(differences, is_exact=each) for each in (True, False))
    assert 0.01 < exact < 0.1
    assert sampled == pytest.approx(exact, abs=0.0073)
    assert sampled == sign_flip(differences, is_exact=False)


def test_a_sampled_p_is_never_0_and_without_a_difference_it_is_1() -> None:
    assert sign_flip([Fraction(1)] * 60, is_exact=False) == 1 / 20_001
    assert sign_flip([Fraction(0)] * 5, is_exact=False) == sign_flip([Fraction(0)], is_exact=True) == 1


def test_the_interval_of_a_mean_equals_scipys_above_the_floor() -> None:
    differences = [0.6, -0.4, 1.0, 0.2, -0.8, 0.0, 0.4]
    theirs = scipy.stats.ttest_1samp(differences, 0).confidence_interval(0.95)
    ours = mean_interval(differences, 5, 0.95)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), rel=1e-5)


def test_the_interval_of_a_mean_stays_within_minus_1_and_1() -> None:
    assert mean_interval([1.0, -1.0, 0.0], 1, 0.95) == Interval(-1, 1)


def test_the_interval_of_equal_differences_uses_the_floor_of_the_spread() -> None:
    """The floor of the spread is the root of 2 / (H - 1), over the least conversations of a caller."""
    half = scipy.stats.t.ppf(0.975, 8) * math.sqrt(2 / 8) / 3 / math.sqrt(9)
    ours = mean_interval([0.0] * 9, 3, 0.95)
    assert (ours.low, ours.high) == pytest.approx((-half, half), rel=1e-5)


@pytest.mark.parametrize("cells", [(5, 0, 0, 0), (0, 0, 0, 5), (0, 4, 0, 0), (3, 0, 0, 2), (7, 2, 1, 5)])
def test_the_newcombe_interval_contains_the_difference_and_is_symmetric(
    cells: tuple[int, int, int, int],
) -> None:
    both, only_new, only_base, neither = cells
    found, turned = newcombe(*cells, 0.95), newcombe(both, only_base, only_new, neither, 0.95)
    assert -1 <= found.low <= (only_new - only_base) / sum(cells) <= found.high <= 1
    assert (found.low, found.high) == pytest.approx((-turned.high, -turned.low), abs=1e-12)


@pytest.mark.parametrize(
    ("cells", "correlation"),
    [
        ((36, 12, 2, 0), None),
        ((2, 5, 4, 3), None),
        ((1, 1, 7, 12), 0),  # 1 * 12 - 1 * 7 is at most 21 / 2, the correction
        ((3, 2, 1, 1), 0),
        ((2, 2, 1, 1), 0),
        ((8, 1, 1, 8), (64 - 1 - 18 / 2) / 81),
        ((5, 0, 0, 0), 0),
        ((5, 0, 2, 0), 0),
    ],
)
def test_the_newcombe_interval_combines_two_wilson_intervals_by_correlation(
    cells: tuple[int, int, int, int], correlation: float | None
) -> None:
    """A negative correlation is Pearson's.

    A positive one is reduced by a continuity correction, but not below 0.
    """
    both, only_new, only_base, neither = cells
    base = [1] * both + [0] * only_new + [1] * only_base + [0] * neither
    new = [1] * both + [1] * only_new + [0] * only_base + [0] * neither
    phi = scipy.stats.pearsonr(base, new).statistic if correlation is None else correlation
    (l1, p1, u1), (l2, p2, u2) = (
        (found.low, sum(side) / len(side), found.high)
        for side in (new, base)
        for found in [scipy.stats.binomtest(sum(side), len(side)).proportion_ci(0.95, method="wilson")]
    )
    below = math.sqrt((p1 - l1) ** 2 - 2 * phi * (p1 - l1) * (u2 - p2) + (u2 - p2) ** 2)
    above = math.sqrt((u1 - p1) ** 2 - 2 * phi * (u1 - p1) * (p2 - l2) + (p2 - l2) ** 2)
    ours = newcombe(*cells, 0.95)
    assert (ours.low, ours.high) == pytest.approx((p1 - p2 - below, p1 - p2 + above), abs=1e-12)


def test_callers_with_one_conversation_each_have_the_plain_wilson_interval() -> None:
    rate = rate_of_callers([(1, 1)] * 81 + [(0, 1)] * 182 + [(0, 0)], 0.95)
    theirs = scipy.stats.binomtest(81, 263).proportion_ci(0.95, method="wilson")
    assert rate is not None
    assert rate.callers == 263
    assert rate.conversations == 263
    assert rate.effective_size == pytest.approx(263)
    assert (rate.interval.low, rate.interval.high) == pytest.approx((theirs.low, theirs.high), rel=1e-9)


def test_the_effective_size_depends_on_how_much_callers_differ() -> None:
    """For 4 callers with the rates 1, 0.5, 0.75 and 0.25, p (1 - p) / (s^2 / H) is 0.234 / 0.026.

    The callers have different numbers of conversations, and each caller counts equally.
    """
    passed = [(4, 4), (1, 2), (3, 4), (2, 8)]
    rates = [each / count for each, count in passed]
    p, size = fmean(rates), 0.234375 / (scipy.stats.tvar(rates) / 4)
    rate = rate_of_callers(passed, 0.95)
    assert rate is not None
    assert (rate.estimate, rate.effective_size) == pytest.approx((p, size))
    assert (rate.interval.low, rate.interval.high) == pytest.approx(_wilson_of_t(p, size, 3), rel=1e-4)


def _wilson_of_t(p: float, size: float, freedom: int) -> tuple[float, float]:
    """The two rates whose distance from p is t standard errors: the roots of a quadratic equation."""
    t = scipy.stats.t.ppf(0.975, freedom)
    a, b, c = 1 + t**2 / size, -(2 * p + t**2 / size), p**2
    root = math.sqrt(b**2 - 4 * a * c)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


@pytest.mark.parametrize(
    ("passed", "size"),
    [
        ([(3, 3), (0, 3), (3, 3), (0, 3)], 4),  # callers that differ more than chance: as many as callers
        ([(1, 2), (1, 2), (1, 2), (1, 2)], 4),  # callers that do not differ at all
        ([(3, 4), (2, 4), (2, 4), (2, 4)], 16),  # callers that differ less than chance: as conversations
    ],
)
def test_the_effective_size_is_between_the_numbers_of_callers_and_conversations(
    passed: list[tuple[int, int]], size: float
) -> None:
    rate = rate_of_callers(passed, 0.95)
    assert rate is not None
    assert rate.effective_size == size


def test_the_interval_ends_at_1_if_all_pass_and_at_0_if_all_fail() -> None:
    for callers in range(2, 60):
        all_passed, all_failed = (rate_of_callers([(passed, 3)] * callers, 0.95) for passed in (3, 0))
        assert all_passed is not None
        assert all_passed.interval.high == 1
        assert all_failed is not None
        assert all_failed.interval.low == 0


@pytest.mark.parametrize("passed", [[], [(1, 1)], [(3, 5), (0, 0)]])
def test_fewer_than_two_callers_have_no_interval(passed: list[tuple[int, int]]) -> None:
    assert rate_of_callers(passed, 0.95) is None


@pytest.mark.parametrize(
    ("cells", "low", "high"),
    [
        # R. G. Newcombe, Statistics in Medicine 17 (1998), 2635-2650, method 10.
        ((36, 12, 2, 0), 0.0569, 0.3404),
        # Cavo et al. 2012, in M. W. Fagerland, S. Lydersen and P. Laake, Statistical Analysis of Contingency
        # Tables (2017), chapter 8; printed by the authors' R package `contingencytables`.
        ((59, 6, 16, 80), -0.1186, -0.0046),
    ],
)
def test_the_newcombe_interval_reproduces_a_published_example(
    cells: tuple[int, int, int, int], low: float, high: float
) -> None:
    found = newcombe(*cells, 0.95)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
