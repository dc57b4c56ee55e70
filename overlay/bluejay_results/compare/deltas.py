"""Computes the figures besides the pass rate for both sides: custom metrics, judges' flags and latency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import fmean

from attrs import frozen

from ..judging.run_latency import knows, latency_of_run
from ..results.metrics import ORDERED, POSITIVE, metric_name, metric_type, metric_value
from ..results.result import SimulationResult

FIGURES = ("average", "p50", "p90", "p95", "p99")
FLAGS = ("hallucination", "redundancy")


@frozen
class Delta:
    """One figure on both sides.

    Attributes:
        name: `latency p95`, `hallucination`, or the name of a custom metric.
        unit: `ms`, `%`, or empty.
        base: The figure before; None if nothing was measured.
        new: The figure now; None if nothing was measured.
    """

    name: str
    unit: str
    base: float | None
    new: float | None

    @property
    def change(self) -> float | None:
        """The new figure minus the base figure; None if one of them is unknown."""
        return None if self.base is None or self.new is None else self.new - self.base


def deltas(base: Sequence[SimulationResult], new: Sequence[SimulationResult]) -> Iterator[Delta]:
    """Yield the figures that judged conversations of either side have, computed as in the gate.

    A latency is computed over all turns of a side, in milliseconds. The figure of a flag is the percentage of
    conversations with the flag. The figure of a metric is the mean of its answers, or the percentage of pass
    or yes.
    """
    for figure in FIGURES:
        yield from _delta(f"latency {figure}", "ms", (_latency(side, figure) for side in (base, new)))
    yield from answer_deltas(base, new)


def answer_deltas(base: Sequence[SimulationResult], new: Sequence[SimulationResult]) -> Iterator[Delta]:
    """Yield the figures of the judges' flags, and of the custom metrics whose answers have an order."""
    for flag in FLAGS:
        yield from _delta(flag, "%", (_share(side, flag) for side in (base, new)))
    names: dict[str, str] = {}
    answers = [_answers(base, names), _answers(new, names)]
    for name, kind in dict.fromkeys(key for side in answers for key in side):
        values = (fmean(found) if (found := side.get((name, kind))) else None for side in answers)
        yield from _delta(names[name], "%" if kind in POSITIVE else "", values)


def _delta(name: str, unit: str, values: Iterable[float | None]) -> Iterator[Delta]:
    base, new = values
    if base is not None or new is not None:
        yield Delta(name, unit, base, new)


def _latency(results: Sequence[SimulationResult], figure: str) -> float | None:
    known = [
        [(latency, each.evaluation.num_turns)]
        for each in results
        if each.evaluation and (latency := each.latency.in_milliseconds()) and knows(latency, figure)
    ]
    return latency_of_run(figure, known) if known else None


def _share(results: Sequence[SimulationResult], flag: str) -> float | None:
    said = [value for each in results if (value := getattr(each.evaluation, flag)) is not None]
    return 100 * fmean(said) if said else None


def _answers(
    results: Sequence[SimulationResult], names: dict[str, str]
) -> dict[tuple[str, str], list[float]]:
    """Collect the answers of each metric whose answers have an order, by its name and type in lower case.

    `names` receives the first spelling of each name.
    """
    found: dict[tuple[str, str], list[float]] = {}
    for each in results:
        for answer in (each.evaluation and each.evaluation.custom_metrics) or ():
            kind, name = metric_type(answer), metric_name(answer.name)
            value = metric_value(answer) if kind in ORDERED else None
            if value is not None:
                names.setdefault(name, answer.name)
                found.setdefault((name, kind), []).append(value)
    return found
