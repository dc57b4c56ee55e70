"""Each rule just below, at and just above its threshold, and where it can't tell or doesn't apply."""

from collections.abc import Sequence
from typing import Any

import attrs
import pytest
from bluejay_results import LatencyUnit, SimulationRun, UsageError
from bluejay_results.gate import (
    MetricRule,
    Rules,
    RuleVerdict,
    gate,
)
from bluejay_results.judging.statistics import rate_of_callers

from .. import builders
from .runs import FAILED, PASSED, VOID, callers, conversations, evaluated, metrics, run_of, tools

KEPT, BROKEN, UNSURE, OFF = (
    RuleVerdict.KEPT,
    RuleVerdict.BROKEN,
    RuleVerdict.INCONCLUSIVE,
    RuleVerdict.NOT_APPLICABLE,
)
LENIENT = Rules(min_pass_rate=0, max_always_failing=None, max_void=100)
UNPAID = {"status": "OUT_OF_FUNDS", "evaluations": None}
"""Void for certain: there was no conversation."""
SKIPPED_ONE_TOOL = {"tool_calls": [builders.tool_calls("find"), builders.tool_calls("book", actual=0)]}
BROKEN_BASELINE = SimulationRun.from_bytes(
    builders.encoded(builders.response(builders.result(status=5), id="1")), on_violation="collect"
)
_ALWAYS, _METRIC, _P95 = "max-always-failing", "metric politeness", "max-latency-p95"
Case = tuple[dict[str, Any], SimulationRun, str, RuleVerdict]


def _latency(*averages: float, **figures: float) -> SimulationRun:
    return evaluated(*({"avg_agent_latency": each, "latency": figures} for each in averages))


def _percentiles(*conversations: tuple[float, float, float]) -> SimulationRun:
    """A run whose conversations have these p50, p90 and p95; the average is near p50."""
    return evaluated(
        *(
            {
                "avg_agent_latency": p50,
                "latency": {"p50_agent_latency": p50, "p90_agent_latency": p90, "p95_agent_latency": p95},
            }
            for p50, p90, p95 in conversations
        )
    )


def _averages(average: float, **percentiles: float) -> SimulationRun:
    """A run of three conversations with this average, and these other figures."""
    latency = {f"{name}_agent_latency": value for name, value in percentiles.items()}
    return evaluated(*[{"avg_agent_latency": average, "latency": latency}] * 3)


def _flags(flag: str, *answers: bool | None) -> SimulationRun:
    return evaluated(*({flag: each} for each in answers))


def _metric(text: str) -> dict[str, Any]:
    return {"metrics": (MetricRule.parse(text),)}


def _baseline(before: Sequence[tuple[int, int]], **fields: Any) -> dict[str, Any]:
    return {"baseline": callers(*before, **({"id": "1"} | fields))}


