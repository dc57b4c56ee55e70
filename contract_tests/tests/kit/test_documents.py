"""Documents of every shape: what a reference, a status, a parameter or OpenAPI 3.0 means for the mutants."""

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from contract_kit.catalogue import Catalogue
from contract_kit.errors import KitError
from contract_kit.model import Expect, Mutant

from . import documents
from .documents import answering, catalogue, json_response, of_schema, openapi


def _broken(found: Catalogue) -> set[tuple[str | None, str]]:
    return {(each.keyword, each.location) for each in found.mutants() if each.keyword}


def _of(found: Catalogue, part: str) -> list[Mutant]:
    return [each for each in found.mutants() if part in each.id]


def test_a_schema_that_contains_itself_is_covered_to_its_second_level(tmp_path: Path) -> None:
    reference = {"$ref": "#/components/schemas/Tree"}
    tree = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "below": {"type": "array", "items": reference}},
    }
    assert ("type", "/below/0/name") in _broken(catalogue(tmp_path, of_schema(reference, Tree=tree)))


def test_a_reference_leads_into_another_file_and_back(tmp_path: Path) -> None:
    document = of_schema({"$ref": "./shapes.json#/$defs/Box"}, Name={"type": "string", "minLength": 2})
    box = {"type": "object", "properties": {"name": {"$ref": "openapi.json#/components/schemas/Name"}}}
    found = catalogue(tmp_path, document, shapes={"$defs": {"Box": box}})
    assert {("type", ""), ("minLength", "/name")} <= _broken(found)


def test_a_schema_location_names_the_file_where_that_is_another(tmp_path: Path) -> None:
    document = of_schema({"$ref": "shapes.json#/$defs/Name"})
    found = catalogue(tmp_path, document, shapes={"$defs": {"Name": {"type": "string"}}})
    assert {each.schema_location for each in found.mutants() if each.keyword} == {
        "shapes.json#/$defs/Name/type"
    }


def test_a_reference_leads_to_an_anchor(tmp_path: Path) -> None:
    document = of_schema({"$ref": "#name"}, Name={"$anchor": "name", "type": "string", "minLength": 2})
    assert ("minLength", "") in _broken(catalogue(tmp_path, document))


def test_a_discriminator_is_never_asserted(tmp_path: Path) -> None:
    """Its implicit names match no value of the schemas, and yet both branches give mutants."""
    pet = {"type": "object", "properties": {"kind": {"type": "string"}}, "required": ["kind"]}
    schemas = {
        name: {
            "allOf": [
                {"$ref": "#/components/schemas/Pet"},
                {"properties": {own: {"type": "integer"}}, "required": [own]},
            ]
        }
        for name, own in (("Cat", "lives"), ("Dog", "tricks"))
    }
    branches = [{"$ref": f"#/components/schemas/{name}"} for name in schemas]
    union = {"oneOf": branches, "discriminator": {"propertyName": "kind"}}
    found = catalogue(tmp_path, of_schema(union, "3.0.3", Pet=pet, **schemas))
    assert {("type", "/lives"), ("type", "/tricks"), ("required", "")} <= _broken(found)


def test_branches_that_differ_in_optional_properties_alone_are_told_apart(tmp_path: Path) -> None:
    """A body of one branch is valid for the other too unless something in it breaks that."""
    branches = [{"type": "object", "properties": {name: {"type": "integer"}}} for name in "ab"]
    found = catalogue(tmp_path, of_schema({"oneOf": branches}))
    assert {("type", "/a"), ("type", "/b")} <= _broken(found)


