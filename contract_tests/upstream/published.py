"""Reads the facts about our operations from the OpenAPI document that upstream publishes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from contract_kit.errors import KitError, UncoverableError
from contract_kit.read.document import Document, Place
from contract_kit.read.operations import Listed
from contract_kit.read.reader import Reader

CONTRACT = Path(__file__).resolve().parents[2] / "openapi.yaml"
OF_OPERATION = {"deprecated", "requestBody", "responses"}
PROSE = {"$comment", "description", "example", "examples", "externalDocs", "summary", "title"}
NAMED = {
    *("$defs", "content", "dependentRequired", "dependentSchemas", "headers", "mapping", "patternProperties"),
    *("properties", "responses"),
}
"""Keywords of objects whose keys are names. A field may be called `description`."""
VALUES = {"const", "default"}
UNORDERED = {"enum", "required", "type"}
FALSE_BY_DEFAULT = {"deprecated", "nullable", "required"}
NULL = {"type": "null"}
NOT_WITH_NULL = {"allOf", "anyOf", "const", "enum", "not", "oneOf"}
"""Keywords that would also apply to null."""


def contract() -> Document:
    """Return openapi.yaml."""
    return Document.load(CONTRACT)


def our_operations() -> dict[tuple[str, str], Listed]:
    """Return the operations of openapi.yaml, by method and path without parameter names."""
    return {key(each.method, each.path): each for each in Reader(contract()).operations}


def key(method: str, path: str) -> tuple[str, str]:
    """Return what identifies an operation: parameters of its path may have any name."""
    return method, re.sub(r"\{[^}]*\}", "{}", path)


def lacking(published: dict[str, Any]) -> list[str]:
    """Return the names of our operations that these facts lack."""
    has = {(method.upper(), path) for path, item in published["paths"].items() for method in item}
    has = {key(*each) for each in has}
    return [each.name for identity, each in our_operations().items() if identity not in has]


def facts(document: Document) -> dict[str, Any]:
    """Return the facts about our operations as a smaller OpenAPI document.

    Raises:
        KitError: The document has none of our operations, or a reference can't be followed.
    """
    reader, ours = Reader(document), our_operations()
    kept: dict[str, Any] = {"openapi": "3.0.0" if document.is_3_0 else "3.1.0", "paths": {}, "components": {}}
    try:
        for each in reader.operations:
            if key(each.method, each.path) in ours:
                operation = _operation(reader, each.place)
                kept["paths"].setdefault(each.path, {})[each.method.lower()] = operation
        _add_components(kept, document)
    except UncoverableError as error:
        raise KitError(f"{document.path}: {error}") from None
    if not kept["paths"]:
        first = next(iter(ours.values()))
        raise KitError(f"{document.path} has none of our operations, such as {first.name}.")
    return kept


def _operation(reader: Reader, place: Place) -> dict[str, Any]:
    described = reader.document.at(place)
    kept: dict[str, Any] = _stripped({key: described[key] for key in described.keys() & OF_OPERATION})
    parameters = [_stripped(each) for _, each in reader.parameters(place).values()]
    return kept | {"parameters": sorted(parameters, key=lambda each: (each["in"], each["name"]))}


def _add_components(kept: dict[str, Any], document: Document) -> None:
    """Add each component that the kept parts refer to, directly or through other components."""
    waiting = [kept["paths"]]
    for node in waiting:
        for reference in re.findall(r'"\$ref": "(.*?)"', json.dumps(node, ensure_ascii=False)):
            place = document.target(Place(""), reference)
            if place.file or len(place.steps) != 3 or place.steps[0] != "components":
                raise UncoverableError(
                    f"The reference {reference} doesn't lead to a component of the document."
                )
            _, kind, name = place.steps
            if name not in kept["components"].setdefault(kind, {}):
                kept["components"][kind][name] = _stripped(document.at(place))
                waiting.append(kept["components"][kind][name])


def _stripped(node: Any, *, is_named: bool = False) -> Any:
    """Return a node without prose, and with each fact written in only one way."""
    if isinstance(node, list):
        return [_stripped(each) for each in node]
    if not isinstance(node, dict):
        return node
    if is_named:
        return {name: _stripped(each) for name, each in node.items()}
    found = {}
    for key, value in node.items():
        if key in PROSE or key.startswith("x-") or (key in FALSE_BY_DEFAULT and not value):
            continue
        if key in UNORDERED and isinstance(value, list):
            found[key] = sorted(value, key=json.dumps)
        else:
            found[key] = value if key in VALUES else _stripped(value, is_named=key in NAMED)
    return _with_null_as_type(found)


def _with_null_as_type(schema: dict[str, Any]) -> dict[str, Any]:
    """Write `anyOf` of one type and null as a list of two types: upstream may write either."""
    options = [each for each in schema.get("anyOf", ()) if each != NULL]
    if len(options) != 1 or NULL not in schema["anyOf"] or not isinstance(options[0], dict):
        return schema
    option: dict[str, Any] = options[0]
    if not isinstance(option.get("type"), str) or option.keys() & (schema.keys() | NOT_WITH_NULL):
        return schema
    rest = {key: each for key, each in schema.items() if key != "anyOf"}
    return rest | option | {"type": sorted([option["type"], "null"])}


def by_name(document: dict[str, Any]) -> dict[str, Any]:
    """Return the facts with each operation, parameter and component under its name, as changes are listed."""
    found: dict[str, Any] = {"openapi": document["openapi"]} | document["components"]
    for path, item in document["paths"].items():
        for method, operation in item.items():
            parameters = {f"{each['in']} {each['name']}": each for each in operation["parameters"]}
            found[f"{method.upper()} {path}"] = operation | {"parameters": parameters}
    return found
