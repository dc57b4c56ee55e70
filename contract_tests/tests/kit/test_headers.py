"""Values of response headers that break the schemas of the headers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from contract_kit.model import Expect, Mutant, Strictness
from contract_kit.server import KitServer

from .documents import answering, catalogue, json_response, openapi
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


def of_header(tmp_path: Path, header: dict[str, Any]) -> dict[str, Mutant]:
    """Return the mutants of one header, by name."""
    response = json_response({}) | {"headers": {"X-It": header}}
    document = openapi(answering({"200": response}), schemas={"Count": COUNT})
    found = catalogue(tmp_path, document)
    assert "X-It" in found.valid(found.operations[0]).headers
    return {each.name: each for each in found.mutants() if each.name.startswith("header-")}


@pytest.mark.parametrize(("schema", "name"), SCHEMAS.values(), ids=SCHEMAS)
def test_a_header_gets_values_that_break_each_keyword_of_its_schema(
    tmp_path: Path, schema: dict[str, Any], name: str
) -> None:
    found = of_header(tmp_path, {"schema": schema})
    assert name in found
    assert found[name].source.startswith("OpenAPI Specification, Header Object")
    assert found[name].response.body


@pytest.mark.parametrize("schema", [{"type": "string"}, {}, {"type": ["string", "integer"]}])
def test_a_header_that_may_be_any_text_gives_no_mutant(tmp_path: Path, schema: dict[str, Any]) -> None:
    assert of_header(tmp_path, {"schema": schema}) == {}


def test_header_text_that_has_a_valid_reading_gives_no_mutant(tmp_path: Path) -> None:
    """The text 7 is a string and a number."""
    values = {each.response.headers["X-It"] for each in of_header(tmp_path, {"schema": COUNT}).values()}
    assert values
    assert "7" not in values


def test_a_keyword_that_applies_twice_gives_a_header_mutant_once(tmp_path: Path) -> None:
    schema = {"type": "integer", "minimum": 3, "allOf": [{"minimum": 5}]}
    response = json_response({}) | {"headers": {"X-It": {"schema": schema}}}
    ids = [each.id for each in catalogue(tmp_path, openapi(answering({"200": response}))).mutants()]
    assert len(ids) == len(set(ids))


def test_a_client_must_refuse_a_broken_header_only_under_should(tmp_path: Path) -> None:
    found = of_header(tmp_path, {"required": True, "schema": COUNT})
    assert {(each.expect, each.strictness) for each in found.values()} == {(Expect.EITHER, Strictness.SHOULD)}


def test_a_broken_header_arrives_unchanged(tmp_path: Path) -> None:
    given = of_header(tmp_path, {"schema": COUNT})["header-x-it-minimum-just-outside"]
    found = catalogue(tmp_path, openapi(answering({"200": json_response({})})))
    with KitServer(found) as server, server.offer(given) as offer:
        assert fetch(f"{offer.url}/thing").headers["x-it"] == "0"


@pytest.mark.parametrize(
    "schema", [{"type": "string", "maxLength": 2_000}, {"type": "array", "items": {"type": "string"}}]
)
def test_a_long_header_or_a_header_with_a_list_gives_no_mutant(
    tmp_path: Path, schema: dict[str, Any]
) -> None:
    assert of_header(tmp_path, {"schema": schema}) == {}


def test_an_encoding_header_is_sent_only_if_it_is_true_of_the_body(tmp_path: Path) -> None:
    headers = {"Content-Encoding": {"schema": {"type": "string", "enum": ["gzip"]}}}
    document = openapi(answering({"200": json_response({}) | {"headers": headers}}))
    found = catalogue(tmp_path, document)
    assert "Content-Encoding" not in found.valid(found.operations[0]).headers
