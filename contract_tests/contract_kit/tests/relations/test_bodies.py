"""Bodies that the kit derives mean to other validators and parsers what they mean to the kit."""

import json
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator, OAS31Validator
from pydantic_core import from_json

from contract_kit.derive.exchange import Transfer
from contract_kit.derive.model import PROTOCOL, Expect

from ..documents import answering, catalogue, of_schema, openapi, read_schema
from ..matrices.kept import HERE
from ..matrices.responses import COUNT
from ..matrices.schemas import NAMED
from ..matrices.texts import cases
from ..tables import table

OTHER = "keywords of the other version are read as meant if that is clear, and reported"
SCHEMAS = [each.text.split(" ", 1) for each in cases(HERE / "normalized.txt") if each.group != OTHER]
VALID_JSON = {"error-with-success", "header", "no-header"}
"""Operators that break the contract with a body that any parser can read."""
RESPONSES = [each.text.partition(" ")[2] for each in cases(HERE / "responses.txt")]
VALUES: list[Any] = [None, True, 0, 3, 5, 7.5, "", "one", "2026-11-19", [], [1], {}, {"a": 1}, {"a": "one"}]


@table("version, text", [each for each in SCHEMAS if "3.0.3" not in each or "$ref" not in each[1]])
def test_a_schema_keeps_its_meaning_in_each_openapi_version(version: str, text: str) -> None:
    schema = json.loads(text)
    validators, node = read_schema(of_schema(schema, version, **NAMED))
    whole = {"components": {"schemas": NAMED}}
    witness = (
        OAS30Validator(schema, format_checker=OAS30Validator.FORMAT_CHECKER)
        if version == "3.0.3"
        else OAS31Validator(schema | whole if isinstance(schema, dict) else schema)
    )
    for value in VALUES:
        said = (validators.is_valid(node, value), validators.second(node).is_valid(value))
        assert said == (witness.is_valid(value),) * 2, value


@table("responses", RESPONSES)
def test_a_body_that_must_be_refused_is_not_valid_json(responses: str) -> None:
    paths = answering(json.loads(responses))
    for each in catalogue(openapi(paths, schemas=COUNT)).mutants():
        response = each.response
        is_json = response.status == 200 and response.headers.get("Content-Type") == "application/json"
        is_sent = is_json and each.group == PROTOCOL and response.transfer is Transfer.WHOLE
        if is_sent and each.expect is Expect.REFUSE and each.operator.name not in VALID_JSON:
            with pytest.raises(ValueError):  # noqa: PT011 - each parser has its own message
                from_json(response.body, allow_inf_nan=False)
