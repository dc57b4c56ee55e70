"""The tables hold every field of the contract, and docs/export.md describes every column."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bluejay_contract.contract import Contract
from bluejay_results.export.dataset import schema_document
from bluejay_results.export.tables.column import Kind
from bluejay_results.export.tables.schema import OMITTED, TABLES

SCHEMAS = Contract.load().document["components"]["schemas"]
EXPORTED = ("SimulationResultsResponse", "SingleSimulationResultResponse")
"""The response bodies that an export contains."""
PAGE = Path(__file__).parents[3] / "docs" / "export.md"
COLUMNS = [column for table in TABLES.values() for column in table.columns]
JSON_TYPES = {
    "string": Kind.TEXT,
    "integer": Kind.INTEGER,
    "number": Kind.NUMBER,
    "boolean": Kind.BOOLEAN,
    "date-time": Kind.TIME,
}


def _references(node: Any) -> Iterator[str]:
    """Yield the object schemas that a property refers to, directly or in a list."""
    for each in [node, node.get("items", {}), *node.get("anyOf", []), *_items(node)]:
        name = each.get("$ref", "").rpartition("/")[2]
        if SCHEMAS.get(name, {}).get("properties"):
            yield name


def _items(node: Any) -> list[Any]:
    return [each["items"] for each in node.get("anyOf", []) if "items" in each]


def _fields(name: str) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a schema; a field with an object schema is replaced by that schema's fields."""
    for field, node in SCHEMAS[name]["properties"].items():
        if nested := list(_references(node)):
            for each in nested:
                yield from _fields(each)
        else:
            yield f"{name}.{field}", node


FIELDS = dict(pair for name in EXPORTED for pair in _fields(name))


def test_every_field_of_the_contract_is_in_one_column_or_omitted() -> None:
    held = Counter([field for column in COLUMNS for field in column.fields] + list(OMITTED))
    assert held == Counter(list(FIELDS))


@pytest.mark.parametrize("column", [each for each in COLUMNS if each.fields], ids=lambda each: each.fields[0])
def test_a_column_has_the_type_of_its_field(column: Any) -> None:
    """An id is always text, because some readers round integers beyond 2^53."""
    node = FIELDS[column.fields[0]]
    types = {node.get("format") or kind for kind in _types(node) - {"null"}}
    expected = {JSON_TYPES[each] for each in types} if types <= JSON_TYPES.keys() and types else {Kind.JSON}
    assert column.kind in expected or (column.kind is Kind.TEXT and column.name.endswith("_id"))


def _types(node: Any) -> set[str]:
    if "$ref" in node:
        node = SCHEMAS[node["$ref"].rpartition("/")[2]]
    found = node.get("type", [])
    types = {found} if isinstance(found, str) else set(found)
    return types.union(*(_types(each) for each in node.get("anyOf", [])))


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_the_key_and_origin_columns(table: str) -> None:
    names = [each.name for each in TABLES[table].columns]
    assert {"run_id", "simulation_id", "run_settled", "tool_calls_from"} <= set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_the_docs_describe_every_column_of_a_table(table: Any) -> None:
    _, _, rest = PAGE.read_text().partition(f"### {table.name}\n")
    section = re.split(r"^##", rest, maxsplit=1, flags=re.MULTILINE)[0]
    rows = [
        f"| `{each.name}` | {each.kind} | {each.meaning.replace('|', chr(92) + '|')} |"
        for each in table.columns
    ]
    assert table.meaning in section
    assert re.findall(r"^\| `.*", section, re.MULTILINE) == rows


def test_the_schema_file_of_an_export_names_every_column() -> None:
    tables: Any = schema_document("csv")["tables"]
    names = {table: [each["name"] for each in said["columns"]] for table, said in tables.items()}
    assert names == {name: [each.name for each in table.columns] for name, table in TABLES.items()}
