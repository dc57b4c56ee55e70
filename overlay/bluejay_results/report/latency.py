"""The latency of a run: how each percentile is distributed over the conversations."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from attrs import frozen

from ..gate.evidence import Evidence
from ..gate.latency_rule import measured_latencies
from ..gate.rules_and_defaults import Rules
from ..judging.run_latency import ALLOWED, latency_of_run
from ..results.run import SimulationRun
from .scale import Mark, Scale, x_of
from .words import time_text

_BINS = 60
_HEIGHT = 28
"""The height of the highest bar, in pixels."""
FIGURES = ("average", *ALLOWED)


@frozen
class Bar:
    """How many conversations have a figure in one range of the axis."""

    x: str
    width: str
    y: float
    height: float


@frozen
class FigureRow:
    """One figure, such as p95.

    Attributes:
        name: The name of the figure.
        run: The figure over all turns of the run, as the gate computes it.
        limit: The limit of the rule; a dash if the rule is off.
        measured: How many conversations have the figure.
        spread: The lowest, the median and the highest value of the conversations.
        bars: The distribution over the conversations.
        run_mark: The position of the run's figure.
        limit_mark: The position of the limit; None if the rule is off.
    """

    name: str
    run: str
    limit: str
    measured: int
    spread: tuple[str, str, str]
    bars: list[Bar]
    run_mark: Mark
    limit_mark: Mark | None


def latency_rows(run: SimulationRun, rules: Rules) -> list[FigureRow]:
    """Return a row for each figure that judged conversations have; empty if none is measured."""
    unit = rules.latency_unit or run.latency_unit
    evidence, found = Evidence(run), dict[str, tuple[float, list[float]]]()
    for figure in FIGURES:
        if measured := measured_latencies(evidence, figure, unit):
            values = [max(getattr(copy[0], figure) for copy in copies) for _, copies in measured]
            found[figure] = latency_of_run(figure, [copies for _, copies in measured]), values
    limits = {figure: limit for figure, limit in rules.max_latency.items() if figure in found}
    ends = [max(run_value, *values) for run_value, values in found.values()]
    scale = Scale(0.0, max([*ends, *limits.values()], default=1.0))
    return [_row(figure, *of_figure, limits.get(figure), scale) for figure, of_figure in found.items()]


def _row(figure: str, of_run: float, values: Sequence[float], limit: float | None, scale: Scale) -> FigureRow:
    return FigureRow(
        figure,
        time_text(of_run),
        "-" if limit is None else time_text(limit),
        len(values),
        (time_text(min(values)), time_text(median(values)), time_text(max(values))),
        _bars(values, scale),
        scale.mark(of_run, f"run {time_text(of_run)}"),
        None if limit is None else scale.mark(limit, f"limit {time_text(limit)}"),
    )


def _bars(values: Sequence[float], scale: Scale) -> list[Bar]:
    counts = [0] * _BINS
    for each in values:
        counts[min(int(_BINS * each / scale.high), _BINS - 1)] += 1
    largest = max(counts)
    heights = [round(max(_HEIGHT * count / largest, 2 if count else 0), 1) for count in counts]
    return [
        Bar(x_of(100 * index / _BINS), x_of(100 / _BINS), round(_HEIGHT - height, 1), height)
        for index, height in enumerate(heights)
        if height
    ]
