"""Valid and legal bodies match every keyword that a validator might check, even if no mutant breaks it."""

import json
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import pytest

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import Expect, Mutant

from .documents import (
    REFERENCES,
    answering,
    body,
    catalogue,
    catalogue_answering,
    catalogue_of,
    family,
    json_response,
    openapi,
    reason_for_no_mutants,
)

KNOWN_TO_VALIDATORS = (
    *("uri", "uri-reference", "uri-template", "iri", "iri-reference", "time", "duration", "hostname"),
    *("idn-hostname", "idn-email", "regex", "json-pointer", "relative-json-pointer"),
)
SHORT_URI = {"schema": {"type": "string", "format": "uri", "maxLength": 3}, "example": "abc"}


def accepted(found: Catalogue) -> list[Mutant]:
    return [each for each in found.mutants() if each.expect is Expect.ACCEPT and not each.keyword]


@pytest.mark.parametrize("name", KNOWN_TO_VALIDATORS)
def test_a_legal_body_satisfies_even_formats_that_yield_no_mutants(name: str) -> None:
    described = {"type": ["string", "integer"], "format": name, "examples": ["text text"]}
    found = catalogue_of({"type": "object", "properties": {"value": described}})
    validator = jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True)
    values = [body(each)["value"] for each in accepted(found) if "value" in body(each)]
    assert values
    assert [value for value in values if not validator.is_valid(value)] == []


@pytest.mark.parametrize(
    ("name", "example"),
    [
        ("uuid4", "a8098c1a-f86e-11da-bd1a-00112444be1e"),
        ("ipv4-network", "192.0.2.999/24"),
        ("int8", "128"),
        ("byte", "a_b="),
        ("host-name", "example-"),
        ("iso-time", "16:04"),
    ],
)
def test_an_example_that_breaks_a_format_unknown_to_json_schema_2020_12_is_not_served(
    name: str, example: str
) -> None:
    found = catalogue_of({"type": "string", "format": name, "examples": [example]})
    assert example not in {body(each) for each in accepted(found)} != set()


@pytest.mark.parametrize(
    ("pattern", "example", "expected"),
    [
        ("(?i)^order-[0-9]{2}$", None, "order-22"),
        (r"^[\p{L}_]+$", None, "L"),  # without Unicode mode, \p is a p
        (r"\p{ASCII}+", "text", "p{ASCII}"),
        (r"^[^\p{Ll}]{9}x$", "ABCDEFGHIx", "ABCDEFGHIx"),
        ("^(a+)+$", "aaa!", "a"),
    ],
)
def test_a_legal_body_satisfies_even_patterns_that_yield_no_mutants(
    pattern: str, example: str | None, expected: str
) -> None:
    schema = {"type": "string", "pattern": pattern} | ({"examples": [example]} if example else {})
    assert {body(each) for each in accepted(catalogue_of(schema))} == {expected}


@pytest.mark.parametrize(
    "hidden",
    [
        {"type": "string", "writeOnly": True},
        {"$ref": "#/components/schemas/Hidden"},
        {"allOf": [{"$ref": "#/components/schemas/Hidden"}]},
    ],
    ids=str,
)
@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_no_legal_response_body_has_an_optional_write_only_property(
    version: str, hidden: dict[str, Any]
) -> None:
    properties = {"name": {"type": "string"}, "secret": hidden}
    schema = {"type": "object", "properties": properties, "example": {"name": "a", "secret": "b"}}
    response = json_response(schema, example={"name": "a", "secret": "b"})
    schemas = {"Hidden": {"type": "string", "writeOnly": True}}
    found = accepted(catalogue(openapi(answering({"200": response}), version, schemas=schemas)))
    assert found
    assert [each.id for each in found if b"secret" in each.response.body] == []


def test_a_response_whose_header_has_no_valid_value_yields_no_mutants() -> None:
    assert reason_for_no_mutants(json_response({}) | {"headers": {"X-Next": SHORT_URI}})


def test_a_response_yields_no_mutants_if_its_schema_contradicts_its_discriminator() -> None:
    schemas = family()
    schemas["Pet"]["properties"]["kind"]["enum"] = ["cat", "dog"]
    assert reason_for_no_mutants(json_response(REFERENCES[0]), **schemas)


@pytest.mark.parametrize(("media", "expected"), [({}, {}), ({"example": {"id": 7}}, {"id": 7})])
def test_json_content_without_a_schema_gets_a_json_body(media: dict[str, Any], expected: Any) -> None:
    found = catalogue_answering({"200": {"content": {"application/json": media}}})
    assert json.loads(found.valid(found.operations[0]).body) == expected


@pytest.mark.parametrize(
    "header", [{}, {"content": {"text/plain": {}}}, {"schema": {"minLength": 9}}], ids=str
)
def test_a_legal_responses_location_header_is_an_absolute_url(header: dict[str, Any]) -> None:
    found = catalogue_answering({"201": {"headers": {"Location": header}}})
    assert urlsplit(found.valid(found.operations[0]).headers["Location"]).scheme in ("http", "https")
