"""Finds the definitions that a schema leads to, and the schemas that only one document has."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TypeAlias

from contract_kit.read.graph import Graph, Node, children

from .digests import Digests

Told: TypeAlias = tuple[str, str, str]
"""A schema's location, its own assertions, and the location that its reference leads to."""


class Reach:
    """The definitions of one document: each schema that the document refers to, or uses as a whole.

    Args:
        graph: The schemas of the document.
        digests: The digests of these schemas.
    """

    def __init__(self, graph: Graph, digests: Digests) -> None:
        self._graph, self._digests = graph, digests
        self._inside: dict[str, list[Node]] = {}
        self._referred: dict[str, set[str]] = {}
        self._names: dict[int, str] = {}
        for name, root in graph.definitions.items():
            self._inside[name] = nodes = list(_with_children(root))
            self._referred[name] = {each["$ref"].rpartition("/")[2] for each in nodes if "$ref" in each}
            self._names |= dict.fromkeys(map(id, nodes), name)

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

    def changed(self, other: Reach) -> set[str]:
        """Return the names of the definitions that contain a schema for which `is_changed` is true."""
        return {
            name
            for name, nodes in self._inside.items()
            if any(self._tell(node) not in other.told for node in nodes)
        }

    def is_changed(self, node: Node, other: Reach) -> bool:
        """Whether another document lacks an equal schema at the same location."""
        return self._tell(node) not in other.told

    @functools.cached_property
    def told(self) -> set[Told]:
        """The location, the assertions and the reference of each schema of the document."""
        return {self._tell(node) for nodes in self._inside.values() for node in nodes}

    def _tell(self, node: Node) -> Told:
        leads_to = self._graph.origin(self._graph.resolve(node)) if "$ref" in node else ""
        return self._graph.origin(node), self._digests.own(self._graph, node), leads_to


def _with_children(node: Node) -> Iterator[Node]:
    yield node
    for inner in children(node):
        yield from _with_children(inner)
