"""The tables hold every field of the contract, each with the type of its field."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from bluejay_contract.contract import Contract
from bluejay_results.export.tables.schema import TABLES, Kind

SCHEMAS = Contract.load().document["components"]["schemas"]
EXPORTED = ("SimulationResultsResponse", "SingleSimulationResultResponse")
"""The response bodies that an export contains."""
PREFIXES = (
    ("runs", "run.response.simulation_run.", "SimulationRunResultResponse"),
    ("conversations", "result.response.", "SimulationResultResponse"),
    ("conversations", "evaluation.", "Evaluation"),
    ("metrics", "detail.response.", "CustomMetric"),
    ("events", "detail.", "Event"),
)
"""The start of a column's path, and the schema whose fields follow it."""
READ_OTHERWISE = {
    **{f"SimulationRunResultResponse.{name}": f"runs.{name}" for name in ("simulation_id", "created_at")},
    **{f"SimulationRunResultResponse.{name}": f"runs.{name}" for name in ("status", "summary")},
    "SimulationRunResultResponse.id": "runs.run_id",
    "SimulationResultResponse.id": "conversations.conversation_id",
    **{
        f"SimulationResultResponse.{name}": f"conversations.{name}"
        for name in ("digital_human_id", "status", "transcript_url", "audio_url")
    },
    "CustomMetric.name": "metrics.name",
    "CustomMetric.response_type": "metrics.type",
    "CustomMetric.response_value": "metrics.text",
    "ToolCallComparisonGroup.name": "tool_calls.name",
    "ExpectedToolCallDetail.parameters": "tool_calls.arguments",
    "ExpectedToolCallDetail.output": "tool_calls.output",
    "ActualToolCallDetail.start_offset_ms": "tool_calls.offset_ms",
}
"""The fields that a property of ours returns, and their columns."""
OMITTED = {
    "SimulationResultsResponse.status": "the HTTP status again, as text",
    "SingleSimulationResultResponse.status": "the HTTP status again, as text",
    "SimulationResultResponse.latency": "the figures of the current evaluation count",
    "SimulationResultResponse.custom_metrics": "deprecated: the metrics of the current evaluation count",
    "ActualToolCallDetail.parameters": "in the same column as for expected calls",
    "ActualToolCallDetail.output": "in the same column as for expected calls",
}
"""The fields that have no column of their own, and why."""
JSON_TYPES = {
    "string": Kind.TEXT,
    "integer": Kind.INTEGER,
    "number": Kind.NUMBER,
    "boolean": Kind.BOOLEAN,
    "date-time": Kind.TIME,
}
WHOLE = {"Latency", "FillerIgnoredLatency"}
"""The schemas whose objects are in one column."""


def _references(node: Any) -> Iterator[str]:
    """Yield the object schemas that a property refers to, directly or in a list."""
    alternatives = node.get("anyOf", [])
    for each in [
        node,
        node.get("items", {}),
        *alternatives,
        *(each.get("items", {}) for each in alternatives),
    ]:
        name = each.get("$ref", "").rpartition("/")[2]
        if SCHEMAS.get(name, {}).get("properties") and name not in WHOLE:
            yield name


def _fields(name: str) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a schema; a field with an object schema is replaced by that schema's fields."""
    for field, node in SCHEMAS[name]["properties"].items():
        if nested := list(_references(node)):
            for each in nested:
                yield from _fields(each)
        else:
            yield f"{name}.{field}", node


FIELDS = dict(pair for name in EXPORTED for pair in _fields(name))
COLUMNS = {f"{table.name}.{each.name}": each for table in TABLES.values() for each in table.columns}
FOUND = {
    f"{schema}.{each.path.removeprefix(prefix)}": f"{table}.{each.name}"
    for table, prefix, schema in PREFIXES
    for each in TABLES[table].columns
    if each.path.startswith(prefix)
} | READ_OTHERWISE


def test_every_field_of_the_contract_is_in_one_column_or_omitted() -> None:
    assert Counter([*FOUND, *OMITTED]) == Counter(list(FIELDS))


@pytest.mark.parametrize("field", FOUND)
def test_a_column_has_the_type_of_its_field(field: str) -> None:
    """An id is always text, because some readers round integers beyond 2^53."""
    types = {FIELDS[field].get("format") or kind for kind in _types(FIELDS[field]) - {"null"}}
    expected = {JSON_TYPES[each] for each in types} if types <= JSON_TYPES.keys() and types else {Kind.JSON}
    column = COLUMNS[FOUND[field]]
    assert column.kind in expected or (column.kind is Kind.TEXT and column.name.endswith("_id"))


def _types(node: Any) -> set[str]:
    if "$ref" in node:
        node = SCHEMAS[node["$ref"].rpartition("/")[2]]
    found = node.get("type", [])
    types = {found} if isinstance(found, str) else set(found)
    return types.union(*(_types(each) for each in node.get("anyOf", [])))


@pytest.mark.parametrize("table", TABLES)
def test_every_table_names_the_run_and_its_simulation_first(table: str) -> None:
    names = [each.name for each in TABLES[table].columns]
    assert names[:2] == ["run_id", "simulation_id"]
    assert len(names) == len(set(names))
