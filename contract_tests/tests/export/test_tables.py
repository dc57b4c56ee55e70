"""Runs as table rows: `to_rows`."""

import datetime
import json
from typing import Any

import pytest
from bluejay_contract.stub import SCENARIOS
from bluejay_results import SimulationRun, UsageError
from bluejay_results.export import to_rows
from bluejay_results.export.tables import TABLES

from .. import builders
from ..builders import evaluation, result, saved_run

SETTLED = SimulationRun.from_bytes(SCENARIOS["settled"].bodies[-1])
TOOL = {
    "name": "book",
    "expected": [{"parameters": {"day": 1}}],
    "actual": [{"output": [1], "start_offset_ms": 7}],
}
EVENT = {"title": "hang-up", "start_offset_ms": 2**70}


def metric(kind: str, value: str) -> dict[str, Any]:
    return {"name": "m", "description": "", "response_type": kind, "response_value": value, "max_value": 10}


def run_with(*metrics: dict[str, Any]) -> SimulationRun:
    return saved_run(result(evaluations=[evaluation(custom_metrics=list(metrics))]))


EVALUATED_TWICE = saved_run(
    result(
        evaluations=[
            evaluation(created_at="2026-11-19T17:00:00Z", custom_metrics=[metric("quantitative", "4")]),
            evaluation(
                goal_success=False,
                created_at="2026-11-19T16:00:00Z",
                custom_metrics=[metric("quantitative", "3")],
            ),
        ]
    )
)
TOO_LARGE = saved_run(result(7, duration=2**63, start_time="0001-01-01T00:00:00+10:00"))
BROKEN = saved_run(result(7, duration="long"), total_tests="1")
CASES: dict[str, tuple[SimulationRun, str, str, list[tuple[object, ...]]]] = {
    "a run counts its conversations": (
        *(SETTLED, "runs", "passed failed unknown void conversations"),
        [(3, 4, 5, 3, 15)],
    ),
    "a conversation that is listed twice is one row": (
        *(saved_run(result(), result()), "conversations", "conversation_id"),
        [("1",)],
    ),
    "an id keeps all its digits": (
        *(saved_run(result(2**70 + 1)), "conversations", "conversation_id"),
        [(str(2**70 + 1),)],
    ),
    "JSON keeps large integers and NUL": (
        *(saved_run(result(result={"n": 2**70, "t": "\0"})), "conversations", "result"),
        [(json.dumps({"n": 2**70, "t": "\0"}, separators=(",", ":")),)],
    ),
    "each tool call is a row, expected calls first": (
        *(saved_run(result(tool_calls=[TOOL])), "tool_calls", "side arguments output offset_ms"),
        [("expected", '{"day":1}', None, None), ("actual", None, "[1]", 7)],
    ),
    "a metric has its answer as text and as a number": (
        run_with(
            metric("quantitative", " 4 "),
            metric("qualitative", "4"),
            metric("pass_fail", "Pass"),
            metric("yes_no", "no"),
        ),
        "metrics",
        "type text number",
        [
            ("quantitative", " 4 ", 4.0),
            ("qualitative", "4", None),
            ("pass_fail", "Pass", 100.0),
            ("yes_no", "no", 0.0),
        ],
    ),
    "an answer that is no number of its scale has none": (
        run_with(metric("quantitative", "11"), metric("pass_fail", "N/A")),
        "metrics",
        "number",
        [(None,), (None,)],
    ),
    "the current evaluation decides": (EVALUATED_TWICE, "conversations", "goal_success", [(True,)]),
    "only metrics of the current evaluation are rows": (EVALUATED_TWICE, "metrics", "number", [(4.0,)]),
    "a value that its column can't hold is null": (
        *(TOO_LARGE, "conversations", "duration_received started_at_utc"),
        [(None, None)],
    ),
    "a value that its column can't hold is an error": (
        *(TOO_LARGE, "errors", "type path conversation_id"),
        [
            ("UnsupportedValue", "conversations.started_at_utc", "7"),
            ("UnsupportedValue", "conversations.duration_received", "7"),
        ],
    ),
    "an error about another table names the conversation": (
        *(saved_run(result(7, events=[EVENT])), "errors", "path conversation_id"),
        [("events.start_offset_ms", "7")],
    ),
    "each violation is an error": (
        *(BROKEN, "errors", "type path conversation_id"),
        [
            ("Violation", "$.simulation_run.total_tests", None),
            ("Violation", "$.simulation_results[0].duration", "7"),
        ],
    ),
    "a conversation counts its violations": (BROKEN, "conversations", "violations", [(1,)]),
}


