"""A normalized schema accepts what an independent validator of OpenAPI accepts, and nothing else."""

from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator, OAS31Validator

from .documents import of_schema, read_schema

VALUES: list[Any] = [None, True, 0, 3, 5, 7.5, "", "one", "2026-11-19", [], [1], {}, {"a": 1}, {"a": "one"}]
SCHEMAS_3_0: list[Any] = [
    {"type": "string", "nullable": True},
    {"type": "integer", "minimum": 3, "exclusiveMinimum": True},
    {"type": "integer", "maximum": 3, "exclusiveMaximum": True},
    {"type": "number", "minimum": 3, "exclusiveMinimum": False},
    {
        "type": "object",
        "properties": {"a": {"type": "integer", "nullable": True}},
        "additionalProperties": False,
    },
    {"allOf": [{"type": "object"}, {"required": ["a"]}]},
    {"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 4}]},
    {"anyOf": [{"type": "string", "maxLength": 2}, {"type": "array", "items": {"type": "integer"}}]},
    {"not": {"type": "string"}},
    {"type": "string", "format": "date"},
    {"type": "array", "items": {}, "minItems": 1},
    {"type": "object", "additionalProperties": {"type": "integer"}, "maxProperties": 1},
    {"enum": ["one", 3]},
    {"nullable": False, "type": "integer"},
]
SCHEMAS_3_1: list[Any] = [
    {"type": ["string", "null"]},
    {"type": "integer", "exclusiveMinimum": 3},
    {"const": 3},
    {"if": {"type": "object"}, "then": {"required": ["a"]}, "else": {"type": ["integer", "null"]}},
    {"prefixItems": [{"type": "integer"}], "items": False},
    {"contains": {"type": "integer"}},
    {"propertyNames": {"maxLength": 0}},
    {"dependentRequired": {"a": ["b"]}},
    {"patternProperties": {"^a": {"type": "string"}}},
    {"allOf": [{"properties": {"a": True}}], "unevaluatedProperties": False},
    {"$ref": "#/components/schemas/Other", "type": "integer"},
    True,
    False,
]


def _accepted(schema: Any, version: str) -> list[Any]:
    validators, node = read_schema(of_schema(schema, version, Other={"minimum": 4}))
    accepted = [value for value in VALUES if validators.is_valid(node, value)]
    assert accepted == [value for value in VALUES if validators.second(node).is_valid(value)]
    return accepted


@pytest.mark.parametrize("schema", SCHEMAS_3_0, ids=str)
def test_a_schema_of_3_0_keeps_its_meaning(schema: Any) -> None:
    witness = OAS30Validator(schema, format_checker=OAS30Validator.FORMAT_CHECKER)
    assert _accepted(schema, "3.0.3") == [value for value in VALUES if witness.is_valid(value)]


@pytest.mark.parametrize("schema", SCHEMAS_3_1, ids=str)
def test_a_schema_of_3_1_keeps_its_meaning(schema: Any) -> None:
    whole = {"components": {"schemas": {"Other": {"minimum": 4}}}}
    witness = OAS31Validator(schema | whole if isinstance(schema, dict) else schema)
    assert _accepted(schema, "3.1.0") == [value for value in VALUES if witness.is_valid(value)]
