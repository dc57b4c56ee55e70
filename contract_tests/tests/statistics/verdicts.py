"""How often the gate's rules are right about agents that are known."""

from itertools import product

import numpy as np
from attrs import frozen

from .definitions import Answer, Runs, max_always_failing, min_pass_rate
from .drawing import Kind, draw_runs, generator

EQUAL_RATES = (0.8, 0.85, 0.9, 0.95, 0.97)
CALLERS = (5, 10, 20, 50, 100)
CONVERSATIONS = (5, 6, 8)


@frozen
class Shares:
    """In which shares of runs a rule is kept, broken and inconclusive, 0 to 1."""

    kept: float
    broken: float

    @property
    def inconclusive(self) -> float:
        return 1 - self.kept - self.broken


def equal_callers(repeats: int, unknown: float = 0.0, void: float = 0.0) -> Shares:
    """Judge runs of equally good callers by `--max-always-failing 0`.

    Returns:
        The smallest share of runs that keep the rule, and the largest share that break it, which is wrong.
    """
    found = [
        always_failing([rate] * callers, size, repeats, unknown, void)
        for rate, callers, size in product(EQUAL_RATES, CALLERS, CONVERSATIONS)
    ]
    return Shares(min(each.kept for each in found), max(each.broken for each in found))


def always_failing(
    rates: list[float], conversations: int, repeats: int, unknown: float = 0.0, void: float = 0.0
) -> Shares:
    """Judge runs by `--max-always-failing 0`, given the true pass rate of each caller."""
    rng = generator("always failing", rates, conversations, unknown, void)
    runs = draw_runs(rng, np.tile(rates, (repeats, 1)), conversations, unknown, void)
    return _shares(max_always_failing(runs))


def any_fails_all(conversations: int, void_ones: int, repeats: int) -> float:
    """Return how often any of twenty callers, each with a pass rate of 80 %, passes nothing."""
    rng = generator("fails all", conversations, void_ones)
    passed = rng.binomial(conversations - void_ones, 0.8, (repeats, 20))
    return float((passed == 0).any(axis=1).mean())


@frozen
class Agent:
    """An agent that passes a share of the calls that it gets, and loses a share of all calls as unknown."""

    name: str
    rate: float
    unknown: float


def ships(agent: Agent, kind: Kind, callers: int, conversations: int, repeats: int) -> Shares:
    """Judge runs by the default rules, `--min-pass-rate 80` and `--max-always-failing 0`."""
    rng = generator("ships", agent.name, kind.name, callers, conversations)
    rates = kind.draw(rng, agent.rate, (repeats, callers))
    runs = draw_runs(rng, rates, conversations, agent.unknown)
    return _shares(_default_rules(runs))


def _default_rules(runs: Runs) -> Answer:
    rate, failing = min_pass_rate(runs, 0.8), max_always_failing(runs)
    return Answer(rate.kept & failing.kept, rate.broken | failing.broken)


def _shares(answer: Answer) -> Shares:
    return Shares(float(answer.kept.mean()), float(answer.broken.mean()))