def test_a_whole_path_and_a_response_may_be_references(tmp_path: Path) -> None:
    path = {"get": {"operationId": "getThing", "responses": {"200": {"$ref": "#/components/responses/Ok"}}}}
    document = openapi(
        {"/thing": {"$ref": "#/components/pathItems/Thing"}},
        responses={"Ok": json_response({"type": "integer"})},
        pathItems={"Thing": path},
    )
    assert ("type", "") in _broken(catalogue(tmp_path, document))


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"$ref": "#/components/schemas/Missing"}, "leads nowhere"),
        ({"$ref": "https://example.com/schema.json"}, "never fetched"),
        ({"$ref": "missing.json"}, "Name a file that exists"),
        ({"$ref": "#/components/schemas/Self"}, "refers to itself without an end"),
        ({"$dynamicRef": "#node"}, "uses $dynamicRef"),
        ({"type": "integer", "minimum": 5, "maximum": 3}, "No number"),
        ({"type": "string", "enum": [1]}, "No valid body"),
        ({"not": {}}, "No valid body"),
        ("a string", "neither an object nor a boolean"),
        (json.loads('{"items": ' * 200 + "{}" + "}" * 200), "nested too deeply"),
    ],
)
def test_a_response_that_cannot_be_covered_is_listed_with_its_reason(
    tmp_path: Path, schema: Any, reason: str
) -> None:
    components = {"Self": {"allOf": [{"$ref": "#/components/schemas/Self"}]}}
    responses = {"200": json_response(schema), "404": json_response({"type": "string"})}
    found = catalogue(tmp_path, openapi(answering(responses), schemas=components))
    assert [each.where for each in found.skipped if reason in each.reason] == ["getThing 200"]


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
def test_a_range_and_the_default_get_a_status_that_no_other_response_describes(
    tmp_path: Path, labels: list[str], statuses: set[int]
) -> None:
    document = openapi(answering({label: json_response({"type": "integer"}) for label in labels}))
    bodies = [each for each in catalogue(tmp_path, document).mutants() if each.keyword or "legal" in each.id]
    assert {each.response.status for each in bodies} == statuses


def test_a_status_that_no_response_describes_must_be_refused(tmp_path: Path) -> None:
    statuses = [
        {each.response.status for each in _of(catalogue(tmp_path, openapi(answering(responses))), "status-")}
        for responses in (
            {"200": json_response({}), "202": json_response({})},
            {"200": json_response({}), "default": json_response({})},
        )
    ]
    assert statuses == [{206, 418, 500}, set()]


def test_an_error_status_may_be_raised_or_returned_but_its_broken_body_not_believed(tmp_path: Path) -> None:
    document = openapi(answering({"200": json_response({}), "404": json_response({"type": "object"})}))
    of_404 = [each for each in catalogue(tmp_path, document).mutants() if each.response.status == 404]
    assert {(each.keyword, each.expect) for each in of_404 if "protocol" not in each.id} == {
        (None, Expect.EITHER),
        ("type", Expect.REFUSE),
    }


def test_responses_without_content_are_legal_and_have_no_body_to_break(tmp_path: Path) -> None:
    document = openapi(
        {"/thing": {"delete": {"operationId": "drop", "responses": {"204": {"description": ""}}}}}
    )
    found = list(catalogue(tmp_path, document).mutants())
    assert [(each.expect, each.response.body) for each in found if each.response.status == 204] == [
        (Expect.ACCEPT, b"")
    ]


def test_a_required_header_is_sent_and_its_absence_must_be_refused(tmp_path: Path) -> None:
    headers = {"X-Total": {"required": True, "schema": {"type": "integer", "minimum": 3}}}
    document = openapi(answering({"200": json_response({}) | {"headers": headers}}))
    found = catalogue(tmp_path, document)
    without = _of(found, "no-header-x-total")
    assert found.valid(found.operations[0]).headers["X-Total"] == "3"
    assert [("X-Total" in each.response.headers, each.expect) for each in without] == [(False, Expect.REFUSE)]


@pytest.mark.parametrize("kind", ["application/problem+json", "application/json; charset=utf-8", "*/*"])
def test_content_of_every_json_type_is_covered(tmp_path: Path, kind: str) -> None:
    content = {kind: {"schema": {"type": "integer"}}}
    document = openapi(answering({"200": {"description": "", "content": content}}))
    assert ("type", "") in _broken(catalogue(tmp_path, document))


