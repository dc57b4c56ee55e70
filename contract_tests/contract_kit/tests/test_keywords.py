"""For each JSON Schema keyword, there are mutants that break it, and unusual but legal mutants."""

from decimal import Decimal
from typing import Any

import jsonschema
import pytest

from contract_kit.derive.model import Expect, Mutant
from contract_kit.prove.proving import Exactness

from .diffs import CAT, TEXT, WIDER
from .documents import body, catalogue_of

TEXT_FIRST = {"type": "array", "prefixItems": [TEXT]}
TWO = {"enum": ["one", "two"]}
KEYWORDS: dict[str, Any] = {case.name: case.old for case in WIDER} | {
    "enum": TWO,
    "uniqueItems": {"type": "array", "items": TWO, "uniqueItems": True, "minItems": 2},
    "propertyNames": {"type": "object", "propertyNames": {"pattern": "^[a-z]+$"}, "minProperties": 1},
    "required": CAT,
    "maxProperties": CAT | {"maxProperties": 2},
    "unevaluatedProperties": {"allOf": [CAT], "type": "object", "unevaluatedProperties": False},
    "items": TEXT_FIRST | {"items": False},
    "unevaluatedItems": TEXT_FIRST | {"unevaluatedItems": False},
    "maxContains": {"type": "array", "contains": {"const": 7}, "maxContains": 1},
    "not": TEXT | {"not": {"const": "seven"}},
    "a time": TEXT | {"format": "date-time"},
}
"""Schemas that each forbid some values with a single keyword."""
APPLIES_SCHEMAS = ("properties", "items", "prefixItems", "additionalProperties", "allOf")
OF_NUMBER = {"properties": {"a": {"type": "integer"}}, "required": ["a"]}
NEEDS_A: dict[str, Any] = {"type": "object", "properties": {"kind": {"const": "x"}}, "required": ["kind"]}
INNER: dict[str, Any] = {
    "patternProperties": {"type": "object", "patternProperties": {"^x-": {"type": "integer"}}},
    "additionalProperties": {"type": "object", "additionalProperties": {"type": "integer"}},
    "prefixItems": {"type": "array", "prefixItems": [{"type": "integer"}]},
    "allOf": {"allOf": [OF_NUMBER]},
    "then": NEEDS_A | {"if": {"properties": {"kind": {"const": "x"}}}, "then": OF_NUMBER},
    "dependentSchemas": NEEDS_A | {"dependentSchemas": {"kind": OF_NUMBER}},
}


def _mutants(schema: Any) -> list[Mutant]:
    return list(catalogue_of(schema).mutants())


@pytest.mark.parametrize("name", KEYWORDS)
def test_each_keyword_mutant_breaks_its_keyword_and_cites_a_source(name: str) -> None:
    schema = KEYWORDS[name]
    validator, mutants = jsonschema.Draft202012Validator(schema), _mutants(schema)
    assert all(each.operator.source for each in mutants)
    for keyword, value in schema.items():
        if keyword in APPLIES_SCHEMAS and value is not False:
            continue
        broken = [body(each) for each in mutants if each.keyword == keyword]
        assert broken or value == "int32"
        for each in broken if keyword not in ("format", "propertyNames") else ():
            assert keyword in {error.validator for error in validator.iter_errors(each)}


@pytest.mark.parametrize("keyword", INNER)
def test_schemas_inside_a_keyword_yield_mutants(keyword: str) -> None:
    broken = [each for each in _mutants(INNER[keyword]) if each.location and each.keyword == "type"]
    assert broken
    assert any(f"/{keyword}/" in each.schema_location for each in broken)


@pytest.mark.parametrize("keyword", KEYWORDS | INNER)
def test_each_response_that_clients_must_accept_is_valid(keyword: str) -> None:
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
        ({"type": "integer", "minimum": 3, "maximum": 3}, [3.0]),
        ({"type": "string"}, ["Zoë 🐦 текст"]),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, [{}]),
        ({"type": "array", "items": {"type": "string"}}, [[]]),
    ],
)
def test_unusual_but_legal_responses_are_served(schema: Any, surprises: list[Any]) -> None:
    legal = [body(each) for each in _mutants(schema) if each.group == "legal"]
    assert [each for each in surprises if not any(repr(each) == repr(known) for known in legal)] == []


@pytest.mark.parametrize("step", [0.01, 0.1])
def test_a_number_between_two_multiples_breaks_multiple_of(
    step: float,
) -> None:
    exact = Decimal(str(step))
    found = _mutants({"type": "number", "multipleOf": step, "minimum": 0.5, "maximum": 9})
    assert {Decimal(str(body(each))) % exact * 2 for each in found if each.keyword == "multipleOf"} == {exact}
    [legal] = [each for each in found if each.name == "inexact-multiple"]
    assert not (body(legal) / step).is_integer()
    assert Decimal(str(body(legal))) % exact == 0
    assert (legal.group, legal.expect) == ("legal", Expect.EITHER)


def test_a_multiple_of_a_fraction_is_found_even_within_narrow_bounds() -> None:
    schema = {"type": "number", "multipleOf": 0.1, "minimum": 0.25, "maximum": 0.35}
    assert body(_mutants(schema)[0]) == 0.3


@pytest.mark.parametrize(
    ("schema", "exactness"),
    [
        ({"type": "integer"}, Exactness.EXACT),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, Exactness.WRAPPED),
        ({"type": "string", "enum": ["one"]}, Exactness.COMPOUND),
    ],
)
def test_a_mutant_states_whether_it_breaks_other_keywords_too(schema: Any, exactness: Exactness) -> None:
    found = {each.exactness for each in _mutants(schema) if each.keyword == "type"}
    assert found == {exactness}
