"""Each rule just below, at and just above its threshold, and where it can't tell or doesn't apply."""

from collections.abc import Sequence
from typing import Any

import attrs
import pytest
from bluejay_results import LatencyUnit, SimulationRun, UsageError
from bluejay_results.gate import Answer, MetricRule, Rules, gate

from .. import builders
from .runs import FAILED, PASSED, VOID, callers, conversations, evaluated, metrics, run_of, tools

KEPT, BROKEN, UNSURE, OFF = Answer.KEPT, Answer.BROKEN, Answer.INCONCLUSIVE, Answer.NOT_APPLICABLE
LENIENT = Rules(min_pass_rate=0, max_always_failing=None, max_void=100)
Case = tuple[dict[str, Any], SimulationRun, str, Answer]


def _latency(*averages: float, **figures: float) -> SimulationRun:
    return evaluated(*({"avg_agent_latency": each, "latency": figures} for each in averages))


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
    ({"min_pass_rate": 80}, conversations(4, 1, void=20), "min-pass-rate", KEPT),  # void counts in neither
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
    ({"min_pass_rate": 1, "confidence": 0.95}, conversations(1), "min-pass-rate", UNSURE),
    ({"min_pass_rate": 1, "confidence": 0.95}, callers((9, 0)), "min-pass-rate", UNSURE),  # one caller
]
ALWAYS: list[Case] = [
    ({"max_always_failing": 0}, callers(*[(3, 0)] * 20, (0, 3)), "max-always-failing", BROKEN),
    ({"max_always_failing": 1}, callers(*[(3, 0)] * 20, (0, 3)), "max-always-failing", KEPT),
    ({"max_always_failing": 1}, callers(*[(3, 0)] * 40, (0, 3), (0, 3)), "max-always-failing", BROKEN),
    ({"max_always_failing": 0}, callers(*[(3, 0)] * 20, (1, 2)), "max-always-failing", KEPT),
    ({"max_always_failing": 0}, callers(*[(2, 0)] * 20, (0, 2)), "max-always-failing", OFF),
    # 36 callers at about 75 %: 36 * 0.25 ** 3 is 0.56, so that chance explains one
    ({"max_always_failing": 0}, callers(*[(3, 0)] * 9, *[(2, 1)] * 26, (0, 3)), "max-always-failing", OFF),
    ({"max_always_failing": 0}, callers(*[(0, 3)] * 5), "max-always-failing", OFF),  # none passed: no telling
    ({"max_always_failing": 0}, callers(*[(3, 0)] * 5), "max-always-failing", KEPT),
]
LATENCY: list[Case] = [
    ({"max_latency": {"p95": 1000}}, _latency(900, p95_agent_latency=999.9), "max-latency-p95", KEPT),
    ({"max_latency": {"p95": 1000}}, _latency(900, p95_agent_latency=1000), "max-latency-p95", KEPT),
    ({"max_latency": {"p95": 1000}}, _latency(900, p95_agent_latency=1000.1), "max-latency-p95", BROKEN),
    ({"max_latency": {"p95": 1000}}, _latency(0.9, p95_agent_latency=1.1), "max-latency-p95", BROKEN),
    ({"max_latency": {"p95": 1000}}, _latency(0.9, p95_agent_latency=0.9), "max-latency-p95", KEPT),
    ({"max_latency": {"average": 1000}}, _latency(500, 999, 5000), "max-latency-average", KEPT),  # the median
    ({"max_latency": {"average": 1000}}, _latency(500, 1001, 5000), "max-latency-average", BROKEN),
    ({"max_latency": {"p50": 1000}}, _latency(900), "max-latency-p50", UNSURE),
    ({"max_latency": {"average": 1000}}, _latency(0, 0), "max-latency-average", UNSURE),  # 0: not measured
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
        _latency(100),
        "max-latency-average",
        BROKEN,
    ),
]
FLAGS: list[Case] = [
    case
    for flag in ("hallucination", "redundancy")
    for case in (
        ({f"max_{flag}": 10}, _flags(flag, *[True] * 1, *[False] * 10), f"max-{flag}", KEPT),
        ({f"max_{flag}": 10}, _flags(flag, *[True] * 1, *[False] * 9), f"max-{flag}", KEPT),
        ({f"max_{flag}": 10}, _flags(flag, *[True] * 1, *[False] * 8), f"max-{flag}", BROKEN),
        ({f"max_{flag}": 0}, _flags(flag, False, None), f"max-{flag}", KEPT),
        ({f"max_{flag}": 0}, _flags(flag, False, True), f"max-{flag}", BROKEN),
        ({f"max_{flag}": 50}, _flags(flag, True, None), f"max-{flag}", BROKEN),  # null says nothing
        ({f"max_{flag}": 50}, _flags(flag, None), f"max-{flag}", UNSURE),
    )
]
METRICS: list[Case] = [
    (_metric("politeness >= 4"), metrics("3", "4.9"), "metric politeness", BROKEN),
    (_metric("politeness >= 4"), metrics("3", "5"), "metric politeness", KEPT),
    (_metric("politeness > 4"), metrics("3", "5"), "metric politeness", BROKEN),
    (_metric("politeness > 4"), metrics("3", "5.1"), "metric politeness", KEPT),
    (_metric("politeness <= 4"), metrics("4", "4"), "metric politeness", KEPT),
    (_metric("politeness < 4"), metrics("4", "4"), "metric politeness", BROKEN),
    (_metric("politeness >= 4"), metrics("4", "not applicable"), "metric politeness", KEPT),
    (_metric("politeness >= 4"), metrics("not applicable"), "metric politeness", UNSURE),
    (_metric("politeness >= 4"), metrics("nan"), "metric politeness", UNSURE),
    (_metric("politness >= 4"), metrics("4"), "metric politness", UNSURE),
    (_metric("politeness >= 50"), metrics("pass", "fail", kind="pass_fail"), "metric politeness", KEPT),
    (_metric("politeness >= 50.1"), metrics("Pass", "fail", kind="pass_fail"), "metric politeness", BROKEN),
    (_metric("politeness <= 50"), metrics("yes", "no", kind="yes_no"), "metric politeness", KEPT),
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
    ({"baseline": run_of(*[PASSED] * 3, id="1")}, run_of(*[FAILED] * 3), "baseline", UNSURE),  # no ids
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
    ({}, run_of(PASSED, PASSED, tests_passed=1), "counters", BROKEN),
    ({}, run_of(PASSED, PASSED, tests_passed=2), "counters", KEPT),
    ({}, run_of(PASSED, PASSED, total_tests=1), "counters", BROKEN),
]
CASES = [*RATE, *INTERVAL, *ALWAYS, *LATENCY, *FLAGS, *METRICS, *TOOLS, *BASELINE, *VALIDITY]


