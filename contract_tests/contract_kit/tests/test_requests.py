"""The kit builds a valid request for each operation."""

import json
from email import message_from_bytes
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

import pytest

from contract_kit.derive.exchange import Request
from contract_kit.read.operations import FORM, MULTIPART

from .documents import answering, catalogue, gaps, openapi


@pytest.mark.parametrize(
    ("parameter", "target"),
    [
        ({"in": "query", "schema": {"const": "a b"}}, "/thing?p=a%20b"),
        ({"in": "query", "schema": {"const": True}}, "/thing?p=true"),
        ({"in": "query", "schema": {"const": [1, 2]}}, "/thing?p=1&p=2"),
        ({"in": "query", "schema": {"const": [1, 2]}, "explode": False}, "/thing?p=1,2"),
        ({"in": "query", "schema": {"const": [1, 2]}, "style": "pipeDelimited"}, "/thing?p=1|2"),
        ({"in": "query", "schema": {"const": {"a": 1, "b": 2}}}, "/thing?a=1&b=2"),
        ({"in": "query", "schema": {"const": {"a": 1}}, "style": "deepObject"}, "/thing?p[a]=1"),
        (
            {"in": "query", "content": {"application/json": {"schema": {"const": [True]}}}},
            "/thing?p=%5Btrue%5D",
        ),
        ({"in": "path", "schema": {"const": {"a": 1}}, "explode": True}, "/thing/a=1"),
        ({"in": "path", "schema": {"const": [1, 2]}, "style": "label"}, "/thing/.1,2"),
        ({"in": "path", "schema": {"const": [1, 2]}, "style": "matrix", "explode": True}, "/thing/;p=1;p=2"),
        ({"in": "path", "schema": {"const": "a/b"}}, "/thing/a%2Fb"),
    ],
)
def test_a_parameter_is_serialized_in_its_declared_style(parameter: Any, target: str) -> None:
    path = "/thing/{p}" if parameter["in"] == "path" else "/thing"
    operation = {"parameters": [{"name": "p", "required": True} | parameter], "responses": {"204": {}}}
    found = catalogue(openapi({path: {"get": operation}}))
    assert found.operations[0].request.path == target


def test_parameters_are_identified_by_location_and_name() -> None:
    places = {"path": ["id"], "query": ["id"], "header": ["id"], "cookie": ["id", "b"]}
    parameters = [
        {"name": name, "in": place, "required": True, "schema": {"const": f"{place}-{name}"}}
        for place, names in places.items()
        for name in names
    ]
    document = openapi({"/thing/{id}": {"get": {"parameters": parameters, "responses": {"204": {}}}}})
    request = catalogue(document).operations[0].request
    assert request.parameters == {
        place: {name: f"{place}-{name}" for name in names} for place, names in places.items()
    }
    assert request.headers == {"id": "header-id", "Cookie": "id=cookie-id; b=cookie-b"}


def test_an_operations_parameter_overrides_the_paths_parameter() -> None:
    document = openapi(
        answering({"204": {}}, parameters=[{"name": "p", "in": "query", "schema": {"const": 2}}])
    )
    document["paths"]["/thing"]["parameters"] = [
        {"name": "p", "in": "query", "schema": {"const": 1}},
        {"name": "q", "in": "query", "schema": {"const": 1}},
    ]
    assert catalogue(document).operations[0].request.arguments == {"p": 2, "q": 1}


def test_a_json_request_body_has_no_read_only_properties() -> None:
    properties = {"name": {"const": "a"}, "id": {"type": "integer", "readOnly": True}}
    schema = {"type": "object", "properties": properties, "required": ["name", "id"]}
    content = {"application/json": {"schema": schema, "example": {"name": "a"}}}
    document = openapi(answering({"204": {}}, requestBody={"content": content}))
    request = catalogue(document).operations[0].request
    assert json.loads(request.body or b"") == request.arguments["body"]
    assert request.headers == {"Content-Type": "application/json"}


VALUE: dict[str, Any] = {
    "a b": "ü&",
    "list": [1, True],
    "object": {"c": "d"},
    "styled": {"e": [1]},
    "objects": [{"f": 1}],
    "file": "text",
    "image": "text",
}
"""The properties of a form or a multipart body."""
ENCODING: dict[str, Any] = {
    "styled": {"style": "deepObject", "explode": True},
    "image": {"contentType": "image/png, image/jpeg"},
    "list": {"contentType": "text/*"},
}


def request_of(kind: str, **media: Any) -> Request:
    """Return a valid request for an operation whose body has this content type."""
    body = {"required": True, "content": {"image/png": {}, kind: media}}
    [operation] = catalogue(openapi(answering({"204": {}}, requestBody=body), "3.0.3")).operations
    return operation.request


def described(value: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that allows only this object."""
    properties: dict[str, dict[str, Any]] = {name: {"enum": [each]} for name, each in value.items()}
    properties["file"] |= {"type": "string", "format": "binary"}
    return {"type": "object", "properties": properties}


def test_a_form_is_encoded_as_the_document_declares() -> None:
    request = request_of(FORM, schema=described(VALUE), encoding=ENCODING)
    assert request.arguments == {"body": VALUE}
    assert request.headers == {"Content-Type": FORM}
    assert parse_qsl((request.body or b"").decode(), strict_parsing=True) == [
        ("a b", "ü&"),
        ("list", "1"),
        ("list", "true"),
        ("object", '{"c": "d"}'),
        ("styled[e]", "[1]"),
        ("objects", '{"f": 1}'),
        ("file", "text"),
        ("image", "text"),
    ]


def test_each_property_of_a_multipart_body_becomes_a_part_with_its_type() -> None:
    request = request_of(MULTIPART, schema=described(VALUE), encoding=ENCODING)
    assert request.arguments == {"body": VALUE}
    whole = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode() + (request.body or b"")
    parts = list(message_from_bytes(whole, policy=HTTP).iter_parts())
    found = [
        (each.get_param("name", header="content-disposition"), each.get_content_type()) for each in parts
    ]
    assert found == [
        ("a b", "text/plain"),
        ("list", "text/plain"),
        ("list", "text/plain"),
        ("object", "application/json"),
        ("styled", "application/json"),
        ("objects", "application/json"),
        ("file", "application/octet-stream"),
        ("image", "image/png"),
    ]
    contents = [each.get_payload(decode=True) for each in parts]
    assert contents[:4] == ["ü&".encode(), b"1", b"true", b'{"c": "d"}']


@pytest.mark.parametrize("kind", [FORM, MULTIPART])
def test_an_operation_is_listed_as_skipped_if_its_required_form_is_not_an_object(kind: str) -> None:
    body = {"content": {kind: {"schema": {"type": "string"}}}}
    answers: dict[str, Any] = {"responses": {"204": {}}}
    paths = {
        "/may": {"post": {"requestBody": body} | answers},
        "/must": {"post": {"requestBody": body | {"required": True}} | answers},
    }
    found = catalogue(openapi(paths))
    [gap] = gaps(found)
    assert gap.where == "POST /must"
    assert "not an object" in gap.reason
    assert [(each.id, each.request.body, each.request.headers) for each in found.operations] == [
        ("POST /may", None, {})
    ]


def test_an_operation_is_listed_as_skipped_if_its_required_body_cannot_be_encoded() -> None:
    image = {"required": True, "content": {"image/png": {}}}
    paths = {"/file": {"post": {"requestBody": image, "responses": {"204": {}}}}}
    [gap] = gaps(catalogue(openapi(answering({"204": {}}) | paths)))
    assert gap.where == "POST /file"
    assert "image/png" in gap.reason
