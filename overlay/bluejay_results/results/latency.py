"""The agent's response latency. The service sends 0 for "not measured" and documents no unit.

See `docs/definitions.md`, Rules about figures.
"""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Self

from attrs import evolve, fields, frozen
from bluejay_api.models import Evaluation

_LONGEST_SECONDS = 20
_SHORTEST_MILLISECONDS = 200


class LatencyUnit(StrEnum):
    """The unit of a latency, inferred from its value."""

    SECONDS = "s"
    """Seconds."""
    MILLISECONDS = "ms"
    """Milliseconds."""


@frozen
class LatencySummary:
    """How long the agent took to respond in one conversation.

    The service sends 0 for a figure that wasn't measured; here, it is None. Negative figures can't be
    measurements, so they are None too.

    Attributes:
        average: The mean.
        maximum: The maximum.
        p50: The median.
        p90: The 90th percentile.
        p95: The 95th percentile.
        p99: The 99th percentile.
        unit: The unit of the figures, inferred from the entire run's latencies because the service documents
            none; None if it can't be inferred.
    """

    average: float | None = None
    maximum: float | None = None
    p50: float | None = None
    p90: float | None = None
    p95: float | None = None
    p99: float | None = None
    unit: LatencyUnit | None = None

    def in_milliseconds(self) -> Self | None:
        """Return the same figures in milliseconds, or None if their unit is unknown."""
        if self.unit is not LatencyUnit.SECONDS:
            return self if self.unit else None
        figures = {each.name: getattr(self, each.name) for each in fields(type(self)) if each.name != "unit"}
        measured = {name: milliseconds(value) for name, value in figures.items() if value is not None}
        return evolve(self, **measured, unit=LatencyUnit.MILLISECONDS)


def milliseconds(seconds: float) -> float:
    """Convert a time exactly: as floats, 1.001 * 1000 is less than 1001."""
    return float(Decimal(str(seconds)) * 1000)


def unit_of(average_latencies: Iterable[float | None]) -> LatencyUnit | None:
    """Infer the unit of a run's latencies from the averages; return None if that is impossible.

    Seconds: the median is under 20, and no average is over 200. Milliseconds: the median is over 200, and no
    average is under 20. Source: `docs/definitions.md`, Rules about figures.
    """
    averages = sorted(each for each in average_latencies if each is not None)
    if not averages:
        return None
    median = averages[(len(averages) - 1) // 2]
    if median < _LONGEST_SECONDS and averages[-1] <= _SHORTEST_MILLISECONDS:
        return LatencyUnit.SECONDS
    if median > _SHORTEST_MILLISECONDS and averages[0] >= _LONGEST_SECONDS:
        return LatencyUnit.MILLISECONDS
    return None


def agent_latency(evaluation: Evaluation | None, unit: LatencyUnit | None = None) -> LatencySummary:
    """Return how long the agent took to respond."""
    if evaluation is None:
        return LatencySummary(unit=unit)
    figure = partial(agent_latency_figure, evaluation)
    return LatencySummary(
        figure("average"), figure("max"), figure("p50"), figure("p90"), figure("p95"), figure("p99"), unit
    )


def agent_latency_figure(evaluation: Evaluation, name: str) -> float | None:
    """Return the figure that rules call `latency.NAME`, or None if it wasn't measured."""
    latency = evaluation.latency
    if name == "average":
        return _measured(latency.avg_agent_latency if latency else None) or _measured(
            evaluation.avg_agent_latency
        )
    return _measured(getattr(latency, f"{name}_agent_latency", None))


def _measured(figure: float | None) -> float | None:
    """Return a measured figure, or None for 0 and negative figures, which weren't measured."""
    return figure if figure and figure > 0 else None
