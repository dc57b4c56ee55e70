"""Each kind of change has a witness that one version allows and the other forbids."""

from __future__ import annotations

from typing import Any

import jsonschema
import jsonschema_rs
import pytest

from .diff_cases import CLOSED, PAIR, WIDER
from .diffs import (
    CAT,
    DOG,
    INTEGER,
    TEXT,
    Case,
    at,
    of_parameters,
    of_requests,
    of_responses,
    only,
)


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
"""How a rule's name ends if the old version allows more."""
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
"""Changes of values that also differ when a URL contains them."""


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
"""New versions of the schema of a response that no client of the old version notices."""


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


def test_items_that_change_places_are_two_changes() -> None:
    old, new = ({"type": "array", "prefixItems": each} for each in ([TEXT, INTEGER], [INTEGER, TEXT]))
    found = of_responses(old, new)
    assert [(each.rule, each.location.rpartition("/")[2]) for each in found.breaking] == [
        ("response-body-type-changed", "0"),
        ("response-body-type-changed", "1"),
    ]


def test_several_changes_of_one_schema_are_reported_separately() -> None:
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


def test_nullable_beside_an_all_of_with_a_reference_has_a_witness() -> None:
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
