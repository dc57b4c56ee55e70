"""The tables contain every field of the contract."""

import datetime
import json
from itertools import count
from typing import Any

from bluejay_contract.contract import Contract
from bluejay_contract.operations import RESULTS
from bluejay_results import SimulationRun
from bluejay_results.export import to_rows
from bluejay_results.export.tables.schema import TABLES

CONTRACT = Contract.load()
_EVALUATION = "$.simulation_results.evaluations"
OMITTED = {
    *("$.status", "$.simulation_results.latency", "$.simulation_results.custom_metrics"),
    *(f"{_EVALUATION}.human_edited", f"{_EVALUATION}.custom_metrics.human_edited"),
}
"""Fields without a column: the copy of the HTTP status, and fields that repeat others."""


class Document:
    """A document with every field of a schema. `markers` has a text from the value at each path."""

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


def test_the_first_columns_of_every_table_are_the_run_id_and_the_simulation_id() -> None:
    assert {tuple(each.name for each in table.columns[:2]) for table in TABLES.values()} == {
        ("run_id", "simulation_id")
    }
