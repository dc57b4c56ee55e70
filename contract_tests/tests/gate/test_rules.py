"""What `golden/` can't state about rules: texts of any kind, and the calls that are refused."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from bluejay_results import UsageError
from bluejay_results.compare import compare
from bluejay_results.gate import Aggregate, FigureRule, Operator, Rules, gate
from bluejay_results.gate.rule_syntax import parse_rule
from bluejay_results.gate.verdict import KnownIds
from bluejay_results.results.aggregate import aggregate
from bluejay_results.results.figures import FIGURES
from contract_kit.tests.tables import table
from hypothesis import given
from hypothesis import strategies as st

from .runs import PASSED, run_of

NAMES = (
    st.text(min_size=1) | st.text('a.-_1 )%<>="\\\n', min_size=1) | st.sampled_from([*FIGURES, "latency.p75"])
)
ONE, TWO, OTHER = run_of(PASSED, id="1"), run_of(PASSED, id="2"), run_of(PASSED, id="3", simulation_id="9")
NO_RULES: Any = ({}, 0, "", [])


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


@given(st.lists(st.decimals(-10, 10, places=2).map(float), min_size=1))
def test_the_mean_of_decimals_is_rounded_only_once(values: list[float]) -> None:
    hundredths = sum(round(each * 100) for each in values)
    assert aggregate(Aggregate.MEAN, values) == float(Fraction(hundredths, 100 * len(values)))


@table(
    "call, named",
    [
        (lambda: gate([]), "no run"),
        (lambda: gate([ONE, ONE]), "Run 1 is listed twice"),
        (lambda: gate([ONE, TWO], base=OTHER), "single run"),
        (lambda: gate(ONE, base=ONE), "Run 1"),
        (lambda: gate(ONE, base=OTHER), "simulation 9"),
        (lambda: compare(ONE, ONE), "Run 1"),
        (lambda: compare(ONE, OTHER), "simulation 731"),
        *((lambda each=each: gate(ONE, each), "Rules") for each in NO_RULES),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(call: Callable[[], object], named: str) -> None:
    with pytest.raises(UsageError, match=named):
        call()


def test_rules_that_differ_in_one_part_are_distinct() -> None:
    texts = ["mean(duration) <= 5 s", "median(duration) <= 5 s", "mean(latency.max) <= 5 s"]
    texts += ["mean(duration) < 5 s", 'mean("duration") <= 5000']
    assert [str(each) for each in Rules(require=texts).require] == texts


def test_an_unread_runs_app_url_needs_both_of_its_ids() -> None:
    assert KnownIds("7", "731").app_url == "https://app.getbluejay.ai/simulations/731/runs/7"
    assert [each.app_url for each in (KnownIds("7"), KnownIds(simulation_id="731"))] == [None, None]
