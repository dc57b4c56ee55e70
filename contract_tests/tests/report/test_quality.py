"""The quality table: values, rules, changes, and the conversations that pull a figure down."""

from typing import Any

import pytest
from bluejay_results import SimulationRun
from bluejay_results.report.quality import QualityRow, quality_rows

from .. import builders
from ..gate.runs import evaluated, judged, run_of


def rows(run: SimulationRun, base: SimulationRun | None = None, **rules: Any) -> dict[str, QualityRow]:
    return {each.name: each for each in quality_rows(judged(run, base, **rules))}


def answered(kind: str, *values: str, **fields: Any) -> SimulationRun:
    """A run in which callers 1, 2 and so on have these answers to the metric `tone`."""
    metric = {"name": "tone", "description": "", "response_type": kind}
    return run_of(
        *(
            {
                "evaluations": [builders.evaluation(custom_metrics=[metric | {"response_value": each}])],
                "digital_human_id": caller,
            }
            for caller, each in enumerate(values, 1)
        ),
        **fields,
    )


@pytest.mark.parametrize("flag", ["hallucination", "redundancy"])
def test_a_flag_is_shown_as_a_rate_with_the_conversations_that_pull_it_down(flag: str) -> None:
    row = rows(evaluated({flag: True}, {flag: False}, {flag: True}, {flag: None}))[flag]
    assert (row.value, row.measured, row.worst) == ("66.7 % of conversations", "3 of 4", (1, 3))


@pytest.mark.parametrize(
    ("kind", "values", "value", "worst"),
    [
        ("yes_no", ("yes", "no", "no"), "33.3 % of conversations", (2, 3)),
        ("pass_fail", ("fail", "pass"), "50.0 % of conversations", (1,)),
        ("tool_call", ("true", "false"), "50.0 % of conversations", (2,)),
        ("quantitative", ("5", "2", "5", "1"), "3.25 on average", (4, 2)),
        ("enum", ("calm", "angry", "calm"), "2 calm, 1 angry", ()),
    ],
)
def test_the_type_of_a_metric_determines_how_it_is_shown(
    kind: str, values: tuple[str, ...], value: str, worst: tuple[int, ...]
) -> None:
    row = rows(answered(kind, *values))["tone"]
    assert (row.value, row.worst) == (value, worst)
    assert row.measured == f"{len(values)} of {len(values)}"


@pytest.mark.parametrize("kind", ["text", "json", "qualitative"])
def test_a_metric_whose_answers_have_no_order_is_left_out(kind: str) -> None:
    assert "tone" not in rows(answered(kind, "a", "b"))


def test_an_unknown_figure_is_replaced_by_the_reason() -> None:
    row = rows(answered("quantitative", "5", "bad"))["tone"]
    assert row.value.startswith("unknown, because ")
    assert "bad" in row.value


def test_the_rules_about_a_figure_are_shown_next_to_it_with_their_verdicts() -> None:
    rules = ["mean(tone) >= 4", "min(tone) >= 1", "rate(hallucination) <= 5 %"]
    row = rows(answered("quantitative", "1", "5"), require=rules)["tone"]
    assert row.rules == "mean of tone at least 4: broken; min of tone at least 1: kept"


@pytest.mark.parametrize(
    ("kind", "before", "now", "change"),
    [
        ("yes_no", "yes", "no", "before 100.0 %, -100.0 points"),
        ("quantitative", "3", "4.5", "before 3, +1.5"),
    ],
)
def test_the_change_since_the_base_run_has_a_unit(kind: str, before: str, now: str, change: str) -> None:
    base, run = (answered(kind, *[each] * 5, id=id_) for each, id_ in ((before, "1"), (now, "2")))
    assert rows(run, base)["tone"].change == change
    assert rows(run)["tone"].change == ""