@pytest.mark.parametrize(("run", "table", "columns", "expected"), CASES.values(), ids=CASES)
def test_to_rows_returns_the_rows_of_each_table(
    run: SimulationRun, table: str, columns: str, expected: list[tuple[object, ...]]
) -> None:
    found = [tuple(row[name] for name in columns.split()) for row in to_rows(run, table)]
    assert sorted(found, key=repr) == sorted(expected, key=repr) if table == "errors" else found == expected


def test_a_conversation_is_a_row_of_plain_values() -> None:
    row = to_rows(SETTLED, "conversations")[3]
    expected = {
        "run_id": "48213",
        "simulation_id": "731",
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
def test_a_run_without_conversations_has_rows_only_in_the_runs_table(table: str) -> None:
    rows = to_rows(SimulationRun.from_bytes(SCENARIOS["null_results"].bodies[-1]), table)
    assert len(rows) == (table == "runs")


def test_signed_urls_are_left_out_unless_they_are_requested() -> None:
    assert to_rows(SETTLED, "conversations")[0]["audio_url"] is None
    assert to_rows(SETTLED, "conversations", with_links=True)[0]["audio_url"].startswith("https://")


def test_a_violation_names_the_right_conversation_after_an_invalid_list_item() -> None:
    results: list[Any] = [5, builders.result(7, duration="long"), builders.result(8)]
    errors = to_rows(saved_run(*results), "errors")
    assert [(each["path"], each["conversation_id"]) for each in errors] == [
        ("$.simulation_results[0]", None),
        ("$.simulation_results[1].duration", "7"),
    ]


def test_every_table_of_a_run_can_be_read_even_if_the_run_has_violations() -> None:
    document = json.loads(SCENARIOS["settled"].bodies[-1])
    first = document["simulation_results"][0]["evaluations"][0]
    first["custom_metrics"][0] |= {"response_value": 5, "response_type": 5}
    document["simulation_results"][1]["tool_calls"] = [{"name": 5, "expected": 5, "actual": [{}]}]
    document["simulation_results"][2] |= {"id": "x", "status": 5, "digital_human_id": []}
    run = SimulationRun.from_bytes(builders.encoded(document), on_violation="collect")
    assert all(isinstance(to_rows(run, table), list) for table in TABLES)


def test_a_table_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UsageError, match="'calls'"):
        to_rows(SETTLED, "calls")


WEATHER = {"name": "weather", "expected": [{}], "actual": []}
NO_CALL = {"name": "book", "expected": [{}], "actual": []}
SAID_NO = [evaluation(goal_success=False)]
UNCALLED = {
    "goal reached without the call": ({}, [TOOL, WEATHER], ["weather"], None),
    "goal missed": ({"evaluations": SAID_NO}, [TOOL, WEATHER], ["weather"], None),
    "no call is recorded": ({}, [NO_CALL, WEATHER], None, ["book", "weather"]),
    "no verdict": ({"evaluations": []}, [TOOL, WEATHER], None, ["weather"]),
    "no conversation took place": ({"status": "NO_ANSWER"}, [TOOL, WEATHER], None, ["weather"]),
    "stopped by the platform": ({"status": "SYSTEM_ERROR"}, [TOOL, WEATHER], None, ["weather"]),
    "a status of an error": ({"status": "ERROR"}, [TOOL, WEATHER], None, ["weather"]),
    "every tool was called": ({}, [TOOL], None, None),
}


@pytest.mark.parametrize(("fields", "calls", "missing", "unrecorded"), UNCALLED.values(), ids=UNCALLED)
def test_a_tool_is_reported_missing_only_if_it_was_certainly_not_called(
    fields: dict[str, Any], calls: list[Any], missing: list[str] | None, unrecorded: list[str] | None
) -> None:
    [row] = to_rows(saved_run(result(tool_calls=calls, **fields)), "conversations")
    found = (row["missing_tools"], row["unrecorded_tools"])
    assert tuple(each and json.loads(each) for each in found) == (missing, unrecorded)
