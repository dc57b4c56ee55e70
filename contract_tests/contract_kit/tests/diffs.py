"""Compares pairs of small documents, and lists changes with which a schema allows more values."""

from __future__ import annotations

from typing import Any, NamedTuple

from contract_kit.diff.compare import compare
from contract_kit.diff.results import Change, Comparison, OnPaper
from contract_kit.read.document import Document

from .documents import OPERATION, answering, json_response, openapi

TEXT, INTEGER, NUMBER, NULL = ({"type": name} for name in ("string", "integer", "number", "null"))
CAT: dict[str, Any] = {"type": "object", "required": ["purrs"], "properties": {"purrs": {"type": "boolean"}}}
DOG: dict[str, Any] = {"type": "object", "required": ["barks"], "properties": {"barks": {"type": "boolean"}}}


def compared(old: dict[str, Any], new: dict[str, Any]) -> Comparison:
    return compare(Document.of(old), Document.of(new), lambda *_: None)


def of_responses(old: Any, new: Any, version: str = "3.1.0", **components: Any) -> Comparison:
    """Compare two documents that contain only one response, with these schemas."""
    responses = [answering({"200": json_response(each)}) for each in (old, new)]
    return compared(*(openapi(each, version, **components) for each in responses))


def of_requests(old: Any, new: Any) -> Comparison:
    """Compare two documents that contain only one request body, with these schemas."""
    return compared(*map(posting, (old, new)))


def of_parameters(old: Any, new: Any) -> Comparison:
    """Compare two documents that contain only one parameter, with these schemas."""
    parameters = [{"name": "at", "in": "query", "required": True, "schema": each} for each in (old, new)]
    none = {"204": {"description": ""}}
    return compared(*(openapi(answering(none, parameters=[each])) for each in parameters))


def posting(schema: Any, **body: Any) -> dict[str, Any]:
    """Return a document with a single POST operation whose request body has this schema."""
    content = {"application/json": {"schema": schema}}
    operation = {
        "operationId": OPERATION,
        "requestBody": {"required": True, "content": content} | body,
        "responses": {"204": {"description": ""}},
    }
    return openapi({"/thing": {"post": operation}})


def at(schema: Any) -> dict[str, Any]:
    """Return the schema of an object whose only property, `at`, is required and has this schema."""
    return {"type": "object", "required": ["at"], "properties": {"at": schema}}


def rules(found: Comparison) -> set[str]:
    """Return the rule ids of all breaking changes."""
    return {each.rule for each in found.listed(OnPaper.BREAKING)}


def only(found: Comparison) -> Change:
    """Return the comparison's only change, which must be breaking."""
    (change,) = found.changes
    assert change.on_paper is OnPaper.BREAKING
    return change


class Case(NamedTuple):
    """A schema change, and the name of its rule."""

    name: str
    old: Any
    new: Any
    rule: str


def _list(**more: Any) -> dict[str, Any]:
    return {"type": "array", "items": TEXT, **more}


def _map(**more: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": TEXT, **more}


def _object(**more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"a": TEXT}, **more}


