"""Each kind of change has a witness that one version allows and the other forbids."""

from __future__ import annotations

from typing import Any

import jsonschema
import jsonschema_rs
import pytest

from .diffs import (
    CAT,
    DOG,
    INTEGER,
    NULL,
    NUMBER,
    TEXT,
    Case,
    Predicate,
    at,
    of_parameters,
    of_requests,
    of_responses,
    only,
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


def _confirm(allows: Any, forbids: Any, value: Any) -> None:
    options: dict[str, Any] = {"format_checker": jsonschema.FormatChecker()}
    assert jsonschema.Draft202012Validator(allows, **options).is_valid(value)
    assert jsonschema_rs.Draft202012Validator(allows, validate_formats=True).is_valid(value)
    if "int32" not in str(forbids):  # OpenAPI defines int32, JSON Schema does not
        assert not jsonschema.Draft202012Validator(forbids, **options).is_valid(value)
        assert not jsonschema_rs.Draft202012Validator(forbids, validate_formats=True).is_valid(value)


def _name(case: Case) -> str:
    return case.name


@pytest.mark.parametrize("case", WIDER, ids=_name)
def test_a_response_property_that_allows_more_has_a_witness(case: Case) -> None:
    change = only(of_responses(at(case.old), at(case.new)))
    assert change.rule == f"response-property-{case.rule}"
    assert change.witness is not None
    assert case.holds(change.witness.value["at"])
    _confirm(at(case.new), at(case.old), change.witness.value)


@pytest.mark.parametrize("case", WIDER, ids=_name)
def test_a_response_body_that_allows_more_has_a_witness(case: Case) -> None:
    change = only(of_responses(case.old, case.new))
    assert change.rule == f"response-body-{case.rule}"
    assert change.witness is not None
    assert case.holds(change.witness.value)


SWAPPED = {
    "added": "removed",
    "allowed": "forbidden",
    "decreased": "increased",
    "increased": "decreased",
    "removed": "added",
    "unset": "set",
    "widened": "narrowed",
}
"""How a rule ends if the old version allows more."""
NARROWED = {
    "became-not-enum": "became-enum",
    "became-nullable": "became-not-nullable",
    "type-generalized": "type-changed",
}


def _swapped(rule: str) -> str:
    start, _, end = rule.rpartition("-")
    return NARROWED.get(rule) or f"{start}-{SWAPPED.get(end, end)}"


@pytest.mark.parametrize("case", WIDER, ids=_name)
def test_a_request_body_that_allows_less_has_a_witness(case: Case) -> None:
    change = only(of_requests(at(case.new), at(case.old)))
    assert change.rule == f"request-property-{_swapped(case.rule)}"
    assert change.witness is not None
    assert case.holds(change.witness.value["at"])
    _confirm(at(case.new), at(case.old), change.witness.value)


OF_TEXT = (
    "enum value",
    "no enum",
    "maximum",
    "no minimum",
    "maxLength",
    "pattern",
    "no format",
    "no maxItems",
)
"""Changes of values that differ in a URL too."""


@pytest.mark.parametrize("case", [each for each in WIDER if each.name in OF_TEXT], ids=_name)
def test_a_parameter_that_allows_less_has_a_witness(case: Case) -> None:
    change = only(of_parameters(case.new, case.old))
    assert change.rule == f"request-parameter-{_swapped(case.rule)}"
    assert change.witness is not None
    assert case.holds(change.witness.value)


INCOMPARABLE = ("type-changed", "const-changed")


@pytest.mark.parametrize("case", [each for each in WIDER if each.rule not in INCOMPARABLE], ids=_name)
def test_a_response_that_allows_less_breaks_nothing(case: Case) -> None:
    assert of_responses(at(case.new), at(case.old)).breaking == []


@pytest.mark.parametrize("case", [each for each in WIDER if each.rule not in INCOMPARABLE], ids=_name)
def test_a_request_that_allows_more_breaks_nothing(case: Case) -> None:
    assert of_requests(at(case.old), at(case.new)).breaking == []


ORDER: dict[str, Any] = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": INTEGER, "note": TEXT, "kind": {"enum": ["a", "b"]}},
}
HARMLESS = {
    "a new optional property": ORDER | {"properties": ORDER["properties"] | {"new": TEXT}},
    "a new required property": ORDER
    | {"properties": ORDER["properties"] | {"new": TEXT}, "required": ["id", "new"]},
    "an optional property is removed": ORDER | {"properties": {"id": INTEGER, "kind": {"enum": ["a", "b"]}}},
    "a property becomes required": ORDER | {"required": ["id", "note"]},
    "another order": {
        "properties": dict(reversed(ORDER["properties"].items())),
        "required": ["id"],
        "type": "object",
    },
    "another order of an enum": ORDER | {"properties": ORDER["properties"] | {"kind": {"enum": ["b", "a"]}}},
    "a description": ORDER | {"description": "An order", "title": "Order"},
    "an example": ORDER | {"examples": [{"id": 7}]},
    "a default": ORDER | {"properties": ORDER["properties"] | {"note": TEXT | {"default": "none"}}},
    "a deprecation": ORDER | {"properties": ORDER["properties"] | {"note": TEXT | {"deprecated": True}}},
    "allOf around the schema": {"allOf": [ORDER]},
    "a union of one": {"anyOf": [ORDER]},
    "a type as a list": ORDER | {"type": ["object"]},
    "additionalProperties that allow all": ORDER | {"additionalProperties": True},
    "a constant for an enum of one": ORDER | {"properties": ORDER["properties"] | {"kind": {"const": "a"}}},
    "a format that nobody checks": ORDER
    | {"properties": ORDER["properties"] | {"note": TEXT | {"format": "name"}}},
    "a reference for the schema": {"$ref": "#/components/schemas/Order"},
}
"""Other versions of the schema of a response, which no client of the first notices."""


