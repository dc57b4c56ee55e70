"""Values of response headers that break the schemas of the headers."""

from typing import Any

import pytest
from contract_kit.derive.model import Expect, Mutant, Strictness
from contract_kit.serve.server import KitServer

from .documents import answering, catalogue, catalogue_answering, json_response, openapi
from .test_server import fetch

SCHEMAS: dict[str, tuple[dict[str, Any], str]] = {
    "type": ({"type": "integer"}, "header-x-it-type-string"),
    "enum": ({"type": "string", "enum": ["a", "b"]}, "header-x-it-enum-new"),
    "pattern": ({"type": "string", "pattern": "^[A-Z]{3}$"}, "header-x-it-pattern-words"),
    "format": ({"type": "string", "format": "uuid"}, "header-x-it-format-words"),
    "minimum": ({"type": "integer", "minimum": 3}, "header-x-it-minimum-just-outside"),
    "maximum": ({"type": "number", "maximum": 3}, "header-x-it-maximum-fraction-outside"),
    "maxLength": ({"type": "string", "maxLength": 3}, "header-x-it-maxLength-one-more"),
    "reference": ({"$ref": "#/components/schemas/Count"}, "header-x-it-minimum-just-outside"),
}
COUNT = {"type": "integer", "minimum": 1}


def of_header(header: dict[str, Any]) -> dict[str, Mutant]:
    """Return the mutants of one header, by name."""
    response = json_response({}) | {"headers": {"X-It": header}}
    document = openapi(answering({"200": response}), schemas={"Count": COUNT})
    found = catalogue(document)
    assert "X-It" in found.valid(found.operations[0]).headers
    return {each.name: each for each in found.mutants() if each.name.startswith("header-")}


@pytest.mark.parametrize(("schema", "name"), SCHEMAS.values(), ids=SCHEMAS)
def test_a_header_gets_values_that_break_each_keyword_of_its_schema(
    schema: dict[str, Any], name: str
) -> None:
    found = of_header({"schema": schema})
    assert name in found
    assert found[name].source.startswith("OpenAPI Specification, Header Object")
    assert found[name].response.body


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": ["string", "integer"]},
        {"type": "string", "maxLength": 2_000},
        {"type": "array", "items": {"type": "string"}},
    ],
    ids=["any value", "any text", "a long text", "a list"],
)
def test_a_header_gives_no_mutant_if_no_short_text_breaks_its_schema(schema: dict[str, Any]) -> None:
    assert of_header({"schema": schema}) == {}


def test_a_header_text_that_can_be_read_as_a_valid_value_gives_no_mutant() -> None:
    """The text 7 can be read as a string and as a number."""
    values = {each.response.headers["X-It"] for each in of_header({"schema": COUNT}).values()}
    assert values
    assert "7" not in values


def test_a_keyword_that_applies_twice_gives_a_header_mutant_once() -> None:
    schema = {"type": "integer", "minimum": 3, "allOf": [{"minimum": 5}]}
    response = json_response({}) | {"headers": {"X-It": {"schema": schema}}}
    ids = [each.id for each in catalogue_answering({"200": response}).mutants()]
    assert len(ids) == len(set(ids))


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