RATE: list[Case] = [
    ({"min_pass_rate": 80}, conversations(79, 21), "min-pass-rate", BROKEN),
    ({"min_pass_rate": 80}, conversations(80, 20), "min-pass-rate", KEPT),
    ({"min_pass_rate": 80}, conversations(81, 19), "min-pass-rate", KEPT),
    ({"min_pass_rate": 80.1}, conversations(80, 20), "min-pass-rate", BROKEN),
    ({"min_pass_rate": 57}, conversations(57, 43), "min-pass-rate", KEPT),  # 0.57 * 100 is 56.99… as a double
    ({"min_pass_rate": 100}, conversations(99, 1), "min-pass-rate", BROKEN),
    ({"min_pass_rate": 100}, conversations(5), "min-pass-rate", KEPT),
    ({"min_pass_rate": 80}, run_of(*[PASSED] * 4, FAILED, *[UNPAID] * 20), "min-pass-rate", KEPT),
    ({"min_pass_rate": 80}, conversations(void=3), "min-pass-rate", UNSURE),
]
INTERVAL: list[Case] = [  # 90 of 100 callers: 82.6 to 94.5 %
    ({"min_pass_rate": 82.5, "confidence": 0.95}, conversations(90, 10), "min-pass-rate", KEPT),
    ({"min_pass_rate": 82.6, "confidence": 0.95}, conversations(90, 10), "min-pass-rate", UNSURE),
    ({"min_pass_rate": 94.4, "confidence": 0.95}, conversations(90, 10), "min-pass-rate", UNSURE),
    ({"min_pass_rate": 94.5, "confidence": 0.95}, conversations(90, 10), "min-pass-rate", BROKEN),
    ({"min_pass_rate": 83, "confidence": 0.9}, conversations(90, 10), "min-pass-rate", KEPT),
    ({"min_pass_rate": 100, "confidence": 0.95}, conversations(50), "min-pass-rate", UNSURE),
    ({"min_pass_rate": 92.8, "confidence": 0.95}, conversations(50), "min-pass-rate", KEPT),
    ({"min_pass_rate": 2, "confidence": 0.95}, conversations(1), "min-pass-rate", UNSURE),
    ({"min_pass_rate": 2, "confidence": 0.95}, callers((9, 0)), "min-pass-rate", UNSURE),  # one caller
]
UNEQUAL_CALLERS: Case = (
    {"min_pass_rate": 80, "confidence": 0.95},
    callers((9, 0), (0, 1)),  # 90 % of all conversations passed, but half of the callers
    "min-pass-rate",
    UNSURE,
)
ALWAYS: list[Case] = [
    ({"max_always_failing": 0}, callers(*[(3, 0)] * 20, (0, 3)), "max-always-failing", BROKEN),
    ({"max_always_failing": 1}, callers(*[(3, 0)] * 20, (0, 3)), "max-always-failing", KEPT),
    ({"max_always_failing": 1}, callers(*[(3, 0)] * 40, (0, 3), (0, 3)), "max-always-failing", BROKEN),
    ({"max_always_failing": 0}, callers(*[(3, 0)] * 20, (1, 2)), "max-always-failing", KEPT),
    ({"max_always_failing": 0}, callers(*[(2, 0)] * 20, (0, 2)), "max-always-failing", OFF),
    # At 75 % a caller of 36 fails all of 3 by chance in 43 % of runs, 3 of them in 2 %, and 2 in 11 %.
    ({"max_always_failing": 0}, callers(*[(3, 0)] * 12, *[(2, 1)] * 21, *[(0, 3)] * 2), _ALWAYS, KEPT),
    ({"max_always_failing": 0}, callers(*[(3, 0)] * 15, *[(2, 1)] * 18, *[(0, 3)] * 3), _ALWAYS, BROKEN),
    # 3 broken callers of 20: before, the more callers broke the less the rule saw.
    ({"max_always_failing": 0}, callers(*[(4, 1)] * 17, *[(0, 5)] * 3), _ALWAYS, BROKEN),
    # Two callers each far beyond chance break a limit of 1; one does not.
    ({"max_always_failing": 1}, callers(*[(8, 0)] * 9, (0, 8), (0, 3)), _ALWAYS, BROKEN),
    # Over half of the callers fail all: whatever chance says.
    ({"max_always_failing": 0}, callers(*[(0, 3)] * 5), _ALWAYS, BROKEN),
    ({"max_always_failing": 0}, callers((0, 3), (3, 0)), _ALWAYS, KEPT),  # exactly half
    ({"max_always_failing": 0}, callers((0, 3), (0, 3), (3, 0)), _ALWAYS, BROKEN),
    ({"max_always_failing": 2}, callers((0, 3), (0, 3), (3, 0)), _ALWAYS, KEPT),
    # One caller whose every failure chance explains: the rule can't be broken, so it doesn't apply.
    ({"max_always_failing": 0}, callers((1, 2)), _ALWAYS, OFF),
    ({"max_always_failing": 0}, callers((0, 3), (1, 2)), _ALWAYS, OFF),  # half is not over half
    ({"max_always_failing": 0}, callers(*[(3, 0)] * 5), "max-always-failing", KEPT),
]
_SLOW_QUARTER = [(800, 900, 950)] * 3 + [(60_000, 61_000, 62_000)]
LATENCY: list[Case] = [
    ({"max_latency": {"p95": 950.1}}, _percentiles(*[(800, 900, 950)] * 3), "max-latency-p95", KEPT),
    ({"max_latency": {"p95": 950}}, _percentiles(*[(800, 900, 950)] * 3), "max-latency-p95", KEPT),
    ({"max_latency": {"p95": 949.9}}, _percentiles(*[(800, 900, 950)] * 3), "max-latency-p95", BROKEN),
    ({"max_latency": {"p95": 950}}, _percentiles(*[(0.8, 0.9, 0.95)] * 3), "max-latency-p95", KEPT),
    ({"max_latency": {"p95": 949}}, _percentiles(*[(0.8, 0.9, 0.95)] * 3), "max-latency-p95", BROKEN),
    # One conversation in four waits a minute, and the median conversation does not show it.
    ({"max_latency": {"p95": 5000}}, _percentiles(*_SLOW_QUARTER), "max-latency-p95", BROKEN),
    ({"max_latency": {"average": 833.3}}, _latency(500, 1000, 1000), "max-latency-average", BROKEN),
    ({"max_latency": {"average": 833.4}}, _latency(500, 1000, 1000), "max-latency-average", KEPT),
    ({"max_latency": {"p50": 1000}}, _latency(900), "max-latency-p50", UNSURE),
    ({"max_latency": {"average": 1000}}, _latency(0, 0), "max-latency-average", UNSURE),  # 0: not measured
    ({"max_latency": {"average": 1000}}, _latency(-5, -5), "max-latency-average", UNSURE),
    ({"max_latency": {"average": 1000}}, _latency(100), "max-latency-average", UNSURE),  # of neither unit
    ({"max_latency": {"average": 1000}}, _latency(0.9, 900), "max-latency-average", UNSURE),
    (
        {"max_latency": {"average": 1000}, "latency_unit": LatencyUnit.MILLISECONDS},
        _latency(0.9, 900),
        "max-latency-average",
        KEPT,
    ),
    (
        {"max_latency": {"average": 1000}, "latency_unit": LatencyUnit.SECONDS},
        _latency(900),  # the run says milliseconds: what is given wins
        "max-latency-average",
        BROKEN,
    ),
    # Exactly the limit is kept, whatever floats add to it.
    ({"max_latency": {"average": 950.3}}, _latency(*[950.3] * 7), "max-latency-average", KEPT),
    ({"max_latency": {"p95": 2019}}, _percentiles(*[(1.1, 1.9, 2.019)] * 3), "max-latency-p95", KEPT),
    # Units are mixed: an average far below the rest, medians of another size, a mean above its maximum.
    ({"max_latency": {"p95": 1500}}, _percentiles(*[(500, 600, 700)] * 6, *[(60, 80, 90)] * 4), _P95, UNSURE),
    ({"max_latency": {"p95": 1500}}, _averages(900, p50=0.9, p90=5, p95=9), _P95, UNSURE),
    ({"max_latency": {"average": 1500}}, _averages(900, max=12), "max-latency-average", UNSURE),
    # A percentile that rounding put below an earlier one is known.
    ({"max_latency": {"p95": 900}}, _percentiles((812.0000000001, 812, 850)), _P95, KEPT),
    # A percentile can't be placed without p50 and p90, and one below an earlier one is not known.
    ({"max_latency": {"p95": 1000}}, _latency(900, p95_agent_latency=950), "max-latency-p95", UNSURE),
    ({"max_latency": {"p95": 1000}}, _percentiles((800, 900, 700)), "max-latency-p95", UNSURE),
]
FLAGS: list[Case] = [
    case
    for flag in ("hallucination", "redundancy")
    for case in (
        ({f"max_{flag}": 10}, _flags(flag, *[True] * 1, *[False] * 10), f"max-{flag}", KEPT),
        ({f"max_{flag}": 10}, _flags(flag, *[True] * 1, *[False] * 9), f"max-{flag}", KEPT),
        ({f"max_{flag}": 10}, _flags(flag, *[True] * 1, *[False] * 8), f"max-{flag}", BROKEN),
        ({f"max_{flag}": 18.4}, _flags(flag, *[True] * 69, *[False] * 306), f"max-{flag}", KEPT),  # exactly
        ({f"max_{flag}": 0}, _flags(flag, False), f"max-{flag}", KEPT),
        ({f"max_{flag}": 0}, _flags(flag, False, True), f"max-{flag}", BROKEN),
        ({f"max_{flag}": 50}, _flags(flag, None), f"max-{flag}", UNSURE),
        # Thin evidence: half of those judged must have it (below, at, above), and at least three.
        ({f"max_{flag}": 0}, _flags(flag, *[False] * 4, *[None] * 5), f"max-{flag}", UNSURE),
        ({f"max_{flag}": 0}, _flags(flag, *[False] * 4, *[None] * 4), f"max-{flag}", KEPT),
        ({f"max_{flag}": 0}, _flags(flag, *[False] * 5, *[None] * 4), f"max-{flag}", KEPT),
        (
            {f"max_{flag}": 0, "min_measured": 40},
            _flags(flag, *[False] * 4, *[None] * 6),
            f"max-{flag}",
            KEPT,
        ),
        ({f"max_{flag}": 0}, _flags(flag, False, False, None), f"max-{flag}", UNSURE),
        ({f"max_{flag}": 0}, _flags(flag, False, False), f"max-{flag}", KEPT),
        ({f"max_{flag}": 0}, _flags(flag, False, None), f"max-{flag}", UNSURE),
        ({f"max_{flag}": 0}, _flags(flag, True, *[None] * 9), f"max-{flag}", UNSURE),
    )
]
_FIVE: dict[str, Any] = {"min_value": 1, "max_value": 5}
METRICS: list[Case] = [
    (_metric("politeness >= 4"), metrics("3", "4.9"), "metric politeness", BROKEN),
    (_metric("politeness >= 4"), metrics("3", "5"), "metric politeness", KEPT),
    (_metric("politeness > 4"), metrics("3", "5"), "metric politeness", BROKEN),
    (_metric("politeness > 4"), metrics("3", "5.1"), "metric politeness", KEPT),
    (_metric("politeness <= 4"), metrics("4", "4"), "metric politeness", KEPT),
    (_metric("politeness < 4"), metrics("4", "4"), "metric politeness", BROKEN),
    (_metric("politness >= 4"), metrics("4"), "metric politness", UNSURE),
    (_metric("politeness >= 50"), metrics("pass", "fail", kind="pass_fail"), "metric politeness", KEPT),
    (_metric("politeness >= 50.1"), metrics("Pass", "FAIL", kind="pass_fail"), "metric politeness", BROKEN),
    (_metric("politeness <= 50"), metrics("yes", "no", kind="yes_no"), "metric politeness", KEPT),
    # The mean is exact, and answers of both kinds that are counted are one metric.
    (_metric("politeness >= 3.2"), metrics("3.0", "3.0", "3.6"), "metric politeness", KEPT),
    (_metric("politeness <= 3.3"), metrics("3.1", "3.3", "3.5"), "metric politeness", KEPT),
    # "Not applicable" leaves the count on both sides.
    (_metric("politeness >= 4"), metrics("4", "Not applicable."), "metric politeness", KEPT),
    (_metric("politeness >= 4"), metrics("4", *["N/A"] * 9), "metric politeness", KEPT),
    (_metric("politeness >= 4"), metrics("not applicable"), "metric politeness", UNSURE),
    # Answers that nobody can read count as the worst, and alone they break nothing.
    (
        _metric("politeness >= 60"),
        metrics(*["pass"] * 3, "failed", "failed", kind="pass_fail"),
        _METRIC,
        KEPT,
    ),
    (
        _metric("politeness >= 61"),
        metrics(*["pass"] * 3, "failed", "failed", kind="pass_fail"),
        _METRIC,
        UNSURE,
    ),
    (_metric("politeness >= 61"), metrics("pass", "fail", "failed", kind="pass_fail"), _METRIC, BROKEN),
    (_metric("politeness <= 40"), metrics(*["no"] * 3, "never", "never", kind="yes_no"), _METRIC, KEPT),
    (_metric("politeness <= 39"), metrics(*["no"] * 3, "never", "never", kind="yes_no"), _METRIC, UNSURE),
    (_metric("politeness >= 3"), metrics("4", "4", "1/5", **_FIVE), _METRIC, KEPT),
    (_metric("politeness >= 3.1"), metrics("4", "4", "1/5", **_FIVE), _METRIC, UNSURE),
    (_metric("politeness <= 3"), metrics("2", "2", "1/5", **_FIVE), _METRIC, KEPT),
    (_metric("politeness <= 2.9"), metrics("2", "2", "1/5", **_FIVE), _METRIC, UNSURE),
    (_metric("politeness >= 1.5"), metrics("5", "5.1", **_FIVE), _METRIC, KEPT),  # 5.1 is out of range: 1
    (_metric("politeness >= 3.1"), metrics("5", "5.1", **_FIVE), _METRIC, UNSURE),
    (_metric("politeness >= 3.1"), metrics("5", "0.9", **_FIVE), _METRIC, UNSURE),
    (_metric("politeness >= 4"), metrics("5", "5", "1_0", **_FIVE), _METRIC, UNSURE),  # Python reads 10
    (_metric("politeness >= 4"), metrics("1", "1", "1", min_value=5, max_value=1), _METRIC, BROKEN),
    (_metric("politeness >= 4"), metrics("5", "5", "good", min_value=5, max_value=1), _METRIC, UNSURE),
    (_metric("politeness >= 4"), metrics("5", "5", "nan"), _METRIC, UNSURE),  # of no known range
    (_metric("politeness >= 4"), metrics("3", "3", "1/5"), _METRIC, BROKEN),
    (_metric("politeness >= 4"), metrics("nan"), "metric politeness", UNSURE),
    (_metric("politeness >= 50"), metrics("pass", "fail", kind="Pass_Fail"), "metric politeness", KEPT),
    (_metric("politeness >= 4"), metrics("3", name="Politeness"), "metric politeness", BROKEN),
]
TOOLS: list[Case] = [
    ({"require_tools": True}, tools(True, True), "require-tools", KEPT),
    ({"require_tools": True}, tools(True, False), "require-tools", BROKEN),
    ({"require_tools": True}, conversations(3), "require-tools", UNSURE),
]
BASELINE: list[Case] = [
    (_baseline([(3, 0)]), callers((0, 3)), "baseline", BROKEN),
    (_baseline([(3, 0)]), callers((1, 2)), "baseline", KEPT),
    (_baseline([(2, 1)]), callers((0, 3)), "baseline", KEPT),
    (_baseline([(2, 0)]), callers((0, 3)), "baseline", UNSURE),
    (_baseline([(3, 0)]), callers((0, 2)), "baseline", UNSURE),
    (_baseline([(3, 0)], status="RUNNING"), callers((0, 3)), "baseline", UNSURE),
    (_baseline([(3, 0)], total_tests=4) | {"max_void": 20}, callers((3, 0)), "baseline", UNSURE),
    (_baseline([(4, 0)], total_tests=5) | {"max_void": 20}, callers((3, 0)), "baseline", KEPT),
    ({"baseline": run_of(*[PASSED] * 3, id="1")}, run_of(*[FAILED] * 3), "baseline", UNSURE),  # no ids
    ({"baseline": BROKEN_BASELINE}, callers((0, 3)), "baseline", UNSURE),
]
VALIDITY: list[Case] = [
    ({"min_conversations": 5}, conversations(4, void=5), "min-conversations", BROKEN),
    ({"min_conversations": 5}, conversations(5), "min-conversations", KEPT),
    ({"min_conversations": 5}, conversations(5, 1), "min-conversations", KEPT),
    ({"max_void": 20}, conversations(8, void=2), "max-void", KEPT),
    ({"max_void": 20}, conversations(7, void=2), "max-void", BROKEN),
    ({"max_void": 20}, conversations(9, void=2), "max-void", KEPT),
    ({"max_void": 20}, run_of(*[PASSED] * 8, total_tests=10), "max-void", KEPT),  # missing counts as void
    ({"max_void": 20}, run_of(*[PASSED] * 7, VOID, total_tests=10), "max-void", BROKEN),
    ({"max_void": 0}, conversations(100), "max-void", KEPT),
    ({}, run_of(PASSED, total_tests=None), "total-tests", BROKEN),
    ({}, run_of(total_tests=0), "total-tests", BROKEN),
    ({}, run_of(PASSED, total_tests=-1), "total-tests", BROKEN),
    ({}, run_of(PASSED, tests_failed=-5), "counters", BROKEN),
    ({}, run_of(PASSED, PASSED, tests_passed=1), "counters", BROKEN),
    ({}, run_of(PASSED, PASSED, tests_passed=2), "counters", KEPT),
    ({}, run_of(PASSED, PASSED, tests_passed=3), "counters", BROKEN),
    ({}, run_of(PASSED, PASSED, total_tests=1), "counters", BROKEN),
    ({}, run_of(PASSED, PASSED, tests_passed=0), "counters", BROKEN),
    # A conversation that is counted and not listed may have passed.
    ({}, run_of(PASSED, PASSED, total_tests=3, tests_passed=3), "counters", KEPT),
    ({}, run_of(PASSED, PASSED, total_tests=3, tests_passed=4), "counters", BROKEN),
    # A judge that ignores skipped tools passes two of these; the rule allows for one or two.
    ({}, run_of(PASSED, SKIPPED_ONE_TOOL, tests_passed=2), "counters", KEPT),
    ({}, run_of(PASSED, SKIPPED_ONE_TOOL, tests_passed=1), "counters", KEPT),
    ({}, run_of(PASSED, FAILED, tests_failed=1), "counters", KEPT),
    ({}, run_of(PASSED, FAILED, tests_failed=2), "counters", BROKEN),
    ({}, run_of(PASSED, SKIPPED_ONE_TOOL, tests_passed=2, tests_failed=1), "counters", BROKEN),
    ({}, run_of(PASSED, SKIPPED_ONE_TOOL, tests_passed=1, tests_failed=1), "counters", KEPT),
    ({}, run_of(PASSED, FAILED, tests_passed=None, tests_failed=None), "counters", KEPT),
]
CASES = [*RATE, *INTERVAL, *ALWAYS, *LATENCY, *FLAGS, *METRICS, *TOOLS, *BASELINE, *VALIDITY]


