"""Mutants of a body as bytes: which of them are not JSON, and which a client may accept."""

import json
from typing import Any

import pytest
from contract_kit.derive.model import Expect, Mutant, Transfer

from .documents import catalogue_of

OBJECT = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
SCHEMAS: dict[str, dict[str, Any]] = {
    "object": OBJECT,
    "array": {"type": "array", "items": OBJECT, "minItems": 1},
    "numbers": {"type": "array", "items": {"type": "integer"}, "maxItems": 0},
    "number": {"type": "number", "minimum": 1000},
    "string": {"type": "string", "enum": ["a"]},
    "boolean": {"type": "boolean"},
    "anything": {},
}
MAY_BE_ACCEPTED = {
    *("204-with-content", "length-too-short", "encoding-unknown", "gzip-without-checksum"),
    *("charset-x-unknown-claimed", "byte-order-mark", "content-type-none", "status-202", "key-twice"),
    *("nan", "infinity", "comment", "trailing-comma", "single-quotes"),
    *(f"charset-{each}" for each in ("latin-1", "utf-16", "utf-32")),
    *(f"charset-{each}-claimed" for each in ("latin-1", "utf-16", "utf-32")),
}

WITHOUT_AN_END = {"without-end", "truncated", "truncated-then-valid", "twice", "length-too-short"}
"""Mutants that don't exist if the beginning of a document may be a valid document itself."""


def _of_http(schema: dict[str, Any]) -> dict[str, Mutant]:
    found = catalogue_of(schema)
    return {each.name: each for each in found.mutants() if each.group == "protocol"}


def _is_json(body: bytes) -> bool:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        json.loads(body.decode("utf-8"), parse_constant=refuse)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_a_json_body_that_must_be_refused_for_its_bytes_is_not_json(schema: dict[str, Any]) -> None:
    accepted = [
        name
        for name, each in _of_http(schema).items()
        if each.expect is Expect.REFUSE
        and each.response.status == 200
        and each.response.headers.get("Content-Type") == "application/json"
        and each.response.transfer is Transfer.WHOLE
        and _is_json(each.response.body)
    ]
    assert accepted == []


def test_an_unusual_encoding_may_be_accepted_and_the_reason_is_given() -> None:
    found = _of_http(OBJECT)
    assert {name for name, each in found.items() if each.expect is Expect.EITHER} == MAY_BE_ACCEPTED
    assert [name for name in MAY_BE_ACCEPTED if not found[name].reason] == []


def test_a_body_in_another_charset_has_text_that_is_not_ascii_and_is_not_utf_8() -> None:
    found = _of_http(OBJECT)
    for charset in ("latin-1", "utf-16", "utf-32"):
        response = found[f"charset-{charset}"].response
        assert response.headers["Content-Type"] == f"application/json; charset={charset}"
        assert "Zoë" in json.loads(response.body.decode(charset))["name"]
        assert not _is_json(response.body)


@pytest.mark.parametrize(
    ("schema", "missing"),
    [
        ("array", {"key-twice"}),
        ("number", {"key-twice", "single-quotes", "charset-latin-1", *WITHOUT_AN_END}),
        ("string", {"key-twice", "charset-latin-1"}),
    ],
)
def test_a_change_that_does_not_apply_to_a_body_gives_no_mutant(schema: str, missing: set[str]) -> None:
    assert _of_http(OBJECT).keys() - _of_http(SCHEMAS[schema]).keys() == missing
