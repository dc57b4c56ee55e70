"""Mutants of the schemas: those that the contract kit derives, and whole bodies of another kind."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import attrs
from contract_kit import model
from contract_kit.paths import at, json_path, replaced, steps

from bluejay_contract.contract import Contract, Operation
from bluejay_contract.exchange import Key
from bluejay_contract.stub import Answer

from ._derived import derived, is_of_http, sound
from ._mutant import REQUESTED, Mutant, encoded

CONFORMANCE = "response-schema-conformance"
ZONELESS = "upstream sends times without a zone; they are read as UTC (source: domain facts)"
OPEN_ENUM = (
    "upstream adds enum values without notice; an unknown one is kept as it came (source: contract facts)"
)
TOLERATED = {
    ("enum", "new"): ("unknown-enum-value", OPEN_ENUM),
    ("enum", "case"): ("unknown-enum-value", OPEN_ENUM),
    ("format", "no-zone"): ("time-without-zone", ZONELESS),
}
"""By keyword and name in the kit: the rule that must find a mutant, and why the client accepts it.

The client must refuse any other that breaks a keyword, and `response-schema-conformance` must find it.
"""
ALLOWED = "the schema allows it"
TOO_DEEP = "Python's parser has a limit on nesting, which it meets before the type of the document"


def mutants(contract: Contract, operation: Operation) -> Iterator[Mutant]:
    """Yield what the schemas forbid, what they don't document, and what they allow."""
    for mutant in derived(contract, operation):
        is_again = "@example" in mutant.id  # a fault of the first example, in another one
        if not is_of_http(mutant) and not is_again and not _is_of_another(operation, mutant):
            yield _ours(mutant)
            yield from _as_a_later_item(contract, operation, mutant)
    yield from _other_bodies(contract, operation)
    yield from _rejections()


def _is_of_another(operation: Operation, mutant: model.Mutant) -> bool:
    """Whether a legal body answers another request: the rule `same-run` forbids it."""
    if mutant.keyword or mutant.response.status != 200:
        return False
    body = json.loads(mutant.response.body)
    subject = body.get("simulation_run") or body.get("simulation_result")
    return subject is not None and str(subject["id"]) != REQUESTED[operation.id]


def _ours(mutant: model.Mutant) -> Mutant:
    name = mutant.id.rpartition(":")[2].partition("@")[0]
    place = steps(json.loads(mutant.response.body), mutant.location)
    rule, tolerated = TOLERATED.get((mutant.keyword or "", name), (CONFORMANCE, ""))
    kind, legal = mutant.keyword or "legal", "" if mutant.keyword else ALLOWED
    if name == "unknown-field":
        rule, kind, legal, place = name, name, "", (*place, "undocumented_field")
    status = mutant.response.status
    return Mutant(
        id=mutant.id.partition(":")[2],
        kind=kind,
        breaks=f"{json_path(place)} {mutant.breaks}",
        answers=(Answer(mutant.response.body, status, authenticated=status == 200),),
        schema_forbids=mutant.keyword is not None,
        rule="" if legal else rule,
        path="" if legal else json_path(place),
        key=Key.VALID if status == 200 else Key.MISSING,
        legal=legal,
        tolerated=tolerated,
    )


def _as_a_later_item(contract: Contract, operation: Operation, mutant: model.Mutant) -> Iterator[Mutant]:
    """Give the wrong first item of a list once more, after three sound ones."""
    body = json.loads(mutant.response.body)
    *path, index = steps(body, mutant.location) or ("",)
    if mutant.keyword not in {"type", "anyOf"} or index != 0 or "@" in mutant.id:
        return
    whole = sound(contract, operation, mutant.response.status)
    wrong, right = at(body, path)[0], at(whole, path)[0]
    later = encoded(replaced(whole, tuple(path), [right, right, right, wrong]))
    first, place = _ours(mutant), json_path([*path, 3])
    yield attrs.evolve(
        first,
        id=f"{first.id}-after-sound-items",
        kind="later-item",
        breaks=f"{place} {mutant.breaks}, after sound items",
        answers=(dataclasses.replace(first.answers[0], body=later),),
        path=place,
    )


def _other_bodies(contract: Contract, operation: Operation) -> Iterator[Mutant]:
    body, error = (encoded(sound(contract, operation, status)) for status in (200, 422))
    other = {
        "error-under-200": (error, "the body is that of a 422", ""),
        "detail-under-200": (b'{"detail": "Not found"}', "the body is an error", ""),
        "string": (encoded(body.decode()), "the document is in a string", ""),
        "array": (b"[" + body + b"]", "the document is in an array", ""),
        "nested": (b'{"data": ' + body + b"}", "the document is in an envelope", ""),
        "deep": (b"[" * 10_000 + b"]" * 10_000, "10,000 arrays are nested", TOO_DEEP),
    }
    for name, (wrong, breaks, limit) in other.items():
        answers, id_ = (Answer(wrong),), f"200:body:{name}"
        yield Mutant(id_, "body", breaks, answers, True, CONFORMANCE, "$", beyond_limit=limit)


def _rejections() -> Iterator[Mutant]:
    item = {"loc": ["header", "X-API-Key"], "msg": "Field required", "type": "missing"}
    place = "$.detail[0].loc"
    shapes: dict[str, tuple[Any, str]] = {
        "string": ({"detail": "X-API-Key is missing"}, "$.detail"),
        "object": ({"detail": item}, "$.detail"),
        "loc-string": ({"detail": [item | {"loc": "X-API-Key"}]}, place),
        "loc-number": ({"detail": [item | {"loc": [1.5]}]}, f"{place}[0]"),
    }
    for name, (document, path) in shapes.items():
        answers = (Answer(encoded(document), 422, authenticated=False),)
        id_, breaks = f"422:422-shape:{name}", f"the 422 says {document}"
        yield Mutant(id_, "422-shape", breaks, answers, True, CONFORMANCE, path, Key.MISSING)
