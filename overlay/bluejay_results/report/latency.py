"""The section about latency: the spread of each figure over the conversations, on one scale."""

from __future__ import annotations

from attrs import frozen

from ..gate.verdict import Verdict
from ..results.figures import LATENCIES, RunFigure
from ..writing.numbers import figure_text, obstacle_of_figure
from .scale import Scale


@frozen
class LatencyRow:
    """One figure of the latency.

    Attributes:
        name: The figure, as in a rule: `latency.p95`.
        measured: How many conversations have the figure.
        spread: The lowest, the median and the highest value, as text.
        line: The positions of the lowest and the highest value; None if the figure has no value.
        dot: The position of the median.
        obstacle: Why the figure has no value; empty if it has one.
    """

    name: str
    measured: int
    spread: tuple[str, ...]
    line: tuple[str, str] | None
    dot: str
    obstacle: str


def latency_rows(verdict: Verdict) -> list[LatencyRow]:
    """Return a row for each figure that was measured."""
    spreads = {name: [each for each in verdict.figures if each.figure == name] for name in LATENCIES}
    scale = Scale(
        0.0, max((each.value or 0.0 for all_ in spreads.values() for each in all_), default=0.0) or 1.0
    )
    return [_row(name, spread, scale) for name, spread in spreads.items() if spread]


def _row(name: str, spread: list[RunFigure], scale: Scale) -> LatencyRow:
    low, middle, high = (scale.x(each.value or 0.0) for each in spread)
    is_known = spread[0].obstacle is None
    texts = tuple(map(figure_text, spread))
    reason = obstacle_of_figure(spread[0])
    return LatencyRow(name, spread[0].sample, texts, (low, high) if is_known else None, middle, reason)
