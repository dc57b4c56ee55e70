"""Finds the definitions that a schema leads to, and those that changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from ..endings import children
from ..schemas import Node, Schemas
from .digests import Digests

Told: TypeAlias = tuple[str, str, str]
"""Where a document has a schema, what the schema asserts itself, and where its reference leads."""


class Reach:
    """The definitions of one document: each schema that the document refers to, or uses as a whole.

    Args:
        schemas: The schemas of the document.
        digests: The digests of these schemas.
    """

    def __init__(self, schemas: Schemas, digests: Digests) -> None:
        self._schemas, self._digests = schemas, digests
        self._inside: dict[str, list[Node]] = {}
        self._referred: dict[str, set[str]] = {}
        self._names: dict[int, str] = {}
        for name, root in schemas.definitions.items():
            self._inside[name] = nodes = list(_with_children(root))
            self._referred[name] = {each["$ref"].rpartition("/")[2] for each in nodes if "$ref" in each}
            self._names |= dict.fromkeys(map(id, nodes), name)

    @property
    def told(self) -> dict[str, set[Told]]:
        """What each definition contains, by the definition's name."""
        return {name: set(map(self._told, nodes)) for name, nodes in self._inside.items()}

    def definition(self, node: Node) -> str:
        """Return the name of the definition that contains a schema."""
        return self._names[id(node)]

    def closure(self, root: Node) -> set[str]:
        """Return the names of the definitions that a definition leads to, and its own name."""
        waiting = [self.definition(root)]
        reached = set(waiting)
        for name in waiting:
            waiting += self._referred[name] - reached
            reached |= self._referred[name]
        return reached

    def _told(self, node: Node) -> Told:
        leads_to = self._schemas.origin(self._schemas.resolve(node)) if "$ref" in node else ""
        return self._schemas.origin(node), self._digests.own(self._schemas, node), leads_to


def changed(one: Reach, other: Reach) -> set[str]:
    """Return the names of one document's definitions that the other document doesn't have like this."""
    known = set().union(*other.told.values())
    return {name for name, told in one.told.items() if told - known}


def _with_children(node: Node) -> Iterator[Node]:
    yield node
    for inner in children(node):
        yield from _with_children(inner)
