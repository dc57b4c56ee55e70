"""How the figures besides the pass rate changed: latency, judges' flags and custom metrics."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from statistics import fmean, median_low

from attrs import field, frozen

from ..results.metrics import RATED, metric_type
from ..results.result import SimulationResult
from ..results.run import SimulationRun

_LATENCIES = ("average", "p95")
_FLAGS = ("hallucination", "redundancy")


@frozen
class Delta:
    """One figure in both runs, over all conversations except void ones.

    Attributes:
        name: The figure, written as in a rule, such as `median(latency.p95)` or `mean("task score")`.
        unit: `ms`, `%`, or empty.
        base: The figure in the base run; None if nothing was measured.
        now: The figure in the new run; None if nothing was measured.
        change: The figure in the new run minus the figure in the base run; None if one of them is None.
    """

    name: str
    unit: str
    base: float | None
    now: float | None
    change: float | None = field(init=False)

    @change.default
    def _change(self) -> float | None:
        return None if self.base is None or self.now is None else self.now - self.base


def deltas(base: SimulationRun, run: SimulationRun) -> Iterator[Delta]:
    """Yield each figure that a conversation of either run has."""
    sides = [[*each.passed, *each.failed, *each.unknown] for each in (base, run)]
    for name in _LATENCIES:
        yield from _delta(f"median(latency.{name})", "ms", ([*_latencies(side, name)] for side in sides))
    for name in _FLAGS:
        yield from _delta(f"rate({name})", "%", ([*_flags(side, name)] for side in sides))
    answers = [_answers(side) for side in sides]
    for name, is_rated in dict.fromkeys(key for side in answers for key in side):
        aggregate, unit = ("rate", "%") if is_rated else ("mean", "")
        quoted = json.dumps(name, ensure_ascii=False)
        values = (side.get((name, is_rated), []) for side in answers)
        yield from _delta(f"{aggregate}({quoted})", unit, values)


def _delta(name: str, unit: str, sides: Iterable[list[float]]) -> Iterator[Delta]:
    usual = median_low if unit == "ms" else fmean
    base, now = (usual(values) if values else None for values in sides)
    if base is not None or now is not None:
        yield Delta(name, unit, base, now)


def _latencies(results: Iterable[SimulationResult], name: str) -> Iterator[float]:
    for each in results:
        latency = each.latency.in_milliseconds()
        if latency and (value := getattr(latency, name)) is not None:
            yield value


def _flags(results: Iterable[SimulationResult], name: str) -> Iterator[float]:
    for each in results:
        if (current := each.effective_evaluation) and (flag := getattr(current, name)) is not None:
            yield 100.0 * flag


def _answers(results: Iterable[SimulationResult]) -> dict[tuple[str, bool], list[float]]:
    """Return the answers as numbers, by the metric's name and by whether the answers are yes or no."""
    found: dict[tuple[str, bool], list[float]] = {}
    for each in results:
        for metric in each.metrics:
            if metric.number is not None:
                is_rated = metric_type(metric.response) in RATED
                found.setdefault((metric.name, is_rated), []).append(metric.number)
    return found
