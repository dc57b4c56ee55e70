"""The section about latency: the spread of each figure over the conversations, on one scale."""

from __future__ import annotations

from statistics import median_low

from attrs import frozen

from ..gate.verdict import Verdict
from ..results.outcome import Outcome
from .scale import Scale
from .words import time_text

_FIGURES = ("average", "p50", "p90", "p95", "p99", "maximum")


@frozen
class LatencyRow:
    """One figure of the latency.

    Attributes:
        name: The figure, as in a rule: `latency.p95`.
        measured: How many conversations have the figure.
        spread: The lowest, the median and the highest value, as text.
        line: The positions of the lowest and the highest value.
        dot: The position of the median.
    """

    name: str
    measured: int
    spread: tuple[str, str, str]
    line: tuple[str, str]
    dot: str


def latency_rows(verdict: Verdict) -> list[LatencyRow]:
    """Return a row for each figure that was measured; empty if the unit isn't known."""
    counted = (each.latency_ms for each in verdict.results if each.outcome is not Outcome.VOID)
    latencies = [each for each in counted if each]
    found = {
        name: values
        for name in _FIGURES
        if (values := [value for each in latencies if (value := getattr(each, name)) is not None])
    }
    scale = Scale(0.0, max((max(values) for values in found.values()), default=1.0))
    return [_row(name, values, scale) for name, values in found.items()]


def _row(name: str, values: list[float], scale: Scale) -> LatencyRow:
    low, middle, high = min(values), median_low(values), max(values)
    return LatencyRow(
        f"latency.{'max' if name == 'maximum' else name}",
        len(values),
        (time_text(low), time_text(middle), time_text(high)),
        (scale.x(low), scale.x(high)),
        scale.x(middle),
    )
