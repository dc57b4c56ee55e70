"""Responses with a broken body or a broken transfer: their bytes, and what clients must do."""

import gzip
import json
import socket
import zlib
from typing import Any
from urllib.parse import urlsplit

import pytest
from attrs import evolve
from pydantic_core import from_json

from contract_kit.derive.exchange import Response, Transfer
from contract_kit.derive.model import Expect, Mutant
from contract_kit.judge.verdicts import Verdict
from contract_kit.serve.server import RECOVERED, KitServer

from .documents import catalogue_answering, catalogue_of, json_response, mutants_of
from .fakes import JSON, LIST_ORDERS, ORDER, FakeCatalogue, Judge, Write, mutant

HEAD = b"HTTP/1.1 200 \r\ncontent-type: application/json\r\n"
CLOSE = b"connection: close\r\n\r\n"
SENT = {
    Transfer.NOTHING: b"",
    Transfer.CUT: HEAD + b"content-length: 27\r\n" + CLOSE + b'{"id": 7, "st',
    Transfer.NO_LAST_CHUNK: HEAD + b"transfer-encoding: chunked\r\n" + CLOSE + b"1b\r\n" + ORDER + b"\r\n",
    Transfer.LENGTH_TOO_LONG: HEAD + b"content-length: 28\r\n" + CLOSE + ORDER,
    Transfer.LENGTH_TOO_SHORT: HEAD + b"content-length: 26\r\n" + CLOSE + ORDER,
    Transfer.UNEXPECTED: HEAD + b"content-length: 27\r\n" + CLOSE + ORDER,
}
POST = evolve(LIST_ORDERS, id="createOrder", method="POST")
TRANSFERS = {
    "no-response": Transfer.NOTHING,
    "cut": Transfer.CUT,
    "no-last-chunk": Transfer.NO_LAST_CHUNK,
    "length-too-long": Transfer.LENGTH_TOO_LONG,
    "503-then-valid": Transfer.WHOLE,
    "cut-then-valid": Transfer.CUT,
    "truncated-then-valid": Transfer.WHOLE,
}
"""The mutants that clients must refuse, and how each is sent."""


def ask(server: KitServer, given: Mutant, body: bytes = b"") -> bytes:
    """Return all bytes received on a connection until the server closes it."""
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=60) as connection:
        method, path = given.operation.method, given.operation.request.path
        lines = [f"{method} {path} HTTP/1.1", "host: x", f"contract-kit-mutant: {given.key}"]
        lines += ["connection: close", f"content-length: {len(body)}", "", ""]
        connection.sendall("\r\n".join(lines).encode() + body)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def sent_as(transfer: Transfer) -> Mutant:
    given = mutant(f"sent {transfer}", ORDER)
    return evolve(given, response=evolve(given.response, transfer=transfer))


AGAIN = mutant("again", b"broken")
AGAIN = evolve(AGAIN, response=evolve(AGAIN.response, then=Response(200, JSON, ORDER)))


@pytest.mark.parametrize("transfer", SENT)
def test_a_broken_transfer_is_sent_byte_for_byte(transfer: Transfer) -> None:
    given = sent_as(transfer)
    with KitServer(FakeCatalogue((given,))) as server:
        assert ask(server, given) == SENT[transfer]


def test_a_request_is_read_to_its_end_before_its_connection_is_closed() -> None:
    """If part of the request were left unread, the client would get a reset and might lose the response."""
    given = evolve(sent_as(Transfer.CUT), operation=POST)
    with KitServer(FakeCatalogue((given,), (POST,))) as server:
        assert ask(server, given, b"x" * 5_000_000) == SENT[Transfer.CUT]


def test_repeated_requests_get_the_broken_and_the_valid_response_in_turn() -> None:
    with KitServer(FakeCatalogue((AGAIN,))) as server:
        bodies = [ask(server, AGAIN).partition(b"\r\n\r\n")[2] for _ in range(4)]
    assert bodies == [b"broken", ORDER, b"broken", ORDER]


@pytest.mark.parametrize(
    ("requests", "verdict"), [(1, Verdict.WRONGLY_ACCEPTED), (2, Verdict.TOLERATED)], ids=["once", "again"]
)
def test_a_client_may_retry_after_a_broken_response_and_accept_the_valid_one(
    row: Judge, client: Write, requests: int, verdict: Verdict
) -> None:
    found = row(client(f"for _ in range({requests}): read(url)"), AGAIN)
    assert found.verdict is verdict
    assert (found.mutant.reason == RECOVERED) is (requests == 2)


@pytest.mark.parametrize("name", TRANSFERS)
def test_a_broken_transfer_must_be_refused(name: str) -> None:
    found = catalogue_of({"type": "object", "required": ["name"]})
    [broken] = [each for each in found.mutants() if each.name == name]
    assert (broken.expect, broken.response.transfer) == (Expect.REFUSE, TRANSFERS[name])
    is_followed = name.endswith("-then-valid")
    assert broken.response.then == (found.valid(broken.operation) if is_followed else None)


