"""Compares two documents: pairs the requests and responses that both have, and collects all changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TypeAlias

from contract_kit.errors import KitError
from contract_kit.read.document import Document, nearest

from .contracts import Content, Contents, Contract, Key
from .existence import existence
from .results import Comparison, Direction, Use
from .schema_changes import SchemaChanges

Show: TypeAlias = Callable[[str, int, int], None]


def compare(old: Document, new: Document, show: Show, operations: Collection[str] = ()) -> Comparison:
    """Compare two versions of a document.

    Args:
        old: The version that clients know.
        new: The version that may break these clients.
        show: Called with the progress.
        operations: The ids of the operations to compare, from either version; all operations if empty.

    Raises:
        KitError: One of the ids belongs to no operation of either version.
    """
    before, after = Contract(old), Contract(new)
    chosen = _chosen(before, after, operations) if operations else None
    for each in (before, after):
        each.describe(chosen)
    sides = (
        SchemaChanges(Direction.RESPONSE, after.responses, before.responses, _responses(before, after)),
        SchemaChanges(Direction.REQUEST, before.requests, after.requests, _requests(before, after)),
    )
    changes = [change for side in sides for change in side.found(show)]
    notes = []
    if (versions := [str(each.root["openapi"]) for each in (old, new)])[0][:3] != versions[1][:3]:
        notes.append(
            f"OLD is OpenAPI {versions[0]}, NEW is {versions[1]}: both are compared as JSON Schema 2020-12."
        )
    skipped = dict.fromkeys([*before.skipped, *after.skipped, *sides[0].skipped, *sides[1].skipped])
    return Comparison(
        (*existence(before, after), *changes),
        sum(side.compared for side in sides),
        tuple(skipped),
        tuple(notes),
    )


def _chosen(before: Contract, after: Contract, operations: Collection[str]) -> set[Key]:
    """Return the methods and paths of these operations. An id may differ between the versions."""
    ids = [*before.ids.items(), *after.ids.items()]
    known = list(dict.fromkeys(name for _, name in ids))
    for name in operations:
        if name not in known:
            raise KitError(f"Neither version has an operation {name!r}.{nearest(name, known)}")
    return {key for key, name in ids if name in operations}


def _responses(before: Contract, after: Contract) -> Iterator[tuple[Use, Content, Content]]:
    for key, was in before.operations.items():
        if (now := after.operations.get(key)) is None:
            continue
        for label, answer in was.responses.items():
            if label in now.responses:
                current = now.responses[label]
                for kind, content, other in _both(current.contents, answer.contents):
                    yield Use(was.id, was.name, f"{label} {kind}", label, kind), content, other
                for name, header in answer.headers.items():
                    new = current.headers[name].content if name in current.headers else None
                    if new and header.content:
                        yield Use(was.id, was.name, f"{label} header {name}", label), new, header.content


def _requests(before: Contract, after: Contract) -> Iterator[tuple[Use, Content, Content]]:
    for key, was in before.operations.items():
        if (now := after.operations.get(key)) is None:
            continue
        for kind, content, other in _both(was.body or {}, now.body or {}):
            yield Use(was.id, was.name, f"body {kind}", kind=kind), content, other
        for name, parameter in was.parameters.items():
            other_parameter = now.parameters.get(name)
            if parameter.content and other_parameter and other_parameter.content:
                yield Use(was.id, was.name, parameter.name), parameter.content, other_parameter.content


def _both(allowing: Contents, forbidding: Contents) -> Iterator[tuple[str, Content, Content]]:
    for kind, content in allowing.items():
        if content and (other := forbidding.get(kind)):
            yield kind, content, other
