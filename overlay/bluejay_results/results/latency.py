"""How long the agent takes to answer. The service sends 0 for "not measured" and documents no unit.

See `docs/definitions.md`, Rules about figures.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Self

from attrs import evolve, fields, frozen
from bluejay_api.models import Evaluation, Latency

_LONGEST_SECONDS = 20
_SHORTEST_MILLISECONDS = 200


class LatencyUnit(StrEnum):
    """The unit of a latency, as inferred from its size."""

    SECONDS = "s"
    """Seconds."""
    MILLISECONDS = "ms"
    """Milliseconds."""


@frozen
class LatencySummary:
    """How long the agent took to answer in one conversation.

    The service sends 0 for a figure that was not measured; here, the figure is None. A negative figure can't
    be a measurement, so it is None too.

    Attributes:
        average: The mean.
        maximum: The longest time.
        p50: The median.
        p90: The 90th percentile.
        p95: The 95th percentile.
        p99: The 99th percentile.
        unit: The unit of the figures, inferred from the latencies of the whole run because the service
            documents none; None if they don't show a unit.
    """

    average: float | None = None
    maximum: float | None = None
    p50: float | None = None
    p90: float | None = None
    p95: float | None = None
    p99: float | None = None
    unit: LatencyUnit | None = None

    def in_milliseconds(self) -> Self | None:
        """Return the same figures in milliseconds; None if their unit is not known."""
        if self.unit is not LatencyUnit.SECONDS:
            return self if self.unit else None
        figures = {each.name: getattr(self, each.name) for each in fields(type(self)) if each.name != "unit"}
        converted = {name: None if value is None else value * 1000 for name, value in figures.items()}
        return evolve(self, **converted, unit=LatencyUnit.MILLISECONDS)


def unit_of(latencies: Iterable[LatencySummary]) -> LatencyUnit | None:
    """Infer the unit of a run's latencies from the averages; None if the averages don't show the unit.

    Seconds: the median is under 20, and no average is over 200. Milliseconds: the median is over 200, and no
    average is under 20. Source: `docs/definitions.md`, Rules about figures.
    """
    averages = sorted(each.average for each in latencies if each.average is not None)
    if not averages:
        return None
    median = averages[(len(averages) - 1) // 2]
    if median < _LONGEST_SECONDS and averages[-1] <= _SHORTEST_MILLISECONDS:
        return LatencyUnit.SECONDS
    if median > _SHORTEST_MILLISECONDS and averages[0] >= _LONGEST_SECONDS:
        return LatencyUnit.MILLISECONDS
    return None


def agent_latency(evaluation: Evaluation | None, unit: LatencyUnit | None = None) -> LatencySummary:
    """Return how long the agent took to answer."""
    if evaluation is None:
        return LatencySummary(unit=unit)
    latency = evaluation.latency or Latency()
    return LatencySummary(
        average=_measured(latency.avg_agent_latency) or _measured(evaluation.avg_agent_latency),
        maximum=_measured(latency.max_agent_latency),
        p50=_measured(latency.p50_agent_latency),
        p90=_measured(latency.p90_agent_latency),
        p95=_measured(latency.p95_agent_latency),
        p99=_measured(latency.p99_agent_latency),
        unit=unit,
    )


def _measured(figure: float | None) -> float | None:
    """Return a figure that was measured; None for 0 and negative figures, which were not measured."""
    return figure if figure and figure > 0 else None
