"""Values of response headers that break the schemas of the headers."""

from typing import Any

import pytest
from contract_kit.derive.model import Expect, Mutant, Strictness
from contract_kit.serve.server import KitServer

from .documents import answering, catalogue, catalogue_answering, json_response, openapi
from .test_server import fetch

COUNT = {"type": "integer", "minimum": 1}
CASES: dict[str, tuple[dict[str, Any], str]] = {
    "type": ({"type": "integer"}, "type-boolean type-null type-number type-string"),
    "enum": ({"enum": ["a", "b"]}, "enum-case enum-new"),
    "pattern": (
        {"type": ["string", "number", "null", "boolean"], "pattern": "^[A-Z]{3}$"},
        "pattern-empty pattern-sign pattern-sign-after pattern-sign-before pattern-words",
    ),
    "format": (
        {"type": ["string", "number", "null"], "format": "uuid"},
        "format-one-digit-short format-words type-boolean",
    ),
    "maximum": (
        {"type": ["number", "boolean"], "maximum": 3},
        "maximum-far-outside maximum-fraction-outside maximum-just-outside type-null type-string",
    ),
    "a reference": (
        {"$ref": "#/components/schemas/Count"},
        "minimum-far-outside minimum-just-outside type-boolean type-null type-number type-string",
    ),
    "a keyword twice": (
        {"type": "integer", "minimum": 3, "allOf": [{"minimum": 5}]},
        "minimum-far-outside minimum-fraction-outside minimum-just-outside "
        "type-boolean type-null type-number type-string",
    ),
    "maxLength": ({"type": "string", "maxLength": 3}, "maxLength-one-more type-boolean type-null"),
    "any value": ({}, ""),
    "any text": ({"type": ["string", "integer"]}, ""),
    "a long text": ({"type": "string", "maxLength": 2_000}, ""),
    "a list": ({"type": "array", "items": {"type": "string"}}, ""),
}


def of_header(header: dict[str, Any]) -> dict[str, Mutant]:
    """Return the mutants of one header, by name."""
    response = json_response({}) | {"headers": {"X-It": header}}
    document = openapi(answering({"200": response}), schemas={"Count": COUNT})
    found = catalogue(document)
    assert "X-It" in found.valid(found.operations[0]).headers
    mutants = [each for each in found.mutants() if each.name.startswith("header-")]
    assert len({each.name for each in mutants}) == len(mutants)
    return {each.name: each for each in mutants}


@pytest.mark.parametrize(("schema", "names"), CASES.values(), ids=CASES)
def test_a_header_gets_short_texts_that_break_its_schema_and_cannot_be_read_as_valid_values(
    schema: dict[str, Any], names: str
) -> None:
    found = of_header({"schema": schema})
    assert sorted(name.removeprefix("header-x-it-") for name in found) == names.split()
    assert {each.response.headers["X-It"] for each in found.values()} & {"7", "a", "ABC"} == set()
    assert all(each.source and each.response.body for each in found.values())


def test_a_client_must_refuse_a_broken_header_only_at_the_strictness_should() -> None:
    found = of_header({"required": True, "schema": COUNT})
    assert {(each.expect, each.strictness) for each in found.values()} == {(Expect.EITHER, Strictness.SHOULD)}


def test_a_broken_header_arrives_unchanged() -> None:
    given = of_header({"schema": COUNT})["header-x-it-minimum-just-outside"]
    found = catalogue_answering({"200": json_response({})})
    with KitServer(found) as server, server.offer(given) as offer:
        assert fetch(f"{offer.url}/thing").headers["x-it"] == "0"


def test_an_encoding_header_is_sent_only_if_it_is_true_of_the_body() -> None:
    headers = {"Content-Encoding": {"schema": {"type": "string", "enum": ["gzip"]}}}
    found = catalogue_answering({"200": json_response({}) | {"headers": headers}})
    assert "Content-Encoding" not in found.valid(found.operations[0]).headers
