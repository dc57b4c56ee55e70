"""Mutants of HTTP: the contract kit's mutants, and mutants of the key, the method and the 422."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from bluejay_contract.contract import Contract, Operation
from bluejay_contract.exchange import JSON_HEADERS, Key
from bluejay_contract.operations import RESULTS
from contract_kit.derive.model import PROTOCOL
from contract_kit.read.paths import replaced

from ...operations import TRAITS
from .case import KEY, Case, encoded
from .change import Changes, Document, changed, listed, read_singly, run
from .derived import derived, sound

UNDOCUMENTED = (201, 203, 204, 206, 300, 302, 400, 401, 403, 404, 429, 502, 503, 520, 599)
IN_PRACTICE = (401, 403, 404, 429, 502, 503, 520)
METHODS = ("POST", "GET", "PUT", "PATCH", "DELETE")

CHANGES: Changes = {
    "same-run:another": ("the response is about another run", run(id="48214")),
    "same-run:zero-in-front": ("the run's id begins with an additional zero", run(id="048213")),
    "same-run:another-result": ("the response is about another result", read_singly(id=910102)),
    "same-run:of-another-simulation": (
        "a listed run belongs to another simulation",
        listed(1, experiment_id=732),
    ),
}


def mutants(contract: Contract, operation: Operation) -> Iterator[Case]:
    """Yield mutants of everything in the response except the document; no schema can forbid them."""
    yield from (each for each, mutant in derived(contract, operation) if mutant.group == PROTOCOL)
    document, error = (sound(contract, operation, status) for status in (200, 422))
    valid = encoded(document)
    yield from _statuses(operation, valid)
    yield from _keys(operation, document, encoded(error))
    yield from _other_fields_named(operation)
    yield from _methods(operation, valid)
    yield from _rejections(operation, valid)
    yield from changed(CHANGES, contract, operation)
    if operation.id == RESULTS:
        yield _over_the_limit(operation, valid)


def _over_the_limit(operation: Operation, valid: bytes) -> Case:
    return Case(
        "cross-field:page-size:three-of-two",
        operation,
        "a page with limit=2 has three results",
        valid,
        group="cross-field",
        rule="page-size",
        path="$.simulation_results",
        query="limit=2",
    )


def _statuses(operation: Operation, valid: bytes) -> Iterator[Case]:
    for status in UNDOCUMENTED:
        rule = "known-undocumented-status" if status in IN_PRACTICE else "status-code-conformance"
        yield Case(
            f"protocol:status:{status}",
            operation,
            f"the status is {status}",
            b"" if status == 204 else valid,
            group="status",
            rule=rule,
            path="status",
            status=status,
        )


def _keys(operation: Operation, document: Document, error: bytes) -> Iterator[Case]:
    valid = encoded(document)
    add = partial(_of_key, operation)
    for key in (Key.MISSING, Key.WRONG):
        yield add(f"200-{key}", f"a request whose key is {key} gets a 200", valid, "ignored-auth", key=key)
    late, breaks = b'{"detail": "no"}', "a missing key gets a 401 instead of a 422"
    yield add("401-missing", breaks, late, "missing-required-header", status=401, key=Key.MISSING)
    said = encoded(replaced(document, TRAITS[operation.id].text, f"for {KEY}: done"))
    yield add("in-body", "the body repeats the key", said, "leaked-api-key", "body")
    headers, path = JSON_HEADERS | {"x-request-key": KEY}, "header x-request-key"
    yield add("in-header", "a header repeats the key", valid, "leaked-api-key", path, headers=headers)
    breaks = "a valid request gets a 422"
    yield add("422-to-a-valid-request", breaks, error, "positive-data-acceptance", status=422)


def _other_fields_named(operation: Operation) -> Iterator[Case]:
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
        yield _of_key(
            operation,
            f"422-names-{name}",
            f"the 422 for a missing key names {said}",
            encoded({"detail": [entry]}),
            "missing-header-named",
            "$.detail",
            status=422,
            key=Key.MISSING,
        )


def _of_key(
    operation: Operation, name: str, breaks: str, body: bytes, rule: str, path: str = "status", **others: Any
) -> Case:
    return Case(f"protocol:key:{name}", operation, breaks, body, "key", rule, path, **others)


def _methods(operation: Operation, valid: bytes) -> Iterator[Case]:
    add = partial(Case, operation=operation, group="method", rule="unsupported-method")
    others = [each for each in METHODS if each != operation.method]
    for method in others:
        breaks = f"{method} gets a 200"
        yield add(f"protocol:method:200-to-{method}", breaks=breaks, body=valid, path="status", method=method)
    refused = partial(add, path="header allow", status=405, method=others[0])
    breaks, without = "the 405 has no Allow header", b'{"detail": "Method Not Allowed"}'
    yield refused("protocol:method:405-without-allow", breaks=breaks, body=without)
    headers = JSON_HEADERS | {"allow": others[0]}
    breaks = f"the Allow header doesn't list {operation.method}"
    yield refused("protocol:method:405-allows-another", breaks=breaks, body=b"", headers=headers)


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
        id_, breaks = f"protocol:422-shape:{name}", f"the 422 says {document}"
        body = encoded(document)
        yield add(id_, breaks=breaks, body=body, group="422-shape", path=path, key=Key.MISSING)
    breaks = "a 422 has the body of a 200"
    yield add("protocol:body:success-under-422", breaks=breaks, body=valid, group="body", path="$.detail")
