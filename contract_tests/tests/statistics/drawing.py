"""Random runs of callers with known pass rates."""

import zlib
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.random import Generator

from .definitions import Counts, Numbers, Runs

Shape = tuple[int, int]
Case = TypeVar("Case")


class Kind(NamedTuple):
    """A distribution of callers' pass rates; `draw` returns random rates with the given mean."""

    name: str
    draw: Callable[[Generator, float, Shape], Numbers]


def _beta(correlation: float) -> Callable[[Generator, float, Shape], Numbers]:
    """Return a function that draws rates; two conversations with the same caller have this correlation."""
    size = 1 / correlation - 1
    return lambda rng, rate, shape: rng.beta(rate * size, (1 - rate) * size, shape)


def _always_or_never(rng: Generator, rate: float, shape: Shape) -> Numbers:
    return (rng.random(shape) < rate).astype(np.float64)


def _some_never(rng: Generator, rate: float, shape: Shape) -> Numbers:
    """Half of all failures come from callers that never pass; all other callers have the same rate."""
    never = (1 - rate) / 2
    return np.where(rng.random(shape) < never, 0.0, rate / (1 - never))


def _half_perfect(rng: Generator, rate: float, shape: Shape) -> Numbers:
    """Half of the callers always pass, so the rate must be at least 0.5."""
    return np.where(rng.random(shape) < 0.5, 1.0, 2 * rate - 1)


ALIKE = Kind("callers are alike", lambda _, rate, shape: np.full(shape, rate))
DIFFER = Kind("callers differ", _beta(0.3))
KINDS = (
    ALIKE,
    Kind("callers differ a little", _beta(0.05)),
    DIFFER,
    Kind("callers differ very much", _beta(0.7)),
    Kind("each caller always passes or never", _always_or_never),
    Kind("some callers never pass", _some_never),
    Kind("half of the callers always pass", _half_perfect),
)


def generator(*about: object) -> Generator:
    """Return a random generator whose seed depends only on the arguments."""
    return np.random.default_rng(zlib.crc32(repr(about).encode()))


def draw_runs(
    rng: Generator, rates: Numbers, sizes: int | Counts, unknown: float = 0.0, void: float = 0.0
) -> Runs:
    """Draw the outcomes of conversations, `sizes` per caller; `unknown` and `void` are probabilities."""
    voids = rng.binomial(sizes, void, rates.shape)
    unknowns = rng.binomial(sizes - voids, unknown)
    passed = rng.binomial(sizes - voids - unknowns, rates)
    return Runs(passed, sizes - voids - unknowns - passed, unknowns, voids)


def worst(
    cases: Sequence[Case],
    measure: Callable[..., float],
    repeats: int,
    pick: Callable[[list[float]], float] = min,
) -> float:
    """Return the smallest share of all cases, or the largest.

    The worst 20 cases are drawn again with more repeats, because the smallest of thousands of shares could be
    small by chance. `measure` takes a case, the repeats and, for the second draw, another seed.
    """
    ordered = sorted(cases, key=lambda each: measure(each, repeats), reverse=pick is max)
    return pick([measure(each, 10 * repeats, "again") for each in ordered[:20]])
