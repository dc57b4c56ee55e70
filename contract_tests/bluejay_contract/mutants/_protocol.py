"""Mutants of the HTTP itself, of the body as bytes, and of the 422."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import attrs

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import JSON_HEADERS, Key
from bluejay_contract.stub import Answer

from ._mutant import Mutant, encoded
from .base import base

KEY = "test-key"
HTML = b"<!doctype html><title>Just a moment</title>"
UNDOCUMENTED = (201, 202, 203, 206, 300, 302, 400, 401, 403, 404, 418, 429, 500, 502, 503, 520, 599)
IN_PRACTICE = (401, 403, 404, 429, 500, 502, 503, 520)
FOUND_BY = {
    "status": ("status-code-conformance", "status"),
    "content-type": ("content-type-conformance", "header content-type"),
    "charset": ("content-type-conformance", "header content-type"),
    "body": ("json-body", "body"),
    "key": ("ignored-auth", "status"),
    "method": ("unsupported-method", "status"),
    "422-shape": ("validation-error-details", "$.detail"),
}
"""By kind, the rule that must find a mutant and where, unless the mutant says otherwise."""

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
        rule = "known-undocumented-status" if status in IN_PRACTICE else "status-code-conformance"
        yield _mutant("status", str(status), f"the status is {status}", Answer(sound, status), rule=rule)
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
    }
    for name, (body, breaks) in broken.items():
        yield _mutant("body", name, breaks, Answer(body), forbids=True)
    other = {
        "error-under-200": (error, "the body is that of a 422"),
        "detail-under-200": (b'{"detail": "Not found"}', "the body is an error"),
        "string": (encoded(sound.decode()), "the document is in a string"),
        "array": (b"[" + sound + b"]", "the document is in an array"),
        "nested": (b'{"data": ' + sound + b"}", "the document is in an envelope"),
    }
    for name, (body, breaks) in other.items():
        yield _mutant(
            "body", name, breaks, Answer(body), forbids=True, rule="response-schema-conformance", path="$"
        )
    deep, breaks = Answer(b"[" * 10_000 + b"]" * 10_000), "10,000 arrays are nested"
    yield _mutant(
        "body",
        "deep",
        breaks,
        deep,
        True,
        beyond_limit=TOO_DEEP,
        rule="response-schema-conformance",
        path="$",
    )
    doubled = sound.replace(b'{"simulation_run"', b'{"status": "200", "simulation_run"', 1)
    yield _mutant("body", "key-twice", "a key comes twice", Answer(doubled), rule="unique-keys")
    success, breaks = Answer(sound, 422), "the body of a 422 is that of a 200"
    yield _mutant(
        "body", "success-under-422", breaks, success, rule="validation-error-details", path="$.detail"
    )


def _keys(sound: bytes, error: bytes) -> Iterator[Mutant]:
    for key in (Key.MISSING, Key.WRONG):
        answer = Answer(sound, authenticated=False)
        yield _mutant("key", f"200-{key}", f"a request whose key is {key} gets a 200", answer, key=key)
        late = Answer(b'{"detail": "no"}', 401, authenticated=False)
        if key is Key.MISSING:
            breaks, rule = "a missing key is a 401, not a 422", "missing-required-header"
            yield _mutant("key", "401-missing", breaks, late, key=key, rule=rule)
    echoed = Answer(sound.replace(b'"summary": "', b'"summary": "for ' + KEY.encode() + b": ", 1))
    yield _mutant("key", "in-body", "the body repeats the key", echoed, rule="leaked-api-key", path="body")
    headed, path = Answer(sound, headers=JSON_HEADERS | {"x-request-key": KEY}), "header x-request-key"
    yield _mutant("key", "in-header", "a header repeats the key", headed, rule="leaked-api-key", path=path)
    breaks, refused = "a valid request is called invalid", Answer(error, 422)
    yield _mutant("key", "422-to-a-valid-request", breaks, refused, rule="positive-data-acceptance")
    yield from _other_fields_named()


def _other_fields_named() -> Iterator[Mutant]:
    entries = {
        "the-run-id": ({"loc": ["path", "simulation_run_id"], "msg": "No", "type": "int"}, "the run id"),
        "another-field": (
            {"loc": ["query", "key"], "msg": "Field required", "type": "missing"},
            "another field",
        ),
    }
    for name, (entry, said) in entries.items():
        answer = Answer(encoded({"detail": [entry]}), 422, authenticated=False)
        found = _mutant("key", f"422-names-{name}", f"the 422 names {said}", answer, key=Key.MISSING)
        yield attrs.evolve(found, rule="missing-header-named", path="$.detail")


def _methods(sound: bytes) -> Iterator[Mutant]:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        accepted = Answer(sound, method=method)
        yield _mutant("method", f"200-to-{method}", f"{method} gets a 200", accepted, method=method)
    without = Answer(b'{"detail": "Method Not Allowed"}', 405, method="POST")
    allow = "header allow"
    yield _mutant("method", "405-without-allow", "the 405 has no Allow", without, method="POST", path=allow)
    other = Answer(b"", 405, JSON_HEADERS | {"allow": "POST"}, method="POST")
    yield _mutant("method", "405-allows-another", "the Allow lists no GET", other, method="POST", path=allow)


def _rejections() -> Iterator[Mutant]:
    item = {"loc": ["header", "X-API-Key"], "msg": "Field required", "type": "missing"}
    place, another = "$.detail[0].loc", ["cookie", "X-API-Key"]
    shapes: dict[str, tuple[Any, bool, str]] = {
        "string": ({"detail": "X-API-Key is missing"}, True, "$.detail"),
        "object": ({"detail": item}, True, "$.detail"),
        "empty": ({"detail": []}, False, "$.detail"),
        "loc-string": ({"detail": [item | {"loc": "X-API-Key"}]}, True, place),
        "loc-empty": ({"detail": [item | {"loc": []}]}, False, place),
        "loc-number": ({"detail": [item | {"loc": [1.5]}]}, True, f"{place}[0]"),
        "loc-elsewhere": ({"detail": [item | {"loc": another}]}, False, place),
        "second-loc-elsewhere": ({"detail": [item, item | {"loc": another}]}, False, "$.detail[1].loc"),
        "errors": ({"errors": [item]}, False, "$.detail"),
        "message": ({"message": "X-API-Key is missing"}, False, "$.detail"),
        "problem": ({"title": "Unprocessable", "status": 422}, False, "$.detail"),
    }
    for name, (document, forbids, path) in shapes.items():
        answer, breaks = Answer(encoded(document), 422, authenticated=False), f"the 422 says {document}"
        rule = "response-schema-conformance" if forbids else "validation-error-details"
        yield _mutant("422-shape", name, breaks, answer, forbids, key=Key.MISSING, rule=rule, path=path)


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
    rule: str = "",
    path: str = "",
) -> Mutant:
    return Mutant(
        id=f"protocol:{kind}:{name}",
        kind=kind,
        breaks=breaks,
        answers=(answer,),
        schema_forbids=forbids,
        rule=rule or FOUND_BY[kind][0],
        path=path or FOUND_BY[kind][1],
        key=key,
        method=method,
        beyond_limit=beyond_limit,
    )


def _is_no_json(body: bytes) -> bool:
    try:
        json.loads(body.decode())
    except ValueError:
        return True
    return False
