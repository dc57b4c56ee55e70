"""A normalized schema accepts what an independent validator of OpenAPI accepts, and nothing else."""

from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator, OAS31Validator

from .documents import of_schema, read_schema

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
    ("3.1.0", {"if": {"type": "object"}, "then": {"required": ["a"]}, "else": {"type": ["integer", "null"]}}),
    ("3.1.0", {"prefixItems": [{"type": "integer"}], "items": False}),
    ("3.1.0", {"allOf": [{"properties": {"a": True}}], "unevaluatedProperties": False}),
    ("3.1.0", {"$ref": "#/components/schemas/Other", "type": "integer"}),
    ("3.1.0", False),
]


@pytest.mark.parametrize(("version", "schema"), SCHEMAS, ids=str)
def test_a_schema_keeps_the_meaning_that_its_version_defines(version: str, schema: Any) -> None:
    validators, node = read_schema(of_schema(schema, version, Other={"minimum": 4}))
    if version == "3.0.3":
        witness = OAS30Validator(schema, format_checker=OAS30Validator.FORMAT_CHECKER)
    else:
        whole = {"components": {"schemas": {"Other": {"minimum": 4}}}}
        witness = OAS31Validator(schema | whole if isinstance(schema, dict) else schema)
    for value in VALUES:
        said = (validators.is_valid(node, value), validators.second(node).is_valid(value))
        assert said == (witness.is_valid(value),) * 2, value
