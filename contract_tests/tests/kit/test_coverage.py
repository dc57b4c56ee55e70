"""Coverage counts the parts of a document that exchanges exercised, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest
from contract_kit.coverage import Coverage, coverage
from contract_kit.exchanges import Exchange
from contract_kit.read.document import Document

from .command import Run
from .documents import answering, json_response, of_schema, openapi

JSON = {"content-type": "application/json"}


def exchange(body: Any, status: int = 200, url: str = "/thing", **headers: str) -> Exchange:
    return Exchange("GET", url, status, headers or JSON, json.dumps(body).encode())


def covered(document: dict[str, Any], *exchanges: Exchange) -> Coverage:
    return coverage(Document.of(document), exchanges)


def missing(schema: Any, *bodies: Any, version: str = "3.1.0", **schemas: Any) -> set[str]:
    """Return the obligations of a schema that bodies do not meet, without their locations."""
    found = covered(of_schema(schema, version, **schemas), *map(exchange, bodies))
    return {each.what for each in found.obligations if each not in found.reached}


def violated(schema: Any, *bodies: Any) -> set[str]:
    found = covered(of_schema(schema), *map(exchange, bodies))
    return {each.what for each in found.violated}


THING = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}


def test_without_exchanges_nothing_is_covered() -> None:
    assert covered(of_schema(THING)).percentage == 0


def test_a_new_property_lowers_coverage_until_exchanges_include_and_omit_it() -> None:
    old = exchange({"id": 7})
    assert covered(of_schema(THING), old).percentage == 100
    wider = of_schema(THING | {"properties": THING["properties"] | {"note": {"type": "string"}}})  # type: ignore[operator]  # an object
    assert covered(wider, old).percentage < 100
    assert covered(wider, old, exchange({"id": 7, "note": "x"})).percentage == 100


@pytest.mark.parametrize(
    ("schema", "bodies", "left"),
    [
        ({"type": ["string", "null"]}, ["x"], {"type null"}),
        ({"type": "number"}, [7], set()),
        ({"type": "integer"}, [7.0], set()),
        ({"type": "integer"}, [True], {"type integer"}),
        ({"enum": [1, True, "a"]}, [1.0], {"enum true", 'enum "a"'}),
        ({"minimum": 3}, ["x"], {"minimum"}),
        ({"minimum": 3}, [3], set()),
        ({"type": "integer", "minimum": 3}, [2], {"minimum"}),
        ({"maxLength": 3}, [7], {"maxLength"}),
        ({"const": 1}, [2], {"const"}),
        ({"properties": {"a": {}}}, [{"a": 1}], {"without a"}),
        ({"properties": {"a": {}}}, [{}], {"with a", "any value"}),
        ({"properties": {"a": False}}, [{}], set()),
        ({"additionalProperties": {"type": "string"}}, [{}], {"type string"}),
        ({"patternProperties": {"^x": {"type": "string"}}}, [{"y": "a"}], {"type string"}),
        ({"prefixItems": [{"const": 1}], "items": {"const": 2}}, [[1]], {"const"}),
        ({"items": {"type": ["string", "null"]}}, [["x", None]], set()),
        ({"items": {"type": ["string", "null"]}}, [[]], {"type null", "type string"}),
        ({"items": {"type": ["integer", "number"]}}, [[7.5, 7.0]], set()),
        ({"anyOf": [{"type": "string"}, {"maxLength": 3}]}, ["x"], set()),
        ({"oneOf": [{"type": "string"}, {"type": "null"}]}, ["x"], {"oneOf 1", "type null"}),
        ({"if": {"type": "string"}, "then": {"maxLength": 3}}, [7], {"if holds", "maxLength"}),
        ({"dependentSchemas": {"a": {"required": ["b"]}}}, [{}], {"required"}),
        ({"allOf": [{"properties": {"a": {}}}, {"required": ["a"]}]}, [{"a": 1}], set()),
        ({"not": {"type": "string"}}, ["x"], {"not"}),
    ],
)
def test_only_the_obligations_that_a_body_exercises_count(schema: Any, bodies: Any, left: set[str]) -> None:
    assert missing(schema, *bodies) == left


def test_a_circular_schema_counts_once_for_each_place_in_the_document() -> None:
    reference = {"$ref": "#/components/schemas/Tree"}
    tree = {"type": "object", "properties": {"below": {"type": "array", "items": reference}}}
    assert missing(reference, {"below": [{"below": []}]}, Tree=tree) == {"without below"}
    assert missing(reference, {"below": [{}]}, Tree=tree) == set()


def test_a_write_only_property_is_no_obligation_of_a_response() -> None:
    schema = {"type": "object", "properties": {"password": {"type": "string", "writeOnly": True}}}
    assert missing(schema, {}) == set()


def test_null_is_no_obligation_if_the_document_is_ambiguous_about_it() -> None:
    schema = {"nullable": True, "allOf": [{"$ref": "#/components/schemas/Name"}]}
    assert missing(schema, "x", version="3.0.3", Name={"type": "string"}) == set()
    assert "type string" in missing(schema, None, version="3.0.3", Name={"type": "string"})


@pytest.mark.parametrize(
    ("schema", "body", "broken"),
    [
        (THING, {"id": "x"}, {"type"}),
        (THING, {}, {"required"}),
        ({"properties": {"a/b c": {"minimum": 3}}}, {"a/b c": 1}, {"minimum"}),
        ({"anyOf": [{"type": "integer", "minimum": 3}, {"type": "null"}]}, 1, {"anyOf", "minimum"}),
        (THING, {"id": 7}, set()),
    ],
)
def test_broken_obligations_are_listed_separately(schema: Any, body: Any, broken: set[str]) -> None:
    assert violated(schema, body) == broken


def test_null_is_no_violation_if_nullable_is_beside_an_enum() -> None:
    schema = {"type": "string", "nullable": True, "enum": ["one"]}
    assert covered(of_schema(schema, "3.0.3"), exchange(None)).violated == ()


def test_a_response_to_head_has_no_body_to_judge() -> None:
    document = openapi({"/thing": {"head": {"responses": {"200": json_response({"type": "object"})}}}})
    found = covered(document, Exchange("HEAD", "/thing", 200, JSON, b""))
    assert found.violated == ()
    assert [each.what for each in found.reached] == ["status 200"]


@pytest.mark.parametrize("body", [b"", b"<p>", b"NaN", b"\xff", b"[" * 100_000])
def test_a_body_that_is_not_json_meets_only_the_obligation_of_its_status(body: bytes) -> None:
    found = covered(of_schema({"type": "array"}), Exchange("GET", "/thing", 200, JSON, body))
    assert [each.what for each in found.reached] == ["status 200"]
    assert [each.what for each in found.violated] == ["JSON"]


def test_exchanges_that_the_document_does_not_describe_are_counted_and_listed() -> None:
    found = covered(of_schema(THING), exchange({}, 418), exchange({}, url="/other?key=1"))
    assert found.unmatched == {"getThing: no response for 418": 1, "GET /other: no operation": 1}


def test_each_documented_response_is_an_obligation() -> None:
    responses = {"200": json_response(THING), "4XX": {"description": ""}, "default": {"description": ""}}
    found = covered(openapi(answering(responses)), exchange({"id": 7}), exchange({}, 404))
    assert found.missing == ["getThing default: status default at /paths/~1thing/get/responses/default"]


def test_a_response_that_cannot_be_read_is_skipped_with_its_reason() -> None:
    found = covered(of_schema({"$ref": "#/nowhere"}), exchange({}))
    assert "leads nowhere" in found.skipped[0].reason


def test_the_command_shows_shares_and_fails_below_the_minimum(kit: Run) -> None:
    order = Exchange("GET", "/orders/7", 200, JSON, b'{"id": 7, "status": "open"}')
    Path("session.jsonl").write_text(order.to_json())
    ended = kit("coverage", "orders.yaml", "session.jsonl", "--min", "50")
    assert ended.code == 1
    assert "getOrder" in ended.out
    assert 'getOrder 200: enum "paid" at /components/schemas/Order/properties/status' in ended.out
    as_json = kit("coverage", "orders.yaml", "session.jsonl", "--json")
    assert as_json.code == 0
    assert json.loads(as_json.out)["exchanges"] == 1


@pytest.mark.parametrize("name", ["empty.jsonl", "broken.jsonl", "missing.jsonl"])
def test_the_command_exits_with_2_if_there_are_no_exchanges(kit: Run, name: str) -> None:
    Path("empty.jsonl").touch()
    Path("broken.jsonl").write_text("{")
    ended = kit("coverage", "orders.yaml", name)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.count("\n") == 1


def test_a_path_with_a_broken_reference_is_skipped_with_its_reason() -> None:
    found = covered(openapi({"/thing": {"$ref": "#/nowhere"}}))
    assert [each.where for each in found.skipped] == ["/thing"]
