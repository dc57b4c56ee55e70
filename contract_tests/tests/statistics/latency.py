"""How far `p90(latency.p95)` of a run is above the 95th percentile of all its turns."""

from collections.abc import Callable

import numpy as np
from attrs import frozen
from numpy.random import Generator

from .definitions import Numbers
from .drawing import generator


@frozen
class Answers:
    """How long an agent takes to answer; `draw` returns the latencies of some turns."""

    name: str
    draw: Callable[[Generator, int], Numbers]


def _two_kinds(share: float) -> Callable[[Generator, int], Numbers]:
    return lambda rng, turns: rng.lognormal(0, 0.2, turns) * np.where(rng.random(turns) < share, 4, 1)


ANSWERS = (
    Answers("turns much alike", lambda rng, turns: rng.lognormal(0, 0.3, turns)),
    Answers("turns that vary", lambda rng, turns: rng.lognormal(0, 0.6, turns)),
    Answers("3 % of the turns take four times as long", _two_kinds(0.03)),
    Answers("8 % of the turns take four times as long", _two_kinds(0.08)),
)


def ratio(answers: Answers, repeats: int) -> float:
    """Return the mean of the figure over the true percentile; a run has 40 conversations of 8 to 60 turns."""
    rng = generator("latency", answers.name)
    return float(np.mean([_ratio(answers, rng) for _ in range(repeats)]))


def _ratio(answers: Answers, rng: Generator) -> float:
    conversations = [answers.draw(rng, turns) for turns in rng.integers(8, 60, 40, endpoint=True)]
    figures = sorted(np.percentile(each, 95) for each in conversations)
    ninetieth = figures[int(np.ceil(0.9 * len(figures))) - 1]  # 90 % of the values don't exceed it
    return float(ninetieth / np.percentile(np.concatenate(conversations), 95))
