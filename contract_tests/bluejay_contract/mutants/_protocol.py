"""Mutants of the HTTP itself, of the body as bytes, and of the 422."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import attrs
from contract_kit import model
from contract_kit.paths import Path, replaced

from bluejay_contract.contract import Contract, Operation
from bluejay_contract.exchange import JSON_HEADERS, Key
from bluejay_contract.stub import Answer

from ._change import Changes, Document, changed, read_singly, run
from ._derived import derived, is_of_http, sound
from ._mutant import Mutant, encoded

KEY = "test-key"
UNDOCUMENTED = (201, 203, 206, 300, 302, 400, 401, 403, 404, 429, 502, 503, 520, 599)
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
    "problem": "application/problem+json",
    "octets": "application/octet-stream",
    "csv": "text/csv",
}
CHARSETS = {"latin-1": "latin-1", "utf-16": "utf-16", "utf-32": "utf-32"}


CHANGES: Changes = {
    "same-run:another": ("the response is about another run", run(id="48214")),
    "same-run:zero-in-front": ("the run's id has a zero in front", run(id="048213")),
    "same-run:another-result": ("the response is about another result", read_singly(id=910102)),
}
KIND_IN_THE_KIT = {"status": "status", "content": "content-type"}
"""By the first word of a name in the kit; any other is of the body."""


TEXTS: tuple[Path, ...] = (
    ("simulation_run", "summary"),
    ("simulation_result", "evaluations", 0, "call_summary"),
    ("agent_id",),
)
"""A field of each operation's answer that may hold any text."""
METHODS = ("POST", "GET", "PUT", "PATCH", "DELETE")


def mutants(contract: Contract, operation: Operation) -> Iterator[Mutant]:
    """Yield mutants that no schema forbids because they are about the response around the document."""
    for mutant in derived(contract, operation):
        if is_of_http(mutant):
            yield _ours(mutant)
    document, error = (sound(contract, operation, status) for status in (200, 422))
    body = encoded(document)
    yield from _statuses(body)
    yield from _headers(document)
    yield from _bodies(body, document["status"])
    yield from _keys(document, encoded(error))
    yield from _other_fields_named(operation)
    yield from _methods(operation, body)
    yield from _rejections()
    yield from changed(CHANGES, contract, operation)


def _ours(mutant: model.Mutant) -> Mutant:
    name, response = mutant.id.rpartition(":")[2], mutant.response
    kind = KIND_IN_THE_KIT.get(name.partition("-")[0], "body")
    headers = {key.lower(): value for key, value in response.headers.items()}
    answer = Answer(response.body, response.status, headers, authenticated=response.status != 422)
    rule = _rule_of_status(response.status) if kind == "status" else ""
    found = _mutant(kind, name, mutant.breaks, answer, kind == "body", rule=rule)
    key = Key.MISSING if response.status == 422 else Key.VALID
    return attrs.evolve(found, id=mutant.id.partition(":")[2], key=key)


def _rule_of_status(status: int) -> str:
    return "known-undocumented-status" if status in IN_PRACTICE else "status-code-conformance"


def _statuses(valid: bytes) -> Iterator[Mutant]:
    for status in UNDOCUMENTED:
        rule = _rule_of_status(status)
        yield _mutant("status", str(status), f"the status is {status}", Answer(valid, status), rule=rule)
    yield _mutant("status", "204", "the status is 204", Answer(b"", 204))


def _headers(document: Document) -> Iterator[Mutant]:
    valid = encoded(document)
    for name, value in CONTENT_TYPES.items():
        answer = Answer(valid, headers={"content-type": value})
        yield _mutant("content-type", name, f"the content type is {value}", answer)
    for name, charset in CHARSETS.items():
        headers = {"content-type": f"application/json; charset={name}"}
        accented = _saying(document, "caf\N{LATIN SMALL LETTER E WITH ACUTE}")
        body = encoded(accented).decode().encode(charset)
        forbids = _is_no_json(body)
        yield _mutant("charset", name, f"the body is in {name}", Answer(body, headers=headers), forbids)
        claimed = Answer(valid, headers=headers)
        yield _mutant("charset", f"{name}-claimed", f"the header claims {name}", claimed)


def _saying(document: Document, text: str) -> Document:
    """Return a document with a text in a field that may hold any."""
    path = next(path for path in TEXTS if path[0] in document)
    said: Document = replaced(document, path, text)
    return said


