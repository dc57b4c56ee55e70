"""The rules about figures: aggregates, units and types, obstacles, and the conversations to open.

The tests in ../oracle also check verdicts and values, in random runs.
"""

from fractions import Fraction
from typing import Any

import pytest
from bluejay_results import SimulationRun
from bluejay_results.gate import FigureObstacle, RuleVerdict
from bluejay_results.results.aggregate import Aggregate, aggregate
from hypothesis import given
from hypothesis import strategies as st

from .. import builders
from .runs import evaluated, figure, metrics, run_of

KEPT, BROKEN, UNSURE = RuleVerdict.KEPT, RuleVerdict.BROKEN, RuleVerdict.INCONCLUSIVE
FLAGGED, FINE = {"hallucination": True}, {"hallucination": False}


def latencies(*averages: float) -> SimulationRun:
    return evaluated(*({"avg_agent_latency": each} for each in averages))


def answer(value: str, kind: str = "quantitative", **fields: Any) -> dict[str, Any]:
    return {"name": "politeness", "description": "", "response_type": kind, "response_value": value} | fields


def answered(*answers: dict[str, Any]) -> SimulationRun:
    """A run in which each conversation has one of these answers."""
    return evaluated(*({"custom_metrics": [each]} for each in answers))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Aggregate.MEAN, 25.5),
        (Aggregate.MEDIAN, 25),  # the lower of the two middle values
        (Aggregate.MIN, 1),
        (Aggregate.MAX, 50),
        (Aggregate.P5, 3),
        (Aggregate.P10, 6),
        (Aggregate.P90, 45),
        (Aggregate.P95, 48),
    ],
)
def test_each_aggregate_of_shuffled_values_is_computed_as_defined(kind: Aggregate, expected: float) -> None:
    assert aggregate(kind, [*range(26, 51), *range(1, 26)]) == expected


@pytest.mark.parametrize(("yes", "count"), [(7, 100), (29, 100), (3, 3)])
def test_the_percentage_of_yes_answers_has_no_rounding_error(yes: int, count: int) -> None:
    assert aggregate(Aggregate.RATE, [1.0] * yes + [0.0] * (count - yes)) == 100 * yes / count


@given(st.lists(st.decimals(-10, 10, places=2).map(float), min_size=1))
def test_the_mean_of_decimals_is_rounded_only_once(values: list[float]) -> None:
    hundredths = sum(round(each * 100) for each in values)
    assert aggregate(Aggregate.MEAN, values) == float(Fraction(hundredths, 100 * len(values)))


@pytest.mark.parametrize(
    ("run", "rule", "expected"),
    [
        (latencies(1.001), "max(latency.average) <= 1.001 s", KEPT),
        (latencies(1.001), "max(latency.average) < 1001 ms", BROKEN),
        (metrics("3.0", "3.0", "3.6"), "mean(politeness) >= 3.2", KEPT),
        (metrics("3.0", "3.0", "3.6"), "mean(politeness) > 3.2", BROKEN),
        # The name of a metric is compared exactly.
        (metrics("5", name='a) <= "b" %'), r'mean("a) <= \"b\" %") >= 4', KEPT),
        (metrics("5", name="duration"), 'mean("duration") >= 4', KEPT),
        (metrics("5", name="Politeness"), "min(politeness) >= 5", UNSURE),
        (metrics("5", "not applicable", "N/A", "Not applicable."), "min(politeness) >= 5", KEPT),
        (metrics("N/A"), "min(politeness) >= 5", UNSURE),
    ],
)
def test_a_rule_is_kept_if_the_value_equals_the_limit(
    run: SimulationRun, rule: str, expected: RuleVerdict
) -> None:
    assert figure(run, rule).verdict is expected


@pytest.mark.parametrize(
    ("averages", "value"),
    [
        ([900, 900], 900),
        ([19.9, 200], 19_900),  # seconds: the median is 19.9, under 20, and no average is over 200
        ([19.9, 200.1], None),
        ([20, 201, 201], 201),  # milliseconds: the median is over 200, and no average is under 20
        ([19.9, 201, 201], None),
        ([20], None),
        ([200], None),
    ],
)
def test_the_unit_of_latencies_is_inferred_from_their_values(
    averages: list[float], value: float | None
) -> None:
    found = figure(latencies(*averages), "median(latency.average) <= 1 s")
    assert found.lowest == value
    assert found.obstacle is (FigureObstacle.UNIT_UNKNOWN if value is None else None)


