"""The rules about figures: which values count, their units and types, and when a rule is inconclusive."""

from typing import Any

import pytest
from bluejay_results import LatencyUnit, SimulationRun
from bluejay_results.gate import Obstacle, RuleVerdict

from .. import builders
from .findings import figure
from .runs import FAILED, PASSED, UNKNOWN, evaluated, metrics, run_of

KEPT, BROKEN, UNSURE = RuleVerdict.KEPT, RuleVerdict.BROKEN, RuleVerdict.INCONCLUSIVE


def latencies(*averages: float, **figures: float) -> SimulationRun:
    """A run of conversations with these averages, which all have the same other latencies."""
    return evaluated(*({"avg_agent_latency": each, "latency": figures} for each in averages))


def answer(kind: str, value: str, **fields: Any) -> dict[str, Any]:
    return {"name": "politeness", "description": "", "response_type": kind, "response_value": value} | fields


def answered(*answers: dict[str, Any]) -> SimulationRun:
    """A run in which each conversation has one of these answers."""
    return evaluated(*({"custom_metrics": [each]} for each in answers))


TIMES = {"start_time": "2026-11-19T16:04:00Z", "end_time": "2026-11-19T16:05:02.5Z"}
POLITE = {"evaluations": [builders.evaluation(custom_metrics=[answer("quantitative", "5")])]}
RUDE = {"evaluations": [builders.evaluation(custom_metrics=[answer("quantitative", "1")])]}
FLAGGED = {"hallucination": True}
FINE = {"hallucination": False}


@pytest.mark.parametrize(
    ("run", "rule", "expected"),
    [
        (latencies(*[900] * 9, 5000), "p90(latency.average) <= 900 ms", KEPT),
        (latencies(*[900] * 8, 5000), "p90(latency.average) <= 900 ms", BROKEN),
        (latencies(1.001), "max(latency.average) <= 1.001 s", KEPT),
        (latencies(1.001), "max(latency.average) < 1001 ms", BROKEN),
        (run_of(TIMES), "max(duration) <= 62.5 s", KEPT),
        (run_of(TIMES), "max(duration) < 62500 ms", BROKEN),
        (metrics(*["4"] * 9, "1"), "p10(politeness) >= 4", KEPT),
        (metrics(*["4"] * 8, "1"), "p10(politeness) >= 4", BROKEN),
        (metrics("3.0", "3.0", "3.6"), "mean(politeness) >= 3.2", KEPT),  # the mean is exact
        (metrics("3.0", "3.0", "3.6"), "mean(politeness) > 3.2", BROKEN),
        (metrics("pass", "fail", kind="pass_fail"), "rate(politeness) >= 50 %", KEPT),
        (metrics("yes", "no", kind="yes_no"), "rate(politeness) > 50 %", BROKEN),
        (metrics("true", "false", kind="tool_call"), "rate(politeness) <= 50 %", KEPT),
        (evaluated(FLAGGED, *[FINE] * 19), "rate(hallucination) <= 5 %", KEPT),
        (evaluated(FLAGGED, *[FINE] * 18), "rate(hallucination) <= 5 %", BROKEN),
        (evaluated({"redundancy": True}, {"redundancy": False}), "rate(redundancy) < 50 %", BROKEN),
        # The values of void conversations don't count, and those of unknown ones do.
        (run_of(*[POLITE] * 9, RUDE | {"status": "CANCELLED"}), "min(politeness) >= 5", KEPT),
        (run_of(*[POLITE] * 9, RUDE | {"status": "NO_ANSWER"}), "min(politeness) >= 5", BROKEN),
        (metrics("5", "n/a"), "min(politeness) >= 5", KEPT),
        # The name of a metric is compared exactly.
        (metrics("5", name='a) <= "b" %'), r'mean("a) <= \"b\" %") >= 4', KEPT),
        (metrics("5", name="duration"), 'mean("duration") >= 4', KEPT),
        (run_of({"evaluations": [builders.evaluation(**FINE)] * 2}), "rate(hallucination) <= 5 %", KEPT),
    ],
)
def test_a_rule_is_kept_at_its_limit_and_broken_beyond(
    run: SimulationRun, rule: str, expected: RuleVerdict
) -> None:
    assert figure(run, rule).verdict is expected


