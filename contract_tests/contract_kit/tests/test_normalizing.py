"""Schemas keep their meaning in OpenAPI 3.0 and 3.1, which define some keywords differently."""

from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator, OAS31Validator

from contract_kit.derive.model import PROTOCOL, Expect

from .documents import body, broken, catalogue_of, gaps, of_schema, read_schema

TEXT = {"type": "string"}
VALUES: list[Any] = [None, True, 0, 3, 5, 7.5, "", "one", "2026-11-19", [], [1], {}, {"a": 1}, {"a": "one"}]
SCHEMAS: list[tuple[str, Any]] = [
    ("3.0.3", {"type": "string", "nullable": True}),
    ("3.0.3", {"nullable": False, "type": "integer"}),
    ("3.0.3", {"type": "integer", "minimum": 3, "exclusiveMinimum": True}),
    ("3.0.3", {"type": "integer", "maximum": 3, "exclusiveMaximum": True}),
    ("3.0.3", {"type": "number", "minimum": 3, "exclusiveMinimum": False}),
    ("3.0.3", {"properties": {"a": {"type": "integer", "nullable": True}}, "additionalProperties": False}),
    ("3.0.3", {"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 4}]}),
    ("3.0.3", {"type": "string", "format": "date"}),
    ("3.0.3", {"type": "object", "additionalProperties": {"type": "integer"}, "maxProperties": 1}),
    ("3.1.0", {"type": ["string", "null"]}),
    ("3.1.0", {"type": "integer", "exclusiveMinimum": 3}),
    ("3.1.0", {"type": ["integer", "null"], "format": "int32"}),
    ("3.1.0", {"if": {"type": "object"}, "then": {"required": ["a"]}, "else": {"type": ["integer", "null"]}}),
    ("3.1.0", {"prefixItems": [{"type": "integer"}], "items": False}),
    ("3.1.0", {"allOf": [{"properties": {"a": True}}], "unevaluatedProperties": False}),
    ("3.1.0", {"$ref": "#/components/schemas/Other", "type": "integer"}),
    ("3.1.0", False),
]


@pytest.mark.parametrize(("version", "schema"), SCHEMAS, ids=str)
def test_a_schema_keeps_its_meaning_in_each_openapi_version(version: str, schema: Any) -> None:
    validators, node = read_schema(of_schema(schema, version, Other={"minimum": 4}))
    if version == "3.0.3":
        witness = OAS30Validator(schema, format_checker=OAS30Validator.FORMAT_CHECKER)
    else:
        whole = {"components": {"schemas": {"Other": {"minimum": 4}}}}
        witness = OAS31Validator(schema | whole if isinstance(schema, dict) else schema)
    for value in VALUES:
        said = (validators.is_valid(node, value), validators.second(node).is_valid(value))
        assert said == (witness.is_valid(value),) * 2, value


@pytest.mark.parametrize(
    ("version", "expected"), [("3.0.3", (Expect.ACCEPT, None)), ("3.1.0", (Expect.REFUSE, "type"))]
)
def test_nullable_is_ignored_in_openapi_3_1(version: str, expected: tuple[Expect, str | None]) -> None:
    found = catalogue_of({"type": "string", "nullable": True}, version)
    null = [(each.expect, each.keyword) for each in found.mutants() if each.response.body == b"null"]
    assert null == [expected]
    assert ["nullable" in each.reason for each in gaps(found)] == [True] * (version == "3.1.0")


@pytest.mark.parametrize(
    "beside",
    [
        {},
        {"type": "string", "enum": ["one"]},
        {"allOf": [TEXT]},
        {"$ref": "#/components/schemas/Text"},
        *({"type": "string", union: [TEXT]} for union in ("allOf", "anyOf", "oneOf")),
    ],
    ids=str,
)
def test_no_mutant_contains_null_if_nullable_is_ambiguous(beside: dict[str, Any]) -> None:
    holder = {"type": "object", "properties": {"a": {"nullable": True} | beside}}
    found = catalogue_of(holder, "3.0.3", Text={"type": "string"})
    assert [each.id for each in found.mutants() if b'"a": null' in each.response.body] == []


@pytest.mark.parametrize(("version", "keywords"), [("3.0.3", {"type"}), ("3.1.0", {"type", "minLength"})])
def test_keywords_beside_a_reference_are_ignored_in_openapi_3_0(version: str, keywords: set[str]) -> None:
    schema = {"$ref": "#/components/schemas/Text", "minLength": 5}
    found = catalogue_of(schema, version, Text={"type": "string"})
    assert {keyword for keyword, _ in broken(found)} == keywords


@pytest.mark.parametrize(
    ("version", "written", "meant"),
    [
        ("3.1.0", {"minimum": 3, "exclusiveMinimum": True}, {"exclusiveMinimum": 3}),
        ("3.1.0", {"maximum": 3, "exclusiveMaximum": True}, {"exclusiveMaximum": 3}),
        ("3.1.0", {"minimum": 3, "exclusiveMinimum": False}, {"minimum": 3}),
        ("3.1.0", {"exclusiveMaximum": True}, {}),
        ("3.0.3", {"exclusiveMinimum": 3}, {"exclusiveMinimum": 3}),
        ("3.0.3", {"exclusiveMaximum": 3}, {"exclusiveMaximum": 3}),
    ],
)
def test_an_exclusive_bound_of_the_other_openapi_version_is_read_as_meant_and_listed(
    version: str, written: dict[str, Any], meant: dict[str, Any]
) -> None:
    assert read_schema(of_schema(written, version))[1].items() == meant.items()
    (gap,) = gaps(catalogue_of(written, version))
    assert min(each for each in written if "exclusive" in each) in gap.reason


@pytest.mark.parametrize("types", ["integer", ["integer", "null"], ["integer", "string"]], ids=str)
@pytest.mark.parametrize(("format_", "largest"), [("int32", 2**31 - 1), ("int64", 2**63 - 1)])
def test_an_integer_format_limits_legal_values_but_a_client_need_not_check_it(
    types: Any, format_: str, largest: int
) -> None:
    found = catalogue_of({"type": types, "format": format_}).mutants()
    sent = [(each, body(each)) for each in found if each.group not in ("type", PROTOCOL)]
    numbers = [(each, value) for each, value in sent if isinstance(value, int | float)]
    outside = {each.operator.name: each.expect for each, value in numbers if abs(value) > largest}
    assert outside == {format_: Expect.EITHER}


@pytest.mark.parametrize("types", ["integer", "number"])
@pytest.mark.parametrize("format_", ["int32", "uint32"])
def test_no_legal_value_is_too_large_for_its_format(types: str, format_: str) -> None:
    schema = {"type": types, "format": format_, "example": 1_800_000_000}
    found = [body(each) for each in catalogue_of(schema).mutants() if each.group == "legal"]
    assert found
    assert [each for each in found if each >= 2**32] == []


def test_an_integer_format_sets_a_bound_unless_a_keyword_does() -> None:
    schema = {"type": "integer", "format": "int32", "minimum": 1}
    found = {each.keyword: each for each in catalogue_of(schema).mutants()}
    places = [found[each].schema_location.rpartition("/")[2] for each in ("minimum", "maximum")]
    assert places == ["minimum", "format"]


def test_a_keyword_that_openapi_3_0_does_not_have_is_dropped_and_listed() -> None:
    found = catalogue_of({"type": "string", "const": "a"}, "3.0.3")
    assert {keyword for keyword, _ in broken(found)} == {"type"}
    assert "const" in gaps(found)[0].reason
