"""Invalid thresholds are refused, and the message names them."""

import re
from typing import Any

import pytest
from bluejay_results import UsageError
from bluejay_results.gate import Rules


@pytest.mark.parametrize("name", ["min_pass_rate", "max_void"])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("nan", "must be a number, got 'nan'."),
        (float("nan"), "must be a number, got nan."),
        (-1, "must be a percentage from 0 to 100, got -1."),
        (101, "must be a percentage from 0 to 100, got 101."),
        ("80", "must be a number, got '80'."),
        ("80%", "must be a number, got '80%'. Leave the % out."),
        (True, "must be a number, got True."),
        (None, "must be a number, got None."),
    ],
)
def test_a_percentage_is_a_number_from_0_to_100(name: str, value: Any, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        Rules(**{name: value})
    assert str(caught.value) == f"{name} {message}"


@pytest.mark.parametrize("value", [0, 1.5, 100])
def test_a_percentage_may_be_0_or_100_or_above_1(value: float) -> None:
    assert Rules(min_pass_rate=value).min_pass_rate == value


@pytest.mark.parametrize(("value", "meant"), [(0.8, "80"), (0.999, "99.9"), (1, "100")])
def test_a_minimum_between_0_and_1_is_refused_and_a_maximum_is_not(value: float, meant: str) -> None:
    message = f"min_pass_rate: {value:g} is {value:g} %; did you mean {meant}?"
    with pytest.raises(UsageError, match=re.escape(message)):
        Rules(min_pass_rate=value)
    assert Rules(max_void=value).max_void == value


def test_the_rules_store_numbers_in_the_type_of_their_field() -> None:
    fields: dict[str, Any] = {"min_pass_rate": 80, "min_conversations": 5.0}
    rules = Rules(**fields)
    assert isinstance(rules.min_pass_rate, float)
    assert isinstance(rules.min_conversations, int)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"confident": 0.95}, "confident must be true or false, got 0.95."),
        ({"no_counters": 1}, "no_counters must be true or false, got 1."),
        ({"latency_unit": "min"}, "latency_unit must be ms or s, got 'min'."),
        ({"max_always_failing": -1}, "max_always_failing must be a whole number, 0 or more, got -1."),
        ({"max_always_failing": 1.5}, "max_always_failing must be a whole number, 0 or more, got 1.5."),
        ({"min_conversations": 0}, "min_conversations must be a whole number, 1 or more, got 0."),
        ({"require": 4}, "require: expected a rule or a list of rules, got 4."),
        (
            {"require": ["mean(a) >= 4", 4]},
            "require: expected a rule or a list of rules, got ['mean(a) >= 4', 4].",
        ),
        ({"require": ["m >= 4"]}, "require: 'm >= 4' isn't a rule: expected AGGREGATE"),
        (
            {"require": ["mean(a) >= 4", "mean(a)>=4.0"]},
            "require: 'mean(a) >= 4' and 'mean(a) >= 4' are the same",
        ),
    ],
)
def test_an_invalid_threshold_is_refused_and_the_error_names_its_field(
    fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        Rules(**fields)
    assert str(caught.value).startswith(message)


def test_one_rule_about_a_figure_needs_no_list() -> None:
    one: Any = "mean(a) >= 4"
    assert Rules(require=one) == Rules(require=(one,))
