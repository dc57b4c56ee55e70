"""Invalid thresholds are refused, and the message names them."""

import re
from typing import Any

import pytest
from bluejay_results import UsageError
from bluejay_results.gate import MetricRule, Operator, Rules

PERCENTAGES = ["min_pass_rate", "max_hallucination", "max_redundancy", "max_void", "min_measured"]


@pytest.mark.parametrize("name", PERCENTAGES)
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("nan", "must be a number, got 'nan'."),
        (-1, "must be a percentage from 0 to 100, got -1."),
        (101, "must be a percentage from 0 to 100, got 101."),
        ("80", "must be a number, got '80'."),
        ("80%", "must be a number, got '80%'. Leave the % out."),
        (True, "must be a number, got True."),
        (0.999, ": 0.999 is 0.999 %; did you mean 99.9?"),
    ],
)
def test_a_percentage_is_from_0_to_100_and_a_fraction_of_1_is_refused(
    name: str, value: Any, message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        Rules(**{name: value})
    assert str(caught.value) in {f"{name} {message}", f"{name}{message}"}


@pytest.mark.parametrize("value", [0, 1.5, 100])
def test_a_percentage_may_be_0_or_100_or_above_1(value: float) -> None:
    assert Rules(min_pass_rate=value).min_pass_rate == value


def test_a_minimum_of_1_percent_is_refused_and_a_maximum_is_not() -> None:
    with pytest.raises(UsageError, match=re.escape("min_pass_rate: 1 is 1 %; did you mean 100?")):
        Rules(min_pass_rate=1)
    assert Rules(max_void=1, max_hallucination=1).max_void == 1


def test_the_rules_store_numbers_in_the_type_of_their_field() -> None:
    fields: dict[str, Any] = {"min_pass_rate": 80, "min_conversations": 5.0}
    rules = Rules(**fields)
    assert isinstance(rules.min_pass_rate, float)
    assert isinstance(rules.min_conversations, int)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"confidence": 0}, "confidence must be between 0 and 1, such as 0.95, got 0."),
        ({"confidence": 95}, "confidence must be between 0 and 1, such as 0.95, got 95."),
        ({"max_latency": {"p95": 0}}, "max_latency p95 must be above 0 milliseconds, got 0."),
        ({"max_latency": {"p95": 1.5}}, "max_latency p95: 1.5 is 1.5 ms; did you mean 1500?"),
        ({"min_pass_rate": None}, "min_pass_rate must be a number, got None."),
        ({"metrics": ("m => 4",)}, "metric: 'm => 4' isn't a rule. Write a name, an operator (>=, <=, >, <)"),
        ({"max_latency": {"p95": "1500"}}, "max_latency p95 must be a number, got '1500'."),
        ({"require_tools": 1}, "require_tools must be true or false, got 1."),
        ({"latency_unit": "min"}, "latency_unit must be ms or s, got 'min'."),
        ({"baseline": "48100"}, "baseline must be a SimulationRun, got '48100'."),
        ({"max_latency": {"p75": 1}}, "max_latency: there is no figure 'p75'. The figures are average, p50,"),
        ({"max_always_failing": -1}, "max_always_failing must be a whole number, 0 or more, got -1."),
        ({"max_always_failing": 1.5}, "max_always_failing must be a whole number, 0 or more, got 1.5."),
        ({"min_conversations": 0}, "min_conversations must be a whole number, 1 or more, got 0."),
    ],
)
def test_an_invalid_threshold_is_refused_and_the_error_names_its_field(
    fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        Rules(**fields)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("politeness >= 4", MetricRule("politeness", Operator.AT_LEAST, 4)),
        ("a > b<2.5", MetricRule("a > b", Operator.BELOW, 2.5)),
        ("  two words<=1 ", MetricRule("two words", Operator.AT_MOST, 1)),
        ("two\nlines > 1", MetricRule("two\nlines", Operator.ABOVE, 1)),
    ],
)
def test_a_metric_rule_is_split_at_its_last_operator(text: str, rule: MetricRule) -> None:
    assert MetricRule.parse(text) == rule


@pytest.mark.parametrize("text", ["", "politeness", ">= 4", "a >=", "a == 4", "a >= x", "m =< 4"])
def test_an_invalid_metric_rule_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="metric"):
        MetricRule.parse(text)
