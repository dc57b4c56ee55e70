"""Mutants of the schemas: the contract kit's mutants, and whole bodies of another kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from attrs import evolve
from contract_kit.derive.model import Expect
from contract_kit.read.paths import at, json_path, replaced, steps

from bluejay_contract.contract import Contract, Operation
from bluejay_contract.exchange import Key
from bluejay_contract.operations import RUNS, traits

from .derived import derived, sound
from .found_by import CONFORMANCE
from .trial import Trial, encoded, trial

TOO_DEEP = "Python's parser refuses the deep nesting before the type of the document is checked"

NO_LIST = (
    "an error body must not be read as an empty list of runs, "
    "although the schema allows it, because it requires no field of the list"
)


def mutants(contract: Contract, operation: Operation) -> Iterator[Trial]:
    """Yield bodies that the schemas forbid, bodies with undocumented values, and legal bodies."""
    for each in derived(contract, operation, of_http=False):
        if not _is_of_another(each):
            yield each
            yield from _as_a_later_item(contract, operation, each)
    yield from _other_bodies(contract, operation)
    yield from _rejections(operation)


def _is_of_another(each: Trial) -> bool:
    """Whether an allowed body belongs to another request, which the rule `same-run` forbids."""
    if each.mutant.keyword or each.status != 200:
        return False
    body = json.loads(each.mutant.response.body)
    subject = body.get("simulation_run") or body.get("simulation_result")
    ids = [subject["id"]] if subject else [run["experiment_id"] for run in body.get("simulation_runs", ())]
    return any(str(id_) != traits(each.operation).requested for id_ in ids)


def _as_a_later_item(contract: Contract, operation: Operation, each: Trial) -> Iterator[Trial]:
    """Yield a mutant in which the wrong first item of a list comes after three valid items."""
    mutant = each.mutant
    body = json.loads(mutant.response.body)
    *path, index = steps(body, mutant.location) or ("",)
    if mutant.group not in {"type", "anyOf"} or index != 0 or "@" in mutant.id:
        return
    whole = sound(contract, operation, each.status)
    wrong, right = at(body, path)[0], at(whole, path)[0]
    later = encoded(replaced(whole, tuple(path), [right, right, right, wrong]))
    place = json_path([*path, 3])
    changed = evolve(
        mutant,
        id=f"{mutant.id}-after-sound-items",
        group="later-item",
        breaks=mutant.breaks.replace(each.path, place, 1) + ", after valid items",
        response=evolve(mutant.response, body=later),
    )
    yield evolve(each, mutant=changed, path=place)


def _other_bodies(contract: Contract, operation: Operation) -> Iterator[Trial]:
    body, error = (encoded(sound(contract, operation, status)) for status in (200, 422))
    other = {
        "error-under-200": (error, "a 200 has the body of a 422", ""),
        "detail-under-200": (b'{"detail": "Not found"}', "the body is an error", ""),
        "string": (encoded(body.decode()), "the document is in a string", ""),
        "array": (b"[" + body + b"]", "the document is in an array", ""),
        "nested": (b'{"data": ' + body + b"}", "the document is inside another object", ""),
        "deep": (b"[" * 10_000 + b"]" * 10_000, "10,000 arrays are nested", TOO_DEEP),
    }
    for name, (wrong, breaks, limit) in other.items():
        is_allowed = operation.id == RUNS and wrong.startswith(b"{")
        yield trial(
            operation,
            f"200:body:{name}",
            breaks,
            wrong,
            group="body",
            rule="unknown-field" if is_allowed else CONFORMANCE,
            path=f"$.{next(iter(json.loads(wrong)))}" if is_allowed else "$",
            reason=NO_LIST if is_allowed else "",
            expect=Expect.REFUSE,
            limit=limit,
        )


def _rejections(operation: Operation) -> Iterator[Trial]:
    item = {"loc": ["header", "X-API-Key"], "msg": "Field required", "type": "missing"}
    place = "$.detail[0].loc"
    shapes: dict[str, tuple[Any, str]] = {
        "string": ({"detail": "X-API-Key is missing"}, "$.detail"),
        "object": ({"detail": item}, "$.detail"),
        "loc-string": ({"detail": [item | {"loc": "X-API-Key"}]}, place),
        "loc-number": ({"detail": [item | {"loc": [1.5]}]}, f"{place}[0]"),
    }
    for name, (document, path) in shapes.items():
        yield trial(
            operation,
            f"422:422-shape:{name}",
            f"the 422 says {document}",
            encoded(document),
            group="422-shape",
            rule=CONFORMANCE,
            path=path,
            status=422,
            expect=Expect.REFUSE,
            key=Key.MISSING,
        )
