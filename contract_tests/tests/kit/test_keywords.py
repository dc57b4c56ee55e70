"""Each keyword of JSON Schema gives mutants that break the keyword, and legal mutants that it allows."""

from decimal import Decimal
from typing import Any

import jsonschema
import pytest
from contract_kit.derive.model import Expect, Mutant
from contract_kit.prove.proving import Exactness

from .documents import body, catalogue_of

CLOSED = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
KEYWORDS: dict[str, Any] = {
    "type": {"type": "integer"},
    "enum": {"enum": ["one", "two"]},
    "const": {"const": "one"},
    "minimum": {"type": "number", "minimum": 3},
    "maximum": {"type": "integer", "maximum": 3},
    "exclusiveMinimum": {"type": "integer", "exclusiveMinimum": 3},
    "exclusiveMaximum": {"type": "number", "exclusiveMaximum": 3},
    "multipleOf": {"type": "integer", "multipleOf": 5},
    "minLength": {"type": "string", "minLength": 3},
    "maxLength": {"type": "string", "maxLength": 3},
    "pattern": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]+$"},
    "format": {"type": "string", "format": "date-time"},
    "minItems": {"type": "array", "items": {"type": "string"}, "minItems": 2},
    "maxItems": {"type": "array", "items": {"type": "string"}, "maxItems": 2},
    "uniqueItems": {"type": "array", "items": {"enum": ["one", "two"]}, "uniqueItems": True, "minItems": 2},
    "items": {"type": "array", "prefixItems": [{"type": "string"}], "items": False},
    "contains": {"type": "array", "contains": {"const": 7}},
    "maxContains": {"type": "array", "contains": {"const": 7}, "maxContains": 1},
    "required": CLOSED,
    "dependentRequired": {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "dependentRequired": {"a": ["b"]},
    },
    "minProperties": {"type": "object", "additionalProperties": {"type": "string"}, "minProperties": 2},
    "maxProperties": CLOSED | {"maxProperties": 2},
    "additionalProperties": CLOSED | {"additionalProperties": False},
    "unevaluatedProperties": {"allOf": [CLOSED], "type": "object", "unevaluatedProperties": False},
    "unevaluatedItems": {"type": "array", "prefixItems": [{"type": "string"}], "unevaluatedItems": False},
    "propertyNames": {"type": "object", "propertyNames": {"pattern": "^[a-z]+$"}, "minProperties": 1},
    "not": {"type": "string", "not": {"const": "seven"}},
    "anyOf": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
    "oneOf": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
}
INNER: dict[str, Any] = {
    "patternProperties": {"type": "object", "patternProperties": {"^x-": {"type": "integer"}}},
    "additionalProperties": {"type": "object", "additionalProperties": {"type": "integer"}},
    "prefixItems": {"type": "array", "prefixItems": [{"type": "integer"}]},
    "allOf": {"allOf": [{"properties": {"a": {"type": "integer"}}}, {"required": ["a"]}]},
    "then": {
        "type": "object",
        "properties": {"kind": {"const": "x"}, "a": {}},
        "required": ["kind", "a"],
        "if": {"properties": {"kind": {"const": "x"}}},
        "then": {"properties": {"a": {"type": "integer"}}},
    },
    "dependentSchemas": {
        "type": "object",
        "properties": {"kind": {"type": "string"}},
        "required": ["kind"],
        "dependentSchemas": {"kind": {"properties": {"a": {"type": "integer"}}, "required": ["a"]}},
    },
}


def _mutants(schema: Any) -> list[Mutant]:
    return list(catalogue_of(schema).mutants())


@pytest.mark.parametrize("keyword", KEYWORDS)
def test_a_keyword_gives_mutants_that_break_it(keyword: str) -> None:
    broken = [each for each in _mutants(KEYWORDS[keyword]) if each.keyword == keyword]
    errors = [
        {
            error.validator
            for error in jsonschema.Draft202012Validator(KEYWORDS[keyword]).iter_errors(body(each))
        }
        for each in broken
        if keyword not in ("format", "propertyNames")
    ]
    assert broken
    assert all(keyword in each for each in errors)