PAIR: dict[str, Any] = {"a": TEXT, "b": TEXT}
CLOSED_CAT = CAT | {"additionalProperties": False}
CLOSED, UNEVALUATED = _object(additionalProperties=False), _object(unevaluatedProperties=False)
OPEN_PAIR = _object(properties=PAIR)
NEEDS: dict[str, Any] = {"dependentRequired": {"a": ["b"]}}
LETTERS, LETTERS_OR_DIGITS = TEXT | {"pattern": "^[a-z]+$"}, TEXT | {"pattern": "^[a-z0-9]+$"}
LONG = {"maxLength": 5}
AT_MOST_ONE_A: dict[str, Any] = {"contains": {"const": "a"}, "maxContains": 1}
BELOW_3, ABOVE_3 = INTEGER | {"exclusiveMaximum": 3}, INTEGER | {"exclusiveMinimum": 3}
WIDER = [
    Case("nullable", TEXT, {"type": ["string", "null"]}, "became-nullable"),
    Case("integer to number", INTEGER, NUMBER, "type-generalized"),
    Case("another type", TEXT, INTEGER, "type-changed"),
    Case("one more type", TEXT, {"type": ["string", "integer"]}, "list-of-types-widened"),
    Case("enum value", {"enum": ["a"]}, {"enum": ["a", "b"]}, "enum-value-added"),
    Case("no enum", TEXT | {"enum": ["a"]}, TEXT, "became-not-enum"),
    Case("const", {"const": "a"}, {"const": "b"}, "const-changed"),
    Case("maximum", INTEGER | {"maximum": 3}, INTEGER | {"maximum": 4}, "max-increased"),
    Case("no maximum", INTEGER | {"maximum": 3}, INTEGER, "max-unset"),
    Case("minimum of 0", INTEGER | {"minimum": 5}, INTEGER | {"minimum": 0}, "min-decreased"),
    Case("no minimum of 0", INTEGER | {"minimum": 0}, INTEGER, "min-unset"),
    Case("no minimum", INTEGER | {"minimum": 3}, INTEGER, "min-unset"),
    Case("no exclusive maximum", BELOW_3, INTEGER, "exclusive-max-unset"),
    Case("exclusiveMaximum", BELOW_3, INTEGER | {"exclusiveMaximum": 4}, "exclusive-max-increased"),
    Case("exclusiveMinimum", INTEGER | {"exclusiveMinimum": 4}, ABOVE_3, "exclusive-min-decreased"),
    Case("multipleOf", INTEGER | {"multipleOf": 4}, INTEGER | {"multipleOf": 2}, "multiple-of-changed"),
    Case("int32 to int64", INTEGER | {"format": "int32"}, INTEGER | {"format": "int64"}, "type-generalized"),
    Case("no maxLength", TEXT | {"maxLength": 3}, TEXT, "max-length-unset"),
    Case("minLength", TEXT | {"minLength": 3}, TEXT | {"minLength": 2}, "min-length-decreased"),
    Case("pattern", LETTERS, LETTERS_OR_DIGITS, "pattern-changed"),
    Case("no pattern", LETTERS, TEXT, "pattern-removed"),
    Case("no format", TEXT | {"format": "date"}, TEXT, "type-generalized"),
    Case("no minItems", _list(minItems=1), _list(), "min-items-unset"),
    Case("maxItems", _list(maxItems=2), _list(maxItems=3), "max-items-increased"),
    Case("uniqueItems", _list(uniqueItems=True), _list(), "unique-items-unset"),
    Case("contains", _list(contains={"const": "a"}), _list(), "contains-removed"),
    Case("minProperties", _map(minProperties=2), _map(minProperties=1), "min-properties-decreased"),
    Case("maxProperties", _map(maxProperties=1), _map(maxProperties=2), "max-properties-increased"),
    Case("no maxContains", _list(**AT_MOST_ONE_A), _list(contains={"const": "a"}), "max-contains-unset"),
    Case("propertyNames", _map(propertyNames=LONG), _map(), "property-names-removed"),
    Case("dependentRequired", NEEDS | OPEN_PAIR, OPEN_PAIR, "dependent-required-removed"),
    Case("additional properties", CLOSED, _object(), "additional-properties-allowed"),
    Case("unevaluated properties", UNEVALUATED, _object(), "unevaluated-properties-removed"),
    Case("not", TEXT | {"not": {"const": "text"}}, TEXT, "not-removed"),
    Case("oneOf", {"oneOf": [CLOSED_CAT]}, {"oneOf": [CLOSED_CAT, DOG]}, "one-of-added"),
    Case("anyOf", {"anyOf": [CAT]}, {"anyOf": [CAT, DOG]}, "any-of-added"),
    Case("oneOf to anyOf", {"oneOf": [CAT, DOG]}, {"anyOf": [CAT, DOG]}, "one-of-unset"),
]
"""Changes that make a schema allow more values. The rule names don't include the direction or the scope."""
