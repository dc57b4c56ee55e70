"""Runs as rows of tables: `to_rows`."""

import datetime
import json
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS, Stub
from bluejay_results import SimulationRun, UsageError
from bluejay_results.export import to_rows
from bluejay_results.export.tables.schema import TABLES

from .. import builders
from ..builders import saved_run

SETTLED = SimulationRun.from_bytes(SCENARIOS["settled"].bodies[-1])


def _row(run: SimulationRun, table: str) -> dict[str, Any]:
    [row] = to_rows(run, table)
    return row


def test_a_conversation_is_a_row_of_plain_values() -> None:
    row = to_rows(SETTLED, "conversations")[3]
    expected = {
        "run_id": "48213",
        "simulation_id": "731",
        "tool_calls_from": "list",
        "conversation_id": "482130004",
        "digital_human_id": "58",
        "status": "COMPLETED",
        "outcome": "failed",
        "reason": "goal reached without calling cancel_appointment",
        "owner": "the agent",
        "goal_success": True,
        "duration_s": 64.0,
        "latency_p95_ms": 1310.0,
        "num_turns": 4,
        "sentiment_label": "neutral",
        "missing_tools": '["cancel_appointment"]',
        "violations": 0,
    }
    assert {name: row[name] for name in expected} == expected
    assert {type(each) for each in row.values()} <= {str, int, float, bool, datetime.datetime, type(None)}


@pytest.mark.parametrize("table", TABLES)
def test_an_empty_run_has_tables_without_conversations(table: str) -> None:
    rows = to_rows(SimulationRun.from_bytes(SCENARIOS["null_results"].bodies[-1]), table)
    assert len(rows) == (table == "runs")


def test_the_row_of_a_run_has_the_counts_of_its_conversations() -> None:
    row = _row(SETTLED, "runs")
    assert [row[each] for each in ("passed", "failed", "unknown", "void")] == [
        len(each) for each in (SETTLED.passed, SETTLED.failed, SETTLED.unknown, SETTLED.void)
    ]
    assert row["conversations"] == len(to_rows(SETTLED, "conversations"))


def test_signed_urls_are_left_out_unless_they_are_asked_for() -> None:
    assert to_rows(SETTLED, "conversations")[0]["audio_url"] is None
    assert to_rows(SETTLED, "conversations", with_links=True)[0]["audio_url"].startswith("https://")


def test_a_conversation_that_is_listed_twice_is_one_row() -> None:
    assert len(to_rows(saved_run(builders.result(), builders.result()), "conversations")) == 1


def test_each_tool_call_gets_a_row_and_expected_calls_come_first() -> None:
    calls = {
        "name": "book",
        "expected": [{"parameters": {"day": 1}}],
        "actual": [{"output": [1], "start_offset_ms": 7}],
    }
    rows = to_rows(saved_run(builders.result(tool_calls=[calls])), "tool_calls")
    assert [(each["side"], each["arguments"], each["output"], each["offset_ms"]) for each in rows] == [
        ("expected", '{"day":1}', None, None),
        ("actual", None, "[1]", 7),
    ]


@pytest.mark.parametrize(
    ("kind", "value", "number"),
    [
        *[("quantitative", " 4 ", 4.0), ("quantitative", "11", None), ("qualitative", "4", None)],
        *[("pass_fail", "Pass", 100.0), ("yes_no", "no", 0.0), ("pass_fail", "N/A", None)],
    ],
)
def test_a_metric_has_its_answer_as_text_and_as_a_number(kind: str, value: str, number: float | None) -> None:
    metric = {"name": "m", "description": "", "response_type": kind, "response_value": value, "max_value": 10}
    run = saved_run(builders.result(evaluations=[builders.evaluation(custom_metrics=[metric])]))
    row = _row(run, "metrics")
    assert row["type"] == kind
    assert row["text"] == value
    assert row["number"] == number
    assert run.results[0].metrics[0].number == number


def test_metrics_with_the_same_name_but_different_types_get_separate_rows() -> None:
    metric = {"name": "m", "description": "", "response_type": "enum", "response_value": "high"}
    both = [metric, metric | {"response_type": "quantitative", "response_value": "3"}]
    run = saved_run(builders.result(evaluations=[builders.evaluation(custom_metrics=both)]))
    assert [(each["type"], each["number"]) for each in to_rows(run, "metrics")] == [
        ("enum", None),
        ("quantitative", 3.0),
    ]


