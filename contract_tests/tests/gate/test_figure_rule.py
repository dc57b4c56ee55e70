"""Rules about figures are parsed. For other texts, the error explains the problem and shows a valid rule."""

import re

import pytest
from bluejay_results import UsageError
from bluejay_results.gate import Rules
from bluejay_results.gate.figure_rule import FigureRule, Operator, Unit
from bluejay_results.gate.rule_syntax import parse_rule
from bluejay_results.results.aggregate import Aggregate
from bluejay_results.results.figures import FIGURES, FLAGS, LATENCIES
from hypothesis import given
from hypothesis import strategies as st

BOUNDED = {"p90": "<", "p95": "<", "max": "<", "p5": ">", "p10": ">", "min": ">"}
NAMES = (
    st.text(min_size=1) | st.text('a.-_1 )%<>="\\\n', min_size=1) | st.sampled_from([*FIGURES, "latency.p75"])
)


@given(NAMES, st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_of_a_figure_rule_can_be_parsed_to_the_same_rule(name: str, limit: float) -> None:
    rule = FigureRule(Aggregate.MEAN, name, True, Operator.ABOVE, limit, None)
    assert parse_rule(str(rule)) == rule
    assert str(rule).isprintable()


@given(st.text(max_size=30) | st.text('p90(latency.p95)<="\\ 1500ms%', max_size=30))
def test_text_that_is_not_a_rule_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_rule(f"{text}!")
    assert len(str(caught.value).splitlines()) == 1


def test_the_text_of_a_figure_rule_is_parsed_into_its_parts() -> None:
    rule = FigureRule(Aggregate.P90, "latency.p95", False, Operator.AT_MOST, 1500.0, Unit.MILLISECONDS)
    assert parse_rule("p90(latency.p95) <= 1500 ms") == rule


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("p90(latency.p95)<=1500ms", "p90(latency.p95) <= 1500 ms"),
        ("\n rate ( redundancy )\t< 05.0% ", "rate(redundancy) < 5 %"),
        ('max("politeness")<.5', "max(politeness) < 0.5"),
        ("mean(x) >= +1e3", "mean(x) >= 1000"),
        (r'mean("\u00e4 \/") >= 1.', 'mean("ä /") >= 1'),
        ('rate("hallucination") >= 100 %', 'rate("hallucination") >= 100 %'),
        ("rate(hallucination) <= 0 %", "rate(hallucination) <= 0 %"),
        ('mean("latency.p95") > -2.5e-05', 'mean("latency.p95") > -2.5e-05'),
        ("mean(größe-2.b) >= 1", "mean(größe-2.b) >= 1"),
    ],
)
def test_a_figure_rule_in_another_spelling_is_written_in_canonical_form(text: str, canonical: str) -> None:
    assert str(parse_rule(text)) == canonical


@pytest.mark.parametrize("aggregate", [each for each in Aggregate if each is not Aggregate.RATE])
@pytest.mark.parametrize("operator", Operator)
def test_an_operator_that_makes_no_sense_for_an_aggregate_is_refused(
    aggregate: Aggregate, operator: Operator
) -> None:
    text, end = f"{aggregate}(score) {operator} 4", BOUNDED.get(aggregate, "")
    if operator.startswith(end):
        assert parse_rule(text).operator is operator
    else:
        with pytest.raises(UsageError, match=f"{end}= or {end}"):
            parse_rule(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "p99(duration) <= 9 s", "P90(duration) <= 9 s", "latency.p95 <= 1500 ms", "p90() <= 5"),
        *('p10("") >= 5', 'p10("task score) >= 5', "p10(task score) >= 4", "mean(score) == 4"),
        *("mean(score) >=", "mean(score) >= nan", "mean(score) >= ٤", "p90(duration) <= 1,500 ms"),
        *("p90(duration) <= 2 min", "p10(score) >= 4.5.6", "p90(duration) <= 2 s, p90(duration) > 1 s"),
    ],
)
def test_a_malformed_rule_is_refused_with_the_expected_form(text: str) -> None:
    with pytest.raises(UsageError, match=r"AGGREGATE\(FIGURE\) OPERATOR NUMBER UNIT") as caught:
        parse_rule(text)
    assert f"'{text}'" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("p90(latency.p75) <= 5 ms", "latency.p50"),
        (r'p10("a\q") >= 5', r"\escape"),
        ("mean(hallucination) <= 5 %", "only rate"),
        ("rate(duration) <= 5 %", "duration is a time"),
        ("mean(score) >= 1e999", "too large"),
        ("rate(hallucination) <= 100.1 %", "0 and 100"),
        ("rate(hallucination) <= -1 %", "0 and 100"),
        ("rate(hallucination) <= 5", "needs the unit %"),
        ("p90(latency.p95) <= 1500", "ms or s"),
        ("p10(score) >= 4 %", "except for % with rate"),
        # A mistyped operator must not turn a rule into one that every run keeps.
        *((f"mean({name}) {each} 1000 ms", "less is better") for name in LATENCIES for each in (">=", ">")),
        *((f"rate({name}) {each} 5 %", "less is better") for name in FLAGS for each in (">=", ">")),
        *((f"{each}(latency.p95) >= 1 ms", f"{each} doesn't apply") for each in ("p5", "p10", "min")),
        ("rate(hallucination) <= 100 %", "every value"),
        ("rate(booked) >= 0 %", "every value"),
        ("mean(duration) >= 0 s", "every value"),
        ("rate(booked) > 100 %", "no value"),
        ("rate(hallucination) < 0 %", "no value"),
        ("mean(latency.p95) <= 0 ms", "no value"),
        ("mean(duration) < 0 s", "no value"),
        ("mean(duration) <= -1 s", "no value"),
    ],
)
def test_a_rule_is_refused_if_its_parts_do_not_fit_together(text: str, named: str) -> None:
    with pytest.raises(UsageError, match=re.escape(named)) as caught:
        parse_rule(text)
    assert f"'{text}'" in str(caught.value)


def test_a_limit_in_seconds_is_converted_exactly_to_milliseconds() -> None:
    assert parse_rule("max(duration) <= 1.001 s").limit == 1001
    assert parse_rule("max(duration) <= 1001 ms").limit == 1001


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("p90(duration) <= 1.5 s", "p90(duration)<=1500ms"),
        ("mean(score) >= 4", 'mean("score") >= 4.0'),
        ("rate(redundancy) <= 5 %", "rate(redundancy) <= 5 %"),
        ("mean(duration) <= 5 s", "mean(duration) <= 5 ms"),
    ],
)
def test_a_repeated_figure_rule_is_refused(first: str, second: str) -> None:
    same = parse_rule(first), parse_rule(second)
    with pytest.raises(UsageError) as caught:
        Rules(require=(same[0], "max(score) <= 9", same[1]))
    assert all(f"'{each}'" in str(caught.value) for each in same)


def test_rules_that_differ_in_one_part_are_distinct() -> None:
    texts = ["mean(duration) <= 5 s", "median(duration) <= 5 s", "mean(latency.max) <= 5 s"]
    texts += ["mean(duration) < 5 s", 'mean("duration") <= 5000']
    assert [str(each) for each in Rules(require=texts).require] == texts
