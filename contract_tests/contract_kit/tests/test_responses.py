"""Responses with all kinds of statuses, headers, content types and examples."""

from typing import Any

import pytest

from contract_kit.derive.model import Mutant

from .documents import (
    answering,
    body,
    broken,
    catalogue,
    catalogue_answering,
    content,
    gaps,
    json_response,
    mutants_of,
    openapi,
)

INTEGER = {"type": "integer"}
SEVERAL = content("application/json", "application/hal+json", "text/csv", "*/*", schema=INTEGER)


@pytest.mark.parametrize(
    ("labels", "statuses"),
    [
        (["4XX", "400", "200"], {200, 400, 401}),
        (["200", "5XX", "default"], {200, 500, 400}),
    ],
)
def test_a_status_range_is_served_with_a_status_that_has_no_response_of_its_own(
    labels: list[str], statuses: set[int]
) -> None:
    found = catalogue_answering({label: json_response(INTEGER) for label in labels})
    bodies = [each for each in found.mutants() if each.keyword or "legal" in each.id]
    assert {each.response.status for each in bodies} == statuses


@pytest.mark.parametrize(
    ("other", "statuses"), [("202", {206, 418, 500}), ("4xx", {202, 500}), ("default", set())]
)
def test_an_undocumented_status_must_be_refused(other: str, statuses: set[int]) -> None:
    found = catalogue_answering({"200": json_response({}), other: json_response({})})
    assert {each.response.status for each in mutants_of(found, ":status")} == statuses


def test_a_response_without_content_is_legal_and_yields_no_body_mutants() -> None:
    found = list(catalogue_answering({"204": {"description": ""}}).mutants())
    assert [each.response.body for each in found if each.group == "legal"] == [b""]
    assert {each.keyword for each in found} == {None}


def test_a_response_to_head_yields_no_body_mutants() -> None:
    document = openapi({"/thing": {"head": {"responses": {"200": json_response(INTEGER)}}}})
    found = catalogue(document)
    assert broken(found) == set()
    assert mutants_of(found, "204-with-content") == []


def test_an_operations_valid_response_is_its_first_success() -> None:
    found = catalogue_answering({label: json_response({}) for label in ("404", "202", "200")})
    assert found.valid(found.operations[0]).status == 202


def test_a_mutant_lacks_a_header_that_the_document_requires() -> None:
    headers = {"X-Total": {"required": True, "schema": {"type": "integer", "enum": [3]}}}
    found = catalogue_answering({"200": json_response({}) | {"headers": headers}})
    [without] = mutants_of(found, "no-header=x-total")
    assert found.valid(found.operations[0]).headers["X-Total"] == "3"
    assert "X-Total" not in without.response.headers


@pytest.mark.parametrize(
    ("kind", "sent"),
    [("model/gltf+json", None), ("application/json; charset=utf-8", None), ("*/*", "application/json")],
)
def test_each_json_content_type_yields_mutants(kind: str, sent: str | None) -> None:
    found = catalogue_answering({"200": content("application/hal+json", kind, schema=INTEGER)})
    broken = {each.response.headers["Content-Type"] for each in found.mutants() if each.keyword == "type"}
    assert broken == {"application/hal+json", sent or kind}


@pytest.mark.parametrize("kinds", [("application/json", "text/csv"), ("text/csv", "application/pdf")])
def test_each_non_json_content_type_is_listed_once(kinds: tuple[str, ...]) -> None:
    reasons = [each.reason for each in gaps(catalogue_answering({"200": content(*kinds, schema=INTEGER)}))]
    others = [kind for kind in kinds if kind != "application/json"]
    assert [kind in reason for kind, reason in zip(others, reasons, strict=True)] == [True] * len(others)


def test_examples_in_the_document_are_served_if_they_are_valid() -> None:
    examples = {"good": {"value": "abc"}, "bad": {"value": 1}}
    found = catalogue_answering({"200": json_response({"type": "string"}, examples=examples)})
    assert [body(each) for each in mutants_of(found, "valid-body=example")] == ["abc"]


def test_missing_properties_are_added_to_the_first_valid_example() -> None:
    line = {"type": "object", "properties": {"sku": {"enum": ["text"]}, "count": INTEGER}}
    properties = {"lines": {"type": "array", "items": line}, "map": {"additionalProperties": INTEGER}}
    schema = {"type": "object", "properties": properties}
    good = {"map": {"en": 5}, "lines": [{"count": 2}, {"count": 3}]}
    examples = {"bad": {"value": 1}, "good": {"value": good}}
    first = next(catalogue_answering({"200": json_response(schema, examples=examples)}).mutants())
    assert body(first) == {"map": {"en": 5}, "lines": [{"count": 2, "sku": "text"}, {"count": 3}]}
    assert first.id.endswith(":valid-body=filled-good")


COUNT = {"type": "integer", "minimum": 1}
CASES: list[tuple[dict[str, Any], str]] = [
    ({"type": "integer"}, "empty-text nan-as-text null placeholder type-boolean type-number"),
    ({"enum": ["a", "b"]}, "empty-enum-value enum-case enum-new false-for-text null"),
    (
        {"type": ["string", "number", "null", "boolean"], "pattern": "^[A-Z]{3}$"},
        "pattern-empty pattern-sign pattern-sign-after pattern-sign-before pattern-words",
    ),
    (
        {"type": ["string", "number", "null"], "format": "uuid"},
        "empty-text false-for-text format-one-digit-short uuid-without-dashes",
    ),
    (
        {"$ref": "#/components/schemas/Count", "minimum": 5},
        "empty-text minimum-far-outside minimum-fraction-outside minimum-just-outside nan-as-text null "
        "placeholder type-boolean type-number",
    ),
    ({"type": "string", "maxLength": 3}, "false-for-text maxLength-one-more null"),
    ({}, ""),
    ({"type": "string", "maxLength": 2_000}, ""),
    ({"type": "array", "items": {"type": "string"}}, ""),
]


def of_header(header: dict[str, Any]) -> dict[str, Mutant]:
    """Return the mutants of a single header, by name."""
    response = json_response({}) | {"headers": {"X-It": header}}
    document = openapi(answering({"200": response}), schemas={"Count": COUNT})
    found = catalogue(document)
    assert "X-It" in found.valid(found.operations[0]).headers
    mutants = [each for each in found.mutants() if each.name.startswith("header=")]
    assert len({each.name for each in mutants}) == len(mutants)
    return {each.name: each for each in mutants}


@pytest.mark.parametrize(("schema", "names"), CASES, ids=str)
def test_no_way_of_parsing_a_header_makes_its_mutant_valid(schema: dict[str, Any], names: str) -> None:
    found = of_header({"schema": schema})
    assert sorted(name.removeprefix("header=x-it-") for name in found) == names.split()
    assert {each.response.headers["X-It"] for each in found.values()} & {"7", "a", "ABC"} == set()
    assert all(each.operator.source and each.response.body for each in found.values())


def test_the_content_encoding_header_is_sent_only_if_it_describes_the_body() -> None:
    headers = {"Content-Encoding": {"schema": {"type": "string", "enum": ["gzip"]}}}
    found = catalogue_answering({"200": json_response({}) | {"headers": headers}})
    assert "Content-Encoding" not in found.valid(found.operations[0]).headers
