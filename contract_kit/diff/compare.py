"""Compares two documents: pairs the requests and responses that both contain, and collects all changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain
from typing import TypeAlias

from attrs import evolve

from contract_kit.errors import KitError
from contract_kit.read.document import Document, nearest
from contract_kit.read.operations import Endpoint, endpoint
from contract_kit.read.reader import Reader

from .existence import existence
from .pairs import Pair
from .parts import Contract
from .results import Comparison, Direction
from .schema_changes import SchemaChanges

Show: TypeAlias = Callable[[str, int, int], None]


def compare(old: Document, new: Document, show: Show, operations: Collection[str] = ()) -> Comparison:
    """Compare two versions of a document, or only the operations with these ids in either version.

    A webhook is compared like a response because the service sends the webhook's body and headers.

    Raises:
        KitError: One of the ids belongs to no operation in either version.
    """
    readers = [(Reader(old, webhooks=each), Reader(new, webhooks=each)) for each in (False, True)]
    chosen = _chosen(list(chain(*readers)), operations) if operations else None
    versions = [(Contract(was, chosen), Contract(now, chosen)) for was, now in readers]
    sides = [
        SchemaChanges(each, before.validators[each], after.validators[each], _pairs(each, before, after))
        for before, after in versions
        for each in (Direction.RESPONSE, Direction.REQUEST)
    ]
    changes = [change for side in sides for change in side.found(show)]
    notes = []
    if (named := [str(each.root["openapi"]) for each in (old, new)])[0][:3] != named[1][:3]:
        notes.append(
            f"OLD is OpenAPI {named[0]} and NEW is {named[1]}, so both are compared as JSON Schema 2020-12."
        )
    # A broken reference in OLD is only noted. Otherwise, a version that fixes the reference would fail.
    noted = [evolve(each, is_broken=False) for before, _ in versions for each in before.skipped]
    listed = [*noted, *chain.from_iterable(after.skipped for _, after in versions)]
    listed += chain.from_iterable(side.skipped for side in sides)
    skipped = {(each.where, each.reason): each for each in listed}.values()
    return Comparison(
        (*chain.from_iterable(existence(*each) for each in versions), *changes),
        sum(side.compared for side in sides),
        tuple(skipped),
        tuple(notes),
    )


def _chosen(readers: Iterable[Reader], operations: Collection[str]) -> set[Endpoint]:
    """Return these operations' methods and paths, because operation ids can differ between the versions."""
    listed = [each for reader in readers for each in reader.operations]
    known = list(dict.fromkeys(each.id for each in listed))
    for name in operations:
        if name not in known:
            raise KitError(f"Neither version has an operation {name!r}.{nearest(name, known)}")
    return {endpoint(each.path, each.method) for each in listed if each.id in operations}


def _pairs(direction: Direction, before: Contract, after: Contract) -> Iterator[Pair]:
    """Yield both versions of each part that has a schema in both."""
    is_response = direction is Direction.RESPONSE
    for at, was in before.operations.items():
        now = after.operations[at].parts if at in after.operations else {}
        for key, part in was.parts.items():
            if key in now and (key[0] == "response") is is_response:
                sent, expected = (now[key], part) if is_response else (part, now[key])
                if sent.schema and expected.schema:
                    yield Pair(sent.schema, expected.schema, sent.examples, [part.use])
