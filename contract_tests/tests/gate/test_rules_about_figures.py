"""The rules about figures and tools, below, at and above their thresholds."""

from typing import Any

import attrs
import pytest
from bluejay_results import LatencyUnit, SimulationRun, UsageError
from bluejay_results.gate import MetricRule, RuleVerdict, gate

from .. import builders
from .cases import BROKEN, KEPT, LENIENT, UNSURE, Case, finding_of, verdict_of
from .runs import conversations, evaluated, metrics, run_of, tools

_METRIC, _P95 = "metric politeness", "max-latency-p95"


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


_SLOW_QUARTER = [(800, 900, 950)] * 3 + [(60_000, 61_000, 62_000)]
LATENCY: list[Case] = [
    ({"max_latency": {"p95": 950.1}}, _percentiles(*[(800, 900, 950)] * 3), "max-latency-p95", KEPT),
    ({"max_latency": {"p95": 950}}, _percentiles(*[(800, 900, 950)] * 3), "max-latency-p95", KEPT),
    ({"max_latency": {"p95": 949.9}}, _percentiles(*[(800, 900, 950)] * 3), "max-latency-p95", BROKEN),
    ({"max_latency": {"p95": 950}}, _percentiles(*[(0.8, 0.9, 0.95)] * 3), "max-latency-p95", KEPT),
    ({"max_latency": {"p95": 949}}, _percentiles(*[(0.8, 0.9, 0.95)] * 3), "max-latency-p95", BROKEN),
    # One conversation in four is slow, which the median conversation doesn't show.
    ({"max_latency": {"p95": 5000}}, _percentiles(*_SLOW_QUARTER), "max-latency-p95", BROKEN),
    ({"max_latency": {"average": 833.3}}, _latency(500, 1000, 1000), "max-latency-average", BROKEN),
    ({"max_latency": {"average": 833.4}}, _latency(500, 1000, 1000), "max-latency-average", KEPT),
    ({"max_latency": {"p50": 1000}}, _latency(900), "max-latency-p50", UNSURE),
    ({"max_latency": {"average": 1000}}, _latency(0, 0), "max-latency-average", UNSURE),  # 0: not measured
    ({"max_latency": {"average": 1000}}, _latency(-5, -5), "max-latency-average", UNSURE),
    ({"max_latency": {"average": 1000}}, _latency(100), "max-latency-average", UNSURE),  # unit unclear
    ({"max_latency": {"average": 1000}}, _latency(0.9, 900), "max-latency-average", UNSURE),
    (
        {"max_latency": {"average": 1000}, "latency_unit": LatencyUnit.MILLISECONDS},
        _latency(0.9, 900),
        "max-latency-average",
        KEPT,
    ),
    (
        {"max_latency": {"average": 1000}, "latency_unit": LatencyUnit.SECONDS},
        _latency(900),  # looks like milliseconds, but the option decides
        "max-latency-average",
        BROKEN,
    ),
    # A value exactly at the limit is kept, despite rounding.
    ({"max_latency": {"average": 950.3}}, _latency(*[950.3] * 7), "max-latency-average", KEPT),
    ({"max_latency": {"p95": 2019}}, _percentiles(*[(1.1, 1.9, 2.019)] * 3), "max-latency-p95", KEPT),
    # Units are mixed: an average far below the rest, medians of another size, a mean above its maximum.
    ({"max_latency": {"p95": 1500}}, _percentiles(*[(500, 600, 700)] * 6, *[(60, 80, 90)] * 4), _P95, UNSURE),
    ({"max_latency": {"p95": 1500}}, _averages(900, p50=0.9, p90=5, p95=9), _P95, UNSURE),
    ({"max_latency": {"average": 1500}}, _averages(900, max=12), "max-latency-average", UNSURE),
    # A percentile is used even if rounding put it below a lower percentile.
    ({"max_latency": {"p95": 900}}, _percentiles((812.0000000001, 812, 850)), _P95, KEPT),
    # A percentile isn't used without p50 and p90, or if it is below a lower percentile.
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
        # At least half of the judged conversations must have the flag (below, at, above), and at least three.
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
    # The mean is exact.
    (_metric("politeness >= 3.2"), metrics("3.0", "3.0", "3.6"), "metric politeness", KEPT),
    (_metric("politeness <= 3.3"), metrics("3.1", "3.3", "3.5"), "metric politeness", KEPT),
    # "Not applicable" counts neither as an answer nor as a missing one.
    (_metric("politeness >= 4"), metrics("4", "Not applicable."), "metric politeness", KEPT),
    (_metric("politeness >= 4"), metrics("4", *["N/A"] * 9), "metric politeness", KEPT),
    (_metric("politeness >= 4"), metrics("not applicable"), "metric politeness", UNSURE),
    # An unreadable answer counts as the worst answer, but can't break a rule alone.
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
    (_metric("politeness >= 4"), metrics("5", "5", "nan"), _METRIC, UNSURE),  # the range is unknown
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
CASES = [*LATENCY, *FLAGS, *METRICS, *TOOLS]


@pytest.mark.parametrize(("rules", "run", "name", "expected"), CASES)
def test_each_rule_is_judged_correctly_below_at_and_above_its_threshold(
    rules: dict[str, Any], run: SimulationRun, name: str, expected: RuleVerdict
) -> None:
    finding = finding_of(name, run, **rules)
    assert finding.verdict is expected, finding


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
        _metric("politeness >= 5"),
        {"require_tools": True},
    ],
    ids=str,
)
def test_the_figures_of_a_void_conversation_do_not_count(rules: dict[str, Any]) -> None:
    void = {"status": "OUT_OF_FUNDS"} | _measured(good=False)
    run = run_of(*[_measured(good=True)] * 3, void)
    assert verdict_of(run, **rules) is KEPT


