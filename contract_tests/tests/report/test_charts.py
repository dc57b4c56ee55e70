"""The values in charts and tables, computed by hand or compared with gate and compare."""

from typing import Any

import pytest
from attrs import evolve
from bluejay_results import LatencyUnit, SimulationRun
from bluejay_results.gate import Rules, gate
from bluejay_results.report.charts import MOST_RUNS, History, HistoryRow, Scale, height, latency_rows
from bluejay_results.report.conversations import caller_rows, moment_text
from bluejay_results.report.first_screen import rate_chart, to_open

from .. import builders
from ..gate.runs import FAILED, PASSED, UNKNOWN, VOID, callers, conversations, judged, metrics, run_of
from .pages import LATENCY, with_unknown

OLDER = {"id": "1", "created_at": "2026-11-12T09:00:00Z"}


def _slow(p95: float) -> dict[str, Any]:
    return {"evaluations": [builders.evaluation(latency=LATENCY | {"p95_agent_latency": p95})]}


def _failed(reason: str) -> dict[str, Any]:
    return {"evaluations": [builders.evaluation(goal_success=False, goal_reasoning=reason)]}


def test_the_pass_rate_chart_shows_the_confidence_interval_and_the_minimum() -> None:
    verdict = judged(with_unknown())
    chart = rate_chart(verdict.pass_rate, 80)
    low, high = verdict.pass_rate.interval or (0, 0)
    assert chart.dot
    assert chart.dot.x == "83.33%"
    assert chart.interval == (f"{low:.2f}%", f"{high:.2f}%")
    assert chart.range == ("78.95%", "5.26%")
    assert chart.threshold
    assert chart.threshold.x == "80%"


def test_the_pass_rate_chart_has_no_dot_if_no_conversation_passed_or_failed() -> None:
    chart = rate_chart(judged(run_of(UNKNOWN)).pass_rate, 80)
    assert chart.dot is None
    assert chart.range == ("0%", "100%")


LIMIT = Rules(require=["max(latency.p95) <= 2500 ms"])


@pytest.mark.parametrize(
    ("run", "rules", "ids"),
    [
        (
            run_of(*(_failed(each) for each in ["slow"] * 5 + ["rude", "lost"])),
            Rules(),
            [[1, 2, 3, 4, 5], [6], [7]],
        ),
        (run_of(_slow(1900), _slow(2900), FAILED, *[_slow(2000)] * 9), LIMIT, [[2], [3]]),
        (with_unknown(), Rules(), [[19], [16, 17, 18]]),
        (run_of(PASSED, FAILED, VOID), Rules(), [[3], [2]]),
        (run_of(*[PASSED] * 9, FAILED, VOID), Rules(), [[10]]),
    ],
    ids=[
        "different reasons",
        "the slowest",
        "unknown, as the first line says",
        "void: no measurement",
        "void",
    ],
)
def test_the_conversations_to_open_are_those_that_explain_the_decision(
    run: SimulationRun, rules: Rules, ids: list[list[int]]
) -> None:
    found = to_open(gate(run, rules).runs[0])
    assert [[each.id for each in reason.results] for reason in found] == ids


@pytest.mark.parametrize(
    ("run", "ids"),
    [
        (callers((3, 0), (0, 0, 0, 2), (1, 2), (0, 0, 3), (0, 3)), [104, 103, 102, 100, 101]),
        (callers((1, 1), (2, 2), (1, 1)), [101, 100, 102]),
        (callers((0, 1), (0, 1, 1)), [101, 100]),
        (run_of(PASSED, FAILED), []),
    ],
    ids=["a void caller is last", "equal callers in the order of the run", "unknown", "a caller has an id"],
)
def test_the_worst_caller_is_listed_first(run: SimulationRun, ids: list[int]) -> None:
    assert [each.caller.id for each in caller_rows(judged(run))] == ids


