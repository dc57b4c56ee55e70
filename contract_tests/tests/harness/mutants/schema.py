"""Mutants of the schemas: the contract kit's mutants, and whole bodies of another kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from attrs import evolve
from bluejay_contract.contract import Contract, Operation
from bluejay_contract.exchange import Key
from bluejay_contract.operations import RUNS
from contract_kit.derive.model import PROTOCOL, Mutant
from contract_kit.read.paths import at, json_path, replaced, steps

from ...operations import is_of_another
from .case import REFUSED, Case, encoded
from .derived import derived, sound
from .found_by import CONFORMANCE


def mutants(contract: Contract, operation: Operation) -> Iterator[Case]:
    """Yield bodies that the schemas forbid, bodies with undocumented values, and legal bodies."""
    for each, mutant in derived(contract, operation):
        # An allowed body for another request breaks the rule `same-run`.
        is_allowed = each.status == 200 and not mutant.keyword
        if mutant.group != PROTOCOL and not (is_allowed and is_of_another(operation.id, each.body)):
            yield each
            yield from _as_a_later_item(contract, each, mutant)
    yield from _other_bodies(contract, operation)
    yield from _rejections(operation)


def _as_a_later_item(contract: Contract, each: Case, mutant: Mutant) -> Iterator[Case]:
    """Yield a case in which the wrong first item of a list comes after three valid items."""
    body = json.loads(each.body)
    *path, index = steps(body, mutant.location) or ("",)
    if each.group not in {"type", "anyOf"} or index != 0 or "@" in each.name:
        return
    whole = sound(contract, each.operation, each.status)
    wrong, right = at(body, path)[0], at(whole, path)[0]
    yield evolve(
        each,
        name=f"{each.name}-after-sound-items",
        body=encoded(replaced(whole, tuple(path), [right, right, right, wrong])),
        group="later-item",
        path=json_path([*path, 3]),
    )


def _other_bodies(contract: Contract, operation: Operation) -> Iterator[Case]:
    body, error = (encoded(sound(contract, operation, status)) for status in (200, 422))
    other = {
        "error-under-200": error,
        "detail-under-200": b'{"detail": "Not found"}',
        "string": encoded(body.decode()),
        "array": b"[" + body + b"]",
        "nested": b'{"data": ' + body + b"}",
        "deep": b"[" * 10_000 + b"]" * 10_000,
    }
    for name, wrong in other.items():
        # The list of runs requires no field, so its schema allows an error. The client must still refuse it.
        is_allowed = operation.id == RUNS and wrong.startswith(b"{")
        rule = "unknown-field" if is_allowed else CONFORMANCE
        path = f"$.{next(iter(json.loads(wrong)))}" if is_allowed else "$"
        raised = "UnsupportedValueError" if name == "deep" else REFUSED
        yield Case(f"200:body:{name}", operation, wrong, "body", rule, path, error=raised)


def _rejections(operation: Operation) -> Iterator[Case]:
    item = {"loc": ["header", "X-API-Key"], "msg": "Field required", "type": "missing"}
    place = "$.detail[0].loc"
    shapes: dict[str, tuple[Any, str]] = {
        "string": ({"detail": "X-API-Key is missing"}, "$.detail"),
        "object": ({"detail": item}, "$.detail"),
        "loc-string": ({"detail": [item | {"loc": "X-API-Key"}]}, place),
        "loc-number": ({"detail": [item | {"loc": [1.5]}]}, f"{place}[0]"),
    }
    for name, (document, path) in shapes.items():
        id_, group, body = f"422:422-shape:{name}", "422-shape", encoded(document)
        yield Case(id_, operation, body, group, CONFORMANCE, path, 422, key=Key.MISSING)