def test_other_content_is_listed_as_not_covered(tmp_path: Path) -> None:
    content = {"text/csv": {"schema": {"type": "string"}}}
    document = openapi(answering({"200": {"description": "", "content": content}}))
    assert "text/csv" in catalogue(tmp_path, document).skipped[0].reason


def test_examples_of_the_document_are_served_where_they_are_valid(tmp_path: Path) -> None:
    examples = {"good": {"value": "abc"}, "bad": {"value": 1}}
    document = openapi(answering({"200": json_response({"type": "string"}, examples=examples)}))
    served = [documents.body(each) for each in _of(catalogue(tmp_path, document), "legal::example")]
    assert served == ["abc"]


def test_mutants_start_from_the_first_valid_example_with_what_it_leaves_out(tmp_path: Path) -> None:
    """It makes sense across fields, which no schema describes."""
    line = {"type": "object", "properties": {"sku": {"type": "string"}, "count": {"type": "integer"}}}
    lines = {"type": "array", "items": line}
    schema = {"type": "object", "properties": {"total": {"type": "integer"}, "lines": lines}}
    examples = {"bad": {"value": 1}, "good": {"value": {"total": 5, "lines": [{"count": 2}, {"count": 3}]}}}
    found = catalogue(tmp_path, openapi(answering({"200": json_response(schema, examples=examples)})))
    first = next(found.mutants())
    assert documents.body(first) == {"total": 5, "lines": [{"count": 2, "sku": "text"}, {"count": 3}]}
    assert first.id.endswith(":legal::filled-good")


def test_a_map_of_an_example_gets_no_key_that_is_made_up(tmp_path: Path) -> None:
    names = {"type": "object", "additionalProperties": {"type": "string"}}
    schema = {"type": "object", "properties": {"names": names, "note": {"type": "string"}}}
    response = json_response(schema, example={"names": {"en": "box"}})
    first = next(catalogue(tmp_path, openapi(answering({"200": response}))).mutants())
    assert documents.body(first) == {"names": {"en": "box"}, "note": "text"}


def test_unusual_values_of_a_format_are_legal(tmp_path: Path) -> None:
    found = catalogue(tmp_path, of_schema({"type": "string", "format": "date-time"}))
    legal = [documents.body(each) for each in found.mutants() if each.expect is Expect.ACCEPT]
    assert "2026-11-19T16:04:10.123456789Z" in legal


# OpenAPI 3.0


def test_nullable_of_3_0_allows_null_beside_a_plain_type(tmp_path: Path) -> None:
    found = catalogue(tmp_path, of_schema({"type": "string", "nullable": True}, "3.0.3"))
    null = [(each.expect, each.keyword) for each in found.mutants() if each.response.body == b"null"]
    assert null == [(Expect.ACCEPT, None)]


@pytest.mark.parametrize(
    "schema",
    [
        {"nullable": True},
        {"nullable": True, "type": "string", "enum": ["one"]},
        {"nullable": True, "allOf": [{"type": "string"}]},
        {"nullable": True, "$ref": "#/components/schemas/Text"},
    ],
)
def test_no_null_is_tried_where_nullable_is_ambiguous(tmp_path: Path, schema: Any) -> None:
    holder = {"type": "object", "properties": {"a": schema}}
    found = catalogue(tmp_path, of_schema(holder, "3.0.3", Text={"type": "string"}))
    assert [each.id for each in found.mutants() if b'"a": null' in each.response.body] == []


def test_nullable_means_nothing_in_3_1(tmp_path: Path) -> None:
    found = catalogue(tmp_path, of_schema({"type": "string", "nullable": True}))
    null = [(each.expect, each.keyword) for each in found.mutants() if each.response.body == b"null"]
    assert null == [(Expect.REFUSE, "type")]
    assert [each.reason for each in found.skipped] == ["nullable means nothing in OpenAPI 3.1"]