@pytest.mark.parametrize("name", ["p50", "p90", "p95", "p99", "max"])
def test_each_latency_is_read_from_its_own_field(name: str) -> None:
    run = latencies(800, 800, **{f"{name}_agent_latency": 1234})
    assert figure(run, f"mean(latency.{name}) <= 2 s").lowest == 1234
    others = {"p50", "p90", "p95", "p99", "max"} - {name}
    assert [figure(run, f"mean(latency.{each}) <= 2 s").sample for each in sorted(others)] == [0] * 4


@pytest.mark.parametrize(
    ("averages", "value"),
    [
        ([0.9, 0.9], 900),
        ([900, 900], 900),
        ([19.9, 200], 19_900),  # the median is the lower one, under 20, and no average is over 200
        ([19.9, 200.1], None),
        ([20, 201, 201], 201),  # the median is over 200, and no average is under 20
        ([19.9, 201, 201], None),
        ([20], None),
        ([200], None),
    ],
)
def test_the_unit_of_latencies_follows_from_their_size(averages: list[float], value: float | None) -> None:
    found = figure(latencies(*averages), "median(latency.average) <= 1 s")
    assert found.lowest == value
    assert found.obstacle is (Obstacle.UNIT_UNKNOWN if value is None else None)


@pytest.mark.parametrize(
    ("average", "unit", "value"),
    [(900, LatencyUnit.SECONDS, 900_000), (0.9, LatencyUnit.MILLISECONDS, 0.9)],
)
def test_the_option_latency_unit_decides_even_against_the_size(
    average: float, unit: LatencyUnit, value: float
) -> None:
    found = figure(latencies(average, average), "max(latency.average) <= 1 s", latency_unit=unit)
    assert found.lowest == value


@pytest.mark.parametrize(
    ("run", "sample", "total", "verdict"),
    [
        (run_of(POLITE, PASSED), 1, 2, KEPT),
        (run_of(POLITE, PASSED, FAILED), 1, 3, UNSURE),
        (run_of(POLITE, UNKNOWN, UNKNOWN), 1, 3, UNSURE),
        (run_of(POLITE, POLITE, UNKNOWN, UNKNOWN), 2, 4, KEPT),
        (run_of(POLITE, total_tests=2), 1, 2, KEPT),  # a missing conversation has no figure
        (run_of(POLITE, total_tests=3), 1, 3, UNSURE),
        (run_of(PASSED), 0, 1, UNSURE),
        (metrics("5", "not applicable", "N/A", "Not applicable."), 1, 4, UNSURE),
        (metrics("5", name="Politeness"), 0, 1, UNSURE),
    ],
)
def test_at_least_half_of_the_conversations_must_have_the_figure(
    run: SimulationRun, sample: int, total: int, verdict: RuleVerdict
) -> None:
    found = figure(run, "min(politeness) >= 5")
    assert (found.verdict, found.sample, found.total) == (verdict, sample, total)
    assert found.obstacle is (Obstacle.FEW_VALUES if verdict is UNSURE else None)


def test_a_latency_of_0_is_not_a_value() -> None:
    found = figure(latencies(0, 900, 900), "min(latency.average) >= 900 ms")
    assert (found.verdict, found.sample, found.total) == (KEPT, 2, 3)


def test_an_answer_at_an_end_of_its_range_counts() -> None:
    ends = (answer("quantitative", each, min_value=1, max_value=5) for each in ("1", "5"))
    assert figure(answered(*ends), "mean(politeness) >= 3").lowest == 3


