"""Mutants of the HTTP itself, of the body as bytes, and of the 422."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import JSON_HEADERS, Key
from bluejay_contract.stub import Answer

from ._mutant import Mutant, encoded
from .base import base

KEY = "test-key"
HTML = b"<!doctype html><title>Just a moment</title>"
UNDOCUMENTED = (201, 202, 203, 206, 300, 302, 400, 401, 403, 404, 418, 429, 500, 502, 503, 520, 599)
CONTENT_TYPES = {
    "html": "text/html; charset=utf-8",
    "text": "text/plain",
    "problem": "application/problem+json",
    "octets": "application/octet-stream",
    "csv": "text/csv",
}
CHARSETS = {"latin-1": "latin-1", "utf-16": "utf-16", "utf-32": "utf-32"}

TOO_DEEP = "Python's parser has a limit on nesting, which it meets before the type of the document"


def protocol_mutants(contract: Contract) -> Iterator[Mutant]:
    """Yield mutants that no schema forbids because they are about the response around the document."""
    sound = encoded(base(contract, 200, "settled_with_failures"))
    error = encoded(base(contract, 422, "missing_api_key"))
    yield from _statuses(sound)
    yield from _headers(sound)
    yield from _bodies(sound, error)
    yield from _keys(sound, error)
    yield from _methods(sound)
    yield from _rejections()


def _statuses(sound: bytes) -> Iterator[Mutant]:
    for status in UNDOCUMENTED:
        yield _mutant("status", str(status), f"the status is {status}", Answer(sound, status))
    yield _mutant("status", "204", "the status is 204", Answer(b"", 204))


def _headers(sound: bytes) -> Iterator[Mutant]:
    for name, value in CONTENT_TYPES.items():
        answer = Answer(sound, headers={"content-type": value})
        yield _mutant("content-type", name, f"the content type is {value}", answer)
    yield _mutant("content-type", "none", "there is no content type", Answer(sound, headers={}))
    for name, charset in CHARSETS.items():
        headers = {"content-type": f"application/json; charset={name}"}
        body = sound.decode().replace("caller", "caller\N{LATIN SMALL LETTER E WITH ACUTE}").encode(charset)
        forbids = _is_no_json(body)
        yield _mutant("charset", name, f"the body is in {name}", Answer(body, headers=headers), forbids)
        claimed = Answer(sound, headers=headers)
        yield _mutant("charset", f"{name}-claimed", f"the header claims {name}", claimed)


def _bodies(sound: bytes, error: bytes) -> Iterator[Mutant]:
    broken = {
        "empty": (b"", "the body is empty"),
        "blank": (b" \n", "the body is white space"),
        "html": (HTML, "the body is an HTML page"),
        "truncated": (sound[: len(sound) // 2], "the body ends in the middle"),
        "without-end": (sound[:-1], "the last brace is missing"),
        "twice": (sound + sound, "the document comes twice"),
        "trailing-comma": (sound[:-1] + b",}", "there is a trailing comma"),
        "trailing-text": (sound + b"ok", "text follows the document"),
        "byte-order-mark": (b"\xef\xbb\xbf" + sound, "a byte order mark comes first"),
        "no-utf-8": (sound.replace(b"910101", b"\xff910101", 1), "a byte is not UTF-8"),
        "nan": (sound.replace(b"52.5", b"NaN", 1), "a number is NaN"),
        "infinity": (sound.replace(b"52.5", b"-Infinity", 1), "a number is -Infinity"),
        "single-quotes": (sound.replace(b'"', b"'"), "strings are in single quotes"),
        "comment": (b"/* v2 */" + sound, "there is a comment"),
        "gzip-unannounced": (gzip.compress(sound, mtime=0), "the body is compressed and no header says so"),
        "error-under-200": (error, "the body is that of a 422"),
        "detail-under-200": (b'{"detail": "Not found"}', "the body is an error"),
        "string": (encoded(sound.decode()), "the document is in a string"),
        "array": (b"[" + sound + b"]", "the document is in an array"),
        "nested": (b'{"data": ' + sound + b"}", "the document is in an envelope"),
    }
    for name, (body, breaks) in broken.items():
        yield _mutant("body", name, breaks, Answer(body), forbids=True)
    deep = Answer(b"[" * 10_000 + b"]" * 10_000)
    yield _mutant("body", "deep", "10,000 arrays are nested", deep, forbids=True, beyond_limit=TOO_DEEP)
    doubled = sound.replace(b'{"simulation_run"', b'{"status": "200", "simulation_run"', 1)
    yield _mutant("body", "key-twice", "a key comes twice", Answer(doubled))
    success = Answer(sound, 422)
    yield _mutant("body", "success-under-422", "the body of a 422 is that of a 200", success)


def _keys(sound: bytes, error: bytes) -> Iterator[Mutant]:
    for key in (Key.MISSING, Key.WRONG):
        answer = Answer(sound, authenticated=False)
        yield _mutant("key", f"200-{key}", f"a request whose key is {key} gets a 200", answer, key=key)
        late = Answer(b'{"detail": "no"}', 401, authenticated=False)
        if key is Key.MISSING:
            yield _mutant("key", "401-missing", "a missing key is a 401, not a 422", late, key=key)
    echoed = Answer(sound.replace(b'"summary": "', b'"summary": "for ' + KEY.encode() + b": ", 1))
    yield _mutant("key", "in-body", "the body repeats the key", echoed)
    headers = JSON_HEADERS | {"x-request-key": KEY}
    yield _mutant("key", "in-header", "a header repeats the key", Answer(sound, headers=headers))
    yield _mutant("key", "422-to-a-valid-request", "a valid request is called invalid", Answer(error, 422))
    unnamed = encoded({"detail": [{"loc": ["path", "simulation_run_id"], "msg": "No", "type": "int"}]})
    answer = Answer(unnamed, 422, authenticated=False)
    yield _mutant("key", "422-names-the-run-id", "the 422 names the run id", answer, key=Key.MISSING)
    other = encoded({"detail": [{"loc": ["query", "key"], "msg": "Field required", "type": "missing"}]})
    answer = Answer(other, 422, authenticated=False)
    yield _mutant("key", "422-names-another-field", "the 422 names another field", answer, key=Key.MISSING)


def _methods(sound: bytes) -> Iterator[Mutant]:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        accepted = Answer(sound, method=method)
        yield _mutant("method", f"200-to-{method}", f"{method} gets a 200", accepted, method=method)
    without = Answer(b'{"detail": "Method Not Allowed"}', 405, method="POST")
    yield _mutant("method", "405-without-allow", "the 405 has no Allow", without, method="POST")
    other = Answer(b"", 405, JSON_HEADERS | {"allow": "POST"}, method="POST")
    yield _mutant("method", "405-allows-another", "the Allow lists no GET", other, method="POST")


def _rejections() -> Iterator[Mutant]:
    item = {"loc": ["header", "X-API-Key"], "msg": "Field required", "type": "missing"}
    shapes: dict[str, tuple[Any, bool]] = {
        "string": ({"detail": "X-API-Key is missing"}, True),
        "object": ({"detail": item}, True),
        "empty": ({"detail": []}, False),
        "loc-string": ({"detail": [item | {"loc": "X-API-Key"}]}, True),
        "loc-empty": ({"detail": [item | {"loc": []}]}, False),
        "loc-number": ({"detail": [item | {"loc": [1.5]}]}, True),
        "loc-elsewhere": ({"detail": [item | {"loc": ["cookie", "X-API-Key"]}]}, False),
        "second-loc-elsewhere": ({"detail": [item, item | {"loc": ["cookie", "X-API-Key"]}]}, False),
        "errors": ({"errors": [item]}, False),
        "message": ({"message": "X-API-Key is missing"}, False),
        "problem": ({"title": "Unprocessable", "status": 422}, False),
    }
    for name, (document, forbids) in shapes.items():
        answer = Answer(encoded(document), 422, authenticated=False)
        yield _mutant("422-shape", name, f"the 422 says {document}", answer, forbids, key=Key.MISSING)


def _mutant(
    kind: str,
    name: str,
    breaks: str,
    answer: Answer,
    forbids: bool = False,
    *,
    key: Key = Key.VALID,
    method: str = "GET",
    beyond_limit: str = "",
) -> Mutant:
    id_ = f"protocol:{kind}:{name}"
    return Mutant(id_, kind, breaks, (answer,), forbids, key, method, beyond_limit=beyond_limit)


def _is_no_json(body: bytes) -> bool:
    try:
        json.loads(body.decode())
    except ValueError:
        return True
    return False
