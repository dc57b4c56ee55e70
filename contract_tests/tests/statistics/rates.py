"""How often a pass rate's interval contains the true rate, and how one more pass moves its ends."""

from itertools import pairwise, product
from typing import NamedTuple

import numpy as np
import scipy  # it imports scipy.stats late

from .definitions import (
    Flags,
    Numbers,
    Runs,
    confident_min_pass_rate,
    rate_interval,
    rate_interval_of_sums,
)
from .drawing import KINDS, Kind, draw_runs, generator

CALLERS = (3, 4, 5, 6, 8, 10, 14, 20, 50, 100)
CONVERSATIONS = (1, 2, 3, 4, 5)
RATES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99)


class Case(NamedTuple):
    """One kind of run."""

    kind: Kind
    rate: float
    callers: int
    conversations: int

    def draw(self, repeats: int, about: str) -> Runs:
        rng = generator(about, self.kind.name, *self[1:])
        rates = self.kind.draw(rng, self.rate, (repeats, self.callers))
        return draw_runs(rng, rates, self.conversations)


CASES = [Case(*each) for each in product(KINDS, RATES, CALLERS, CONVERSATIONS)]


def coverage(case: Case, repeats: int, about: str = "coverage") -> float:
    """Return how often the interval contains the true rate; unknown conversations are left out."""
    runs = case.draw(repeats, about)
    ends = rate_interval(runs.passed, runs.passed + runs.failed)
    return float(((ends.low <= case.rate) & (case.rate <= ends.high)).mean())


def confident_ships(case: Case, minimum: float, repeats: int, about: str) -> float:
    """Return how often a run ships with --confident."""
    return float(confident_min_pass_rate(case.draw(repeats, about), minimum).kept.mean())


def exact_share_that_ships(rate: float, callers: int, minimum: float) -> float:
    """Return how often a run ships with --confident if callers behave alike and each has one conversation."""
    passes = np.arange(callers + 1)
    rates = passes.astype(np.float64)  # the sum of the rates, and of their squares
    kept = rate_interval_of_sums(rates, rates, np.full(passes.shape, callers)).low >= minimum
    return float(scipy.stats.binom.pmf(passes[kept], callers, rate).sum())


def exact_coverage(callers: int) -> float:
    """Compute exactly the smallest coverage with one conversation per caller.

    The rates range from 0.5 to 0.99, in steps of 0.001.
    """
    passes = np.arange(callers + 1)
    passed = (np.arange(callers) < passes[:, None]).astype(np.int64)
    ends = rate_interval(passed, np.ones_like(passed))
    rates = np.linspace(0.5, 0.99, 491)[:, None]
    chances = scipy.stats.binom.pmf(passes, callers, rates)
    return float((chances * ((ends.low <= rates) & (rates <= ends.high))).sum(axis=1).min())


def falls_by_one_more_pass(conversations: int, most_callers: int) -> dict[int, float]:
    """Return by how much one more pass can lower the lower end, for each number of callers from 3 on.

    Every possible run is tried. The interval depends only on the sum of the callers' passes and on the sum of
    their squares, so it is enough to know which pairs of sums are possible.
    """
    falls = {}
    sizes = (most_callers * conversations + 1, most_callers * conversations**2 + 1)
    possible = np.zeros(sizes, np.bool_)  # without the last caller
    possible[0, 0] = True
    for callers in range(1, most_callers + 1):
        if callers >= 3:
            ends = [_lower_ends(possible, last, callers, conversations) for last in range(conversations + 1)]
            falls[callers] = max(float((a - b).max()) for a, b in pairwise(ends))
        more = np.zeros_like(possible)
        for last in range(conversations + 1):
            more[last:, last**2 :] |= possible[: sizes[0] - last, : sizes[1] - last**2]
        possible = more
    return falls


def _lower_ends(possible: Flags, last: int, callers: int, conversations: int) -> Numbers:
    """Return the lower ends of all possible runs whose last caller passed `last` times."""
    passes, squares = (each.astype(np.float64) for each in np.nonzero(possible))
    total, of_squares = (passes + last) / conversations, (squares + last**2) / conversations**2
    return rate_interval_of_sums(total, of_squares, np.full(len(total), callers)).low