def test_all_values_in_a_latency_row_have_the_same_unit() -> None:
    [*_, p95] = latency_rows(judged(run_of(_slow(1900), _slow(2400), _slow(2900))))
    assert (p95.name, p95.measured) == ("latency.p95", 3)
    assert p95.spread == ("1900 ms", "2400 ms", "2900 ms")
    assert (p95.line, p95.dot) == (("65.52%", "100%"), "82.76%")


def test_the_latencies_of_void_conversations_do_not_count() -> None:
    found = latency_rows(judged(run_of(_slow(1900), _slow(9900) | {"status": "SYSTEM_ERROR"})))
    assert {each.measured for each in found} == {1}


MIXED = run_of(*({"evaluations": [builders.evaluation(avg_agent_latency=each)]} for each in (1, 900)))


@pytest.mark.parametrize(("kind", "answer"), [("quantitative", "4"), ("yes_no", "yes")])
def test_a_metric_that_is_named_like_a_latency_has_no_row_among_the_latencies(kind: str, answer: str) -> None:
    found = latency_rows(judged(metrics(answer, kind=kind, name="latency.p95")))
    assert [each.name for each in found] == ["latency.average"]


def test_latencies_in_an_unknown_unit_are_shown_without_a_number() -> None:
    [row] = latency_rows(judged(MIXED))
    assert (row.name, row.spread, row.line) == ("latency.average", ("-", "-", "-"), None)
    assert row.obstacle


def test_latencies_are_shown_in_the_unit_that_the_rules_set() -> None:
    [row] = latency_rows(judged(MIXED, latency_unit=LatencyUnit.SECONDS))
    assert row.spread == ("1000 ms", "1000 ms", "900000 ms")


def test_the_runs_in_the_history_are_in_chronological_order() -> None:
    now, void = conversations(4, 1), run_of(PASSED, VOID, **OLDER)
    found = History.of([HistoryRow.of(gate(now)), HistoryRow.of(gate(void))])
    assert [each.id for each, _ in found.rows] == ["1", now.id]
    assert [each.text for each in found.dates] == ["12 Nov", "19 Nov"]


@pytest.mark.parametrize(("count", "older"), [(MOST_RUNS, 0), (MOST_RUNS + 1, 1)])
def test_a_history_shows_the_newest_sixty_runs(count: int, older: int) -> None:
    row = HistoryRow.of(gate(conversations(4, 1)))
    found = History.of(evolve(row, id=f"{number:03}") for number in range(count))
    assert (len(found.rows), found.older) == (MOST_RUNS, older)
    assert found.rows[-1][0].id == f"{count - 1:03}"


def test_a_history_shows_the_lowest_and_the_highest_rate_of_a_run_with_unknown_conversations() -> None:
    unsure, sure = (HistoryRow.of(gate(each)) for each in (conversations(5, 3, 2), conversations(5, 5)))
    assert unsure.range == [height(70), height(50)]
    assert sure.range == []


def test_a_time_is_shown_in_utc_and_an_unknown_time_as_a_dash() -> None:
    run = run_of(created_at="2026-11-05T01:04:00+02:00")
    assert [moment_text(run.created_at), moment_text(None)] == ["4 Nov 2026, 23:04 UTC", "-"]


@pytest.mark.parametrize(
    ("value", "x", "anchor"), [(0, "0%", "start"), (5, "50%", "middle"), (12, "100%", "end")]
)
def test_a_label_near_an_end_stays_within_the_chart(value: float, x: str, anchor: str) -> None:
    mark = Scale(0, 10).mark(value, "label")
    assert mark.x == x
    assert mark.anchor == anchor


@pytest.mark.parametrize(
    ("received", "shown"),
    [
        ("0001-01-01T00:00:00+14:00", "1 Jan 1, 00:00 UTC+14:00"),
        ("9999-12-31T23:59:59-14:00", "31 Dec 9999, 23:59 UTC-14:00"),
    ],
)
def test_a_time_that_cannot_be_converted_to_utc_keeps_its_offset(received: str, shown: str) -> None:
    run = run_of(created_at=received)
    assert moment_text(run.created_at) == shown
