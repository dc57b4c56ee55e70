"""Thresholds that make no sense are refused by name."""

from typing import Any

import pytest
from bluejay_results import UsageError
from bluejay_results.gate import MetricRule, Operator, Rules


@pytest.mark.parametrize("name", ["min_pass_rate", "max_hallucination", "max_redundancy", "max_void"])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("nan", "must be a number, got 'nan'."),
        (float("inf"), "must be a number, got inf."),
        (-1, "must be a percentage from 0 to 100, got -1."),
        (101, "must be a percentage from 0 to 100, got 101."),
        ("80%", "must be a number, got '80%'. Leave the % out."),
        ("", "must be a number, got ''."),
        (True, "must be a number, got True."),
        (0.8, ": 0.8 is 0.8 %; did you mean 80?"),
        (0.999, ": 0.999 is 0.999 %; did you mean 99.9?"),
    ],
)
def test_a_percentage_is_a_number_from_0_to_100_and_no_fraction(name: str, value: Any, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        Rules(**{name: value})
    assert str(caught.value) in {f"{name} {message}", f"{name}{message}"}


def test_percentages_and_metrics_may_be_text() -> None:
    fields: dict[str, Any] = {"min_pass_rate": "90", "metrics": ("politeness >= 4",)}
    rules = Rules(**fields)
    assert (rules.min_pass_rate, rules.metrics) == (90, (MetricRule.parse("politeness >= 4"),))


@pytest.mark.parametrize("value", [0, 1, 80, 99.5, 100])
def test_other_percentages_are_taken(value: float) -> None:
    assert Rules(min_pass_rate=value).min_pass_rate == value


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"confidence": 0}, "confidence must be between 0 and 1, such as 0.95, got 0."),
        ({"confidence": 95}, "confidence must be between 0 and 1, such as 0.95, got 95."),
        ({"max_latency": {"p95": 0}}, "max_latency p95 must be above 0 milliseconds, got 0."),
        ({"max_latency": {"p95": 1.5}}, "max_latency p95: 1.5 is 1.5 ms; did you mean 1500?"),
        ({"min_pass_rate": None}, "min_pass_rate must be a number, got None."),
        ({"metrics": ("politeness",)}, "metric: 'politeness' is no rule."),
        ({"max_latency": {"p75": 1}}, "max_latency: there is no figure 'p75'; they are average, p50,"),
        ({"max_always_failing": -1}, "max_always_failing must be a whole number, 0 or more, got -1."),
        ({"max_always_failing": 1.5}, "max_always_failing must be a whole number, 0 or more, got 1.5."),
        ({"min_conversations": 0}, "min_conversations must be a whole number, 1 or more, got 0."),
    ],
)
def test_other_thresholds_are_refused_by_name(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        Rules(**fields)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("politeness >= 4", MetricRule("politeness", Operator.AT_LEAST, 4)),
        ("a > b<2.5", MetricRule("a > b", Operator.BELOW, 2.5)),
        ("  two words<=1 ", MetricRule("two words", Operator.AT_MOST, 1)),
    ],
)
def test_a_metric_rule_is_read_from_its_last_operator_on(text: str, rule: MetricRule) -> None:
    assert MetricRule.parse(text) == rule


@pytest.mark.parametrize("text", ["", "politeness", ">= 4", "a >=", "a == 4", "a >= x"])
def test_what_is_no_metric_rule_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="metric"):
        MetricRule.parse(text)