IN_RANGE: dict[str, Any] = {"min_value": 1, "max_value": 5}


@pytest.mark.parametrize("value", ["1/5", "nan", "1_0", "5.1", "0.9"])
def test_a_rule_is_inconclusive_if_an_answer_is_unreadable_or_out_of_range(value: str) -> None:
    ends = [answer(each, **IN_RANGE) for each in ("1", "5")]
    assert figure(answered(*ends), "mean(politeness) >= 1").lowest == 3
    found = figure(answered(*ends, answer(value, **IN_RANGE)), "mean(politeness) >= 1")
    assert (found.verdict, found.obstacle, found.details) == (UNSURE, FigureObstacle.UNREADABLE, (value,))


TWO_EVALUATIONS = run_of({"evaluations": [builders.evaluation(**each) for each in (FLAGGED, FINE)]})
TWO_TYPES = answered(answer("5"), answer("pass", "pass_fail"))
THREE_METRICS = {"custom_metrics": [answer("5", name=each) for each in ("b", "politeness", "a")]}


@pytest.mark.parametrize(
    ("run", "rule", "obstacle", "details"),
    [
        (
            evaluated({"custom_metrics": [answer("5"), answer("4")]}),
            "mean(politeness) >= 1",
            FigureObstacle.UNREADABLE,
            ("5", "4"),
        ),
        (
            metrics("failed", kind="pass_fail"),
            "rate(politeness) >= 1 %",
            FigureObstacle.UNREADABLE,
            ("failed",),
        ),
        (TWO_EVALUATIONS, "rate(hallucination) <= 5 %", FigureObstacle.EVALUATIONS_DISAGREE, ()),
        (TWO_TYPES, "mean(politeness) >= 1", FigureObstacle.TYPE_UNFIT, ("pass_fail", "quantitative")),
        (TWO_TYPES, "rate(politeness) >= 1 %", FigureObstacle.TYPE_UNFIT, ("pass_fail", "quantitative")),
        (
            evaluated(THREE_METRICS),
            "mean(politness) >= 4",
            FigureObstacle.FEW_VALUES,
            ("a", "b", "politeness"),
        ),
    ],
    ids=["two answers", "an unreadable one", "two evaluations", "a mean", "a rate", "no such metric"],
)
def test_an_inconclusive_rule_names_the_received_values_that_caused_it(
    run: SimulationRun, rule: str, obstacle: FigureObstacle, details: tuple[str, ...]
) -> None:
    found = figure(run, rule)
    assert (found.verdict, found.obstacle, found.details) == (UNSURE, obstacle, details)


def test_a_metric_whose_type_differs_between_conversations_has_no_value() -> None:
    """A metric whose type is text in every conversation isn't a figure at all."""
    text, number = answer("fine", "qualitative"), answer("4")
    found = [each for each in answered(text, number).figures if each.is_metric]
    assert [(each.name, each.obstacle) for each in found] == [("mean(politeness)", FigureObstacle.TYPE_UNFIT)]
    assert not [each for each in answered(text, text).figures if each.is_metric]


@pytest.mark.parametrize(
    ("run", "rule", "worst"),
    [
        (latencies(1500, 900, 3000), "p90(latency.average) <= 1000 ms", (3, 1)),
        (latencies(1500, 900, 3000), "max(latency.average) < 1500 ms", (3, 1)),
        (latencies(1500, 900), "max(latency.average) < 1500 ms", (1,)),
        (metrics("3", "5", "1"), "mean(politeness) >= 4", (3, 1)),
        (metrics("3", "5", "4"), "min(politeness) > 4", (1, 3)),
        (metrics("4", "5"), "min(politeness) > 4", (1,)),
        (evaluated(FINE, FLAGGED), "rate(hallucination) <= 5 %", (2,)),
        (TWO_EVALUATIONS, "rate(hallucination) <= 5 %", (1,)),
    ],
)
def test_a_broken_rule_names_the_worst_conversation_first(
    run: SimulationRun, rule: str, worst: tuple[int, ...]
) -> None:
    assert figure(run, rule).conversations == worst
