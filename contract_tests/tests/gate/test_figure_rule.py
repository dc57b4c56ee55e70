"""Rules about figures are parsed; other texts are refused with the problem and a valid rule."""

import pytest
from bluejay_results import UsageError
from bluejay_results.gate.figure_rule import (
    FIGURES,
    FLAGS,
    LATENCIES,
    Aggregate,
    FigureRule,
    Operator,
    Unit,
    check_distinct,
    parse_rule,
)
from hypothesis import given
from hypothesis import strategies as st

BOUNDED = {"p90": "<", "p95": "<", "max": "<", "p5": ">", "p10": ">", "min": ">"}
NAMES = (
    st.text(min_size=1) | st.text('a.-_1 )%<>="\\\n', min_size=1) | st.sampled_from([*FIGURES, "latency.p75"])
)


@st.composite
def rules(draw: st.DrawFn) -> FigureRule:
    """Return any valid rule."""
    aggregate = draw(st.sampled_from(Aggregate))
    is_rate = aggregate is Aggregate.RATE
    is_metric = draw(st.booleans())
    known = FLAGS if is_rate else (*LATENCIES, "duration")
    figure = draw(NAMES if is_metric else st.sampled_from(known))
    direction = BOUNDED.get(aggregate, "")
    operator = draw(st.sampled_from([each for each in Operator if each.startswith(direction)]))
    limit = draw(st.floats(0, 100) if is_rate else st.floats(allow_nan=False, allow_infinity=False))
    times = st.sampled_from([Unit.MILLISECONDS, Unit.SECONDS])
    unit = Unit.PERCENT if is_rate else None if is_metric else draw(times)
    return FigureRule(aggregate, figure, is_metric, operator, limit, unit)


def refusal(text: str) -> str:
    """Return the message with which a text is refused."""
    with pytest.raises(UsageError) as caught:
        parse_rule(text)
    return str(caught.value)


@given(rules())
def test_every_rule_is_parsed_from_its_text(rule: FigureRule) -> None:
    assert parse_rule(str(rule)) == rule


@given(rules())
def test_the_text_of_a_rule_is_printable(rule: FigureRule) -> None:
    assert str(rule).isprintable()


@given(st.text(max_size=30) | st.text('p90(latency.p95)<="\\ 1500ms%', max_size=30))
def test_a_refusal_is_one_line_whatever_the_text(text: str) -> None:
    assert len(refusal(f"{text}!").splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (
            "p90(latency.p95) <= 1500 ms",
            FigureRule(Aggregate.P90, "latency.p95", False, Operator.AT_MOST, 1500.0, Unit.MILLISECONDS),
        ),
        (
            "rate(hallucination) <= 5 %",
            FigureRule(Aggregate.RATE, "hallucination", False, Operator.AT_MOST, 5.0, Unit.PERCENT),
        ),
        (
            'p10("task score") >= 4',
            FigureRule(Aggregate.P10, "task score", True, Operator.AT_LEAST, 4.0, None),
        ),
        (
            "rate(identity_checked) >= 95 %",
            FigureRule(Aggregate.RATE, "identity_checked", True, Operator.AT_LEAST, 95.0, Unit.PERCENT),
        ),
        (
            "median(duration) < 1.5 s",
            FigureRule(Aggregate.MEDIAN, "duration", False, Operator.BELOW, 1.5, Unit.SECONDS),
        ),
        (
            'mean("latency.p95") > -2.5e-05',
            FigureRule(Aggregate.MEAN, "latency.p95", True, Operator.ABOVE, -2.5e-05, None),
        ),
    ],
)
def test_a_rule_in_canonical_form_is_parsed_and_written_again(text: str, rule: FigureRule) -> None:
    assert parse_rule(text) == rule
    assert str(rule) == text


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("p90(latency.p95)<=1500ms", "p90(latency.p95) <= 1500 ms"),
        ("\n rate ( redundancy )\t< 05.0% ", "rate(redundancy) < 5 %"),
        ('max("politeness")<.5', "max(politeness) < 0.5"),
        ("mean(x) >= +1e3", "mean(x) >= 1000"),
        (r'mean("\u00e4 \/") >= 1.', 'mean("ä /") >= 1'),
        ('rate("hallucination") <= 5 %', 'rate("hallucination") <= 5 %'),
        ('mean("latency.p75") >= 1', 'mean("latency.p75") >= 1'),
        ("mean(größe-2.b) >= 1", "mean(größe-2.b) >= 1"),
    ],
)
def test_other_spellings_are_written_in_canonical_form(text: str, canonical: str) -> None:
    assert str(parse_rule(text)) == canonical


@pytest.mark.parametrize(
    "name", ["a) >= 4", "5 % < 6 %", ' a "b" ', "c\\", '\\"', "d\ne", "latency.p1", "duration"]
)
def test_a_quoted_name_may_contain_any_character_and_is_a_metric(name: str) -> None:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    rule = parse_rule(f'p10("{quoted}") >= 4')
    assert (rule.figure, rule.is_metric, rule.limit) == (name, True, 4)


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_without_quotes_is_no_metric(figure: str) -> None:
    rule = f"rate({figure}) <= 5 %" if figure in FLAGS else f"max({figure}) <= 5 s"
    assert not parse_rule(rule).is_metric