@pytest.mark.parametrize(("rules", "run", "name", "answer"), CASES)
def test_each_rule_below_at_and_above_its_threshold(
    rules: dict[str, Any], run: SimulationRun, name: str, answer: RuleVerdict
) -> None:
    verdict = gate(run, attrs.evolve(LENIENT, **rules))
    found = {each.rule: each for each in (*verdict.validity, *verdict.quality)}
    assert found[name].verdict is answer, found[name]


_POLITENESS = {"name": "politeness", "description": "", "response_type": "quantitative"}


def _measured(*, good: bool) -> dict[str, Any]:
    """The fields of a conversation with every figure: all good, or all bad."""
    evaluation = builders.evaluation(
        avg_agent_latency=800 if good else 60_000,
        hallucination=not good,
        redundancy=not good,
        custom_metrics=[_POLITENESS | {"response_value": "5" if good else "1"}],
    )
    return {
        "evaluations": [evaluation],
        "tool_calls": [builders.tool_calls(), builders.tool_calls("find", actual=good)],
    }


@pytest.mark.parametrize(
    "rules",
    [
        {"max_latency": {"average": 1000}},
        {"max_hallucination": 0},
        {"max_redundancy": 0},
        _metric("politeness >= 4"),
        {"require_tools": True},
    ],
    ids=str,
)
def test_the_figures_of_a_void_conversation_do_not_count(rules: dict[str, Any]) -> None:
    void = {"status": "OUT_OF_FUNDS"} | _measured(good=False)
    run = run_of(*[_measured(good=True)] * 3, void)
    [finding] = gate(run, attrs.evolve(LENIENT, **rules)).quality
    assert finding.verdict is KEPT


