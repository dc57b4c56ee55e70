"""How often the gate's rules decide correctly about agents with known true pass rates."""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from .definitions import Answer, max_always_failing, min_pass_rate
from .drawing import Kind, draw_runs, generator

EQUAL_RATES = (0.8, 0.85, 0.9, 0.95, 0.97)
CALLERS = (5, 10, 20, 50, 100)
CONVERSATIONS = (5, 6, 8)


class Agent(NamedTuple):
    """An agent: the pass rate of its known conversations, and the share of unknown conversations."""

    name: str
    rate: float
    unknown: float


def verdicts(agent: Agent, kind: Kind, callers: int, conversations: int, repeats: int) -> Answer:
    """Judge runs by the default rules, `--min-pass-rate 80` and `--max-always-failing 0`."""
    rng = generator("ships", agent.name, kind.name, callers, conversations)
    rates = kind.draw(rng, agent.rate, (repeats, callers))
    runs = draw_runs(rng, rates, conversations, agent.unknown)
    rate, failing = min_pass_rate(runs, 0.8), max_always_failing(runs)
    return Answer(rate.kept & failing.kept, rate.broken | failing.broken)


def ships(agent: Agent, kind: Kind, callers: int, conversations: int, repeats: int) -> float:
    return float(verdicts(agent, kind, callers, conversations, repeats).kept.mean())


def always_fails(
    rates: Sequence[float], conversations: int, repeats: int, unknown: float = 0.0, void: float = 0.0
) -> float:
    """Return how often `--max-always-failing 0` is broken, given the true pass rate of each caller."""
    rng = generator("always failing", rates, conversations, unknown, void)
    runs = draw_runs(rng, np.tile(rates, (repeats, 1)), conversations, unknown, void)
    return float(max_always_failing(runs).broken.mean())


def equal_callers_fail(repeats: int, unknown: float, void: float) -> float:
    """Return how often equally good callers break `--max-always-failing 0` in the worst case."""
    return max(
        always_fails([rate] * callers, size, repeats, unknown, void)
        for rate, callers, size in product(EQUAL_RATES, CALLERS, CONVERSATIONS)
    )


def any_fails_all(conversations: int, void_ones: int, repeats: int) -> float:
    """Return how often at least one of twenty callers never passes, if each has a pass rate of 80 %."""
    rng = generator("fails all", conversations, void_ones)
    passed = rng.binomial(conversations - void_ones, 0.8, (repeats, 20))
    return float((passed == 0).any(axis=1).mean())