@pytest.mark.parametrize(("name", "is_whole"), [("gzip-truncated", False), ("gzip-without-checksum", True)])
def test_a_truncated_gzip_body_cannot_be_decompressed(name: str, is_whole: bool) -> None:
    found = catalogue_of({})
    [broken] = mutants_of(found, f":{name}")
    with pytest.raises(EOFError):
        gzip.decompress(broken.response.body)
    text = zlib.decompressobj(wbits=31).decompress(broken.response.body)
    assert (text == found.valid(broken.operation).body) is is_whole


def test_an_operation_without_a_response_body_gets_no_truncated_body_mutant() -> None:
    found = {each.name: each for each in catalogue_answering({"204": {}}).mutants()}
    assert found.keys() >= {"no-response", "503-then-valid", "204-with-content"}
    assert not found.keys() & {"cut", "cut-then-valid", "length-too-short"}
    assert found["204-with-content"].response.body


OBJECT = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
SCHEMAS: dict[str, dict[str, Any]] = {
    "object": OBJECT,
    "array": {"type": "array", "items": OBJECT, "minItems": 1},
    "number": {"type": "number", "minimum": 1000},
    "string": {"type": "string", "enum": ["a"]},
}
MAY_BE_ACCEPTED = {
    *("204-with-content", "length-too-short", "encoding-unknown", "gzip-without-checksum"),
    *("charset-claimed=x-unknown", "byte-order-mark", "content-type-none", "status-success=202", "key-twice"),
    *("comment", "trailing-comma", "single-quotes"),
    *(f"charset={each}" for each in ("latin-1", "utf-16", "utf-32")),
    *(f"charset-claimed={each}" for each in ("latin-1", "utf-16", "utf-32")),
}


def _of_http(schema: dict[str, Any]) -> dict[str, Mutant]:
    found = catalogue_of(schema)
    return {each.name: each for each in found.mutants() if each.group == "protocol"}


def _is_json(body: bytes) -> bool:
    try:
        from_json(body, allow_inf_nan=False)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_a_json_mutant_is_not_valid_json_if_clients_must_refuse_its_bytes(schema: dict[str, Any]) -> None:
    accepted = [
        name
        for name, each in _of_http(schema).items()
        if each.expect is Expect.REFUSE
        and each.response.status == 200
        and each.response.headers.get("Content-Type") == "application/json"
        and each.response.transfer is Transfer.WHOLE
        and _is_json(each.response.body)
        and name != "error-with-success"
    ]
    assert accepted == []


@pytest.mark.parametrize(("name", "value"), [("nan", b"NaN"), ("infinity", b"-Infinity")])
def test_nan_and_infinity_replace_the_first_number_in_a_body(name: str, value: bytes) -> None:
    properties = {"name": {"enum": ["x: 1"]}, "sizes": {"type": "array", "items": {"type": "number"}}}
    bodies: dict[str, tuple[dict[str, Any], bytes | None]] = {
        "list": ({"type": "array", "items": {"const": 2.5}}, b"[" + value + b", 2.5]"),
        "number": ({"const": 2}, value),
        "text": ({"const": "2"}, None),
        "object": (
            {"properties": properties, "const": {"name": "x: 1", "sizes": [-25.0]}},
            b'{"name": "x: 1", "sizes": [' + value + b"]}",
        ),
    }
    for schema, expected in bodies.values():
        found = _of_http(schema).get(name)
        assert (found.response.body if found else None) == expected


@pytest.mark.parametrize(
    ("error", "sent"),
    [
        (None, {"code", "message"}),
        ({"type": "object", "required": ["why"], "properties": {"why": {"type": "string"}}}, {"why"}),
        (OBJECT, None),
    ],
    ids=["undocumented", "documented", "also a success"],
)
def test_an_errors_body_is_sent_with_a_success_status_if_the_document_forbids_this(
    error: dict[str, Any] | None, sent: set[str] | None
) -> None:
    errors = {"404": json_response(error)} if error else {}
    found = catalogue_answering({"200": json_response(OBJECT)} | errors)
    bodies = [json.loads(each.response.body) for each in mutants_of(found, ":error-with-success")]
    assert [set(body.get("error", body)) for body in bodies] == ([sent] if sent else [])
    assert {each.response.status for each in mutants_of(found, ":error-with-success")} <= {200}


def test_a_client_may_accept_an_unusual_encoding_for_a_stated_reason() -> None:
    found = _of_http(OBJECT)
    assert {name for name, each in found.items() if each.expect is Expect.EITHER} == MAY_BE_ACCEPTED
    assert [name for name in MAY_BE_ACCEPTED if not found[name].reason] == []


def test_a_body_in_another_charset_cannot_be_read_as_utf_8() -> None:
    found = _of_http(OBJECT)
    for charset in ("latin-1", "utf-16", "utf-32"):
        response = found[f"charset={charset}"].response
        assert "Zoë" in json.loads(response.body.decode(charset))["name"]
        assert not _is_json(response.body)


def test_a_body_that_is_a_number_yields_no_mutant_with_a_duplicate_key() -> None:
    missing = _of_http(OBJECT).keys() - _of_http(SCHEMAS["number"]).keys()
    assert missing == {
        *("key-twice", "single-quotes", "charset=latin-1", "without-end", "truncated"),
        *("truncated-then-valid", "twice", "length-too-short"),
    }