@pytest.mark.parametrize(("rules", "run", "name", "answer"), CASES)
def test_a_rule_is_kept_broken_or_undecided(
    rules: dict[str, Any], run: SimulationRun, name: str, answer: Answer
) -> None:
    verdict = gate(run, attrs.evolve(LENIENT, **rules))
    found = {each.rule: each for each in (*verdict.validity, *verdict.quality)}
    assert found[name].answer is answer, found[name]


def test_a_rule_that_is_not_asked_for_says_nothing() -> None:
    assert gate(conversations(1), LENIENT).quality == ()


def test_a_metric_that_is_answered_in_several_types_is_undecided() -> None:
    answer = {"name": "a", "description": ""}
    kinds = [("quantitative", "5"), ("pass_fail", "pass")]
    run = evaluated(
        *({"custom_metrics": [answer | {"response_type": k, "response_value": v}]} for k, v in kinds)
    )
    [finding] = gate(run, attrs.evolve(LENIENT, **_metric("a >= 1"))).quality
    assert (finding.answer, finding.explanation) == (UNSURE, "it has answers of several types")


def test_a_metric_without_an_order_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="'politeness' is of the type qualitative, which has no order"):
        gate(metrics("good", kind="qualitative"), attrs.evolve(LENIENT, **_metric("politeness >= 4")))


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (METRICS[9], "did you mean politeness?"),
        (ALWAYS[4], "3 each would do"),
        (ALWAYS[5], "6 each would do"),
        (ALWAYS[6], "with none passed there is no telling"),
        (LATENCY[10], "give --latency-unit ms or s"),
        (INTERVAL[1], "90.0 % of callers like these, 82.6 % to 94.5 % at 0.95 confidence from 100 callers"),
    ],
)
def test_a_rule_explains_what_it_says(case: Case, said: str) -> None:
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


def test_an_agent_that_skips_every_tool_is_inconclusive_and_the_message_says_where_to_look() -> None:
    skipped = {"tool_calls": [builders.tool_calls(actual=0)]}
    verdict = gate(run_of(skipped, skipped))
    assert verdict.exit_code == 6
    assert "either the recording failed or the agent called none, open conversation 1" in verdict.reason
