"""Mutants that the contract kit doesn't make: for the API key, the method, and 422 bodies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bluejay_contract.contract import Contract, Specified
from bluejay_contract.exchange import JSON_HEADERS, Key
from bluejay_contract.operations import RESULTS
from contract_kit.read.paths import replaced

from ...operations import TRAITS
from .case import KEY, Case, encoded
from .change import Change, Changes, changed, listed, run
from .derived import sound

CHANGES: Changes = {
    "same-run:another": run(id="48214"),
    "same-run:zero-in-front": run(id="048213"),
    "same-run:another-result": Change(("simulation_result",), {"id": 910102}),
    "same-run:of-another-simulation": listed(1, experiment_id=732),
}
ITEM = {"loc": ["header", "X-API-Key"], "msg": "Field required", "type": "missing"}
PLACE = "$.detail[0].loc"
REJECTIONS: dict[str, tuple[Any, str]] = {
    "empty": ({"detail": []}, "$.detail"),
    "loc-empty": ({"detail": [ITEM | {"loc": []}]}, PLACE),
    "loc-elsewhere": ({"detail": [ITEM | {"loc": ["cookie", "X-API-Key"]}]}, PLACE),
    "second-loc-elsewhere": ({"detail": [ITEM, ITEM | {"loc": ["cookie"]}]}, "$.detail[1].loc"),
    "errors": ({"errors": [ITEM]}, "$.detail"),
}
"""422 bodies that the schema allows, each with the path at which `validation-error-details` finds a fault."""


def mutants(contract: Contract, operation: Specified) -> Iterator[Case]:
    """Yield cases with faults that no schema can rule out, most of them outside the JSON document."""
    yield from changed(CHANGES, contract, operation)
    for name, (body, path, sent) in _faults(contract, operation).items():
        yield Case(name, operation, body, name.partition(":")[0], path, **sent)
    for name, (document, path) in REJECTIONS.items():
        rule, sent = "validation-error-details", {"status": 422, "key": Key.MISSING}
        yield Case(f"{rule}:{name}", operation, encoded(document), rule, path, **sent)


def _faults(contract: Contract, operation: Specified) -> dict[str, tuple[bytes, str, dict[str, Any]]]:
    """Return the body, the fault's path, and the case's other unusual fields, by `rule:name`."""
    document = sound(contract, operation)
    valid, error = encoded(document), encoded(sound(contract, operation, 422))
    said = encoded(replaced(document, TRAITS[operation.id].text, f"for {KEY}: done"))
    echo, missing = JSON_HEADERS | {"x-request-key": KEY}, {"status": 422, "key": Key.MISSING}
    another = "PUT" if operation.id.method == "POST" else "POST"
    refused, allow = {"status": 405, "method": another}, JSON_HEADERS | {"allow": another}
    of_key = {"loc": ["query", "key"], "msg": "Field required", "type": "missing"}
    faults: dict[str, tuple[bytes, str, dict[str, Any]]] = {
        "ignored-auth:missing": (valid, "status", {"key": Key.MISSING}),
        "ignored-auth:wrong": (valid, "status", {"key": Key.WRONG}),
        "missing-required-header:401": (b"{}", "status", {"status": 401, "key": Key.MISSING}),
        "leaked-api-key:in-body": (said, "body", {}),
        "leaked-api-key:in-header": (valid, "header x-request-key", {"headers": echo}),
        "positive-data-acceptance:422": (error, "status", {"status": 422}),
        "missing-header-named:another": (encoded({"detail": [of_key]}), "$.detail", missing),
        "unsupported-method:200": (valid, "status", {"method": another}),
        "unsupported-method:405-to-the-right-one": (valid, "status", {"status": 405}),
        "unsupported-method:405-without-allow": (b"{}", "header allow", refused),
        "unsupported-method:405-allows-another": (b"", "header allow", refused | {"headers": allow}),
        "validation-error-details:success": (valid, "$.detail", {"status": 422}),
    }
    if operation.id == RESULTS:
        faults["page-size:three-of-two"] = (valid, "$.simulation_results", {"query": "limit=2"})
    return faults
