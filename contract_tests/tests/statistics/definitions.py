"""The rules in docs/definitions.md about passing, implemented for many simulated runs at the same time.

An array has one row per run and one column per caller. Shares and rates are 0 to 1.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from bluejay_results.measuring.statistics import t_quantile
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Runs(NamedTuple):
    """The number of conversations with each outcome, by run and caller."""

    passed: Counts
    failed: Counts
    unknown: Counts
    void: Counts

    @property
    def counted(self) -> Counts:
        """The conversations that passed, failed or are unknown."""
        return self.passed + self.failed + self.unknown

    @property
    def all(self) -> Counts:
        """All conversations, including void ones."""
        return self.counted + self.void


class Ends(NamedTuple):
    """One interval per run: the lower and the upper ends."""

    low: Numbers
    high: Numbers


class Answer(NamedTuple):
    """Whether each run keeps a rule, and whether it breaks the rule. If neither, the rule is inconclusive."""

    kept: Flags
    broken: Flags


def min_pass_rate(runs: Runs, minimum: float) -> Answer:
    """`--min-pass-rate`: the answer must hold if every unknown conversation failed, and if all passed."""
    passed, unknown, counted = (each.sum(axis=1) for each in (runs.passed, runs.unknown, runs.counted))
    return Answer(passed >= minimum * counted - 1e-9, passed + unknown < minimum * counted - 1e-9)


def confident_min_pass_rate(runs: Runs, minimum: float) -> Answer:
    """`--confident`: the ends of the interval are judged instead of the rate."""
    low = rate_interval(runs.passed, runs.counted).low
    high = rate_interval(runs.passed + runs.unknown, runs.counted).high
    return Answer(low >= minimum, high < minimum)


def callers_needed(mean: float, squared_deviation: float, minimum: float, most: int = 1000) -> int:
    """Return how many callers with such rates it takes to keep `--confident`; `most` + 1 if more."""
    callers = np.arange(1, most + 1)
    total, squares = (np.float64(each) * callers for each in (mean, squared_deviation + mean**2))
    low = rate_interval_of_sums(total, squares, callers).low
    enough = low >= minimum
    return int(callers[enough][0]) if enough.any() else most + 1


def max_always_failing(runs: Runs, most: int = 0) -> Answer:
    """`--max-always-failing`: callers with at least five conversations, none of which passed."""
    none_passed = (runs.all >= 5) & (runs.passed == 0)
    may = none_passed & (runs.failed + runs.unknown > 0)
    certainly = none_passed & (runs.failed >= 4) & (runs.unknown == 0)
    return Answer(may.sum(axis=1) <= most, certainly.sum(axis=1) > most)


def rate_interval(passed: Counts, counted: Counts) -> Ends:
    """Return the interval for the mean of the callers' rates; callers without conversations don't count."""
    rates = np.divide(passed, counted, out=np.zeros(passed.shape), where=counted > 0)
    return rate_interval_of_sums(rates.sum(axis=1), (rates**2).sum(axis=1), (counted > 0).sum(axis=1))


def rate_interval_of_sums(total: Numbers, squares: Numbers, callers: Counts) -> Ends:
    """Return the interval from the sums of the rates and of their squares; the rates 0 and 1 are added."""
    centre = (total + 1) / (callers + 2)
    half = _quantiles(callers) * _spread(total + 1, squares + 1, callers + 2) / np.sqrt(callers + 2)
    return Ends(np.maximum(0, centre - half), np.minimum(1, centre + half))


def change_interval(changes: Numbers, compared: Flags, fewest: Counts) -> Ends:
    """Return the interval for the mean change; the imaginary changes 1/k and -1/k affect only its width.

    `changes` is 0 for a caller that isn't compared. `fewest` is the k of each run.
    """
    return change_interval_of_sums(
        changes.sum(axis=1), (changes**2).sum(axis=1), compared.sum(axis=1), fewest
    )


def change_interval_of_sums(total: Numbers, squares: Numbers, callers: Counts, fewest: Counts) -> Ends:
    """Return the interval for the mean change from the sums of the changes and of their squares."""
    half = _quantiles(callers) * _spread(total, squares + 2 / fewest**2, callers + 2) / np.sqrt(callers)
    return Ends(np.maximum(-1, total / callers - half), np.minimum(1, total / callers + half))


def compare(base: Runs, new: Runs) -> tuple[Flags, Flags]:
    """Return whether the verdict is "worse", and whether it is "better", for each pair of runs."""
    as_failed, as_passed = (interval_of_change(base, new, unknown_passed=each) for each in (False, True))
    return (as_failed.high < 0) & (as_passed.high < 0), (as_failed.low > 0) & (as_passed.low > 0)


def interval_of_change(base: Runs, new: Runs, *, unknown_passed: bool) -> Ends:
    """Return the interval for the change, with unknown conversations counted as passed or as failed."""
    compared = (base.counted > 0) & (new.counted > 0)
    passed = (each.passed + unknown_passed * each.unknown for each in (base, new))
    before, after = (
        np.divide(each, side.counted, out=np.zeros(each.shape), where=compared)
        for each, side in zip(passed, (base, new), strict=True)
    )
    sizes = np.where(compared, np.minimum(base.all, new.all), np.iinfo(np.int64).max)
    return change_interval(after - before, compared, sizes.min(axis=1))


def _spread(total: Numbers, squares: Numbers, count: Counts) -> Numbers:
    """Return the standard deviation of `count` values, from their sum and the sum of their squares."""
    return np.sqrt(np.maximum(0, squares - total**2 / count) / (count - 1))


def _quantiles(callers: Counts) -> Numbers:
    """Return the quantile t(H + 1) of Student's t for each number of callers H; infinity if H is 0."""
    return np.array([np.inf, *map(_quantile, range(1, int(callers.max()) + 1))])[callers]


@cache
def _quantile(callers: int) -> float:
    return t_quantile(callers + 1)