def test_a_rule_that_is_off_has_no_finding() -> None:
    assert gate(conversations(1), LENIENT).quality == ()


def test_a_metric_with_answers_of_several_types_is_inconclusive() -> None:
    answer = {"name": "a", "description": ""}
    kinds = [("quantitative", "5"), ("pass_fail", "pass")]
    run = evaluated(
        *({"custom_metrics": [answer | {"response_type": k, "response_value": v}]} for k, v in kinds)
    )
    [finding] = gate(run, attrs.evolve(LENIENT, **_metric("a >= 1"))).quality
    assert finding.verdict == UNSURE
    assert finding.explanation == "the metric has answers of several types"


@pytest.mark.parametrize(
    "text", ["politeness >= 0.8", "politeness > 1", "politeness <= 0.5", "politeness >= 101"]
)
def test_the_threshold_of_a_counted_metric_is_a_percentage(text: str) -> None:
    with pytest.raises(UsageError, match=r"^metric politeness"):
        gate(metrics("pass", kind="pass_fail"), attrs.evolve(LENIENT, **_metric(text)))


def test_a_quantitative_metric_may_have_a_threshold_below_1() -> None:
    assert gate(metrics("0.9"), attrs.evolve(LENIENT, **_metric("politeness >= 0.8"))).ships


