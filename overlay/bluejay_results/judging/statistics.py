"""The statistics of `gate` and `compare`: intervals, quantiles and tests.

docs/definitions.md (Confidence interval, Comparison) explains where each of them is used, and why.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import fsum
from random import Random
from statistics import NormalDist, fmean, variance

from attrs import frozen

FLIPS = 20_000
"""The number of random combinations of signs to draw if the test isn't exact."""
_SEED = 20_261
_NEGLIGIBLE = 1e-20


@frozen
class Interval:
    """A confidence interval for a rate (0 to 1) or for the difference between two rates (-1 to 1)."""

    low: float
    high: float


def normal_quantile(confidence: float) -> float:
    """Return z for a two-sided confidence level: 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def t_quantile(confidence: float, freedom: int) -> float:
    """Return the quantile of Student's t for a two-sided confidence level and some degrees of freedom.

    Hill's approximation (Communications of the ACM 13, 1970, algorithm 396). For levels from 0.5 to 0.999,
    the relative error is at most 2e-5. The error is largest at 3 degrees of freedom, and below 1e-7 from 8
    degrees of freedom on.
    """
    tails = 1 - confidence
    if freedom == 1:
        return 1 / math.tan(tails * math.pi / 2)
    if freedom == 2:
        return math.sqrt(2 / (tails * (2 - tails)) - 2)
    a = 1 / (freedom - 0.5)
    b = 48 / a**2
    c = ((20700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * math.sqrt(a * math.pi / 2) * freedom
    y = (d * tails) ** (2 / freedom)
    if y > 0.05 + a:
        x = -normal_quantile(confidence)
        y = x**2
        if freedom < 5:
            c += 0.3 * (freedom - 4.5) * (x + 0.6)
        c += (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b
        y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
        y = math.expm1(a * y**2)
    else:
        e = ((freedom + 6) / (freedom * y) - 0.089 * d - 0.822) * (freedom + 2) * 3
        y = ((1 / e + 0.5 / (freedom + 4)) * y - 1) * (freedom + 1) / (freedom + 2) + 1 / y
    return math.sqrt(freedom * y)


def wilson(rate: float, size: float, z: float) -> Interval:
    """Return Wilson's interval for a rate observed in `size` trials; `size` needn't be whole."""
    centre = rate + z**2 / (2 * size)
    half = z * math.sqrt(rate * (1 - rate) / size + z**2 / (4 * size**2))
    scale = 1 + z**2 / size
    low, high = max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)
    return Interval(0.0 if rate == 0 else low, 1.0 if rate == 1 else high)


def binomial_tail(least: int, trials: int, chance: float) -> float:
    """Return the chance of at least `least` successes in independent trials with the same chance."""
    return fsum(
        math.comb(trials, hits) * chance**hits * (1 - chance) ** (trials - hits)
        for hits in range(least, trials + 1)
    )


def chance_that_many_fail_all(least: int, sizes: Sequence[int], fails: float) -> float:
    """Return the chance that at least `least` callers fail all of their conversations.

    The number of such callers has a Poisson binomial distribution, which is computed by convolution.
    Negligible probabilities are dropped, so that thousands of callers take little time.

    Args:
        least: The number of callers.
        sizes: How many conversations each caller has.
        fails: The chance that one conversation fails; conversations are independent.
    """
    distribution, first = [1.0], 0  # the chances of `first` callers, `first` + 1 callers, ...
    for size in sizes:
        all_fail = fails**size
        distribution = [
            stay * (1 - all_fail) + come * all_fail
            for stay, come in zip([*distribution, 0.0], [0.0, *distribution], strict=True)
        ]
        while distribution[-1] < _NEGLIGIBLE:
            distribution.pop()
        while distribution[0] < _NEGLIGIBLE:
            del distribution[0]
            first += 1
    return min(1.0, fsum(distribution[max(0, least - first) :]))


@frozen
class Rate:
    """The pass rate over callers, as an estimate for all callers like these.

    Attributes:
        estimate: The mean of the callers' own rates.
        callers: How many callers were judged.
        conversations: How many conversations were judged.
        effective_size: The equivalent number of independent conversations; repeats of a caller count less.
        interval: Wilson's interval for the effective size.
    """

    estimate: float
    callers: int
    conversations: int
    effective_size: float
    interval: Interval


def rate_of_callers(passed_of: Sequence[tuple[int, int]], confidence: float) -> Rate | None:
    """Return the pass rate over callers, from (passed, judged) of each; None for fewer than two callers."""
    judged = [(passed, count) for passed, count in passed_of if count]
    if len(judged) < 2:
        return None
    callers, conversations = len(judged), sum(count for _, count in judged)
    rates = [passed / count for passed, count in judged]
    estimate, spread = fmean(rates), variance(rates)
    size = float(callers)
    if spread:
        size = min(max(estimate * (1 - estimate) / (spread / callers), callers), conversations)
    is_single = all(count == 1 for _, count in judged)
    z = normal_quantile(confidence) if is_single else t_quantile(confidence, callers - 1)
    return Rate(estimate, callers, conversations, size, wilson(estimate, size, z))


def sign_flip(differences: Sequence[Fraction], *, is_exact: bool) -> float:
    """Return the two-sided p-value of the sign-flip test: without an effect, each sign is random.

    The exact test counts all combinations of signs. Otherwise, 20,000 of them are drawn with a fixed seed.
    """
    scale = math.lcm(*(each.denominator for each in differences))
    sizes = [abs(int(each * scale)) for each in differences if each]
    seen = abs(sum(int(each * scale) for each in differences))
    if not sizes:
        return 1.0
    return _exact(sizes, seen) if is_exact else _sampled(sizes, seen)


def _exact(sizes: Sequence[int], seen: int) -> float:
    """Count the combinations by multiplying polynomials in one integer, with `width` bits per coefficient."""
    width, total, sums = len(sizes) + 1, sum(sizes), 1
    for size in sizes:
        sums += sums << (2 * size * width)
    # The coefficient of power i is the number of combinations whose sum is i - total. Both tails are equal.
    tail = sums & ((1 << ((total - seen) + 1) * width) - 1)
    at_least = 0
    while tail:
        at_least += tail & ((1 << width) - 1)
        tail >>= width
    return min(1.0, float(Fraction(2 * at_least, 1 << len(sizes))))


def _sampled(sizes: Iterable[int], seen: int) -> float:
    groups = Counter(sizes).items()
    rng = Random(_SEED)  # noqa: S311 - the result must be reproducible
    hits = 0
    for _ in range(FLIPS):
        total = sum(size * (2 * rng.getrandbits(count).bit_count() - count) for size, count in groups)
        hits += abs(total) >= seen
    return (1 + hits) / (1 + FLIPS)


def mcnemar(better: int, worse: int) -> float:
    """Return the two-sided p-value of the exact McNemar test.

    `better` and `worse` are the numbers of callers that changed in each direction.
    """
    changed, least = better + worse, min(better, worse)
    tail = sum(math.comb(changed, count) for count in range(least + 1))
    return min(1.0, float(Fraction(2 * tail, 1 << changed)))


def newcombe(both: int, only_new: int, only_base: int, neither: int, confidence: float) -> Interval:
    """Return the interval of the difference between two paired rates, new minus base.

    Newcombe's method 10 (Statistics in Medicine 17, 1998, 2635) combines Wilson's intervals of both rates,
    with the correlation of the rates and a continuity correction.
    """
    count, z = both + only_new + only_base + neither, normal_quantile(confidence)
    new, base = (both + only_new) / count, (both + only_base) / count
    around_new, around_base = wilson(new, count, z), wilson(base, count, z)
    margins = (both + only_new) * (only_base + neither) * (both + only_base) * (only_new + neither)
    product = float(both * neither - only_new * only_base)
    if product > 0:
        product = max(product - count / 2, 0.0)
    correlation = product / math.sqrt(margins) if margins else 0.0
    below = _joined(new - around_new.low, around_base.high - base, correlation)
    above = _joined(around_new.high - new, base - around_base.low, correlation)
    return Interval(new - base - below, new - base + above)


def _joined(one: float, other: float, correlation: float) -> float:
    return math.sqrt(max(0.0, one**2 - 2 * correlation * one * other + other**2))


def mean_interval(differences: Sequence[float], fewest: int, confidence: float) -> Interval:
    """Return the interval of the mean of the callers' differences, with Student's t.

    The standard deviation is at least that of two callers whose rates change by one conversation in opposite
    directions. Without this floor, equal differences would give an interval of width 0. `fewest` is the
    smallest number of conversations that a caller has on a side.
    """
    freedom = len(differences) - 1
    spread = max(math.sqrt(variance(differences)), math.sqrt(2 / freedom) / fewest)
    half = t_quantile(confidence, freedom) * spread / math.sqrt(len(differences))
    centre = fmean(differences)
    return Interval(max(-1.0, centre - half), min(1.0, centre + half))