def test_a_metric_with_answers_of_several_types_is_inconclusive() -> None:
    answer = {"name": "a", "description": ""}
    kinds = [("quantitative", "5"), ("pass_fail", "pass")]
    run = evaluated(
        *({"custom_metrics": [answer | {"response_type": k, "response_value": v}]} for k, v in kinds)
    )
    finding = finding_of("metric a", run, **_metric("a >= 1"))
    assert finding.verdict is UNSURE
    assert finding.explanation == "the metric has answers of several types"


@pytest.mark.parametrize(
    "text", ["politeness >= 0.8", "politeness > 1", "politeness <= 0.5", "politeness >= 101"]
)
def test_the_threshold_of_a_pass_or_yes_metric_is_a_percentage(text: str) -> None:
    with pytest.raises(UsageError, match=r"^metric politeness"):
        gate(metrics("pass", kind="pass_fail"), attrs.evolve(LENIENT, **_metric(text)))


def test_a_quantitative_metric_may_have_a_threshold_below_1() -> None:
    assert gate(metrics("0.9"), attrs.evolve(LENIENT, **_metric("politeness >= 0.8"))).ships


def test_a_rule_about_a_metric_without_order_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="'politeness' has the type qualitative, which has no order"):
        gate(metrics("good", kind="qualitative"), attrs.evolve(LENIENT, **_metric("politeness >= 4")))


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (METRICS[6], "did you mean politeness?"),
        (LATENCY[11], "give --latency-unit ms or s"),
        (FLAGS[7], "only 4 of 9 judged conversations have a value"),
        (
            METRICS[16],
            "2 answers can't be read: 'failed'; the rule is broken only if each counts as the worst answer",
        ),
        (METRICS[30], "1 answer can't be read: 'nan', and the metric's range of values isn't known"),
    ],
)
def test_each_finding_has_an_explanation(case: Case, said: str) -> None:
    rules, run, name, _ = case
    assert said in finding_of(name, run, **rules).explanation


def test_a_broken_rule_names_its_conversations_the_slowest_first() -> None:
    slow = finding_of("max-latency-average", _latency(1500, 900, 3000), max_latency={"average": 1000})
    assert [each.id for each in slow.broken_by] == [3, 1]
    missing = finding_of("require-tools", tools(True, False), require_tools=True)
    assert [each.id for each in missing.broken_by] == [2]
