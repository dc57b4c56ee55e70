"""Responses of every shape: statuses, headers, content and examples."""

from pathlib import Path

import pytest
from contract_kit.model import Expect

from . import documents
from .documents import answering, broken, catalogue, json_response, mutants_of, of_schema, openapi


@pytest.mark.parametrize(
    ("labels", "statuses"),
    [
        (["200", "404"], {200, 404}),
        (["4XX", "200"], {200, 400}),
        (["4XX", "400", "200"], {200, 400, 401}),
        (["200", "default"], {200, 500}),
        (["default"], {200}),
        (["200", "5XX", "default"], {200, 500, 400}),
    ],
)
def test_a_range_or_default_gets_a_status_that_no_other_response_describes(
    tmp_path: Path, labels: list[str], statuses: set[int]
) -> None:
    document = openapi(answering({label: json_response({"type": "integer"}) for label in labels}))
    bodies = [each for each in catalogue(tmp_path, document).mutants() if each.keyword or "legal" in each.id]
    assert {each.response.status for each in bodies} == statuses


def test_a_status_that_no_response_describes_must_be_refused(tmp_path: Path) -> None:
    statuses = [
        {
            each.response.status
            for each in mutants_of(catalogue(tmp_path, openapi(answering(responses))), "status-")
        }
        for responses in (
            {"200": json_response({}), "202": json_response({})},
            {"200": json_response({}), "default": json_response({})},
        )
    ]
    assert statuses == [{206, 418, 500}, set()]


def test_a_client_may_raise_or_return_an_error_status_but_not_a_broken_body(tmp_path: Path) -> None:
    document = openapi(answering({"200": json_response({}), "404": json_response({"type": "object"})}))
    of_404 = [each for each in catalogue(tmp_path, document).mutants() if each.response.status == 404]
    assert {(each.keyword, each.expect) for each in of_404 if "protocol" not in each.id} == {
        (None, Expect.EITHER),
        ("type", Expect.REFUSE),
    }


def test_a_response_without_content_is_legal_and_has_no_body_mutants(tmp_path: Path) -> None:
    document = openapi(
        {"/thing": {"delete": {"operationId": "drop", "responses": {"204": {"description": ""}}}}}
    )
    found = list(catalogue(tmp_path, document).mutants())
    assert [(each.expect, each.response.body) for each in found if each.group == "legal"] == [
        (Expect.ACCEPT, b"")
    ]
    assert {each.keyword for each in found} == {None}


def test_a_response_to_head_has_no_body_mutants(tmp_path: Path) -> None:
    document = openapi({"/thing": {"head": {"responses": {"200": json_response({"type": "integer"})}}}})
    assert broken(catalogue(tmp_path, document)) == set()


def test_an_operation_gets_its_first_success_even_if_an_error_comes_before_it(
    tmp_path: Path,
) -> None:
    labels = ("404", "202", "200")
    found = catalogue(tmp_path, openapi(answering({label: json_response({}) for label in labels})))
    assert found.valid(found.operations[0]).status == 202


def test_a_required_header_is_sent_and_its_absence_must_be_refused(tmp_path: Path) -> None:
    headers = {"X-Total": {"required": True, "schema": {"type": "integer", "minimum": 3}}}
    document = openapi(answering({"200": json_response({}) | {"headers": headers}}))
    found = catalogue(tmp_path, document)
    without = mutants_of(found, "no-header-x-total")
    assert found.valid(found.operations[0]).headers["X-Total"] == "3"
    assert [("X-Total" in each.response.headers, each.expect) for each in without] == [(False, Expect.REFUSE)]


@pytest.mark.parametrize(
    "kind", ["application/problem+json", "model/gltf+json", "application/json; charset=utf-8", "*/*"]
)
def test_content_of_every_json_type_is_covered(tmp_path: Path, kind: str) -> None:
    content = {kind: {"schema": {"type": "integer"}}}
    document = openapi(answering({"200": {"description": "", "content": content}}))
    assert ("type", "") in broken(catalogue(tmp_path, document))


