"""The rules about figures: which values count, their units and types, and when a rule is inconclusive."""

from typing import Any

import pytest
from bluejay_results import LatencyUnit, SimulationRun
from bluejay_results.gate import Finding, Obstacle, RuleVerdict

from .. import builders
from .findings import figure
from .runs import FAILED, PASSED, UNKNOWN, evaluated, metrics, run_of

KEPT, BROKEN, UNSURE = RuleVerdict.KEPT, RuleVerdict.BROKEN, RuleVerdict.INCONCLUSIVE


def latencies(*averages: float, **figures: float) -> SimulationRun:
    """A run of conversations with these averages, which all have the same other latencies."""
    return evaluated(*({"avg_agent_latency": each, "latency": figures} for each in averages))


def answer(kind: str, value: str, **fields: Any) -> dict[str, Any]:
    return {"name": "politeness", "description": "", "response_type": kind, "response_value": value} | fields


@pytest.mark.parametrize(
    ("run", "rule", "expected"),
    [
        # Nine of ten values are enough for p90 and p10, with fewer than ten values all of them.
        (latencies(*[900] * 9, 5000), "p90(latency.average) <= 900 ms", KEPT),
        (latencies(*[900] * 8, 5000), "p90(latency.average) <= 900 ms", BROKEN),
        (latencies(*[900] * 19, 5000), "p95(latency.average) <= 900 ms", KEPT),
        (latencies(*[900] * 18, 5000), "p95(latency.average) <= 900 ms", BROKEN),
        (metrics(*["4"] * 9, "1"), "p10(politeness) >= 4", KEPT),
        (metrics(*["4"] * 8, "1"), "p10(politeness) >= 4", BROKEN),
        (metrics(*["4"] * 19, "1"), "p5(politeness) >= 4", KEPT),
        (metrics(*["4"] * 18, "1"), "p5(politeness) >= 4", BROKEN),
        (metrics("3", "5"), "min(politeness) >= 3", KEPT),
        (metrics("3", "5"), "min(politeness) > 3", BROKEN),
        (metrics("3", "5"), "max(politeness) <= 5", KEPT),
        (metrics("3", "5"), "max(politeness) < 5", BROKEN),
        (metrics("3", "4", "5", "5"), "median(politeness) <= 4", KEPT),  # the lower middle one
        (metrics("3", "4", "5", "5"), "median(politeness) > 4", BROKEN),
        (metrics("3.0", "3.0", "3.6"), "mean(politeness) >= 3.2", KEPT),  # the mean is exact
        (metrics("3.0", "3.0", "3.6"), "mean(politeness) > 3.2", BROKEN),
        (metrics("pass", "fail", kind="pass_fail"), "rate(politeness) >= 50 %", KEPT),
        (metrics("yes", "no", kind="yes_no"), "rate(politeness) > 50 %", BROKEN),
        (metrics("true", "false", kind="tool_call"), "rate(politeness) <= 50 %", KEPT),
        (
            evaluated({"hallucination": True}, *[{"hallucination": False}] * 19),
            "rate(hallucination) <= 5 %",
            KEPT,
        ),
        (
            evaluated({"hallucination": True}, *[{"hallucination": False}] * 18),
            "rate(hallucination) <= 5 %",
            BROKEN,
        ),
        (evaluated({"redundancy": True}, {"redundancy": False}), "rate(redundancy) < 50 %", BROKEN),
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


def test_a_duration_is_the_time_from_the_start_to_the_end() -> None:
    times = {"start_time": "2026-11-19T16:04:00Z", "end_time": "2026-11-19T16:05:02.5Z"}
    assert figure(run_of(times), "max(duration) <= 62.5 s").verdict is KEPT
    assert figure(run_of(times), "max(duration) < 62500 ms").verdict is BROKEN


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


def test_the_option_latency_unit_decides_even_against_the_size() -> None:
    run = latencies(300, 900)
    assert figure(run, "max(latency.average) <= 1 s", latency_unit=LatencyUnit.MILLISECONDS).lowest == 900
    assert figure(run, "max(latency.average) <= 1 s", latency_unit=LatencyUnit.SECONDS).lowest == 900_000


def test_a_latency_of_0_is_not_a_value() -> None:
    found = figure(latencies(0, 900, 900), "min(latency.average) >= 900 ms")
    assert (found.verdict, found.sample, found.total) == (KEPT, 2, 3)


def test_a_time_limit_in_seconds_equals_the_same_limit_in_milliseconds() -> None:
    run = latencies(1.001)
    assert figure(run, "max(latency.average) <= 1.001 s").verdict is KEPT
    assert figure(run, "max(latency.average) <= 1001 ms").verdict is KEPT


POLITE = {"evaluations": [builders.evaluation(custom_metrics=[answer("quantitative", "5")])]}
RUDE = {"evaluations": [builders.evaluation(custom_metrics=[answer("quantitative", "1")])]}


def test_the_values_of_void_conversations_do_not_count_and_those_of_unknown_ones_do() -> None:
    rule = "min(politeness) >= 5"
    assert figure(run_of(*[POLITE] * 9, RUDE | {"status": "CANCELLED"}), rule).verdict is KEPT
    assert figure(run_of(*[POLITE] * 9, RUDE | {"status": "NO_ANSWER"}), rule).verdict is BROKEN


@pytest.mark.parametrize(
    ("run", "verdict"),
    [
        (run_of(POLITE, PASSED), KEPT),
        (run_of(POLITE, PASSED, FAILED), UNSURE),
        (run_of(POLITE, UNKNOWN, UNKNOWN), UNSURE),
        (run_of(POLITE, POLITE, UNKNOWN, UNKNOWN), KEPT),
        (run_of(POLITE, total_tests=2), KEPT),  # a missing conversation has no figure
        (run_of(POLITE, total_tests=3), UNSURE),
        (run_of(PASSED), UNSURE),
    ],
)
def test_at_least_half_of_the_conversations_must_have_the_figure(
    run: SimulationRun, verdict: RuleVerdict
) -> None:
    found = figure(run, "min(politeness) >= 5")
    assert found.verdict is verdict
    assert found.obstacle is (Obstacle.FEW_VALUES if verdict is UNSURE else None)


def test_not_applicable_is_not_a_value() -> None:
    assert (
        figure(metrics("5", "not applicable", "N/A", "Not applicable."), "min(politeness) >= 5").sample == 1
    )
    assert figure(metrics("5", "n/a"), "min(politeness) >= 5").verdict is KEPT


def obstacle(found: Finding) -> Obstacle | None:
    assert found.verdict is UNSURE
    assert found.lowest is None
    return found.obstacle


def test_an_answer_at_an_end_of_its_range_counts() -> None:
    ends = (answer("quantitative", each, min_value=1, max_value=5) for each in ("1", "5"))
    run = evaluated(*({"custom_metrics": [each]} for each in ends))
    assert figure(run, "mean(politeness) >= 3").lowest == 3


@pytest.mark.parametrize("kind", ["qualitative", "enum", "json", "new_type", "pass_fail"])
def test_only_a_quantitative_metric_has_a_mean(kind: str) -> None:
    assert obstacle(figure(metrics("pass", kind=kind), "mean(politeness) >= 1")) is Obstacle.TYPE_UNFIT


@pytest.mark.parametrize("kind", ["qualitative", "enum", "json", "new_type", "quantitative"])
def test_only_a_metric_that_is_yes_or_no_has_a_rate(kind: str) -> None:
    assert obstacle(figure(metrics("1", kind=kind), "rate(politeness) >= 1 %")) is Obstacle.TYPE_UNFIT


def test_a_metric_with_two_types_is_inconclusive() -> None:
    kinds = [answer("quantitative", "5"), answer("pass_fail", "pass")]
    found = figure(evaluated(*({"custom_metrics": [each]} for each in kinds)), "mean(politeness) >= 1")
    assert obstacle(found) is Obstacle.TYPE_UNFIT
    assert found.details == ("pass_fail", "quantitative")


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
    good = answer(kind, "pass" if kind == "pass_fail" else "5")
    bad = answer(kind, value, **fields)
    run = evaluated(*({"custom_metrics": [each]} for each in [*[good] * 9, bad]))
    rule = "rate(politeness) >= 1 %" if kind == "pass_fail" else "mean(politeness) >= 1"
    found = figure(run, rule)
    assert obstacle(found) is Obstacle.UNREADABLE
    assert found.details == (value,)


def test_two_answers_of_one_conversation_that_disagree_cannot_be_read() -> None:
    both = {"custom_metrics": [answer("quantitative", "5"), answer("quantitative", "4")]}
    assert obstacle(figure(evaluated(both), "mean(politeness) >= 1")) is Obstacle.UNREADABLE


def test_evaluations_that_may_all_be_the_last_must_agree_about_a_figure() -> None:
    two = [builders.evaluation(hallucination=each) for each in (True, False)]
    assert (
        obstacle(figure(run_of({"evaluations": two}), "rate(hallucination) <= 5 %"))
        is Obstacle.EVALUATIONS_DISAGREE
    )
    same = [builders.evaluation(hallucination=False)] * 2
    assert figure(run_of({"evaluations": same}), "rate(hallucination) <= 5 %").verdict is KEPT


def test_an_unknown_metric_lists_the_metrics_of_the_run() -> None:
    names = ("booked", "politeness", "accuracy")
    run = evaluated({"custom_metrics": [answer("quantitative", "5", name=each) for each in names]})
    assert figure(run, "mean(politness) >= 4").details == ("accuracy", "booked", "politeness")


def test_the_name_of_a_metric_is_compared_exactly() -> None:
    assert figure(metrics("5", name="Politeness"), "mean(politeness) >= 4").sample == 0
    assert figure(metrics("5", name='a) <= "b" %'), r'mean("a) <= \"b\" %") >= 4').verdict is KEPT
    assert figure(metrics("5", name="duration"), 'mean("duration") >= 4').verdict is KEPT


def test_a_broken_rule_names_the_conversations_that_do_not_meet_the_limit_the_worst_first() -> None:
    slow = figure(latencies(1500, 900, 3000), "p90(latency.average) <= 1000 ms")
    assert [*slow.conversations] == [3, 1]
    low = figure(metrics("3", "5", "1"), "mean(politeness) >= 4")
    assert [*low.conversations] == [3, 1]
    flagged = evaluated({"hallucination": False}, {"hallucination": True})
    assert [*figure(flagged, "rate(hallucination) <= 5 %").conversations] == [2]
