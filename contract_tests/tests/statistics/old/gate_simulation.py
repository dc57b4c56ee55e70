"""Simulated runs with known pass rates, judged by the gate: how often its rules are wrong."""

from collections.abc import Callable, Sequence
from itertools import product
from random import Random
from statistics import fmean
from typing import Any

from attrs import frozen
from bluejay_results import LatencySummary
from bluejay_results.gate import Rules, gate
from bluejay_results.gate.callers import is_applicable, is_beyond_chance
from bluejay_results.judging.run_latency import ALLOWED, latency_of_run

from ... import builders
from ...gate.runs import FAILED, PASSED, run_of

RATES = (0.6, 0.75, 0.9, 0.97)
LOW_RATES = (0.3, 0.5)
"""Pass rates so low that the rule about the pass rate alone keeps a run from shipping."""
CALLERS = (3, 5, 8, 12, 20, 36, 60)
CONVERSATIONS = (3, 4, 5, 6, 8)
SILENT = {"tool_calls": [builders.tool_calls(actual=0)]}
CALLED = {"tool_calls": [builders.tool_calls()]}


@frozen
class Broken:
    """The share of runs of one kind, 0 to 1, in which the rule about always failing callers is broken."""

    rate: float
    callers: int
    conversations: int
    share: float


def equal_callers(repeats: int, rates: Sequence[float] = RATES) -> list[Broken]:
    """Judge runs of callers with equal pass rates: whenever the rule is broken, the verdict is wrong."""
    return [
        Broken(rate, callers, size, always_failing_share([rate] * callers, size, repeats))
        for rate, callers, size in product(rates, CALLERS, CONVERSATIONS)
    ]


def always_failing_share(rates: Sequence[float], conversations: int, repeats: int) -> float:
    """Return the share of runs in which the rule is broken, given the true pass rate of each caller."""
    rng = _rng("always failing", rates, conversations)
    return fmean(_is_broken(rates, conversations, rng) for _ in range(repeats))


def _is_broken(rates: Sequence[float], conversations: int, rng: Random) -> bool:
    passed = [sum(rng.random() < rate for _ in range(conversations)) for rate in rates]
    sizes = [conversations] * len(rates)
    failed = [conversations] * passed.count(0)
    fails = 1 - sum(passed) / sum(sizes)
    return is_applicable(failed, sizes, fails) and is_beyond_chance(failed, sizes, fails, 0)


@frozen
class Answers:
    """How long an agent takes to answer; `turn` draws the milliseconds of one turn."""

    name: str
    turn: Callable[[Random], float]


ANSWERS = (
    Answers("much alike", lambda rng: 1000 * rng.lognormvariate(0, 0.3)),
    Answers("varied", lambda rng: 1000 * rng.lognormvariate(0, 0.6)),
    Answers("of another kind in 3 %", lambda rng: _two_kinds(rng, 0.03)),
    Answers("of another kind in 8 %", lambda rng: _two_kinds(rng, 0.08)),
)


def _two_kinds(rng: Random, share: float) -> float:
    return 1000 * rng.lognormvariate(0, 0.2) * (4 if rng.random() < share else 1)


@frozen
class Latency:
    """A latency figure over the true percentile of all turns: mean, minimum and maximum of many runs."""

    answers: Answers
    figure: str
    mean: float
    least: float
    most: float


def latencies(repeats: int) -> list[Latency]:
    """Compare the latency of runs with the true percentile; a run has 40 conversations of 8 to 60 turns."""
    return [_latency(answers, figure, repeats) for answers, figure in product(ANSWERS, ALLOWED)]


def _latency(answers: Answers, figure: str, repeats: int) -> Latency:
    rng = _rng("latency", answers.name, figure)
    ratios = [_ratio(answers, figure, rng) for _ in range(repeats)]
    return Latency(answers, figure, fmean(ratios), min(ratios), max(ratios))


def _ratio(answers: Answers, figure: str, rng: Random) -> float:
    conversations = [[answers.turn(rng) for _ in range(rng.randint(8, 60))] for _ in range(40)]
    known = [[(_summary(turns), len(turns))] for turns in conversations]
    turns = sorted(turn for all_ in conversations for turn in all_)
    return latency_of_run(figure, known) / _percentile(turns, 1 - ALLOWED[figure])


def _summary(turns: Sequence[float]) -> LatencySummary:
    ordered = sorted(turns)
    p50, p90, p95, p99 = (_percentile(ordered, 1 - above) for above in ALLOWED.values())
    return LatencySummary(fmean(turns), ordered[-1], p50, p90, p95, p99)


def _percentile(ordered: Sequence[float], share: float) -> float:
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def ships(rate: float, doubtful: float, conversations: int, repeats: int) -> float:
    """Return the share of runs that ship, given an agent's pass rate and share of silent conversations."""
    rng = _rng("doubt", rate, doubtful)
    rules = Rules(max_always_failing=None)
    drawn = (_draw(rate, doubtful, conversations, rng) for _ in range(repeats))
    return fmean(gate(run_of(*results), rules).ships for results in drawn)


def _draw(rate: float, doubtful: float, conversations: int, rng: Random) -> list[dict[str, Any]]:
    return [
        SILENT if rng.random() < doubtful else CALLED | (PASSED if rng.random() < rate else FAILED)
        for _ in range(conversations)
    ]


def _rng(*about: object) -> Random:
    return Random(f"{about}")  # noqa: S311 - the same draws each time are the point