def test_a_lower_end_of_the_interval_exactly_at_the_threshold_ships() -> None:
    rate = rate_of_callers([(1, 1)] * 90 + [(0, 1)] * 10, 0.95)
    assert rate
    threshold = rate.interval.low * 100
    assert gate(conversations(90, 10), Rules(min_pass_rate=threshold, confidence=0.95)).ships


def test_the_counters_are_not_compared_if_the_rule_is_off() -> None:
    verdict = gate(run_of(PASSED, PASSED, tests_passed=0), Rules(counters=False))
    assert "counters" not in [each.rule for each in verdict.validity]
    assert verdict.ships


def test_a_metric_without_an_order_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="'politeness' has the type qualitative, which has no order"):
        gate(metrics("good", kind="qualitative"), attrs.evolve(LENIENT, **_metric("politeness >= 4")))


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (METRICS[6], "did you mean politeness?"),
        (ALWAYS[4], "needs at least 3 judged conversations per caller"),
        (ALWAYS[13], "chance alone explains callers that fail every time"),
        (LATENCY[11], "give --latency-unit ms or s"),
        (FLAGS[7], "only 4 of 9 judged conversations have a value"),
        (
            METRICS[16],
            "2 answers can't be read: 'failed'; the rule is broken only if each counts as the worst answer",
        ),
        (METRICS[30], "1 answer can't be read: 'nan', and the metric's range of values isn't known"),
        (BASELINE[6], "25.0 % of the baseline is void or missing"),
        (BASELINE[9], "the baseline breaks the contract"),
        (UNEQUAL_CALLERS, "callers 50.0 %, "),
        (INTERVAL[1], "mean of 100 callers 90.0 %, 95 % confidence interval 82.6 to 94.5 %"),
    ],
)
def test_each_finding_has_an_explanation(case: Case, said: str) -> None:
    rules, run, name, _ = case
    verdict = gate(run, attrs.evolve(LENIENT, **rules))
    assert said in next(each.explanation for each in verdict.quality if each.rule == name)


def test_a_broken_rule_names_its_conversations_and_latency_the_slowest_first() -> None:
    slow = gate(_latency(1500, 900, 3000), attrs.evolve(LENIENT, max_latency={"average": 1000}))
    assert [each.id for each in slow.quality[0].broken_by] == [3, 1]
    always = gate(callers(*[(3, 0)] * 20, (0, 3)), attrs.evolve(LENIENT, max_always_failing=0))
    assert [each.id for each in always.quality[0].broken_by] == [61, 62, 63]
    missing = gate(tools(True, False), attrs.evolve(LENIENT, require_tools=True))
    assert [each.id for each in missing.quality[0].broken_by] == [2]


def test_an_agent_that_skips_every_tool_is_inconclusive() -> None:
    skipped = {"tool_calls": [builders.tool_calls(actual=0)]}
    verdict = gate(run_of(skipped, skipped))
    assert verdict.exit_code == 6
    assert "either the recording failed or the agent called no tool; open conversation 1" in verdict.reason
