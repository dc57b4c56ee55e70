"""Random runs of callers with known pass rates."""

import zlib
from collections.abc import Callable

import numpy as np
from attrs import frozen
from numpy.random import Generator

from .definitions import Counts, Numbers, Runs

Shape = tuple[int, int]


@frozen
class Kind:
    """How much the pass rates of callers differ; `draw` returns rates with the given mean."""

    name: str
    draw: Callable[[Generator, float, Shape], Numbers]


def _alike(_: Generator, rate: float, shape: Shape) -> Numbers:
    return np.full(shape, rate)


def _beta(correlation: float) -> Callable[[Generator, float, Shape], Numbers]:
    """Return a beta distribution; `correlation` is that of two conversations of one caller."""
    size = 1 / correlation - 1
    return lambda rng, rate, shape: rng.beta(rate * size, (1 - rate) * size, shape)


def _always_or_never(rng: Generator, rate: float, shape: Shape) -> Numbers:
    return (rng.random(shape) < rate).astype(np.float64)


def _some_never(rng: Generator, rate: float, shape: Shape) -> Numbers:
    """Half of the failures come from callers that never pass; the other callers are alike."""
    never = (1 - rate) / 2
    return np.where(rng.random(shape) < never, 0.0, rate / (1 - never))


def _half_perfect(rng: Generator, rate: float, shape: Shape) -> Numbers:
    """Half of the callers always pass, so the rate must be at least 0.5."""
    return np.where(rng.random(shape) < 0.5, 1.0, 2 * rate - 1)


KINDS = (
    Kind("callers are alike", _alike),
    Kind("callers differ a little", _beta(0.05)),
    Kind("callers differ", _beta(0.3)),
    Kind("callers differ very much", _beta(0.7)),
    Kind("each caller always passes or never", _always_or_never),
    Kind("some callers never pass", _some_never),
    Kind("half of the callers always pass", _half_perfect),
)
ALIKE = KINDS[0]


def draw_runs(
    rng: Generator, rates: Numbers, sizes: int | Counts, unknown: float = 0.0, void: float = 0.0
) -> Runs:
    """Draw conversations: `sizes` per caller, with these shares of unknown and void ones, at random."""
    voids = rng.binomial(sizes, void, rates.shape)
    unknowns = rng.binomial(sizes - voids, unknown)
    passed = rng.binomial(sizes - voids - unknowns, rates)
    return Runs(passed, sizes - voids - unknowns - passed, unknowns, voids)


def generator(*about: object) -> Generator:
    """Return a random generator with a fixed seed for each subject."""
    return np.random.default_rng(zlib.crc32(repr(about).encode()))
