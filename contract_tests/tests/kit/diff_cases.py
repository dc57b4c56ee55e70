"""Changes after which a schema allows more, each with its rule and a condition for its witness."""

from __future__ import annotations

from typing import Any

from .diffs import (
    CAT,
    DOG,
    INTEGER,
    NULL,
    NUMBER,
    TEXT,
    Case,
    Predicate,
)


def _in(holds: Predicate) -> Predicate:
    return lambda body: holds(body["at"])


def _of(kind: type) -> Predicate:
    return lambda value: isinstance(value, kind) and not isinstance(value, bool)


def _list(**more: Any) -> dict[str, Any]:
    return {"type": "array", "items": TEXT, **more}


def _map(**more: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": TEXT, **more}


PAIR: dict[str, Any] = {"a": TEXT, "b": TEXT}
CLOSED_CAT = CAT | {"additionalProperties": False}
CLOSED: dict[str, Any] = {"type": "object", "properties": {"a": TEXT}, "additionalProperties": False}
WIDER = [
    Case("nullable", TEXT, {"type": ["string", "null"]}, "became-nullable", lambda v: v is None),
    Case("nullable by a union", TEXT, {"anyOf": [TEXT, NULL]}, "became-nullable", lambda v: v is None),
    Case("integer to number", INTEGER, NUMBER, "type-generalized", _of(float)),
    Case("another type", TEXT, INTEGER, "type-changed", _of(int)),
    Case("one more type", TEXT, {"type": ["string", "integer"]}, "list-of-types-widened", _of(int)),
    Case("no type", TEXT, {}, "type-generalized", lambda v: not isinstance(v, str)),
    Case("enum value", {"enum": ["a"]}, {"enum": ["a", "b"]}, "enum-value-added", lambda v: v == "b"),
    Case("no enum", TEXT | {"enum": ["a"]}, TEXT, "became-not-enum", lambda v: v != "a"),
    Case("const", {"const": "a"}, {"const": "b"}, "const-changed", lambda v: v == "b"),
    Case("no const", TEXT | {"const": "a"}, TEXT, "const-removed", lambda v: v != "a"),
    Case("maximum", INTEGER | {"maximum": 3}, INTEGER | {"maximum": 4}, "max-increased", lambda v: v == 4),
    Case("no maximum", INTEGER | {"maximum": 3}, INTEGER, "max-unset", lambda v: v > 3),
    Case("minimum", INTEGER | {"minimum": 3}, INTEGER | {"minimum": 2}, "min-decreased", lambda v: v == 2),
    Case(
        "minimum of 0", INTEGER | {"minimum": 5}, INTEGER | {"minimum": 0}, "min-decreased", lambda v: v < 5
    ),
    Case("no minimum", INTEGER | {"minimum": 3}, INTEGER, "min-unset", lambda v: v < 3),
    Case(
        "a fraction above",
        NUMBER | {"maximum": 3},
        NUMBER | {"maximum": 3.1},
        "max-increased",
        lambda v: 3 < v <= 3.1,
    ),
    Case(
        "exclusive maximum",
        INTEGER | {"exclusiveMaximum": 3},
        INTEGER | {"exclusiveMaximum": 5},
        "exclusive-max-increased",
        lambda v: v in (3, 4),
    ),
    Case(
        "no exclusive minimum",
        INTEGER | {"exclusiveMinimum": 3},
        INTEGER,
        "exclusive-min-unset",
        lambda v: v <= 3,
    ),
    Case(
        "exclusive to inclusive",
        INTEGER | {"exclusiveMaximum": 3},
        INTEGER | {"maximum": 3},
        "exclusive-max-unset",
        lambda v: v == 3,
    ),
    Case(
        "multipleOf",
        INTEGER | {"multipleOf": 4},
        INTEGER | {"multipleOf": 2},
        "multiple-of-changed",
        lambda v: v % 4 == 2,
    ),
    Case("no multipleOf", INTEGER | {"multipleOf": 4}, INTEGER, "multiple-of-unset", lambda v: v % 4 > 0),
    Case(
        "int32 to int64",
        INTEGER | {"format": "int32"},
        INTEGER | {"format": "int64"},
        "type-generalized",
        lambda v: abs(v) >= 2**31,
    ),
    Case(
        "maxLength",
        TEXT | {"maxLength": 3},
        TEXT | {"maxLength": 9},
        "max-length-increased",
        lambda v: 3 < len(v) <= 9,
    ),
    Case("no maxLength", TEXT | {"maxLength": 3}, TEXT, "max-length-unset", lambda v: len(v) > 3),
    Case(
        "minLength",
        TEXT | {"minLength": 3},
        TEXT | {"minLength": 2},
        "min-length-decreased",
        lambda v: len(v) == 2,
    ),
    Case("no minLength", TEXT | {"minLength": 1}, TEXT, "min-length-unset", lambda v: v == ""),
    Case(
        "pattern",
        TEXT | {"pattern": "^[a-z]+$"},
        TEXT | {"pattern": "^[a-z0-9]+$"},
        "pattern-changed",
        lambda v: not v.isalpha(),
    ),
    Case("no pattern", TEXT | {"pattern": "^[a-z]+$"}, TEXT, "pattern-removed", lambda v: not v.islower()),
    Case("no format", TEXT | {"format": "date"}, TEXT, "type-generalized", _of(str)),
    Case(
        "another format",
        TEXT | {"format": "date"},
        TEXT | {"format": "date-time"},
        "type-changed",
        lambda v: "T" in v.upper(),
    ),
    Case("minItems", _list(minItems=2), _list(minItems=1), "min-items-decreased", lambda v: len(v) == 1),
    Case("no minItems", _list(minItems=1), _list(), "min-items-unset", lambda v: v == []),
    Case("maxItems", _list(maxItems=2), _list(maxItems=3), "max-items-increased", lambda v: len(v) == 3),
    Case("no maxItems", _list(maxItems=2), _list(), "max-items-unset", lambda v: len(v) > 2),
    Case(
        "uniqueItems", _list(uniqueItems=True), _list(), "unique-items-unset", lambda v: len(set(v)) < len(v)
    ),
    Case("contains", _list(contains={"const": "a"}), _list(), "contains-removed", lambda v: "a" not in v),
    Case(
        "minProperties",
        _map(minProperties=2),
        _map(minProperties=1),
        "min-properties-decreased",
        lambda v: len(v) == 1,
    ),
    Case("no maxProperties", _map(maxProperties=2), _map(), "max-properties-unset", lambda v: len(v) > 2),
    Case(
        "propertyNames",
        _map(propertyNames={"maxLength": 5}),
        _map(),
        "property-names-removed",
        lambda v: any(len(key) > 5 for key in v),
    ),
    Case(
        "dependentRequired",
        {"type": "object", "properties": PAIR, "dependentRequired": {"a": ["b"]}},
        {"type": "object", "properties": PAIR},
        "dependent-required-removed",
        lambda v: "a" in v and "b" not in v,
    ),
    Case(
        "additional properties",
        CLOSED,
        CLOSED | {"additionalProperties": True},
        "additional-properties-allowed",
        lambda v: v.keys() - {"a"},
    ),
    Case(
        "unevaluated properties",
        {"type": "object", "properties": {"a": TEXT}, "unevaluatedProperties": False},
        {"type": "object", "properties": {"a": TEXT}},
        "unevaluated-properties-removed",
        lambda v: v.keys() - {"a"},
    ),
    Case("not", TEXT | {"not": {"const": "text"}}, TEXT, "not-removed", lambda v: v == "text"),
    Case(
        "oneOf", {"oneOf": [CLOSED_CAT]}, {"oneOf": [CLOSED_CAT, DOG]}, "one-of-added", lambda v: "barks" in v
    ),
    Case("anyOf", {"anyOf": [CAT]}, {"anyOf": [CAT, DOG]}, "any-of-added", lambda v: "barks" in v),
    Case(
        "oneOf to anyOf",
        {"oneOf": [CAT, DOG]},
        {"anyOf": [CAT, DOG]},
        "one-of-unset",
        lambda v: {"purrs", "barks"} <= v.keys(),
    ),
]
"""Changes that allow more: the rule's name without direction and scope."""
