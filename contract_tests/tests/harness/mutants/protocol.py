"""Mutants of HTTP that the contract kit doesn't make: of the status, the key, the method and the 422."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from bluejay_contract.contract import Contract, Operation
from bluejay_contract.exchange import JSON_HEADERS, Key
from bluejay_contract.operations import RESULTS
from contract_kit.read.paths import replaced

from ...operations import TRAITS
from .case import KEY, Case, encoded
from .change import Change, Changes, changed, listed, run
from .derived import sound

UNDOCUMENTED = (201, 203, 204, 206, 300, 302, 400, 512, 528, 599)
IN_PRACTICE = (401, 403, 404, 429, 502, 503, 511, 520, 527)
METHODS = ("POST", "GET", "PUT", "PATCH", "DELETE")

CHANGES: Changes = {
    "same-run:another": run(id="48214"),
    "same-run:zero-in-front": run(id="048213"),
    "same-run:another-result": Change(("simulation_result",), {"id": 910102}),
    "same-run:of-another-simulation": listed(1, experiment_id=732),
}


def mutants(contract: Contract, operation: Operation) -> Iterator[Case]:
    """Yield mutants of everything in the response except the document; no schema can forbid them."""
    document, error = (sound(contract, operation, status) for status in (200, 422))
    valid = encoded(document)
    yield from _statuses(operation, valid)
    yield from _keys(operation, document, encoded(error))
    yield from _methods(operation, valid)
    yield from _rejections(operation, valid)
    yield from changed(CHANGES, contract, operation)
    if operation.id == RESULTS:
        path = "$.simulation_results"
        yield Case("page-size:three-of-two", operation, valid, "page-size", path, query="limit=2")


def _statuses(operation: Operation, valid: bytes) -> Iterator[Case]:
    for status in (*UNDOCUMENTED, *IN_PRACTICE):
        rule = "known-undocumented-status" if status in IN_PRACTICE else "status-code-conformance"
        body = b"" if status == 204 else valid
        yield Case(f"protocol:status:{status}", operation, body, rule, "status", status)


def _keys(operation: Operation, document: Any, error: bytes) -> Iterator[Case]:
    valid, late = encoded(document), b'{"detail": "no"}'
    said = encoded(replaced(document, TRAITS[operation.id].text, f"for {KEY}: done"))
    headers, path = JSON_HEADERS | {"x-request-key": KEY}, "header x-request-key"
    add = partial(_of_key, operation)
    yield add("200-missing", valid, "ignored-auth", key=Key.MISSING)
    yield add("200-wrong", valid, "ignored-auth", key=Key.WRONG)
    yield add("401-missing", late, "missing-required-header", status=401, key=Key.MISSING)
    yield add("in-body", said, "leaked-api-key", "body")
    yield add("in-header", valid, "leaked-api-key", path, headers=headers)
    yield add("422-to-a-valid-request", error, "positive-data-acceptance", status=422)
    first = operation.parameters[0]
    known = ["path", first["name"]] if first["in"] == "path" else ["body", "simulation_id"]
    others = {
        "the-id": {"loc": known, "msg": "No", "type": "int"},
        "another-field": {"loc": ["query", "key"], "msg": "Field required", "type": "missing"},
    }
    for name, entry in others.items():
        body, rule = encoded({"detail": [entry]}), "missing-header-named"
        yield add(f"422-names-{name}", body, rule, "$.detail", status=422, key=Key.MISSING)


def _of_key(
    operation: Operation, name: str, body: bytes, rule: str, path: str = "status", **others: Any
) -> Case:
    return Case(f"protocol:key:{name}", operation, body, rule, path, **others)


def _methods(operation: Operation, valid: bytes) -> Iterator[Case]:
    add = partial(Case, operation=operation, rule="unsupported-method")
    others = [each for each in METHODS if each != operation.method]
    for method in others:
        yield add(f"protocol:method:200-to-{method}", body=valid, path="status", method=method)
    yield add("protocol:method:405-to-the-right-one", body=valid, path="status", status=405)
    refused = partial(add, path="header allow", status=405, method=others[0])
    yield refused("protocol:method:405-without-allow", body=b'{"detail": "Method Not Allowed"}')
    headers = JSON_HEADERS | {"allow": others[0]}
    yield refused("protocol:method:405-allows-another", body=b"", headers=headers)


def _rejections(operation: Operation, valid: bytes) -> Iterator[Case]:
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
    add = partial(Case, operation=operation, rule="validation-error-details", status=422)
    for name, (document, path) in shapes.items():
        id_, body = f"protocol:422-shape:{name}", encoded(document)
        yield add(id_, body=body, path=path, key=Key.MISSING)
    yield add("protocol:body:success-under-422", body=valid, path="$.detail")
