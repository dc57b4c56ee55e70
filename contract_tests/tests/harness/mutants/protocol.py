"""Responses whose status, headers, key or 422 body break a rule, and the nearest ones that keep it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from bluejay_contract.exchange import JSON_HEADERS, Key
from bluejay_contract.operations import QUEUE, RESULTS, RUNS, Operation
from contract_kit.read.paths import replaced

from ...operations import TRAITS
from .case import KEY, Case, encoded, sound

Responses: TypeAlias = dict[str, tuple[bytes, str, dict[str, Any]]]
"""By `rule:name`: the body, the path of the fault, and the case's other unusual fields."""

MISSING: dict[str, Any] = {"status": 422, "key": Key.MISSING}
UTF_8 = ("charset=UTF-8", "Charset=utf8; q=1")
NAMED = ["header", "X-API-Key"]
LOCATIONS: list[Any] = [
    ["header", "X-API-Key"], ["header", "x-api-key", 0], ["HEADER", "X-API-Key"], ["header"], ["header", 7],
    ["header", "X-Organization-Id"], ["cookie", "X-API-Key"], ["query", "limit"], ["query", "LIMIT"],
    ["query", "offset"], ["path", "simulation_run_id"], ["path", "test_result_id"], ["path", "simulation_id"],
    ["body"], ["body", 17], ["body", "simulation_id"], ["body", "digital_human_ids", 1], ["body", "new"],
    [], "header", None,
]  # fmt: skip
"""Locations of errors: `golden/harness` keeps what the rules find in a 422 with each."""


def cases(operation: Operation) -> Iterator[Case]:
    """Yield cases with faults that no schema can rule out, most of them outside the JSON document."""
    for name, (body, path, sent) in (_broken(operation) | _kept(operation)).items():
        yield Case(name, operation, body, path, **sent)


def _headers(content_type: str) -> dict[str, Any]:
    return {"headers": {"content-type": content_type} if content_type else {}}


def _errors(*locations: list[str]) -> bytes:
    return encoded({"detail": [{"loc": each, "msg": "No", "type": "missing"} for each in locations]})


def _broken(operation: Operation) -> Responses:
    document = sound(operation)
    valid, error = encoded(document), encoded(sound(operation, 422))
    said = encoded(replaced(document, TRAITS[operation].text, f"for {KEY}: done"))
    another = "PUT" if operation.method == "POST" else "POST"
    refused, allow = {"status": 405, "method": another}, JSON_HEADERS | {"allow": another}
    details = "validation-error-details"
    faults: Responses = {
        "status-code-conformance:201": (valid, "status", {"status": 201}),
        "known-undocumented-status:500": (b"", "status", {"status": 500}),
        "known-undocumented-status:404": (b"", "status", {"status": 404}),
        **{
            f"content-type-conformance:{kind}": (valid, "header content-type", _headers(kind))
            for kind in ("", "text/html", "application/json; charset=latin-1", "application/problem+json")
        },
        **{
            f"json-body:{name}": (body, "body", {})
            for name, body in {
                "empty": b" ", "cut": valid[:-1], "two": valid * 2, "page": b"<html>", "nan": b"[NaN]",
                "not-utf-8": b'"\xff"', "half": b'"\xed\xa0\x80"', "deep": b"[" * 200 + b"]" * 201,
            }.items()
        },
        "json-body:422": (b"<html>", "body", {"status": 422}),
        "unique-keys:twice": (b'{"a": {"b": 1, "c": 1, "b": 2}}', "body", {}),
        "unknown-field:top": (encoded(document | {"trace": "4bf9"}), "$.trace", {}),
        "response-schema-conformance:422": (encoded({"detail": 1}), "$.detail", {"status": 422}),
        "ignored-auth:missing": (valid, "status", {"key": Key.MISSING}),
        "ignored-auth:wrong": (valid, "status", {"key": Key.WRONG}),
        "missing-required-header:401": (b"{}", "status", {"status": 401, "key": Key.MISSING}),
        "leaked-api-key:in-body": (said, "body", {}),
        "leaked-api-key:in-header": (valid, "header x-a", {"headers": JSON_HEADERS | {"x-a": f"my-{KEY}s"}}),
        "positive-data-acceptance:422": (error, "status", {"status": 422}),
        "missing-header-named:another": (_errors(["query", "key"]), "$.detail", MISSING),
        "missing-header-named:page": (b"<html>", "$.detail", MISSING),
        "unsupported-method:200": (valid, "status", {"method": another}),
        "unsupported-method:405-to-the-right-one": (valid, "status", {"status": 405}),
        "unsupported-method:405-without-allow": (b"{}", "header allow", refused),
        "unsupported-method:405-allows-another": (b"", "header allow", refused | {"headers": allow}),
        f"{details}:success": (valid, "$.detail", {"status": 422}),
        f"{details}:empty": (_errors(), "$.detail", MISSING),
        f"{details}:errors": (encoded({"errors": []}), "$.detail", MISSING),
        f"{details}:second": (_errors(NAMED, ["cookie"]), "$.detail[1].loc", MISSING),
        "same-run:nobodys": (valid, "status", {"exists": False}),
    }  # fmt: skip
    if operation is not RUNS:
        faults["response-schema-conformance:error"] = error, "$", {}
        another = "200" if operation is QUEUE else "success"
        faults["body-status:another"] = encoded(document | {"status": another}), "$.status", {}
    if operation is RESULTS:
        faults["page-size:three-of-two"] = (valid, "$.simulation_results", {"query": "limit=2"})
    return faults


def _kept(operation: Operation) -> Responses:
    document = sound(operation)
    valid, error = encoded(document), encoded(sound(operation, 422))
    another = "PUT" if operation.method == "POST" else "POST"
    allow = {"status": 405, "method": another, "headers": {"allow": f"HEAD, {operation.method}"}}
    kept: Responses = {
        "known-undocumented-status:404-of-nobody": (b"", "", {"status": 404, "exists": False}),
        "known-undocumented-status:401-for-a-wrong-key": (b"", "", {"status": 401, "key": Key.WRONG}),
        **{
            f"content-type-conformance:{kind}": (valid, "", _headers(kind))
            for kind in ("Application/JSON", *(f"application/json; {each}" for each in UTF_8))
        },
        "json-body:white-space": (b"\n " + valid + b"\t\r\n", "", {}),
        "unique-keys:in-two-objects": (b'[{"a": {"a": 1}}, {"a": 1}]', "", {}),
        "ignored-auth:403": (b"", "", {"status": 403, "key": Key.WRONG}),
        "missing-required-header:422": (error, "", MISSING),
        "missing-header-named:second": (_errors([], NAMED), "", MISSING),
        "leaked-api-key:half": (valid, "", {"headers": JSON_HEADERS | {"x-a": KEY[:-1]}}),
        "positive-data-acceptance:400": (b"", "", {"status": 400}),
        "unsupported-method:405": (b"", "", allow),
        "validation-error-details:422": (error, "", MISSING),
        "status-code-conformance:422": (error, "", {"status": 422}),
        "same-run:valid": (valid, "", {}),
        "body-status:valid": (valid, "", {}),
        "page-size:valid": (valid, "", {"query": "limit=3" if operation is RESULTS else ""}),
    }  # fmt: skip
    if operation is not QUEUE:
        kept["positive-data-acceptance:bad-query"] = (error, "", {"status": 422, "query": "limit=0"})
    return kept
