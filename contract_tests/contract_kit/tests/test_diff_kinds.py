"""For each kind of change, there is a witness that one version allows and the other forbids."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import jsonschema
import jsonschema_rs
import pytest

from contract_kit.diff.differences import Difference
from contract_kit.diff.results import Comparison, Direction, OnPaper
from contract_kit.diff.rules import rule as rule_of
from contract_kit.read.document import Place
from contract_kit.read.graph import Node
from contract_kit.read.normalizing import SUBSCHEMA, SUBSCHEMA_LISTS, SUBSCHEMA_MAPS

from .diffs import (
    CAT,
    CLOSED,
    DOG,
    INTEGER,
    PAIR,
    TEXT,
    WIDER,
    Case,
    at,
    of_parameters,
    of_requests,
    of_responses,
    only,
)

NAMES = [each.name for each in WIDER]
TEXT_LIST: dict[str, Any] = {"type": "array", "items": TEXT}


def _confirm(allows: Any, forbids: Any, value: Any) -> None:
    """Assert that, according to two validators, only one of the schemas allows a value."""
    if "int32" in str(forbids):  # int32 is defined by OpenAPI, but not by JSON Schema
        forbids = forbids | {"minimum": -(2**31), "maximum": 2**31 - 1}
    options: dict[str, Any] = {"format_checker": jsonschema.FormatChecker()}
    for schema, expected in ((allows, True), (forbids, False)):
        assert jsonschema.Draft202012Validator(schema, **options).is_valid(value) is expected
        assert jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(value) is expected


@pytest.mark.parametrize("case", WIDER, ids=NAMES)
def test_a_change_has_a_witness_if_a_response_allows_more_than_before(case: Case) -> None:
    change = only(of_responses(at(case.old), at(case.new)))
    assert change.rule == f"response-property-{case.rule}"
    assert change.witness is not None
    _confirm(case.new, case.old, change.witness.value["at"])
    assert only(of_responses(case.old, case.new)).rule == f"response-body-{case.rule}"


SWAPPED = {
    "added": "removed",
    "allowed": "forbidden",
    "decreased": "increased",
    "increased": "decreased",
    "removed": "added",
    "unset": "set",
    "widened": "narrowed",
}
"""Rule name suffixes for changes that allow more values, mapped to those for the reverse changes."""
NARROWED = {
    "became-not-enum": "became-enum",
    "became-nullable": "became-not-nullable",
    "type-generalized": "type-changed",
}


def _swapped(rule: str) -> str:
    start, _, end = rule.rpartition("-")
    return NARROWED.get(rule) or f"{start}-{SWAPPED.get(end, end)}"


@pytest.mark.parametrize("case", WIDER, ids=NAMES)
def test_a_change_has_a_witness_if_a_request_allows_less_than_before(case: Case) -> None:
    change = only(of_requests(at(case.new), at(case.old)))
    assert change.rule == f"request-property-{_swapped(case.rule)}"
    assert change.witness is not None
    _confirm(case.new, case.old, change.witness.value["at"])


@pytest.mark.parametrize("name", ["enum value", "no maximum", "pattern", "no format"])
def test_a_change_has_a_witness_if_a_parameter_allows_less_than_before(name: str) -> None:
    case = next(each for each in WIDER if each.name == name)
    change = only(of_parameters(case.new, case.old))
    assert change.rule == f"request-parameter-{_swapped(case.rule)}"
    assert change.witness is not None
    _confirm(case.new, case.old, change.witness.value)


COMPARABLE = [each for each in WIDER if each.rule not in ("type-changed", "const-changed")]


@pytest.mark.parametrize("case", COMPARABLE, ids=[each.name for each in COMPARABLE])
def test_a_response_that_allows_less_than_before_breaks_no_client(case: Case) -> None:
    assert of_responses(at(case.new), at(case.old)).listed(OnPaper.BREAKING) == []
    assert of_requests(at(case.old), at(case.new)).listed(OnPaper.BREAKING) == []


@pytest.mark.parametrize("keyword", sorted(SUBSCHEMA | SUBSCHEMA_LISTS - {"allOf"} | SUBSCHEMA_MAPS))
@pytest.mark.parametrize("direction", Direction)
def test_every_keyword_with_subschemas_has_a_change_rule(direction: Direction, keyword: str) -> None:
    node = Node({keyword: {}}, Place(""))
    for allows in ((), (node,)):
        difference = Difference(node, keyword, "", allows)
        scopes = [(is_body, is_inside) for is_body in (True, False) for is_inside in (False, True)]
        ids = [rule_of(direction, difference, is_body=one, is_inside=two) for one, two in scopes]
        assert len(set(ids)) == 4
        assert {each.partition("-")[0] for each in ids} == {direction}


@pytest.mark.parametrize(
    ("direction", "other"), [(Direction.RESPONSE, "header"), (Direction.REQUEST, "parameter")]
)
def test_the_four_rule_ids_for_a_change_differ_only_in_scope(direction: Direction, other: str) -> None:
    rows = tomllib.loads((files("contract_kit.diff") / "rules.toml").read_text())[direction]
    scopes = [f"{direction}-{scope}-" for scope in ("body", "property", other, f"{other}-property")]
    rests = {
        row: {each.removeprefix(scope) for each, scope in zip(ids, scopes, strict=True)}
        for row, ids in rows.items()
        if len(set(ids)) > 2  # some property ids are the same in several scopes
    }
    assert len(rests) > 50
    assert [row for row, found in rests.items() if len(found) > 1] == []


FORBID_NOTHING = {
    "uniqueItems": TEXT_LIST | {"uniqueItems": False},
    "minItems": TEXT_LIST | {"minItems": 0},
    "propertyNames": {"type": "object", "propertyNames": {}},
}


@pytest.mark.parametrize("keyword", FORBID_NOTHING)
def test_removing_a_keyword_that_forbids_nothing_is_not_a_change(keyword: str) -> None:
    old = FORBID_NOTHING[keyword]
    assert of_responses(old, {name: each for name, each in old.items() if name != keyword}).changes == ()


ORDER: dict[str, Any] = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": INTEGER, "note": TEXT, "kind": {"enum": ["a", "b"]}},
}


def _with(**properties: Any) -> dict[str, Any]:
    return ORDER | {"properties": ORDER["properties"] | properties}


HARMLESS = {
    "a new optional property": _with(new=TEXT),
    "an optional property is removed": ORDER | {"properties": {"id": INTEGER, "kind": {"enum": ["a", "b"]}}},
    "a property becomes required": ORDER | {"required": ["id", "note"]},
    "a deprecation": _with(note=TEXT | {"deprecated": True}),
    "allOf around the schema": {"allOf": [ORDER]},
    "a constant for an enum of one": _with(kind={"const": "a"}),
    "a format that nobody checks": _with(note=TEXT | {"format": "name"}),
    "a reference for the schema": {"$ref": "#/components/schemas/Order"},
}
"""New versions of a response schema that make no difference to clients of the old version."""


@pytest.mark.parametrize("name", HARMLESS)
def test_a_harmless_change_to_a_response_has_no_witness(name: str) -> None:
    assert of_responses(ORDER, HARMLESS[name], schemas={"Order": ORDER}).listed(OnPaper.BREAKING) == []


EMPTY = {"type": "object"}
OPTIONAL = at(TEXT) | {"required": []}
BOTH = CLOSED | {"properties": PAIR}
PROPERTIES = [
    (of_responses, at(TEXT), OPTIONAL, "response-property-became-optional", "at"),
    (of_responses, at(TEXT), EMPTY, "response-required-property-removed", "at"),
    (of_responses, CLOSED, BOTH, "response-optional-property-added", "b"),
    (of_responses, CLOSED, BOTH | {"required": ["b"]}, "response-required-property-added", "b"),
    (of_requests, OPTIONAL, at(TEXT), "request-property-became-required", "at"),
    (of_requests, EMPTY, at(TEXT), "new-required-request-property", "at"),
    (of_requests, BOTH, CLOSED, "request-property-removed", "b"),
]


@pytest.mark.parametrize(
    ("compared", "old", "new", "rule", "name"), PROPERTIES, ids=[each[3] for each in PROPERTIES]
)
def test_a_change_has_a_witness_if_a_property_is_added_or_removed(
    compared: Callable[[Any, Any], Comparison], old: Any, new: Any, rule: str, name: str
) -> None:
    change = only(compared(old, new))
    assert (change.rule, change.what) == (rule, name)
    assert change.witness is not None
    _confirm(*((new, old) if compared is of_responses else (old, new)), change.witness.value)


def test_a_parameter_that_changes_from_integer_to_string_breaks_no_client() -> None:
    assert of_parameters(INTEGER, TEXT).listed(OnPaper.BREAKING) == []


def test_a_change_in_a_union_branch_is_named_after_the_changed_keyword() -> None:
    cat = CAT | {"properties": CAT["properties"] | {"name": {"enum": ["a"]}}}
    more = CAT | {"properties": CAT["properties"] | {"name": {"enum": ["a", "b"]}}}
    change = only(of_responses({"oneOf": [cat, DOG]}, {"oneOf": [more, DOG]}))
    assert (change.rule, change.what) == ("response-property-enum-value-added", '"b"')


def test_swapped_items_are_reported_as_two_changes() -> None:
    old, new = ({"type": "array", "prefixItems": each} for each in ([TEXT, INTEGER], [INTEGER, TEXT]))
    found = of_responses(old, new).listed(OnPaper.BREAKING)
    assert [(each.rule, each.location[-2:]) for each in found] == [
        ("response-body-type-changed", "/0"),
        ("response-body-type-changed", "/1"),
    ]


@pytest.mark.parametrize("schema", [TEXT, TEXT | {"enum": ["a"]}], ids=["text", "enum"])
def test_adding_nullable_is_reported_under_the_rule_became_nullable(
    schema: dict[str, Any],
) -> None:
    change = only(of_responses(at(schema), at(schema | {"nullable": True}), "3.0.3"))
    assert change.rule == "response-property-became-nullable"


@pytest.mark.parametrize("hidden", ["writeOnly", "readOnly"])
def test_a_change_to_a_property_that_is_never_sent_breaks_no_client(hidden: str) -> None:
    old = {"type": "object", "properties": {"at": {"enum": ["a"], hidden: True}}}
    new = {"type": "object", "properties": {"at": {"enum": ["a", "b"], hidden: True}}}
    found = of_responses(old, new) if hidden == "writeOnly" else of_requests(new, old)
    assert found.listed(OnPaper.BREAKING) == []
