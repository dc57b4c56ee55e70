"""Valid and legal bodies keep what any validator may check, although mutants never rely on it."""

from __future__ import annotations

import ipaddress
import json
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Callable
from datetime import datetime, time
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import jsonschema_rs
import pytest
from contract_kit.catalogue import Catalogue
from contract_kit.model import Expect, Mutant

from .documents import answering, body, catalogue, json_response, of_schema, openapi

KNOWN_TO_VALIDATORS = (
    *("uri", "uri-reference", "uri-template", "iri", "iri-reference", "time", "duration", "hostname"),
    *("idn-hostname", "idn-email", "regex", "json-pointer", "relative-json-pointer"),
)


def accepted(found: Catalogue) -> list[Mutant]:
    return [each for each in found.mutants() if each.expect is Expect.ACCEPT and not each.keyword]


@pytest.mark.parametrize("name", KNOWN_TO_VALIDATORS)
@pytest.mark.parametrize("schema", [{}, {"examples": ["text text"]}, {"type": ["string", "integer"]}])
def test_every_legal_body_satisfies_formats_that_are_not_asserted(
    tmp_path: Path, name: str, schema: dict[str, Any]
) -> None:
    described = {"type": "string", "format": name} | schema
    found = catalogue(tmp_path, of_schema({"type": "object", "properties": {"value": described}}))
    validator = jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True)
    values = [body(each)["value"] for each in accepted(found) if "value" in body(each)]
    assert values
    assert [value for value in values if not validator.is_valid(value)] == []


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("byte", lambda text: b64decode(text, validate=True)),
        ("base64url", urlsafe_b64decode),
        *((f"uuid{version}", UUID) for version in "1345678"),
        ("iso-time", time.fromisoformat),
        ("iso-date-time", datetime.fromisoformat),
        ("ip-address", ipaddress.IPv4Address),
        ("ipvanynetwork", ipaddress.ip_network),
        ("http-date", parsedate_to_datetime),
        ("color", lambda text: int(text.removeprefix("#"), 16)),
        ("url", lambda text: urlsplit(text).netloc.index("example")),
        ("int64", int),
        ("double", float),
        ("ipv4-network", ipaddress.IPv4Network),
    ],
)
def test_formats_of_other_standards_are_supported(
    tmp_path: Path, name: str, read: Callable[[str], object]
) -> None:
    found = catalogue(tmp_path, of_schema({"type": "string", "format": name}))
    assert [read(body(each)) for each in accepted(found)]


@pytest.mark.parametrize(
    ("name", "example"),
    [
        ("uuid4", "a8098c1a-f86e-11da-bd1a-00112444be1e"),
        ("ipv4-network", "192.0.2.999/24"),
        ("int8", "128"),
        ("uint8", "-1"),
        ("byte", "a_b="),
        ("host-name", "example-"),
        ("iso-time", "16:04"),
        ("json-pointer-uri-fragment", "/a"),
    ],
)
def test_an_example_that_breaks_a_format_of_other_standards_is_not_served(
    tmp_path: Path, name: str, example: str
) -> None:
    found = catalogue(tmp_path, of_schema({"type": "string", "format": name, "examples": [example]}))
    assert example not in {body(each) for each in accepted(found)} != set()


def test_an_example_that_breaks_a_format_is_not_served(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"next": {"type": "string", "format": "uri"}}}
    response = json_response(schema, example={"next": "page two"})
    found = catalogue(tmp_path, openapi(answering({"200": response})))
    assert {body(each).get("next") for each in accepted(found)} == {"https://example.com/7", None}


@pytest.mark.parametrize(
    ("pattern", "example", "expected"),
    [
        ("(?i)^order-[0-9]{2}$", None, "order-00"),
        (r"^\p{Lu}+$", None, "A"),
        (r"^\p{Lu}{9}x$", "ABCDEFGHIx", "ABCDEFGHIx"),
        ("^(a+)+$", "aaa!", "a"),
    ],
)
def test_legal_bodies_satisfy_patterns_that_are_not_asserted(
    tmp_path: Path, pattern: str, example: str | None, expected: str
) -> None:
    schema = {"type": "string", "pattern": pattern} | ({"examples": [example]} if example else {})
    assert {body(each) for each in accepted(catalogue(tmp_path, of_schema(schema)))} == {expected}


def test_a_response_is_skipped_if_no_value_matches_its_pattern(tmp_path: Path) -> None:
    schema = {"type": "string", "pattern": r"^\p{Lu}{9}x$"}
    responses = {"200": json_response(schema), "404": json_response({})}
    found = catalogue(tmp_path, openapi(answering(responses)))
    assert found.skipped[0].where == "getThing 200"
    assert found.skipped[0].reason == r"No string was found that matches ^\p{Lu}{9}x$."


def test_a_response_is_skipped_if_no_value_has_its_format(tmp_path: Path) -> None:
    schema = {"type": "string", "format": "uri", "maxLength": 3}
    responses = {"200": json_response(schema), "404": json_response({})}
    found = catalogue(tmp_path, openapi(answering(responses)))
    assert found.skipped[0].reason == "No value of the format uri has the required length."