def test_a_conversation_has_the_verdict_and_the_metrics_of_its_current_evaluation() -> None:
    metric = {"name": "m", "description": "", "response_type": "quantitative", "response_value": "3"}
    old = builders.evaluation(goal_success=False, created_at="2026-11-19T16:00:00Z", custom_metrics=[metric])
    new = builders.evaluation(
        created_at="2026-11-19T17:00:00Z", custom_metrics=[metric | {"response_value": "4"}]
    )
    run = saved_run(builders.result(evaluations=[new, old]))
    assert _row(run, "conversations")["goal_success"] is True
    assert _row(run, "metrics")["number"] == 4.0


def test_an_id_beyond_2_53_keeps_all_its_digits() -> None:
    assert _row(saved_run(builders.result(2**70 + 1)), "conversations")["conversation_id"] == str(2**70 + 1)


def test_a_value_that_its_column_cannot_hold_is_null_and_listed_as_an_error() -> None:
    run = saved_run(builders.result(7, duration=2**63, start_time="0001-01-01T00:00:00+10:00"))
    row = _row(run, "conversations")
    assert row["duration_received"] is None
    assert row["start"] is None
    errors = to_rows(run, "errors")
    assert {(each["type"], each["path"], each["conversation_id"]) for each in errors} == {
        ("UnsupportedValue", "conversations.duration_received", "7"),
        ("UnsupportedValue", "conversations.start", "7"),
    }


def test_the_error_about_a_value_in_another_table_names_the_conversation() -> None:
    event = {"title": "hang-up", "start_offset_ms": 2**70}
    [error] = to_rows(saved_run(builders.result(7, events=[event])), "errors")
    assert (error["path"], error["conversation_id"]) == ("events.start_offset_ms", "7")


def test_json_columns_keep_integers_of_any_size_and_the_character_nul() -> None:
    row = _row(saved_run(builders.result(result={"n": 2**70, "t": "\0"})), "conversations")
    assert json.loads(row["result"]) == {"n": 2**70, "t": "\0"}


def test_each_violation_gets_a_row_in_errors_with_its_path() -> None:
    run = saved_run(builders.result(7, duration="long"), total_tests="1")
    assert [(each["type"], each["path"], each["conversation_id"]) for each in to_rows(run, "errors")] == [
        ("Violation", "$.simulation_run.total_tests", None),
        ("Violation", "$.simulation_results[0].duration", "7"),
    ]
    assert _row(run, "conversations")["violations"] == 1


def test_a_violation_after_an_item_that_is_no_result_names_its_own_conversation() -> None:
    results: list[Any] = [5, builders.result(7, duration="long"), builders.result(8)]
    errors = to_rows(saved_run(*results), "errors")
    assert [(each["path"], each["conversation_id"]) for each in errors] == [
        ("$.simulation_results[0]", None),
        ("$.simulation_results[1].duration", "7"),
    ]


def test_every_table_of_a_run_with_violations_anywhere_can_be_read() -> None:
    document = json.loads(SCENARIOS["settled"].bodies[-1])
    evaluation = document["simulation_results"][0]["evaluations"][0]
    evaluation["custom_metrics"][0] |= {"response_value": 5, "response_type": 5}
    document["simulation_results"][1]["tool_calls"] = [{"name": 5, "expected": 5, "actual": [{}]}]
    document["simulation_results"][2] |= {"id": "x", "status": 5, "digital_human_id": []}
    run = SimulationRun.from_bytes(builders.encoded(document), on_violation="collect")
    assert all(isinstance(to_rows(run, table), list) for table in TABLES)


def test_each_row_says_whether_its_tool_calls_were_fetched_by_id() -> None:
    with Stub() as stub, stub.client() as client:
        run = client.retrieve(SCENARIOS["gaps"].run_id, complete=True)
    assert [each["tool_calls_from"] for each in to_rows(run, "conversations")] == ["list"] * 131 + ["id"] * 49


def test_a_table_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UsageError, match=r"no table 'calls'\. The tables are runs, "):
        to_rows(SETTLED, "calls")


def test_a_result_gives_its_run_id_and_its_tool_calls() -> None:
    result = SETTLED.results[0]
    assert result.run_id == "48213"
    assert list(result.tool_calls) == result.response.tool_calls