@pytest.mark.parametrize(("exclusive", "keyword"), [(True, "exclusiveMinimum"), (False, "minimum")])
def test_boolean_exclusive_bounds_of_3_0_become_bounds(tmp_path: Path, exclusive: bool, keyword: str) -> None:
    schema = {"type": "integer", "minimum": 3, "exclusiveMinimum": exclusive}
    assert (keyword, "") in _broken(catalogue(tmp_path, of_schema(schema, "3.0.3")))


def test_integer_formats_are_bounds(tmp_path: Path) -> None:
    found = catalogue(tmp_path, of_schema({"type": "integer", "format": "int32"}, "3.0.3"))
    places = {each.keyword: each.schema_location.rpartition("/")[2] for each in found.mutants()}
    assert (places["minimum"], places["maximum"]) == ("format", "format")


def test_keywords_that_3_0_does_not_know_are_left_out_and_counted(tmp_path: Path) -> None:
    found = catalogue(tmp_path, of_schema({"type": "string", "const": "a"}, "3.0.3"))
    assert {keyword for keyword, _ in _broken(found)} == {"type"}
    assert [each.reason for each in found.skipped] == ["const means nothing in OpenAPI 3.0"]


def test_properties_that_only_a_client_sends_are_not_required_of_a_server(tmp_path: Path) -> None:
    properties = {"name": {"type": "string"}, "password": {"type": "string", "writeOnly": True}}
    schema = {"type": "object", "properties": properties, "required": ["name", "password"]}
    found = catalogue(tmp_path, of_schema(schema, "3.0.3"))
    assert [each.id.rpartition(":")[2] for each in found.mutants() if each.keyword == "required"] == ["name"]


# Requests


@pytest.mark.parametrize(
    ("parameter", "target"),
    [
        ({"in": "query", "schema": {"const": "a b"}}, "/thing?p=a%20b"),
        ({"in": "query", "schema": {"const": [1, 2]}}, "/thing?p=1&p=2"),
        ({"in": "query", "schema": {"const": [1, 2]}, "explode": False}, "/thing?p=1,2"),
        ({"in": "query", "schema": {"const": [1, 2]}, "style": "pipeDelimited"}, "/thing?p=1|2"),
        ({"in": "query", "schema": {"const": [1, 2]}, "style": "spaceDelimited"}, "/thing?p=1%202"),
        ({"in": "query", "schema": {"const": {"a": 1, "b": 2}}}, "/thing?a=1&b=2"),
        ({"in": "query", "schema": {"const": {"a": 1}}, "style": "deepObject"}, "/thing?p[a]=1"),
        (
            {"in": "query", "content": {"application/json": {"schema": {"const": [True]}}}},
            "/thing?p=%5Btrue%5D",
        ),
        ({"in": "path", "schema": {"const": [1, 2]}}, "/thing/1,2"),
        ({"in": "path", "schema": {"const": {"a": 1}}, "explode": True}, "/thing/a=1"),
        ({"in": "path", "schema": {"const": [1, 2]}, "style": "label"}, "/thing/.1,2"),
        ({"in": "path", "schema": {"const": [1, 2]}, "style": "matrix", "explode": True}, "/thing/;p=1;p=2"),
        ({"in": "path", "schema": {"const": "a/b"}}, "/thing/a%2Fb"),
    ],
)
def test_a_parameter_is_written_in_its_style(tmp_path: Path, parameter: Any, target: str) -> None:
    path = "/thing/{p}" if parameter["in"] == "path" else "/thing"
    operation = {"parameters": [{"name": "p", "required": True} | parameter], "responses": {"204": {}}}
    found = catalogue(tmp_path, openapi({path: {"get": operation}}))
    assert found.operations[0].request.path == target


def test_headers_and_cookies_are_sent(tmp_path: Path) -> None:
    parameters = [
        {"name": "X-Tenant", "in": "header", "schema": {"const": "acme"}},
        {"name": "session", "in": "cookie", "schema": {"const": "abc"}},
        {"name": "theme", "in": "cookie", "schema": {"const": "dark"}},
    ]
    document = openapi(answering({"204": {}}, parameters=parameters))
    assert catalogue(tmp_path, document).operations[0].request.headers == {
        "X-Tenant": "acme",
        "Cookie": "session=abc; theme=dark",
    }


