"""A conversation's latencies, and the unit of a run's latencies."""

from typing import Any

import attrs
from bluejay_results import LatencySummary, LatencyUnit
from contract_kit.tests.tables import table

from .. import builders
from ..runs import run_of

FIGURES = {"average": "avg", "maximum": "max", "p50": "p50", "p90": "p90", "p95": "p95", "p99": "p99"}


def _summary(average: float = 0, **figures: Any) -> LatencySummary:
    evaluation = builders.evaluation(avg_agent_latency=average, latency=figures)
    return attrs.evolve(run_of(builders.result(evaluations=[evaluation])).results[0].latency, unit=None)


@table("figure", FIGURES)
def test_each_latency_is_read_from_its_own_field_and_0_becomes_none(figure: str) -> None:
    name, changed = f"{FIGURES[figure]}_agent_latency", dict[str, Any]({figure: 7})
    assert _summary(**{name: 7}) == LatencySummary(**changed)
    assert attrs.astuple(_summary(**{name: 0})) == (None,) * 7


def test_seconds_are_converted_to_milliseconds_exactly() -> None:
    """The float 1.001 * 1000 is below 1001."""
    assert LatencySummary(p95=1.001, unit=LatencyUnit.SECONDS).in_milliseconds() == LatencySummary(
        p95=1001, unit=LatencyUnit.MILLISECONDS
    )


@table("mean, average", [(7, 7), (0, 8.5), (None, 8.5)])
def test_a_missing_mean_latency_is_taken_from_the_evaluation(mean: float | None, average: float) -> None:
    assert _summary(8.5, avg_agent_latency=mean).average == average


@table(
    "averages, unit",
    [
        ([19.9], LatencyUnit.SECONDS),
        ([20], None),
        ([200], None),
        ([200.1], LatencyUnit.MILLISECONDS),
        ([0.9, 1.4, 30], LatencyUnit.SECONDS),
        ([0.9, 30], LatencyUnit.SECONDS),
        ([910, 150, 880], LatencyUnit.MILLISECONDS),
        ([0.9, 910, 880], None),
        ([0, 0], None),
        ([], None),
    ],
)
def test_the_median_of_the_average_latencies_determines_their_unit(
    averages: list[float], unit: LatencyUnit | None
) -> None:
    evaluations = [[builders.evaluation(avg_agent_latency=each)] for each in averages]
    results = (builders.result(index, evaluations=each) for index, each in enumerate(evaluations))
    assert run_of(*results).latency_unit == unit
