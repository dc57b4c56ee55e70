"""Digests of schemas. Names of schemas, descriptions and the order of keywords don't change a digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from contract_kit.read.graph import Graph, Node
from contract_kit.read.normalizing import FROM_FORMAT, SUBSCHEMA, SUBSCHEMA_LISTS, SUBSCHEMA_MAPS

_IGNORED = frozenset({"examples", FROM_FORMAT})
_SETS = frozenset({"enum", "required", "type"})


class Digests:
    """The digests of all schemas of two documents.

    Args:
        documents: The normalized schemas of the documents.
    """

    def __init__(self, documents: Iterable[Graph]) -> None:
        self._known: dict[tuple[Graph, str], str] = {}
        """The digests by document and address."""
        referring: dict[tuple[Graph, str], Node] = {}
        for graph in documents:
            for node in graph.definitions.values():
                key = graph, graph.address(node)
                if graph.is_self_contained(node):
                    self._known[key] = self._digest(graph, node)
                else:
                    referring[key] = graph.target(node)
        self._known |= dict.fromkeys(referring, "")
        self._refine(referring)

    def _refine(self, referring: dict[tuple[Graph, str], Node]) -> None:
        """Compute the digests of definitions that refer to other definitions, perhaps in circles.

        Each round uses the digests of the round before, and so follows references one step further. If a
        round distinguishes no more definitions than the round before, further rounds won't either.
        """
        apart = 0
        while True:
            found = {key: self._digest(key[0], node) for key, node in referring.items()}
            self._known |= found
            if len(set(found.values())) == apart:
                return
            apart = len(set(found.values()))

    def of(self, graph: Graph, node: Node) -> str:
        """Return the digest of a schema with everything that it refers to."""
        key = graph, graph.address(node)
        if key not in self._known:
            self._known[key] = self._inner(graph, node)
        return self._known[key]

    def _inner(self, graph: Graph, node: Node) -> str:
        if node.keys() - _IGNORED == {"$ref"}:
            node = graph.resolve(node)
        found = self._known.get((graph, graph.address(node)))
        return self._digest(graph, graph.target(node)) if found is None else found

    def _digest(self, graph: Graph, node: Node) -> str:
        kept = {
            keyword: self.value(graph, keyword, value)
            for keyword, value in node.items()
            if keyword not in _IGNORED
        }
        return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()

    def value(self, graph: Graph, keyword: str, value: Any) -> Any:
        """Return a keyword's value with digests in place of schemas, sorted if its order doesn't matter."""
        if keyword == "$ref":
            return self._inner(graph, graph.resolve({"$ref": value}))
        if keyword in SUBSCHEMA:
            return self._inner(graph, value) if isinstance(value, dict) else value
        if keyword in SUBSCHEMA_LISTS:
            found = [self._inner(graph, each) for each in value]
            return found if keyword == "prefixItems" else sorted(found)
        if keyword in SUBSCHEMA_MAPS:
            return {name: self._inner(graph, each) for name, each in value.items()}
        if keyword == "dependentRequired":
            return {name: sorted(names) for name, names in value.items()}
        return sorted(value, key=json.dumps) if keyword in _SETS and isinstance(value, list) else value
