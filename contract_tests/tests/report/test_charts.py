"""The values in charts and tables, computed by hand or compared with gate and compare."""

from typing import Any

import pytest
from bluejay_results.compare import compare
from bluejay_results.gate import Rules
from bluejay_results.gate.figure_rule import parse_rule
from bluejay_results.report.callers import caller_rows
from bluejay_results.report.comparison import change_lines
from bluejay_results.report.first_screen import outcomes, rate_chart, to_open, with_reasons
from bluejay_results.report.history import history_rows
from bluejay_results.report.latency import latency_rows
from bluejay_results.report.scale import Scale
from bluejay_results.report.words import moment_text

from .. import builders
from ..gate.runs import FAILED, PASSED, UNKNOWN, VOID, callers, conversations, run_of
from ..gate.verdicts import view_of
from .pages import LATENCY, with_unknown

OLDER = {"id": "1", "created_at": "2026-11-12T09:00:00Z"}


def _slow(p95: float) -> dict[str, Any]:
    return {"evaluations": [builders.evaluation(latency=LATENCY | {"p95_agent_latency": p95})]}


def _failed(reason: str) -> dict[str, Any]:
    return {"evaluations": [builders.evaluation(goal_success=False, goal_reasoning=reason)]}


def test_the_bar_counts_each_conversation_once_and_missing_ones_as_unknown() -> None:
    parts = outcomes(view_of(run_of(PASSED, PASSED, FAILED, UNKNOWN, VOID, total_tests=7)).run)
    assert [(each.kind, each.count) for each in parts] == [("p", 2), ("f", 1), ("q", 3), ("v", 1)]
    assert sum(float(each.width.rstrip("%")) for each in parts) == pytest.approx(100, abs=0.1)


def test_the_pass_rate_has_the_interval_of_the_gate_and_the_range_of_the_unknown() -> None:
    verdict = view_of(with_unknown())
    chart = rate_chart(verdict.pass_rate, 80, is_confident=False)
    low, high = verdict.pass_rate.interval or (0, 0)
    assert chart.dot
    assert chart.dot.x == "83.33%"
    assert chart.interval == (f"{low:.2f}%", f"{high:.2f}%")
    assert chart.range == ("78.95%", "5.26%")
    assert chart.threshold
    assert chart.threshold.x == "80%"


def test_without_unknown_conversations_the_pass_rate_has_no_range() -> None:
    assert rate_chart(view_of(conversations(4, 1, void=1)).pass_rate, 80, is_confident=False).range is None


def test_without_a_passed_or_failed_conversation_the_pass_rate_has_no_dot() -> None:
    chart = rate_chart(view_of(run_of(UNKNOWN)).pass_rate, 80, is_confident=False)
    assert chart.dot is None
    assert chart.range == ("0%", "100%")


def test_the_first_conversations_to_open_have_different_reasons() -> None:
    run = run_of(*(_failed(each) for each in ["slow"] * 5 + ["rude", "lost"]))
    assert [each.id for each in to_open(view_of(run))] == [1, 6, 7, 2, 3]


def test_a_reason_that_several_conversations_share_is_given_once() -> None:
    view = view_of(run_of(*(_failed(each) for each in ["slow", "slow", "rude", "slow"])))
    assert [each.id for each, text in with_reasons(to_open(view), view) if "Slow" in text] == [1]


def test_the_conversation_that_the_first_line_names_is_opened_first() -> None:
    run = with_unknown()
    assert to_open(view_of(run))[0].id == run.unknown[0].id


def test_void_conversations_are_opened_first_if_the_run_is_not_a_measurement() -> None:
    run = run_of(PASSED, FAILED, VOID)
    assert to_open(view_of(run))[0].id == run.void[0].id


def test_the_slowest_conversation_is_opened_first_if_a_rule_about_latency_is_broken() -> None:
    run = run_of(_slow(1900), _slow(2900), FAILED, *[_slow(2000)] * 9)
    found = to_open(view_of(run, Rules(require=(parse_rule("max(latency.p95) <= 2500 ms"),))))
    assert [each.id for each in found] == [2, 3]


def test_the_worst_caller_is_first_and_a_void_one_last() -> None:
    run = callers((3, 0), (0, 0, 0, 2), (1, 2), (0, 0, 3), (0, 3))
    assert [each.caller.id for each in caller_rows(view_of(run))] == [104, 103, 102, 100, 101]


def test_equal_callers_are_in_the_order_of_the_run() -> None:
    run = callers((1, 1), (2, 2), (1, 1))
    assert [each.caller.id for each in caller_rows(view_of(run))] == [101, 100, 102]


def test_conversations_without_a_caller_have_no_row() -> None:
    assert caller_rows(view_of(run_of(PASSED, FAILED))) == []


def test_latency_has_the_spread_over_conversations_in_one_unit() -> None:
    [*_, p95] = latency_rows(view_of(run_of(_slow(1900), _slow(2400), _slow(2900))))
    assert (p95.name, p95.measured) == ("latency.p95", 3)
    assert p95.spread == ("1.90 s", "2.40 s", "2.90 s")
    assert (p95.line, p95.dot) == (("65.52%", "100%"), "82.76%")


def test_the_latencies_of_void_conversations_do_not_count() -> None:
    found = latency_rows(view_of(run_of(_slow(1900), _slow(9900) | {"status": "SYSTEM_ERROR"})))
    assert {each.measured for each in found} == {1}


def test_latencies_of_an_unknown_unit_are_not_shown() -> None:
    evaluations = ({"evaluations": [builders.evaluation(avg_agent_latency=each)]} for each in (1, 900))
    assert latency_rows(view_of(run_of(*evaluations))) == []


def test_history_is_in_order_of_time() -> None:
    now, void = conversations(4, 1), run_of(PASSED, VOID, **OLDER)
    found = history_rows([view_of(now), view_of(void)])
    assert [each.verdict.run.id for each in found] == ["1", now.id]


def test_the_change_is_on_a_scale_with_its_interval() -> None:
    comparison = compare(callers(*((3, 0),) * 5, **OLDER), callers(*((3, 0),) * 4, (0, 3)))
    [line] = change_lines(comparison)
    assert comparison.if_failed
    assert (line.dot.x, line.words) == ("40%", "")
    assert line.interval[0] == f"{(100 + comparison.if_failed.low) / 2:.2f}%"


def test_the_change_has_two_lines_if_conversations_are_unknown() -> None:
    comparison = compare(callers((3, 0), (3, 0), **OLDER), callers((3, 0), (2, 0, 1)))
    assert [each.dot.x for each in change_lines(comparison)] == ["41.67%", "50%"]


def test_a_time_is_in_utc_and_an_unknown_one_is_a_dash() -> None:
    run = run_of(created_at="2026-11-05T01:04:00+02:00")
    assert [moment_text(run.created_at), moment_text(None)] == ["4 Nov 2026, 23:04 UTC", "-"]


@pytest.mark.parametrize(
    ("value", "x", "anchor"), [(0, "0%", "start"), (5, "50%", "middle"), (12, "100%", "end")]
)
def test_a_label_near_an_end_stays_within_the_chart(value: float, x: str, anchor: str) -> None:
    mark = Scale(0, 10).mark(value, "label")
    assert mark.x == x
    assert mark.anchor == anchor
