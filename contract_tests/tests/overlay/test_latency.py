"""The latencies of the agent, figure by figure."""

from typing import Any

import attrs
import pytest
from bluejay_results import LatencySummary, LatencyUnit, SimulationRun

from .. import builders
from ..runs import run_of

FIGURES = {"average": "avg", "maximum": "max", "p50": "p50", "p90": "p90", "p95": "p95", "p99": "p99"}
ALL = [("latency", figure) for figure in FIGURES] + [
    ("filler_ignored_latency", figure) for figure in FIGURES if figure != "maximum"
]


def _summary(group: str, **figures: Any) -> LatencySummary:
    document = builders.response(
        builders.result(evaluations=[builders.evaluation(avg_agent_latency=0, **{group: figures})])
    )
    summary: LatencySummary = getattr(SimulationRun.from_bytes(builders.encoded(document)).results[0], group)
    return attrs.evolve(summary, unit=None)


@pytest.mark.parametrize(("group", "figure"), ALL)
def test_each_latency_figure_comes_from_its_own_field_and_0_becomes_none(group: str, figure: str) -> None:
    name = f"{FIGURES[figure]}_{'agent_latency' if group == 'latency' else group}"
    changed: Any = {figure: 7}
    assert _summary(group, **{name: 7}) == LatencySummary(**changed)
    assert attrs.astuple(_summary(group, **{name: 0})) == (None,) * 7


@pytest.mark.parametrize(("mean", "average"), [(7, 7), (0, 8.5), (None, 8.5)])
def test_a_missing_mean_latency_is_taken_from_the_evaluation(mean: float | None, average: float) -> None:
    evaluation = builders.evaluation(latency={"avg_agent_latency": mean}, avg_agent_latency=8.5)
    document = builders.response(builders.result(evaluations=[evaluation]))
    assert SimulationRun.from_bytes(builders.encoded(document)).results[0].latency.average == average


def _unit(*averages: float) -> LatencyUnit | None:
    results = [
        builders.result(index, evaluations=[builders.evaluation(avg_agent_latency=each)])
        for index, each in enumerate(averages)
    ]
    return run_of(*results).latency_unit


@pytest.mark.parametrize(
    ("averages", "unit"),
    [
        ([19.9], LatencyUnit.SECONDS),
        ([20], None),
        ([200], None),
        ([200.1], LatencyUnit.MILLISECONDS),
        ([0.9, 1.4, 30], LatencyUnit.SECONDS),
        ([910, 150, 880], LatencyUnit.MILLISECONDS),
        ([0.9, 910, 880], None),
        ([0, 0], None),
        ([], None),
    ],
)
def test_the_latency_unit_comes_from_the_median_average_and_is_none_if_mixed(
    averages: list[float], unit: LatencyUnit | None
) -> None:
    assert _unit(*averages) == unit


def test_in_milliseconds_converts_seconds_and_is_none_for_an_unknown_unit() -> None:
    seconds = LatencySummary(average=0.5, p95=2, unit=LatencyUnit.SECONDS)
    assert seconds.in_milliseconds() == LatencySummary(average=500, p95=2000, unit=LatencyUnit.MILLISECONDS)
    assert LatencySummary(average=100).in_milliseconds() is None
    known = LatencySummary(average=300, unit=LatencyUnit.MILLISECONDS)
    assert known.in_milliseconds() == known