def test_a_response_is_skipped_if_its_schemas_refuse_the_mapping(tmp_path: Path) -> None:
    document = of_schema({"$ref": "#/components/schemas/Cat"}, "3.0.3", **family())
    document["components"]["schemas"]["Pet"]["properties"]["kind"]["enum"] = ["cat", "dog"]
    document["paths"]["/thing"]["get"]["responses"]["404"] = json_response({})
    found = catalogue(tmp_path, document)
    assert found.skipped[0].reason == "No body was found that keeps each format, pattern and discriminator."


@pytest.mark.parametrize(("media", "expected"), [({}, {}), ({"example": {"id": 7}}, {"id": 7})])
def test_json_content_without_a_schema_gets_a_json_body(
    tmp_path: Path, media: dict[str, Any], expected: Any
) -> None:
    response = {"description": "", "content": {"application/json": media}}
    found = catalogue(tmp_path, openapi(answering({"200": response})))
    assert json.loads(found.valid(found.operations[0]).body) == expected


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"content": {"text/plain": {}}},
        *({"schema": {"type": "string"} | more} for more in ({}, {"format": "uri"}, {"minLength": 9})),
    ],
)
def test_location_is_a_url(tmp_path: Path, header: dict[str, Any]) -> None:
    response = {"description": "", "headers": {"Location": header}}
    found = catalogue(tmp_path, openapi(answering({"201": response})))
    assert urlsplit(found.valid(found.operations[0]).headers["Location"]).scheme in ("http", "https")


def test_a_response_is_skipped_if_no_value_of_its_header_is_valid(tmp_path: Path) -> None:
    header = {"schema": {"type": "string", "format": "uri", "maxLength": 3}, "example": "abc"}
    responses = {"200": json_response({}) | {"headers": {"X-Next": header}}, "404": json_response({})}
    found = catalogue(tmp_path, openapi(answering(responses)))
    assert found.skipped[0].reason == "No value of the format uri has the required length."


@pytest.mark.parametrize(
    ("kind", "expect"),
    [("application/pdf", Expect.EITHER), ("text/plain", Expect.ACCEPT), ("application/xml", Expect.ACCEPT)],
)
def test_a_client_may_refuse_content_for_which_the_kit_has_no_valid_body(
    tmp_path: Path, kind: str, expect: Expect
) -> None:
    response = {"description": "", "content": {kind: {"schema": {"type": "string"}}}}
    found = catalogue(tmp_path, openapi(answering({"200": response})))
    assert next(found.mutants()).expect is expect
    assert found.control(found.operations[0]).expect is expect


def pets() -> dict[str, Any]:
    """Two pets with a plain string that tells them apart."""
    kind = {"kind": {"type": "string"}}
    return {
        "Cat": {
            "type": "object",
            "required": ["kind", "lives"],
            "properties": kind | {"lives": {"type": "integer"}},
        },
        "Dog": {
            "type": "object",
            "required": ["kind", "tricks"],
            "properties": kind | {"tricks": {"type": "string"}},
        },
    }


REFERENCES = [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]


def test_a_union_with_a_mapping_names_the_schema_of_each_body(tmp_path: Path) -> None:
    mapping = {"meow": "#/components/schemas/Cat", "woof": "Dog"}
    union = {"oneOf": REFERENCES, "discriminator": {"propertyName": "kind", "mapping": mapping}}
    found = accepted(catalogue(tmp_path, of_schema(union, **pets())))
    assert {(body(each)["kind"], "lives" in body(each)) for each in found} == {
        ("meow", True),
        ("woof", False),
    }


@pytest.mark.parametrize("required", [["kind"], []])
def test_a_union_without_a_mapping_names_the_schema_of_each_body(tmp_path: Path, required: list[str]) -> None:
    union = {"oneOf": REFERENCES, "discriminator": {"propertyName": "kind"}}
    schemas = {
        name: schema | {"required": [*required, schema["required"][-1]]} for name, schema in pets().items()
    }
    found = accepted(catalogue(tmp_path, of_schema(union, **schemas)))
    assert {(body(each).get("kind"), "lives" in body(each)) for each in found} == {
        ("Cat", True),
        ("Dog", False),
    }


def test_a_child_uses_its_name_in_the_mapping_of_its_parent(tmp_path: Path) -> None:
    found = accepted(
        catalogue(tmp_path, of_schema({"$ref": "#/components/schemas/Cat"}, "3.0.3", **family()))
    )
    assert {body(each)["kind"] for each in found} == {"meow"}


def test_a_parent_is_sent_as_one_of_its_children(tmp_path: Path) -> None:
    found = accepted(
        catalogue(tmp_path, of_schema({"$ref": "#/components/schemas/Pet"}, "3.0.3", **family()))
    )
    assert {(body(each)["kind"], "lives" in body(each)) for each in found} == {("meow", True)}


def family() -> dict[str, Any]:
    """A parent whose discriminator names its children."""
    parent = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string"}},
        "discriminator": {"propertyName": "kind", "mapping": {"meow": "Cat", "woof": "Dog"}},
    }
    own = {
        name: {"type": "object", "required": [key], "properties": {key: {"type": "integer"}}}
        for name, key in (("Cat", "lives"), ("Dog", "tricks"))
    }
    reference = {"$ref": "#/components/schemas/Pet"}
    return {"Pet": parent} | {name: {"allOf": [reference, schema]} for name, schema in own.items()}
