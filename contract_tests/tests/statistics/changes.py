"""How often a comparison's verdict is right, and how often its interval contains the true change."""

from collections.abc import Callable
from itertools import pairwise, product
from typing import NamedTuple

import numpy as np
import scipy  # it imports scipy.stats late
from numpy.random import Generator

from .definitions import (
    Counts,
    Flags,
    Numbers,
    Runs,
    change_interval,
    change_interval_of_sums,
    compare,
    interval_of_change,
)
from .drawing import KINDS, Kind, draw_runs, generator

CALLERS = (5, 10, 20, 50, 100)
CONVERSATIONS = (1, 3, 5)
RATES = (0.5, 0.7, 0.8, 0.9, 0.95)


class Change(NamedTuple):
    """How the callers' rates change between the two runs.

    Attributes:
        after: Returns the new rates; takes a generator, the old rates, the kind of callers and the mean rate.
        mean: Returns the mean change; takes the mean rate.
    """

    name: str
    after: Callable[[Generator, Numbers, Kind, float], Numbers]
    mean: Callable[[float], float]


NOTHING = Change("nothing changes", lambda _, before, __, ___: before, lambda _: 0.0)
OTHER_CALLERS = Change(
    "the callers' rates change, but not their mean",
    lambda rng, before, kind, rate: kind.draw(rng, rate, before.shape),
    lambda _: 0.0,
)
TWENTY_POINTS = Change(
    "each caller's rate falls, on average by 20 points",
    lambda _, before, __, rate: before * (1 - 0.2 / rate),
    lambda _: -0.2,
)
ONE_IN_TEN_BREAKS = Change(
    "one caller in ten breaks",
    lambda rng, before, _, __: np.where(rng.random(before.shape) < 0.1, 0.0, before),
    lambda rate: -0.1 * rate,
)


class Unknown(NamedTuple):
    """The shares of unknown conversations in the old run and in the new one, 0 to 1."""

    base: float
    new: float


NONE = Unknown(0, 0)
UNKNOWNS = (NONE, Unknown(0.05, 0.05), Unknown(0, 0.2), Unknown(0.2, 0))


class Comparison(NamedTuple):
    """One kind of comparison; `void` is the share of void conversations, 0 to 1."""

    change: Change
    kind: Kind
    rate: float
    callers: int
    conversations: int
    unknown: Unknown = NONE
    void: float = 0.0

    def draw(self, repeats: int, about: str) -> tuple[Runs, Runs]:
        rng = generator(about, self.change.name, self.kind.name, *self[2:])
        shape, size = (repeats, self.callers), self.conversations
        before = self.kind.draw(rng, self.rate, shape)
        after = self.change.after(rng, before, self.kind, self.rate)
        return (
            draw_runs(rng, before, size, self.unknown.base, self.void),
            draw_runs(rng, after, size, self.unknown.new, self.void),
        )


def share_worse(comparison: Comparison, repeats: int, about: str = "compare") -> float:
    return float(compare(*comparison.draw(repeats, about))[0].mean())


def coverage(comparison: Comparison, repeats: int, about: str = "compare") -> float:
    """Return how often the interval contains the true change, with unknown conversations as failed."""
    ends = interval_of_change(*comparison.draw(repeats, about), unknown_passed=False)
    truth = comparison.change.mean(comparison.rate)
    return float(((ends.low <= truth) & (truth <= ends.high)).mean())


def without_effect(change: Change) -> list[Comparison]:
    """Return comparisons whose true mean change is 0, for all combinations of parameters."""
    return [Comparison(change, *each) for each in product(KINDS, RATES, CALLERS, CONVERSATIONS, UNKNOWNS)]


def with_void(change: Change) -> list[Comparison]:
    """Return comparisons with 5 to 20 % void conversations, for all combinations of parameters."""
    return [
        Comparison(change, *each[:4], void=each[4])
        for each in product(KINDS, RATES, (5, 10, 20, 50), (3, 5), (0.05, 0.1, 0.2))
    ]


def falls_by_one_more_pass(conversations: int, most_callers: int) -> dict[int, float]:
    """Return by how much one more pass can lower the upper end, for each number of callers from 5 on.

    Tries every possible pair of runs in which each caller has this many conversations in both runs.
    The interval depends only on two sums: of the callers' changes, counted in conversations, and of their
    squares.
    """
    falls = {}
    most = most_callers * conversations
    possible = np.zeros((2 * most + 1, most * conversations + 1), np.bool_)  # without the last caller
    possible[most, 0] = True  # the first row is the sum -most
    steps = range(-conversations, conversations + 1)
    for callers in range(1, most_callers + 1):
        if callers >= 5:
            sums, squares = (each.astype(np.float64) for each in np.nonzero(possible))
            ends = [
                change_interval_of_sums(
                    (sums - most + last) / conversations,
                    (squares + last**2) / conversations**2,
                    np.full(len(sums), callers),
                    np.full(len(sums), conversations),
                ).high
                for last in steps
            ]
            falls[callers] = max(float((before - after).max()) for before, after in pairwise(ends))
        more = np.zeros_like(possible)
        for last in steps:
            kept = possible[max(0, -last) : len(possible) - max(0, last), : possible.shape[1] - last**2]
            more[max(0, last) : len(possible) - max(0, -last), last**2 :] |= kept
        possible = more
    return falls


class Exact(NamedTuple):
    """All possible comparisons with one conversation per caller in each run; nothing is random here.

    Attributes:
        results: All possible numbers of callers that got worse, got better and stayed the same.
    """

    results: Counts
    is_worse: Flags
    is_worse_by_mcnemar: Flags

    def share(self, verdicts: Flags, worse: float, better: float) -> float:
        """Return the probability of a verdict; each caller gets worse or better with these probabilities."""
        chances = [worse, better, 1 - worse - better]
        of_results = scipy.stats.multinomial.pmf(self.results, self.results[0].sum(), chances)
        return float(of_results[verdicts].sum())

    def lost_to_mcnemar(self, drop: float) -> float:
        """Return how much more often McNemar's test detects a drop than the interval does, at most.

        All probabilities of getting better are tried; the drop is added to get the probability of getting
        worse.
        """
        return max(
            self.share(self.is_worse_by_mcnemar, drop + each, each)
            - self.share(self.is_worse, drop + each, each)
            for each in np.linspace(0, (1 - drop) / 2, 21)
        )

    def falsely_worse(self) -> float:
        """Return how often the verdict is "worse" at most if callers get worse and better equally often."""
        return max(self.share(self.is_worse, each, each) for each in np.linspace(0, 0.5, 26))


def exact(callers: int) -> Exact:
    """Judge every comparison with this number of callers, by the interval and by McNemar's exact test."""
    pairs = np.array([(a, b) for a in range(callers + 1) for b in range(callers + 1 - a)])
    worse, better = pairs[:, :1], pairs[:, 1:]
    places = np.arange(callers)
    changes = np.where(places < worse, -1.0, np.where(places < worse + better, 1.0, 0.0))
    ends = change_interval(changes, np.ones(changes.shape, np.bool_), np.ones(len(pairs), np.int64))
    p = np.minimum(1, 2 * scipy.stats.binom.cdf(pairs.min(axis=1), pairs.sum(axis=1), 0.5))
    by_mcnemar = (p <= 0.05) & (pairs[:, 0] > pairs[:, 1])
    return Exact(np.hstack([pairs, callers - worse - better]), ends.high < 0, by_mcnemar)