@pytest.mark.parametrize("name", HARMLESS)
def test_a_harmless_change_of_a_response_has_no_witness(name: str) -> None:
    assert of_responses(ORDER, HARMLESS[name], schemas={"Order": ORDER}).breaking == []


def test_a_required_property_that_becomes_optional_is_missing_in_the_witness() -> None:
    change = only(of_responses(at(TEXT), at(TEXT) | {"required": []}))
    assert (change.rule, change.what) == ("response-property-became-optional", "at")
    assert change.witness is not None
    assert change.witness.value == {}


def test_a_required_property_that_is_removed_is_missing_in_the_witness() -> None:
    change = only(of_responses(at(TEXT), {"type": "object"}))
    assert (change.rule, change.what) == ("response-required-property-removed", "at")


def test_a_property_added_to_a_closed_object_is_in_the_witness() -> None:
    both = CLOSED | {"properties": PAIR}
    change = only(of_responses(CLOSED, both))
    assert (change.rule, change.what) == ("response-optional-property-added", "b")
    change = only(of_responses(CLOSED, both | {"required": ["b"]}))
    assert (change.rule, change.what) == ("response-required-property-added", "b")


def test_a_request_property_that_becomes_required_is_missing_in_the_witness() -> None:
    change = only(of_requests(at(TEXT) | {"required": []}, at(TEXT)))
    assert (change.rule, change.what) == ("request-property-became-required", "at")


def test_a_new_required_request_property_is_missing_in_the_witness() -> None:
    change = only(of_requests({"type": "object"}, at(TEXT)))
    assert (change.rule, change.what) == ("new-required-request-property", "at")


def test_a_property_removed_from_a_closed_request_is_in_the_witness() -> None:
    change = only(of_requests(CLOSED | {"properties": PAIR}, CLOSED))
    assert (change.rule, change.what) == ("request-property-removed", "b")


def test_a_number_that_becomes_text_in_a_parameter_breaks_nothing() -> None:
    assert of_parameters(INTEGER, TEXT).breaking == []


def test_a_change_within_a_branch_of_a_union_is_named_by_its_keyword() -> None:
    cat = CAT | {"properties": CAT["properties"] | {"name": {"enum": ["a"]}}}
    more = CAT | {"properties": CAT["properties"] | {"name": {"enum": ["a", "b"]}}}
    change = only(of_responses({"oneOf": [cat, DOG]}, {"oneOf": [more, DOG]}))
    assert (change.rule, change.what) == ("response-property-enum-value-added", '"b"')


def test_several_changes_of_one_schema_are_told_apart() -> None:
    old = {
        "type": "object",
        "required": ["a", "b", "c"],
        "properties": {"a": TEXT, "b": INTEGER, "c": {"enum": ["x"]}},
    }
    new = {
        "type": "object",
        "required": ["a"],
        "properties": {"a": INTEGER, "b": INTEGER, "c": {"enum": ["x", "y"]}},
    }
    found = {(each.rule, each.what) for each in of_responses(old, new).breaking}
    assert found == {
        ("response-property-type-changed", ""),
        ("response-property-became-optional", "b"),
        ("response-property-became-optional", "c"),
        ("response-property-enum-value-added", '"y"'),
    }


def test_nullable_of_openapi_3_0_has_a_witness() -> None:
    change = only(of_responses(at(TEXT), at(TEXT | {"nullable": True}), "3.0.3"))
    assert change.rule == "response-property-became-nullable"


def test_nullable_beside_a_reference_has_a_witness() -> None:
    reference = {"$ref": "#/components/schemas/Cat"}
    new = at({"allOf": [reference], "nullable": True})
    change = only(of_responses(at(reference), new, "3.0.3", schemas={"Cat": CAT}))
    assert change.rule == "response-property-became-nullable"


@pytest.mark.parametrize("hidden", ["writeOnly", "readOnly"])
def test_properties_that_are_not_sent_break_nothing(hidden: str) -> None:
    old = {"type": "object", "properties": {"at": {"enum": ["a"], hidden: True}}}
    new = {"type": "object", "properties": {"at": {"enum": ["a", "b"], hidden: True}}}
    found = of_responses(old, new) if hidden == "writeOnly" else of_requests(new, old)
    assert found.breaking == []