@pytest.mark.parametrize("keyword", INNER)
def test_schemas_inside_a_keyword_give_mutants(keyword: str) -> None:
    broken = [each for each in _mutants(INNER[keyword]) if each.location and each.keyword == "type"]
    assert broken
    assert any(f"/{keyword}/" in each.schema_location for each in broken)


@pytest.mark.parametrize("keyword", KEYWORDS | INNER)
def test_responses_that_must_be_accepted_are_valid(keyword: str) -> None:
    schema = (KEYWORDS | INNER)[keyword]
    legal = [each for each in _mutants(schema) if each.expect is Expect.ACCEPT]
    validator = jsonschema.Draft202012Validator(schema)
    assert legal
    assert [each.id for each in legal if not validator.is_valid(body(each))] == []


@pytest.mark.parametrize(
    ("schema", "surprises"),
    [
        ({"enum": ["one", "two"]}, ["two"]),
        ({"type": ["string", "null"]}, [None]),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, [None]),
        ({"type": "integer"}, [1.0]),
        ({"type": "string"}, ["Zoë 🐦 текст"]),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, [{}]),
        ({"type": "array", "items": {"type": "string"}}, [[]]),
    ],
)
def test_unusual_but_legal_responses_are_served(schema: Any, surprises: list[Any]) -> None:
    legal = [body(each) for each in _mutants(schema) if each.group == "legal"]
    assert [each for each in surprises if not any(repr(each) == repr(known) for known in legal)] == []


def test_an_unknown_field_is_legal_unless_the_schema_forbids_it() -> None:
    open_object, closed = CLOSED, CLOSED | {"additionalProperties": False}
    names = [
        [(each.expect, each.keyword) for each in _mutants(schema) if "unknown-field" in each.id]
        for schema in (open_object, closed)
    ]
    assert names == [[(Expect.ACCEPT, None)], [(Expect.EITHER, "additionalProperties")]]


@pytest.mark.parametrize("step", [0.01, 0.1, 2.5, 1e-6])
def test_a_multiple_of_a_fraction_is_broken_halfway_to_the_next_multiple(step: float) -> None:
    found = _mutants({"type": "number", "multipleOf": step})
    values = [Decimal(str(body(each))) for each in found if each.keyword == "multipleOf"]
    assert [value % Decimal(str(step)) * 2 for value in values] == [Decimal(str(step))]


def test_a_multiple_of_a_fraction_is_built_between_narrow_bounds() -> None:
    schema = {"type": "number", "multipleOf": 0.1, "minimum": 0.25, "maximum": 0.35}
    assert body(_mutants(schema)[0]) == 0.3


@pytest.mark.parametrize("step", [0.01, 0.1])
def test_a_multiple_of_a_fraction_that_doubles_divide_with_a_remainder_is_legal(step: float) -> None:
    found = _mutants({"type": "number", "multipleOf": step, "minimum": 0.5, "maximum": 9})
    [legal] = [each for each in found if each.name == "inexact-multiple"]
    value = body(legal)
    assert (value / step).is_integer() is False
    assert Decimal(str(value)) % Decimal(str(step)) == 0
    assert legal.group == "legal"
    assert legal.expect == Expect.EITHER


def test_a_new_enum_value_is_tolerated_with_a_reason() -> None:
    found = [each for each in _mutants({"enum": ["one"]}) if each.keyword == "enum"]
    assert {(each.expect, bool(each.reason)) for each in found} == {(Expect.EITHER, True)}


@pytest.mark.parametrize(
    ("schema", "exactness"),
    [
        ({"type": "integer"}, Exactness.EXACT),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, Exactness.WRAPPED),
        ({"type": "string", "enum": ["one"]}, Exactness.COMPOUND),
    ],
)
def test_a_mutant_states_how_exactly_it_breaks_its_keyword(schema: Any, exactness: Exactness) -> None:
    found = {each.exactness for each in _mutants(schema) if each.keyword == "type"}
    assert found == {exactness}


def test_breaking_one_of_two_accepting_branches_gives_no_mutant() -> None:
    """The other branch still accepts the body, so the kit changes nothing in either branch."""
    schema = {"anyOf": [{"type": "string", "minLength": 2}, {"type": "string", "maxLength": 9}]}
    assert [each.keyword for each in _mutants(schema) if each.keyword in ("minLength", "maxLength")] == []
