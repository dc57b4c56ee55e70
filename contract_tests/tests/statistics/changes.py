"""How often the verdict of a comparison is right, and how often its interval contains the true change."""

from collections.abc import Callable, Iterable
from itertools import product

import numpy as np
import scipy  # it imports scipy.stats late
from attrs import evolve, field, frozen
from numpy.random import Generator

from .definitions import Flags, Numbers, Runs, change_interval, compare, interval_of_change
from .drawing import KINDS, Kind, draw_runs, generator

CALLERS = (5, 10, 20, 50, 100)
CONVERSATIONS = (1, 3, 5)
RATES = (0.5, 0.7, 0.8, 0.9, 0.95)


@frozen
class Change:
    """How the callers' rates change from one run to the other.

    Attributes:
        after: Returns the new rates, from a generator, the old rates, the kind of callers and the mean rate.
        mean: Returns the mean change, from the mean rate.
    """

    name: str
    after: Callable[[Generator, Numbers, Kind, float], Numbers] = field(eq=False)
    mean: Callable[[float], float] = field(eq=False)


def _breaks(rng: Generator, before: Numbers, share: float) -> Numbers:
    return np.where(rng.random(before.shape) < share, 0.0, before)


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
SOME_BREAK = Change(
    "some callers break, which costs 20 points",
    lambda rng, before, _, rate: _breaks(rng, before, 0.2 / rate),
    lambda _: -0.2,
)
ONE_IN_TEN_BREAKS = Change(
    "one caller in ten breaks",
    lambda rng, before, _, __: _breaks(rng, before, 0.1),
    lambda rate: -0.1 * rate,
)


@frozen
class Unknown:
    """The shares of unknown conversations in the old run and in the new one, 0 to 1."""

    base: float
    new: float


NONE = Unknown(0, 0)
UNKNOWNS = (NONE, Unknown(0.05, 0.05), Unknown(0, 0.2), Unknown(0.2, 0))


@frozen
class Comparison:
    """Comparisons of one kind."""

    change: Change
    kind: Kind
    rate: float
    callers: int
    conversations: int
    unknown: Unknown = NONE
    is_uneven: bool = False

    def draw(self, repeats: int, about: str) -> tuple[Runs, Runs]:
        rng = generator(about, self.change.name, self.kind.name, *_figures(self))
        shape = (repeats, self.callers)
        before = self.kind.draw(rng, self.rate, shape)
        after = self.change.after(rng, before, self.kind, self.rate)
        most = self.conversations
        base, new = (
            rng.integers(1, most, shape, endpoint=True) if self.is_uneven else np.full(shape, most)
            for _ in range(2)
        )
        shares = self.unknown
        return draw_runs(rng, before, base, shares.base), draw_runs(rng, after, new, shares.new)

    def __str__(self) -> str:
        return (
            f"{self.change.name}; {self.kind.name}, {100 * self.rate:g} %, "
            f"{self.callers} callers, {self.conversations} conversations each"
        )


def _figures(each: Comparison) -> tuple[object, ...]:
    return each.rate, each.callers, each.conversations, each.unknown, each.is_uneven


@frozen
class Found:
    """The shares of comparisons with a verdict, 0 to 1, and of intervals that contain the true change.

    The intervals are those with unknown conversations counted as failed.
    """

    comparison: Comparison
    worse: float
    better: float
    covered: float


def compared(comparison: Comparison, repeats: int, about: str = "compare") -> Found:
    base, new = comparison.draw(repeats, about)
    worse, better = compare(base, new)
    ends, truth = interval_of_change(base, new, unknown_passed=False), comparison.change.mean(comparison.rate)
    covered = (ends.low <= truth) & (truth <= ends.high)
    return Found(comparison, *(float(each.mean()) for each in (worse, better, covered)))


def without_a_change() -> list[Comparison]:
    """Return comparisons whose true mean change is 0, with all numbers of unknown conversations."""
    even = [
        Comparison(*each)
        for each in product((NOTHING, OTHER_CALLERS), KINDS, RATES, CALLERS, CONVERSATIONS, UNKNOWNS)
    ]
    return even + [evolve(each, is_uneven=True) for each in even if each.conversations == 5]


def most_false(found: Iterable[Found], repeats: int) -> Found:
    """Return the comparison with the largest share of "worse"; the 20 largest are drawn again, more often."""
    largest = sorted(found, key=lambda each: -each.worse)[:20]
    again = (compared(each.comparison, 10 * repeats, "again") for each in largest)
    return max(again, key=lambda each: each.worse)


@frozen
class Exact:
    """Comparisons with one conversation per caller on each side, without any chance.

    Attributes:
        worse: How many callers passed before and failed now, for each possible result.
        better: How many callers failed before and passed now.
    """

    callers: int
    worse: Numbers
    better: Numbers
    is_worse: Flags
    is_worse_by_mcnemar: Flags

    def share(self, verdicts: Flags, worse: float, better: float) -> float:
        """Return how often a verdict is given, if a caller gets worse or better with these chances."""
        same = self.callers - self.worse - self.better
        counts = np.stack([self.worse, self.better, same], axis=1)
        chances = scipy.stats.multinomial.pmf(counts, self.callers, [worse, better, 1 - worse - better])
        return float(chances[verdicts].sum())


def exact(callers: int) -> Exact:
    """Judge every possible result, by the interval and by McNemar's exact test."""
    pairs = np.array([(a, b) for a in range(callers + 1) for b in range(callers + 1 - a)])
    worse, better = pairs[:, :1], pairs[:, 1:]
    places = np.arange(callers)
    changes = np.where(places < worse, -1.0, np.where(places < worse + better, 1.0, 0.0))
    ends = change_interval(changes, np.ones(changes.shape, np.bool_), np.ones(len(pairs), np.int64))
    fewer, changed = pairs.min(axis=1), pairs.sum(axis=1)
    p = np.minimum(1, 2 * scipy.stats.binom.cdf(fewer, changed, 0.5))
    by_mcnemar = (p <= 0.05) & (pairs[:, 0] > pairs[:, 1])
    return Exact(callers, pairs[:, 0], pairs[:, 1], ends.high < 0, by_mcnemar)


def most_lost_to_mcnemar(results: Exact, drop: float = 0.2) -> tuple[float, float]:
    """Return how much more often McNemar's test finds a drop, at worst, and the largest false "worse".

    A caller gets better with a chance from 0 to 40 %, and worse with that chance plus the drop. For the false
    verdicts, both chances are equal, from 0 to 50 %.
    """
    lost = max(
        results.share(results.is_worse_by_mcnemar, drop + each, each)
        - results.share(results.is_worse, drop + each, each)
        for each in np.linspace(0, (1 - drop) / 2, 21)
    )
    false = max(results.share(results.is_worse, each, each) for each in np.linspace(0, 0.5, 26))
    return lost, false
