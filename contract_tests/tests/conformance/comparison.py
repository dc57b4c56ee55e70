"""Compares a decoded model with the JSON document that it was decoded from.

The comparison interprets the document by the contract's schemas, and the model only by attribute names.
Therefore, it finds every value that the decoder drops, swaps or changes.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

from attrs import field, frozen
from bluejay_contract.contract import Contract
from bluejay_contract.operations import RESULTS
from contract_kit.read.graph import UNCONSTRAINED, Node


@frozen
class Comparison:
    """The result of a comparison.

    Attributes:
        differences: One line for each value that differs, with its JSON path.
        unknown: Values of undocumented fields, by JSON path.
    """

    differences: list[str] = field(factory=list)
    unknown: dict[str, Any] = field(factory=dict)


def compare(
    contract: Contract, model: Any, document: Any, status: int = 200, operation: str = RESULTS
) -> Comparison:
    """Compare a decoded body with the document that it came from."""
    found = Comparison()
    _compare(contract, contract.operations[operation].schema(status), model, document, "$", found)
    return found


def _compare(
    contract: Contract, schema: Node, value: Any, document: Any, path: str, found: Comparison
) -> None:
    chosen = _alternative(contract, schema, document)
    if isinstance(document, dict) and "properties" in chosen:
        _compare_object(contract, chosen, value, document, path, found)
    elif isinstance(document, list) and isinstance(value, list) and len(document) == len(value):
        for index, (item, each) in enumerate(zip(document, value, strict=True)):
            _compare(contract, chosen.get("items", UNCONSTRAINED), each, item, f"{path}[{index}]", found)
    elif not _same(chosen, value, document):
        found.differences.append(f"{path}: {document!r} became {value!r}")


def _compare_object(
    contract: Contract, schema: Node, model: Any, document: dict[str, Any], path: str, found: Comparison
) -> None:
    for key, each in schema["properties"].items():
        value = getattr(model, key)
        if key in document:
            _compare(contract, each, value, document[key], f"{path}.{key}", found)
        elif not _equal(value, each.raw.get("default")):
            found.differences.append(f"{path}.{key}: absent became {value!r}")
    for key in document.keys() - schema["properties"].keys():
        found.unknown[f"{path}.{key}" if key.isidentifier() else f"{path}[{key!r}]"] = document[key]


def _alternative(contract: Contract, schema: Node, document: Any) -> Node:
    """Return the alternative for the document's type; in this contract, there is at most one."""
    return next((each for each in contract.alternatives(schema) if _is_of_type(each, document)), schema)


def _is_of_type(schema: Node, document: Any) -> bool:
    types = {"object": dict, "array": list, "string": str}
    named = schema.get("type", [])
    return any(
        isinstance(document, types.get(name, ())) for name in ([named] if isinstance(named, str) else named)
    )


def _same(schema: Node, value: Any, document: Any) -> bool:
    if schema.get("format") == "date-time" and isinstance(document, str):
        return isinstance(value, datetime.datetime) and value == _time(document)
    return _equal(value, document)


def _equal(value: Any, document: Any) -> bool:
    """Compare values as JSON, at any depth: true is not 1, but 81.0 is 81."""
    if isinstance(value, dict) and isinstance(document, dict):
        return value.keys() == document.keys() and all(_equal(value[key], document[key]) for key in document)
    if isinstance(value, list) and isinstance(document, list):
        return len(value) == len(document) and all(map(_equal, value, document))
    if isinstance(value, bool) or isinstance(document, bool) or document is None:
        return value is document
    if isinstance(document, int) and isinstance(value, float):
        return value == float(document)
    return bool(value == document)


def _time(text: str) -> datetime.datetime:
    """Parse an RFC 3339 time; a leap second becomes the last microsecond before it."""
    found = datetime.datetime.fromisoformat(re.sub(r":60(\.\d+)?", ":59.999999", text.upper()))
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
