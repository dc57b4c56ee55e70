"""Simulated runs of callers with known pass rates: how often intervals and verdicts are right.

A caller has a rate of its own, from which its repeats are drawn, so its repeats are correlated. Rates have a
beta distribution, and some callers always or never pass.
"""

from collections.abc import Callable, Iterator
from itertools import product
from random import Random
from statistics import fmean

from attrs import frozen
from bluejay_results.compare.effect import effect_of
from bluejay_results.judging.statistics import normal_quantile, rate_of_callers, wilson
from bluejay_results.judging.tally import Tally

CONFIDENCE = 0.95
CONVERSATIONS = (1, 3, 5)
CALLERS = (10, 20, 50, 100, 200)


@frozen
class Population:
    """Callers: some always pass, some never pass, and the rates of the others have a beta distribution.

    `correlation` is the correlation of two conversations of one of these others.
    """

    name: str
    rate: float
    correlation: float
    always: float = 0.0
    never: float = 0.0

    @property
    def mean(self) -> float:
        return self.always + (1 - self.always - self.never) * self.rate

    def draw(self, rng: Random) -> float:
        kind = rng.random()
        if kind < self.always + self.never:
            return float(kind < self.always)
        size = 1 / self.correlation - 1
        return rng.betavariate(self.rate * size, (1 - self.rate) * size)


POPULATIONS = (
    Population("75 % pass, callers much alike", 0.75, 0.05),  # single verdicts flip in 36 % of repeats
    Population("80 % pass, callers differ", 0.8, 0.3),
    Population("90 % pass, callers differ very much", 0.9, 0.5),
    Population("67 % pass, 40 % of callers always do and 15 % never", 0.6, 0.2, always=0.4, never=0.15),
    Population("70 % pass, most callers always or never", 0.7, 0.9),
    Population("97 % pass, callers differ", 0.97, 0.2),
)


@frozen
class Change:
    """How a caller's rate changes from one side of a comparison to the other."""

    name: str
    of: Callable[[Population, float, Random], float]
    mean: Callable[[Population], float]


NOTHING = Change("nothing", lambda _, rate, __: rate, lambda _: 0.0)
CALLERS_ALONE = Change("callers, not their mean", lambda all_, _, rng: all_.draw(rng), lambda _: 0.0)
A_FIFTH_LESS = Change("a fifth less", lambda _, rate, __: 0.8 * rate, lambda all_: -0.2 * all_.mean)
CHANGES = (NOTHING, CALLERS_ALONE, A_FIFTH_LESS)


@frozen
class Case:
    """A number of callers of a population, with a number of conversations each."""

    population: Population
    callers: int
    conversations: int

    def tally(self, rate: float, rng: Random) -> Tally:
        passed = sum(rng.random() < rate for _ in range(self.conversations))
        return Tally(passed, self.conversations)


def cases(callers: tuple[int, ...] = CALLERS) -> list[Case]:
    """Return a case for each population, number of callers and number of conversations."""
    return [Case(*each) for each in product(POPULATIONS, callers, CONVERSATIONS)]


@frozen
class Coverage:
    """How often an interval contains the true pass rate, 0 to 1.

    `pooled` is Wilson's interval of all conversations, as if each had a caller of its own.
    """

    case: Case
    ours: float
    pooled: float


def coverage(case: Case, repeats: int) -> Coverage:
    rng, truth, z = _rng("rate", case), case.population.mean, normal_quantile(CONFIDENCE)
    ours = pooled = 0
    for _ in range(repeats):
        run = [case.tally(case.population.draw(rng), rng) for _ in range(case.callers)]
        rate, judged = rate_of_callers(run, CONFIDENCE), case.callers * case.conversations
        assert rate is not None
        naive = wilson(sum(each.passed for each in run) / judged, judged, z)
        ours += rate.interval.low <= truth <= rate.interval.high
        pooled += naive.low <= truth <= naive.high
    return Coverage(case, ours / repeats, pooled / repeats)


@frozen
class Comparing:
    """The results of many comparisons; each figure is a share, 0 to 1.

    Attributes:
        covered: The interval contains the true change.
        worse: The verdict is "worse", which is wrong if nothing changed on average.
        by_hand: The pooled pass rate fell by over 5 points, which is how people decide without statistics.
        kept: `--max-drop 5` ends with 0.
    """

    case: Case
    change: Change
    covered: float
    worse: float
    by_hand: float
    kept: float


def comparing(case: Case, change: Change, repeats: int) -> Comparing:
    rng, truth = _rng(change.name, case), change.mean(case.population)
    rows = [_compared(case, change, truth, rng) for _ in range(repeats)]
    return Comparing(case, change, *(fmean(column) for column in zip(*rows, strict=True)))


def _compared(case: Case, change: Change, truth: float, rng: Random) -> tuple[bool, bool, bool, bool]:
    pairs = list(_pairs(case, change, rng))
    effect = effect_of(pairs, CONFIDENCE)
    assert effect is not None
    fell = sum(base.passed - new.passed for base, new in pairs) / (case.callers * case.conversations)
    return (
        effect.interval.low <= truth <= effect.interval.high,
        effect.p <= 1 - CONFIDENCE and effect.change < 0,
        fell > 0.05,
        effect.interval.low > -0.05,
    )


def _pairs(case: Case, change: Change, rng: Random) -> Iterator[tuple[Tally, Tally]]:
    for _ in range(case.callers):
        rate = case.population.draw(rng)
        yield case.tally(rate, rng), case.tally(change.of(case.population, rate, rng), rng)


def _rng(about: str, case: Case) -> Random:
    return Random(f"{about} {case}")  # noqa: S311 - the same draws each time are the point
