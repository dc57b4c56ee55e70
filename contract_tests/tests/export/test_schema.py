"""The tables contain every field in the contract."""

import datetime
import json
from itertools import count
from typing import Any

import pytest
from bluejay_contract.contract import Contract
from bluejay_contract.operations import RESULTS
from bluejay_results import SimulationRun
from bluejay_results.export import to_rows
from bluejay_results.export.tables import TABLES

from ..builders import evaluation, result, saved_run

CONTRACT = Contract.load()
_EVALUATION = "$.simulation_results.evaluations"
OMITTED = {
    *("$.status", "$.simulation_results.latency", "$.simulation_results.custom_metrics"),
    *(f"{_EVALUATION}.human_edited", f"{_EVALUATION}.custom_metrics.human_edited"),
}
"""Fields without a column: the copy of the HTTP status, and fields that duplicate others."""


class Document:
    """A document with every field in a schema. `markers` maps each path to a text in the path's value."""

    def __init__(self, schema: Any) -> None:
        self.markers: dict[str, str] = {}
        self._numbers = count(10)
        self.content = self._filled(schema, "$")

    def _filled(self, schema: Any, path: str) -> Any:
        chosen = next(each for each in CONTRACT.alternatives(schema) if each.get("type") != "null")
        kind = str(chosen.get("type", ""))
        if "properties" in chosen:
            return {name: self._filled(each, f"{path}.{name}") for name, each in chosen["properties"].items()}
        if "object" in kind:
            others = chosen.get("additionalProperties")
            return {"any": self._filled(others if isinstance(others, dict) else {}, path)}
        if "array" in kind:
            return [self._filled(chosen["items"], path)]
        if "boolean" in kind:
            name, is_human = path.rpartition(".")[2], ".human_" in path
            column = name.removeprefix("human_")  # a reviewer's answer replaces the judge's
            self.markers[path] = f'{column}": {"false" if is_human else "true"}'
            return not is_human
        number = next(self._numbers)
        if chosen.get("format") == "date-time":
            self.markers[path] = f"2026-01-01T00:{number % 60:02}:{number // 60:02}"
            return f"{self.markers[path]}Z"
        if "integer" in kind or "number" in kind:
            self.markers[path] = f"777{number}"
            return int(self.markers[path])
        self.markers[path] = chosen["enum"][0] if "enum" in chosen else f"value{number}"
        return self.markers[path]


def test_every_field_has_a_column_unless_the_field_is_listed_as_omitted() -> None:
    document = Document(CONTRACT.operations[RESULTS].schema(200))
    run = SimulationRun.from_bytes(json.dumps(document.content).encode())
    rows = {table: to_rows(run, table, with_links=True) for table in TABLES}
    text = json.dumps(rows, default=datetime.datetime.isoformat).lower()
    assert {path for path, marker in document.markers.items() if marker.lower() not in text} == OMITTED


RATES = ("pass_rate", "pass_rate_lowest", "pass_rate_highest", "service_pass_rate")


def test_each_of_a_runs_rates_and_numbers_has_its_own_column() -> None:
    lost, unknown, void = (
        {"evaluations": [evaluation(goal_success=False)]},
        {"status": "NO_ANSWER"},
        {"status": "SYSTEM_ERROR"},
    )
    kinds: list[dict[str, Any]] = [{}] * 4 + [lost] * 3 + [unknown] * 2 + [void]
    run = saved_run(
        *(result(number, **each) for number, each in enumerate(kinds, 1)),
        total_tests=15,
        tests_passed=6,
        tests_failed=7,
        tests_completed=8,
        tests_incompleted=9,
    )
    [row] = to_rows(run, "runs")
    counted = ("passed", "failed", "unknown", "void", "conversations", "missing")
    assert [row[each] for each in counted] == [4, 3, 2, 1, 10, 5]
    counters = ("total_tests", "tests_passed", "tests_failed", "tests_completed", "tests_incompleted")
    assert [row[each] for each in counters] == [15, 6, 7, 8, 9]
    assert [row[each] for each in RATES] == pytest.approx([400 / 7, 400 / 14, 1100 / 14, 40])


RENAMED = {
    "run_id": {"id"},
    "conversation_id": {"id"},
    "evaluation_id": {"id"},
    "evaluated_at": {"created_at"},
    "corrected_by": {"last_edited_by"},
    "corrected_at": {"last_edited_at"},
    "started_at_utc": {"start_time"},
    "ended_at_utc": {"end_time"},
    "duration_received": {"duration"},
    "offset_ms": {"start_offset_ms"},
    "text": {"human_response_value"},
    "judge_text": {"response_value"},
    "reasoning": {"human_reasoning"},
    "judge_reasoning": {"reasoning"},
    "type": {"response_type"},
    "latency_average_ms": {"avg_agent_latency"},
    **{f"latency_{each}_ms": {f"{each}_agent_latency"} for each in ("p50", "p90", "p95", "p99", "max")},
}
"""The columns whose name differs from the contract's field."""


def test_each_column_is_read_from_the_field_with_its_name() -> None:
    document = Document(CONTRACT.operations[RESULTS].schema(200))
    run = SimulationRun.from_bytes(json.dumps(document.content).encode())
    fields: dict[str, set[str]] = {}
    for path, marker in document.markers.items():
        fields.setdefault(marker.lower(), set()).add(path.rpartition(".")[2])
    wrong = [
        (table, column, value)
        for table in TABLES
        for row in to_rows(run, table, with_links=True)
        for column, value in row.items()
        if (found := fields.get(_marker(value)))
        and not found & (RENAMED.get(column) or {column, f"human_{column}", column.removeprefix("judge_")})
    ]
    assert wrong == []


def _marker(value: Any) -> str:
    text = value.replace(tzinfo=None).isoformat() if isinstance(value, datetime.datetime) else f"{value}"
    return text.removesuffix(".0").lower()


def test_the_first_columns_of_every_table_are_the_run_id_and_the_simulation_id() -> None:
    assert {tuple(each.name for each in table.columns[:2]) for table in TABLES.values()} == {
        ("run_id", "simulation_id")
    }