def _bodies(valid: bytes, status: str) -> Iterator[Mutant]:
    broken = {
        "blank": (b" \n", "the body is white space"),
        "without-end": (valid[:-1], "the last brace is missing"),
        "twice": (valid + valid, "the document comes twice"),
        "trailing-comma": (valid[:-1] + b",}", "there is a trailing comma"),
        "trailing-text": (valid + b"ok", "text follows the document"),
        "byte-order-mark": (b"\xef\xbb\xbf" + valid, "a byte order mark comes first"),
        "no-utf-8": (valid.replace(b"910101", b"\xff910101", 1), "a byte is not UTF-8"),
        "nan": (valid[:-1] + b', "number": NaN}', "a number is NaN"),
        "infinity": (valid[:-1] + b', "number": -Infinity}', "a number is -Infinity"),
        "single-quotes": (valid.replace(b'"', b"'"), "strings are in single quotes"),
        "comment": (b"/* v2 */" + valid, "there is a comment"),
        "gzip-unannounced": (
            gzip.compress(valid, mtime=0),
            "the body is compressed and no header says so",
        ),
    }
    for name, (body, breaks) in broken.items():
        yield _mutant("body", name, breaks, Answer(body), forbids=True)
    doubled = valid[:-1] + b', "status": ' + encoded(status) + b"}"
    yield _mutant("body", "key-twice", "a key comes twice", Answer(doubled), rule="unique-keys")
    success, breaks = Answer(valid, 422), "the body of a 422 is that of a 200"
    yield _mutant(
        "body", "success-under-422", breaks, success, rule="validation-error-details", path="$.detail"
    )


def _keys(document: Document, error: bytes) -> Iterator[Mutant]:
    valid = encoded(document)
    for key in (Key.MISSING, Key.WRONG):
        answer = Answer(valid, authenticated=False)
        yield _mutant("key", f"200-{key}", f"a request whose key is {key} gets a 200", answer, key=key)
        late = Answer(b'{"detail": "no"}', 401, authenticated=False)
        if key is Key.MISSING:
            breaks, rule = "a missing key is a 401, not a 422", "missing-required-header"
            yield _mutant("key", "401-missing", breaks, late, key=key, rule=rule)
    echoed = Answer(encoded(_saying(document, f"for {KEY}: done")))
    yield _mutant("key", "in-body", "the body repeats the key", echoed, rule="leaked-api-key", path="body")
    headed, path = (
        Answer(valid, headers=JSON_HEADERS | {"x-request-key": KEY}),
        "header x-request-key",
    )
    yield _mutant("key", "in-header", "a header repeats the key", headed, rule="leaked-api-key", path=path)
    breaks, refused = "a valid request is called invalid", Answer(error, 422)
    yield _mutant("key", "422-to-a-valid-request", breaks, refused, rule="positive-data-acceptance")


def _other_fields_named(operation: Operation) -> Iterator[Mutant]:
    first = operation.parameters[0]
    known = ["path", first["name"]] if first["in"] == "path" else ["body", "simulation_id"]
    entries = {
        "the-id": ({"loc": known, "msg": "No", "type": "int"}, f"the {known[1]}"),
        "another-field": (
            {"loc": ["query", "key"], "msg": "Field required", "type": "missing"},
            "another field",
        ),
    }
    for name, (entry, said) in entries.items():
        answer = Answer(encoded({"detail": [entry]}), 422, authenticated=False)
        found = _mutant("key", f"422-names-{name}", f"the 422 names {said}", answer, key=Key.MISSING)
        yield attrs.evolve(found, rule="missing-header-named", path="$.detail")


def _methods(operation: Operation, valid: bytes) -> Iterator[Mutant]:
    others = [each for each in METHODS if each != operation.method]
    for method in others:
        accepted = Answer(valid, method=method)
        yield _mutant("method", f"200-to-{method}", f"{method} gets a 200", accepted, method=method)
    method, allow = others[0], "header allow"
    without = Answer(b'{"detail": "Method Not Allowed"}', 405, method=method)
    yield _mutant("method", "405-without-allow", "the 405 has no Allow", without, method=method, path=allow)
    another = Answer(b"", 405, JSON_HEADERS | {"allow": method}, method=method)
    breaks = f"the Allow lists no {operation.method}"
    yield _mutant("method", "405-allows-another", breaks, another, method=method, path=allow)


def _rejections() -> Iterator[Mutant]:
    item = {"loc": ["header", "X-API-Key"], "msg": "Field required", "type": "missing"}
    place, another = "$.detail[0].loc", ["cookie", "X-API-Key"]
    shapes: dict[str, tuple[Any, str]] = {
        "empty": ({"detail": []}, "$.detail"),
        "loc-empty": ({"detail": [item | {"loc": []}]}, place),
        "loc-elsewhere": ({"detail": [item | {"loc": another}]}, place),
        "second-loc-elsewhere": ({"detail": [item, item | {"loc": another}]}, "$.detail[1].loc"),
        "errors": ({"errors": [item]}, "$.detail"),
        "message": ({"message": "X-API-Key is missing"}, "$.detail"),
        "problem": ({"title": "Unprocessable", "status": 422}, "$.detail"),
    }
    for name, (document, path) in shapes.items():
        answer, breaks = Answer(encoded(document), 422, authenticated=False), f"the 422 says {document}"
        yield _mutant("422-shape", name, breaks, answer, key=Key.MISSING, path=path)


def _mutant(
    kind: str,
    name: str,
    breaks: str,
    answer: Answer,
    forbids: bool = False,
    *,
    key: Key = Key.VALID,
    method: str = "",
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