@pytest.mark.parametrize("kind", ["qualitative", "enum", "json", "new_type", "pass_fail", "quantitative"])
@pytest.mark.parametrize(
    ("rule", "fitting"),
    [("mean(politeness) >= 1", "quantitative"), ("rate(politeness) >= 1 %", "pass_fail")],
)
def test_only_numbers_have_a_mean_and_only_yes_and_no_have_a_rate(kind: str, rule: str, fitting: str) -> None:
    found = figure(metrics("pass" if kind == "pass_fail" else "1", kind=kind), rule)
    assert found.obstacle is (None if kind == fitting else Obstacle.TYPE_UNFIT)


@pytest.mark.parametrize(
    ("kind", "value", "fields"),
    [
        ("quantitative", "1/5", {}),
        ("quantitative", "nan", {}),
        ("quantitative", "1_0", {}),
        ("quantitative", "5.1", {"min_value": 1, "max_value": 5}),
        ("quantitative", "0.9", {"min_value": 1, "max_value": 5}),
        ("pass_fail", "failed", {}),
    ],
)
def test_an_answer_that_cannot_be_read_makes_the_rule_inconclusive(
    kind: str, value: str, fields: dict[str, Any]
) -> None:
    rule, good = (
        ("rate(politeness) >= 1 %", "pass") if kind == "pass_fail" else ("mean(politeness) >= 1", "5")
    )
    found = figure(answered(*[answer(kind, good)] * 9, answer(kind, value, **fields)), rule)
    assert (found.verdict, found.lowest) == (UNSURE, None)
    assert (found.obstacle, found.details) == (Obstacle.UNREADABLE, (value,))


TWO_ANSWERS = {"custom_metrics": [answer("quantitative", "5"), answer("quantitative", "4")]}
TWO_EVALUATIONS = {"evaluations": [builders.evaluation(**each) for each in (FLAGGED, FINE)]}
THREE_METRICS = {
    "custom_metrics": [answer("quantitative", "5", name=each) for each in ("b", "politeness", "a")]
}


@pytest.mark.parametrize(
    ("run", "rule", "obstacle", "details"),
    [
        (evaluated(TWO_ANSWERS), "mean(politeness) >= 1", Obstacle.UNREADABLE, ("5", "4")),
        (run_of(TWO_EVALUATIONS), "rate(hallucination) <= 5 %", Obstacle.EVALUATIONS_DISAGREE, ()),
        (
            answered(answer("quantitative", "5"), answer("pass_fail", "pass")),
            "mean(politeness) >= 1",
            Obstacle.TYPE_UNFIT,
            ("pass_fail", "quantitative"),
        ),
        (evaluated(THREE_METRICS), "mean(politness) >= 4", Obstacle.FEW_VALUES, ("a", "b", "politeness")),
    ],
    ids=["two answers", "two evaluations", "two types", "no such metric"],
)
def test_an_obstacle_has_the_received_values_that_explain_it(
    run: SimulationRun, rule: str, obstacle: Obstacle, details: tuple[str, ...]
) -> None:
    found = figure(run, rule)
    assert (found.verdict, found.obstacle, found.details) == (UNSURE, obstacle, details)


@pytest.mark.parametrize(
    ("run", "rule", "worst"),
    [
        (latencies(1500, 900, 3000), "p90(latency.average) <= 1000 ms", (3, 1)),
        (metrics("3", "5", "1"), "mean(politeness) >= 4", (3, 1)),
        (evaluated(FINE, FLAGGED), "rate(hallucination) <= 5 %", (2,)),
        (run_of(TWO_EVALUATIONS), "rate(hallucination) <= 5 %", (1,)),  # its evaluations disagree
    ],
)
def test_a_finding_names_the_conversations_to_open_the_worst_first(
    run: SimulationRun, rule: str, worst: tuple[int, ...]
) -> None:
    assert figure(run, rule).conversations == worst
