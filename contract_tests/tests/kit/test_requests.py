"""A valid request of each operation."""

import json
from typing import Any

import pytest

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
def test_a_parameter_is_written_in_its_style(parameter: Any, target: str) -> None:
    path = "/thing/{p}" if parameter["in"] == "path" else "/thing"
    operation = {"parameters": [{"name": "p", "required": True} | parameter], "responses": {"204": {}}}
    found = catalogue(openapi({path: {"get": operation}}))
    assert found.operations[0].request.path == target


def test_parameters_are_identified_by_place_and_name() -> None:
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


def test_a_parameter_of_an_operation_overrides_the_parameter_of_the_path() -> None:
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


def test_an_operation_with_a_required_body_of_another_type_is_listed() -> None:
    image = {"required": True, "content": {"image/png": {}}}
    paths = {"/file": {"post": {"requestBody": image, "responses": {"204": {}}}}}
    [gap] = gaps(catalogue(openapi(answering({"204": {}}) | paths)))
    assert gap.where == "POST /file"
    assert "image/png" in gap.reason
