"""The rules about figures and tools: what counts, what is refused, and what a finding says."""

from typing import Any

import attrs
import pytest
from bluejay_results import SimulationRun, UsageError
from bluejay_results.gate import gate

from .. import builders
from .cases import KEPT, LENIENT, UNSURE, finding_of, verdict_of
from .cases_about_figures import THREE_OF_FIVE, latency, metric_rule
from .runs import evaluated, metrics, run_of, tools


def _measured(*, good: bool) -> dict[str, Any]:
    """The fields of a conversation that has every figure.

    All figures are good, or all are bad and the metric has another type.
    """
    kind, value = ("quantitative", "5") if good else ("pass_fail", "fail")
    evaluation = builders.evaluation(
        avg_agent_latency=800 if good else 60_000,
        hallucination=not good,
        custom_metrics=[
            {"name": "politeness", "description": "", "response_type": kind, "response_value": value}
        ],
    )
    return {
        "evaluations": [evaluation],
        "tool_calls": [builders.tool_calls(), builders.tool_calls("find", actual=good)],
    }


def _metric(name: str) -> dict[str, str]:
    return {"name": name, "description": "", "response_type": "quantitative", "response_value": "5"}


@pytest.mark.parametrize(
    "rules",
    [
        {"max_latency": {"average": 1000}},
        {"max_hallucination": 0},
        metric_rule("politeness >= 5"),
        {"require_tools": True},
    ],
    ids=str,
)
def test_the_figures_of_a_void_conversation_do_not_count(rules: dict[str, Any]) -> None:
    void = {"status": "OUT_OF_FUNDS"} | _measured(good=False)
    run = run_of(*[_measured(good=True)] * 3, void)
    assert verdict_of(run, **rules) is KEPT


def test_the_conversations_with_a_flag_break_its_rule() -> None:
    run = evaluated({"hallucination": True}, {"hallucination": False}, {"hallucination": None})
    finding = finding_of("max-hallucination", run, max_hallucination=5, min_measured=0)
    assert [each.id for each in finding.broken_by] == [1]


def test_a_metric_with_answers_of_several_types_is_inconclusive() -> None:
    answer = {"name": "a", "description": ""}
    kinds = [("quantitative", "5"), ("pass_fail", "pass")]
    run = evaluated(
        *({"custom_metrics": [answer | {"response_type": k, "response_value": v}]} for k, v in kinds)
    )
    finding = finding_of("metric a", run, **metric_rule("a >= 1"))
    assert finding.verdict is UNSURE
    assert finding.explanation == "the metric has answers of several types"


@pytest.mark.parametrize("text", ["politeness > 1", "politeness <= 0.5", "politeness >= 101"])
def test_the_threshold_of_a_pass_or_yes_metric_is_a_percentage(text: str) -> None:
    with pytest.raises(UsageError, match=r"^metric politeness"):
        gate(metrics("pass", kind="pass_fail"), attrs.evolve(LENIENT, **metric_rule(text)))


def test_a_quantitative_metric_may_have_a_threshold_below_1() -> None:
    assert gate(metrics("0.9"), attrs.evolve(LENIENT, **metric_rule("politeness >= 0.8"))).ships


def test_a_rule_about_a_metric_without_order_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="'politeness' has the type qualitative, which has no order"):
        gate(metrics("good", kind="qualitative"), attrs.evolve(LENIENT, **metric_rule("politeness >= 4")))


@pytest.mark.parametrize(
    ("name", "run", "rules", "said"),
    [
        ("metric politness", metrics("4"), metric_rule("politness >= 4"), "did you mean politeness?"),
        (
            "metric politness",
            evaluated({"custom_metrics": [_metric(name) for name in ("politeness", "politnes")]}),
            metric_rule("politness >= 4"),
            "did you mean politeness or politnes?",
        ),
        (
            "max-latency-average",
            latency(100),
            {"max_latency": {"average": 1000}},
            "give --latency-unit ms or s",
        ),
        (
            "max-hallucination",
            evaluated(*[{"hallucination": False}] * 4, *[{"hallucination": None}] * 5),
            {"max_hallucination": 0},
            "only 4 of 9 judged conversations have a value",
        ),
        (
            "metric politeness",
            THREE_OF_FIVE,
            metric_rule("politeness >= 61"),
            "2 answers can't be read: 'failed'; the rule is broken only if these answers count as the worst "
            "possible",
        ),
        (
            "metric politeness",
            metrics("5", "5", "nan"),
            metric_rule("politeness >= 5"),
            "1 answer can't be read: 'nan', and the metric's range of values isn't known",
        ),
    ],
)
def test_a_finding_explains_why_a_figure_is_inconclusive(
    name: str, run: SimulationRun, rules: dict[str, Any], said: str
) -> None:
    assert said in finding_of(name, run, **rules).explanation


def test_a_broken_rule_names_its_conversations_the_slowest_first() -> None:
    slow = finding_of("max-latency-average", latency(1500, 900, 3000), max_latency={"average": 1000})
    assert [each.id for each in slow.broken_by] == [3, 1]
    missing = finding_of("require-tools", tools(True, False), require_tools=True)
    assert [each.id for each in missing.broken_by] == [2]