def test_an_operations_parameter_replaces_that_of_its_path(tmp_path: Path) -> None:
    document = openapi(
        answering({"204": {}}, parameters=[{"name": "p", "in": "query", "schema": {"const": 2}}])
    )
    document["paths"]["/thing"]["parameters"] = [
        {"name": "p", "in": "query", "schema": {"const": 1}},
        {"name": "q", "in": "query", "schema": {"const": 1}},
    ]
    assert catalogue(tmp_path, document).operations[0].request.arguments == {"p": 2, "q": 1}


def test_a_json_body_is_built_without_what_only_a_server_sends(tmp_path: Path) -> None:
    properties = {"name": {"const": "a"}, "id": {"type": "integer", "readOnly": True}}
    schema = {"type": "object", "properties": properties, "required": ["name", "id"]}
    content = {"application/json": {"schema": schema, "example": {"name": "a"}}}
    document = openapi(answering({"204": {}}, requestBody={"content": content}))
    request = catalogue(tmp_path, document).operations[0].request
    assert (json.loads(request.body or b""), request.headers) == (
        request.arguments["body"],
        {"Content-Type": "application/json"},
    )


def test_an_operation_with_a_required_body_of_another_type_is_listed(tmp_path: Path) -> None:
    paths = answering({"204": {}}) | {
        "/file": {
            "post": {
                "requestBody": {"required": True, "content": {"image/png": {}}},
                "responses": {"204": {}},
            }
        }
    }
    assert [(each.where, each.reason) for each in catalogue(tmp_path, openapi(paths)).skipped] == [
        ("POST /file", "Its request body is image/png, and not JSON.")
    ]


# The whole catalogue


def _wide(count: int) -> dict[str, Any]:
    """Return a document of many operations that share schemas."""
    thing = {
        "type": "object",
        "properties": {f"field{n}": {"type": "string", "minLength": 2} for n in range(9)},
    }
    responses = {"200": json_response({"$ref": "#/components/schemas/Thing"}), "default": json_response({})}
    paths = {f"/things{n}": {"get": {"operationId": f"get{n}", "responses": responses}} for n in range(count)}
    return openapi(paths, schemas={"Thing": thing})


def test_ids_are_unique_and_the_same_every_time(tmp_path: Path) -> None:
    first, second = ([each.id for each in catalogue(tmp_path, _wide(5)).mutants()] for _ in range(2))
    assert first == second
    assert len(set(first)) == len(first)


def test_a_sample_is_spread_over_operations_and_keywords_and_keeps_the_order(tmp_path: Path) -> None:
    found = catalogue(tmp_path, _wide(60))
    sample = [each.id for each in found.mutants(sample=180)]
    chosen = set(sample)
    assert sample == [each.id for each in found.mutants() if each.id in chosen]
    assert len(sample) == 180
    assert len({each.partition(":")[0] for each in sample}) == 60
    assert {each.split(":")[2] for each in sample} == {"type", "minLength", "legal", "protocol"}


def test_only_the_operations_asked_for_are_covered(tmp_path: Path) -> None:
    assert {each.operation.id for each in catalogue(tmp_path, _wide(3)).mutants(["get1"])} == {"get1"}


def test_a_mutant_is_found_by_its_id_and_by_its_key(tmp_path: Path) -> None:
    found = catalogue(tmp_path, _wide(2))
    mutant = list(found.mutants())[7]
    assert (found.mutant(mutant.id), found.mutant(mutant.key), found.mutant("other")) == (
        mutant,
        mutant,
        None,
    )