@pytest.mark.parametrize("aggregate", [each for each in Aggregate if each is not Aggregate.RATE])
@pytest.mark.parametrize("operator", Operator)
def test_an_aggregate_of_one_end_takes_only_the_operators_of_that_end(
    aggregate: Aggregate, operator: Operator
) -> None:
    text = f"{aggregate}(score) {operator} 4"
    if operator.startswith(BOUNDED.get(aggregate, "")):
        assert parse_rule(text).operator is operator
    else:
        end = BOUNDED[aggregate]
        assert f"{aggregate} takes only {end}= or {end}." in refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "  ", "p99(duration) <= 9 s", "P90(duration) <= 9 s", "latency.p95 <= 1500 ms"),
        *("rate hallucination <= 5 %", "p90() <= 5", 'p10("") >= 5', 'p10("task score) >= 5'),
        *("p10(task score) >= 4", "p10(task%) >= 4", "mean(score) == 4", "mean(score) => 4"),
        *("mean(score) ≥ 4", "mean(score) 4", "mean(score) >=", "mean(score) >= nan", "mean(score) >= -inf"),
        *(
            "mean(score) >= ٤",
            "mean(score) >= four",
            "p90(latency.p95) <= 1,500 ms",
            "p90(duration) <= 2 min",
        ),
        *("p10(score) >= 4.5.6", "p90(duration) <= 2 s, p90(duration) > 1 s", "rate(x) <= 5 %%"),
        "p90(duration) <= 2 min",
    ],
)
def test_a_text_of_another_form_is_refused_with_the_form(text: str) -> None:
    assert refusal(text).startswith(f"require: '{text}' isn't a rule: expected AGGREGATE(FIGURE) OPERATOR")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("p90(latency.p75) <= 5 ms", "expected latency.average, latency.p50"),
        ("p90(latency.) <= 5 ms", "expected latency.average, latency.p50"),
        (r'p10("a\q") >= 5', "Invalid \\escape"),
        ("mean(hallucination) <= 5 %", "hallucination is yes or no, so only rate fits it"),
        ("max(redundancy) <= 0", "redundancy is yes or no, so only rate fits it"),
        ("rate(duration) <= 5 %", "duration is a time, so rate doesn't fit it"),
        (" rate(latency.p50) <= 5 %", "latency.p50 is a time, so rate doesn't fit it"),
        ("mean(score) >= 1e999", "the number is too large"),
        ("rate(hallucination) <= 100.1 %", "a percentage is from 0 to 100"),
        ("rate(hallucination) <= -1 %", "a percentage is from 0 to 100"),
        ("rate(hallucination) <= 5", "a rate needs % after its limit"),
        ("rate(identity_checked) >= 0.95", "a rate needs % after its limit"),
        ("rate(hallucination) <= 5 ms", "a rate needs % after its limit"),
        ("p90(latency.p95) <= 1500", "a time needs ms or s after its limit"),
        ("p90(duration) <= 2 %", "a time needs ms or s after its limit"),
        ("p10(score) >= 4 %", "a metric has a unit only with rate"),
        ("p10(score) >= 4s", "a metric has a unit only with rate"),
    ],
)
def test_a_rule_whose_parts_do_not_fit_is_refused_with_the_problem(text: str, problem: str) -> None:
    assert refusal(text).startswith(f"require: '{text}' isn't a rule: {problem}")


def test_a_refusal_shows_a_valid_rule() -> None:
    assert refusal("p90(x)").endswith(". A rule is 'p90(latency.p95) <= 1500 ms'.")


@pytest.mark.parametrize("limit", ["0", "100", "0.5"])
def test_a_percentage_may_be_0_or_100_or_below_1(limit: str) -> None:
    assert parse_rule(f"rate(hallucination) <= {limit} %").limit == float(limit)


@pytest.mark.parametrize(
    ("operator", "below", "equal", "above"),
    [
        ("<=", True, True, False),
        ("<", True, False, False),
        (">=", False, True, True),
        (">", False, False, True),
    ],
)
def test_a_value_is_compared_with_the_limit(operator: str, below: bool, equal: bool, above: bool) -> None:
    rule = parse_rule(f"mean(score) {operator} 4")
    assert [rule.holds(3.9), rule.holds(4), rule.holds(4.1)] == [below, equal, above]


def test_a_limit_in_seconds_is_compared_in_milliseconds_without_a_rounding_error() -> None:
    assert parse_rule("max(duration) <= 1.001 s").compared_limit == 1001
    assert parse_rule("max(duration) <= 1001 ms").compared_limit == 1001


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("p90(duration) <= 1.5 s", "p90(duration)<=1500ms"),
        ("mean(score) >= 4", 'mean("score") >= 4.0'),
        ("rate(redundancy) <= 5 %", "rate(redundancy) <= 5 %"),
    ],
)
def test_the_same_rule_twice_is_refused(first: str, second: str) -> None:
    given_rules = [parse_rule(first), parse_rule("max(score) <= 9"), parse_rule(second)]
    with pytest.raises(UsageError) as caught:
        check_distinct(given_rules)
    assert str(caught.value) == (
        f"require: '{given_rules[0]}' and '{given_rules[2]}' are the same rule. Remove one of them."
    )


def test_rules_that_differ_in_one_part_are_distinct() -> None:
    texts = [
        "mean(duration) <= 5 s",
        "median(duration) <= 5 s",
        "mean(latency.max) <= 5 s",
        "mean(duration) < 5 s",
        "mean(duration) <= 5 ms",
        'mean("duration") <= 5000',
    ]
    check_distinct(map(parse_rule, texts))