def test_content_types_other_than_json_are_listed_as_not_covered(tmp_path: Path) -> None:
    content = {kind: {"schema": {"type": "string"}} for kind in ("text/csv", "application/pdf")}
    document = openapi(answering({"200": {"description": "", "content": content}}))
    skipped = " ".join(each.reason for each in catalogue(tmp_path, document).skipped)
    assert [skipped.count(kind) for kind in content] == [1, 1]


def test_each_json_content_type_gives_mutants_and_the_others_are_listed(tmp_path: Path) -> None:
    kinds = ("application/json", "application/hal+json", "text/csv", "*/*")
    content = {kind: {"schema": {"type": "integer"}} for kind in kinds}
    found = catalogue(tmp_path, openapi(answering({"200": {"description": "", "content": content}})))
    of_types = {each.response.headers["Content-Type"] for each in found.mutants() if each.keyword == "type"}
    assert of_types == {"application/json", "application/hal+json"}
    assert [each.where for each in found.skipped if "text/csv is not JSON" in each.reason] == ["getThing 200"]


def test_a_client_may_support_only_one_of_several_content_types(tmp_path: Path) -> None:
    content = {kind: {"schema": {"type": "integer"}} for kind in ("application/json", "application/hal+json")}
    found = catalogue(tmp_path, openapi(answering({"200": {"description": "", "content": content}})))
    legal = {each.response.headers["Content-Type"]: each.expect for each in mutants_of(found, ":legal::all")}
    assert legal == {"application/json": Expect.ACCEPT, "application/hal+json": Expect.EITHER}


def test_examples_in_the_document_are_served_if_they_are_valid(tmp_path: Path) -> None:
    examples = {"good": {"value": "abc"}, "bad": {"value": 1}}
    document = openapi(answering({"200": json_response({"type": "string"}, examples=examples)}))
    served = [documents.body(each) for each in mutants_of(catalogue(tmp_path, document), "legal::example")]
    assert served == ["abc"]


def test_mutants_start_from_the_first_valid_example_with_all_properties_added(tmp_path: Path) -> None:
    """It makes sense across fields, which no schema describes."""
    line = {"type": "object", "properties": {"sku": {"type": "string"}, "count": {"type": "integer"}}}
    lines = {"type": "array", "items": line}
    schema = {"type": "object", "properties": {"total": {"type": "integer"}, "lines": lines}}
    examples = {"bad": {"value": 1}, "good": {"value": {"total": 5, "lines": [{"count": 2}, {"count": 3}]}}}
    found = catalogue(tmp_path, openapi(answering({"200": json_response(schema, examples=examples)})))
    first = next(found.mutants())
    assert documents.body(first) == {"total": 5, "lines": [{"count": 2, "sku": "text"}, {"count": 3}]}
    assert first.id.endswith(":legal::filled-good")


def test_a_map_in_an_example_gets_no_made_up_keys(tmp_path: Path) -> None:
    names = {"type": "object", "additionalProperties": {"type": "string"}}
    schema = {"type": "object", "properties": {"names": names, "note": {"type": "string"}}}
    response = json_response(schema, example={"names": {"en": "box"}})
    first = next(catalogue(tmp_path, openapi(answering({"200": response}))).mutants())
    assert documents.body(first) == {"names": {"en": "box"}, "note": "text"}


def test_unusual_values_of_a_format_are_legal(tmp_path: Path) -> None:
    found = catalogue(tmp_path, of_schema({"type": "string", "format": "date-time"}))
    legal = [documents.body(each) for each in found.mutants() if each.expect is Expect.ACCEPT]
    assert "2026-11-19T16:04:10.123456789Z" in legal
    assert [each.expect for each in mutants_of(found, "lower-case")] == [Expect.EITHER]
