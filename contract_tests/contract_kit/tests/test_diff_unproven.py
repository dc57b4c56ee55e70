"""A change without a witness is reported as unproven, and a long witness is shortened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from contract_kit.derive.catalogue import Catalogue
from contract_kit.diff.report import excerpt
from contract_kit.diff.results import Change, Comparison, OnPaper
from contract_kit.diff.serving import Witnesses
from contract_kit.read.document import Document

from .diffs import CAT, DOG, INTEGER, TEXT, at, compared, of_requests, of_responses, only, posting
from .documents import answering, json_response, openapi

PLAIN = {"200": {"description": "Done"}}
FLOAT = {"type": "number", "format": "float"}
PAIR = {"type": "object", "properties": {"a": TEXT, "b": TEXT}}
OTHER_PAIR = {"type": "object", "properties": {"c": TEXT, "d": TEXT}}
ONE = {"type": "object", "properties": {"a": TEXT}}


def _only(found: Comparison) -> Change:
    assert found.listed(OnPaper.BREAKING) == []
    (change,) = found.listed(OnPaper.UNPROVEN)
    return change


SCHEMAS = [
    (of_responses, PAIR, ONE, "response-optional-property-removed", "b"),
    (of_requests, PAIR, ONE, "request-property-removed", "b"),
    (of_responses, at(PAIR), at(OTHER_PAIR), "response-property-schema-replaced", ""),
    (of_requests, PAIR, OTHER_PAIR, "request-body-schema-replaced", ""),
    (of_responses, TEXT | {"format": "uri"}, TEXT, "response-body-type-generalized", ""),
    (of_requests, TEXT, TEXT | {"format": "uri"}, "request-body-type-changed", ""),
    (of_responses, FLOAT, FLOAT | {"format": "double"}, "response-body-type-changed", ""),
    (of_responses, {"anyOf": [PAIR, CAT]}, {"anyOf": [PAIR, CAT, DOG]}, "response-body-any-of-added", ""),
]


@pytest.mark.parametrize(
    ("compare", "old", "new", "rule", "what"), SCHEMAS, ids=[each[3] for each in SCHEMAS]
)
def test_a_schema_change_is_unproven_if_the_kit_finds_no_witness(
    compare: Callable[[Any, Any], Comparison], old: Any, new: Any, rule: str, what: str
) -> None:
    change = _only(compare(old, new))
    assert (change.rule, change.what, change.witness) == (rule, what, None)


def _at_path(path: str, **more: Any) -> dict[str, Any]:
    return openapi({path: {"get": {"responses": PLAIN} | more}})


def _secured(*names: str, scheme: str = "basic") -> dict[str, Any]:
    schemes = {"basic": {"type": "http", "scheme": scheme}, "bearer": {"type": "http", "scheme": "bearer"}}
    return _at_path("/a", security=[{name: []} for name in names]) | {
        "components": {"securitySchemes": schemes}
    }


def _served(url: str) -> dict[str, Any]:
    return _at_path("/a") | {"servers": [{"url": url, "variables": {"at": {"default": "eu"}}}]}


def _queried(**more: Any) -> dict[str, Any]:
    schema = {"type": "array", "items": TEXT}
    return _at_path("/a", parameters=[{"name": "at", "in": "query", "schema": schema} | more])


def _in_path(**more: Any) -> dict[str, Any]:
    schema = {"type": "array", "items": TEXT}
    parameter = {"name": "at", "in": "path", "required": True, "schema": schema}
    return _at_path("/a/{at}", parameters=[parameter | more])


def _split() -> dict[str, Any]:
    return openapi({f"/{each}/list": {"get": {"responses": PLAIN}} for each in ("dogs", "cats")})


def _sent(header: Any) -> dict[str, Any]:
    return openapi(answering({"200": {"description": "", "headers": {"X-At": header}}}))


def _untyped(response: dict[str, Any]) -> dict[str, Any]:
    return openapi(answering({"200": response}))


NO_SCHEMA = {"description": "", "content": {"application/json": {}}}
PARTS = [
    (
        _served("https://{at}.test/v1"),
        _served("https://{at}.test/v2"),
        "api-server-removed",
        "https://eu.test/v1",
    ),
    (_secured(), _secured("basic"), "api-security-added", "basic"),
    (_secured("basic", "bearer"), _secured("basic"), "api-security-removed", "bearer"),
    (_secured("basic"), _secured("basic", scheme="digest"), "api-security-updated", "basic"),
    (_queried(), _queried(explode=False), "request-parameter-explode-changed", "query at"),
    (_queried(), _queried(style="pipeDelimited"), "request-parameter-style-changed", "query at"),
    (_in_path(), _in_path(explode=True), "request-parameter-explode-changed", "path at"),
    (_in_path(), _in_path(style="label"), "request-parameter-style-changed", "path at"),
    (_at_path("/{kind}/list"), _split(), "api-path-split", "/cats/list, /dogs/list"),
    (
        _untyped(json_response(TEXT)),
        _untyped(NO_SCHEMA),
        "response-body-media-type-schema-removed",
        "200 application/json",
    ),
    (
        _sent({"schema": TEXT | {"format": "uri"}}),
        _sent({"schema": TEXT}),
        "response-header-type-generalized",
        "",
    ),
]


@pytest.mark.parametrize(("old", "new", "rule", "what"), PARTS, ids=[each[2] for each in PARTS])
def test_an_operation_change_is_unproven_if_the_kit_finds_no_witness(
    old: dict[str, Any], new: dict[str, Any], rule: str, what: str
) -> None:
    change = _only(compared(old, new))
    assert (change.rule, change.what) == (rule, what)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "application/xml"])
def test_a_changed_request_body_has_no_witness_if_the_body_is_not_json(kind: str) -> None:
    old, new = (posting(TEXT, content={kind: {"schema": each}}) for each in (at(TEXT), at(INTEGER)))
    assert _only(compared(old, new)).rule == "request-property-type-changed"


@pytest.mark.parametrize("name", ["Accept", "content-type", "Authorization"])
def test_a_header_is_not_compared_if_openapi_ignores_headers_with_that_name(name: str) -> None:
    parameter = {"name": name, "in": "header", "required": True, "schema": TEXT}
    assert compared(_at_path("/a"), _at_path("/a", parameters=[parameter])).changes == ()


def test_an_operation_that_no_longer_needs_a_key_is_not_listed_as_a_change() -> None:
    assert compared(_secured("basic"), _secured()).changes == ()


def test_a_changed_headers_witness_is_not_served_as_a_body() -> None:
    old, new = (_sent({"schema": {"enum": each}}) for each in (["a"], ["a", "b"]))
    change = only(compared(old, new))
    assert change.witness is not None
    assert list(Witnesses(Catalogue(Document.of(old)), [change])) == []


LONG = "x" * 300


@pytest.mark.parametrize(
    ("value", "path", "what", "shown"),
    [
        ({"id": 7}, ("id",), "", '{"id": 7}'),
        ({"a": LONG, "b": {"c": 7, "d": LONG}}, ("b", "c"), "", '{"b": {"c": 7, ...}, ...}'),
        ([{"a": 1}, {"a": 2, "b": LONG}], (1, "a"), "", '[..., {"a": 2, ...}]'),
        ({"a": LONG, "b": 7}, (), "b", '{"b": 7, ...}'),
        ({"a": LONG, "b": 7}, (), "c", '{"a": ..., "b": ...}'),
    ],
    ids=["short", "nested", "list", "property", "missing property"],
)
def test_a_report_shows_only_the_changed_part_of_a_long_witness(
    value: Any, path: Any, what: str, shown: str
) -> None:
    assert excerpt(value, path, what) == shown
