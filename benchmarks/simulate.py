"""Simulates runs with known pass rates and writes STATISTICS.md: `make simulate REPEATS=1000`."""

import argparse
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
from bluejay_results.measuring.statistics import change_interval, rate_interval
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

REPORT = Path(__file__).with_name("STATISTICS.md")
HEAD = """\
# Statistics

`make simulate` writes this page. It draws runs of callers with known pass rates, with fixed random seeds, and
counts how often the package's 95 % intervals contain the true value. "At worst" means in the worst of all
cases: 5 to 100 callers with 1 to 5 conversations each. Each case is drawn {repeats:,} times, and the worst 20
are drawn again, ten times as often.

The pass rates of callers are drawn in seven ways. In all of them, the mean rate of many callers is the same.
Callers are alike; or they differ a little, differ, or differ very much (beta distributions, in which two
conversations of one caller have a correlation of 0.05, 0.3 and 0.7); or each of them always or never passes;
or some never pass, and the others are alike; or half of them always pass, and the others are alike.

| figure | target | measured |
|---|---|---|
"""
Numbers = NDArray[np.float64]
Draw = Callable[[Generator, float, tuple[int, int]], Numbers]


def _beta(correlation: float) -> Draw:
    size = 1 / correlation - 1
    return lambda rng, rate, shape: rng.beta(rate * size, (1 - rate) * size, shape)


def _some_never(rng: Generator, rate: float, shape: tuple[int, int]) -> Numbers:
    """Half of all failures come from callers that never pass."""
    never = (1 - rate) / 2
    return np.where(rng.random(shape) < never, 0.0, rate / (1 - never))


KINDS: dict[str, Draw] = {
    "alike": lambda _, rate, shape: np.full(shape, rate),
    "differ a little": _beta(0.05),
    "differ": _beta(0.3),
    "differ very much": _beta(0.7),
    "always or never": lambda rng, rate, shape: (rng.random(shape) < rate).astype(np.float64),
    "some never pass": _some_never,
    "half always pass": lambda rng, rate, shape: np.where(rng.random(shape) < 0.5, 1.0, 2 * rate - 1),
}


class Case(NamedTuple):
    """The callers of a run, and how many conversations each of them has."""

    kind: str
    rate: float
    callers: int
    conversations: int

    def runs(self, repeats: int, *about: object, is_pair: bool = False) -> Iterator[Numbers]:
        """Yield the callers' rates in random runs, or their changes in pairs of runs without a change."""
        rng = default_rng(zlib.crc32(repr((*self, *about)).encode()))
        rates = KINDS[self.kind](rng, self.rate, (repeats, self.callers))
        found, before = (rng.binomial(self.conversations, rates) for _ in "ab")
        yield from (found - before * is_pair) / self.conversations


RATES, CALLERS, CONVERSATIONS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.99), (5, 10, 20, 100), (1, 3, 5)
CASES = [Case(*each) for each in product(KINDS, RATES, CALLERS, CONVERSATIONS)]


def missed(case: Case, repeats: int, *about: object) -> float:
    """Return how often the interval of the rate doesn't contain the true rate."""
    ends = (rate_interval(Counter(each.tolist())) or (0, 1) for each in case.runs(repeats, *about))
    return sum(not low <= case.rate <= high for low, high in ends) / repeats


def worse(case: Case, repeats: int, *about: object) -> float:
    """Return how often the verdict is "worse", although nothing has changed."""
    pairs = case.runs(repeats, *about, is_pair=True)
    ends = (change_interval(each.tolist(), case.conversations) or (0, 1) for each in pairs)
    return sum(high < 0 for _, high in ends) / repeats


def worst(measure: Callable[..., float], repeats: int) -> float:
    """Return the largest share of all cases; the first could be large by chance."""
    ordered = sorted(CASES, key=lambda each: -measure(each, repeats))
    return max(measure(each, 10 * repeats, "again") for each in ordered[:20])


def main() -> int:
    """Simulate, write the report, and return 1 if a target is missed."""
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--repeats", type=int, default=1000)
    repeats = parser.parse_args().repeats
    covered, false = 1 - worst(missed, repeats), worst(worse, repeats)
    row = "| {} | {} | {:.1f} % |\n"
    found = row.format("the interval contains the true rate, at worst", "at least 91 %", 100 * covered)
    found += row.format('"worse" although nothing has changed, at worst', "at most 4 %", 100 * false)
    REPORT.write_text(HEAD.format(repeats=repeats) + found)
    return int(covered < 0.91 or false > 0.04)


if __name__ == "__main__":
    raise SystemExit(main())