def _write(text: str | bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(text.encode() if isinstance(text, str) else text)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (Path.exists, "Name a file that exists"),
        (Path.mkdir, "is a folder"),
        (_write(" "), "is empty"),
        (_write(b"\xff\xfe"), "is not UTF-8"),
        (_write("a: [1"), "line 2: did not find"),
        (_write("&a [*a]"), "contains itself"),
        (_write("[" * 20_000), "nested too deeply"),
        (_write('{"openapi": "3.1.0", "x": "\\ud83d"}'), "half of a surrogate pair"),
        (_write("hello"), "not an OpenAPI document"),
        (_write("swagger: '2.0'"), "Convert it to OpenAPI 3.0"),
        (_write("openapi: 3.2.0"), "reads 3.0 and 3.1"),
        (_write("openapi: 3.1.0\npaths: {}"), "has no operation"),
        (_write("openapi: 3.1.0\npaths: {/a: {}}"), "has no operation"),
    ],
)
def test_a_document_that_cannot_be_read_gets_one_line(
    tmp_path: Path, make: Callable[[Path], object], message: str
) -> None:
    make(tmp_path / "openapi.yaml")
    with pytest.raises(KitError, match=message) as caught:
        Catalogue.load(tmp_path / "openapi.yaml")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("wrong", [None, 1, "x", [], {"a": 1}, {"$ref": 1}, {"$ref": "#/nowhere"}], ids=str)
@pytest.mark.parametrize(
    "steps",
    [
        ("paths", "/other"),
        ("paths", "/thing", "parameters"),
        ("paths", "/thing", "get", "operationId"),
        ("paths", "/thing", "get", "parameters"),
        ("paths", "/thing", "get", "requestBody"),
        ("paths", "/thing", "get", "responses", "404"),
        ("paths", "/thing", "get", "responses", "200", "headers"),
        ("paths", "/thing", "get", "responses", "200", "content", "application/json", "examples"),
        ("components", "schemas"),
    ],
    ids="/".join,
)
def test_a_part_of_the_wrong_shape_spoils_no_other_part(
    tmp_path: Path, steps: tuple[str, ...], wrong: Any
) -> None:
    paths = answering({"200": json_response({"type": "integer"})}) | {
        "/good": {"get": {"operationId": "good", "responses": {"200": json_response({"type": "integer"})}}}
    }
    document: Any = openapi(paths)
    functools.reduce(lambda part, step: part[step], steps[:-1], document)[steps[-1]] = wrong
    assert "good" in {each.operation.id for each in catalogue(tmp_path, document).mutants()}


def test_an_unknown_operation_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(KitError, match="Did you mean get1"):
        catalogue(tmp_path, _wide(2)).mutants(["gte1"])


def test_yaml_is_read_with_the_types_of_json(tmp_path: Path) -> None:
    text = """
openapi: 3.0.3
paths:
  /thing:
    get:
      responses:
        200:
          content:
            application/json:
              schema: {enum: [18:00, 2026-11-19, yes, 1_0]}
"""
    (tmp_path / "openapi.yaml").write_text(text)
    legal = [
        documents.body(each)
        for each in Catalogue.load(tmp_path / "openapi.yaml").mutants()
        if "legal" in each.id
    ]
    assert legal == ["18:00", "2026-11-19", "yes", "1_0"]


@pytest.mark.parametrize("pattern", ["^(a+)+$", "(x*)*y", "(a|a)*b"])
def test_a_pattern_that_backtracks_for_too_long_is_not_asserted(tmp_path: Path, pattern: str) -> None:
    found = catalogue(tmp_path, of_schema({"type": "string", "pattern": pattern}))
    assert "pattern" not in {each.keyword for each in found.mutants()}
    assert "backtracks" in found.skipped[0].reason


@pytest.mark.parametrize("pattern", [r"^[a-z]+(-[a-z]+)*$", r"^\d{3}$", "^(?:a|b)c?$", r"^[^\s@]+@[^\s@]+$"])
def test_an_ordinary_pattern_is_asserted(tmp_path: Path, pattern: str) -> None:
    assert ("pattern", "") in _broken(catalogue(tmp_path, of_schema({"type": "string", "pattern": pattern})))
