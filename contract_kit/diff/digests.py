"""Computes digests of schemas that don't depend on names, descriptions or the order of keywords."""

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
    """The digests of all schemas of two documents."""

    def __init__(self, documents: Iterable[Graph]) -> None:
        self._known: dict[Node, str] = {}
        definitions = [node.target for graph in documents for node in graph.definitions.values()]
        referring = [node for node in definitions if node.contains_reference]
        self._known = dict.fromkeys(referring, "")
        self._refine(referring)

    def _refine(self, referring: list[Node]) -> None:
        """Compute the digests of definitions that refer to other definitions, possibly in a cycle.

        Each round uses the digests from the previous round, and so follows references one step further. Once
        a round distinguishes no more definitions than the previous one, no further round can.
        """
        apart = 0
        while True:
            found = {node: self._digest(node) for node in referring}
            self._known |= found
            if len(set(found.values())) == apart:
                return
            apart = len(set(found.values()))

    def of(self, node: Node) -> str:
        """Return the digest of a schema, including everything that it refers to."""
        if node not in self._known:
            self._known[node] = self._inner(node)
        return self._known[node]

    def _inner(self, node: Node) -> str:
        if node.referred is not None and node.keys() - _IGNORED == {"$ref"}:
            node = node.referred.target
        known = self._known.get(node)
        return self._digest(node) if known is None else known

    def _digest(self, node: Node) -> str:
        kept = {
            keyword: self._inner(node.referred)
            if keyword == "$ref" and node.referred is not None
            else self.value(keyword, value)
            for keyword, value in node.items()
            if keyword not in _IGNORED
        }
        return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()

    def value(self, keyword: str, value: Any) -> Any:
        """Return a keyword's value with schemas replaced by digests, sorted if the order doesn't matter."""
        if keyword in SUBSCHEMA:
            return self._inner(value) if isinstance(value, Node) else value
        if keyword in SUBSCHEMA_LISTS:
            found = [self._inner(each) for each in value]
            return found if keyword == "prefixItems" else sorted(found)
        if keyword in SUBSCHEMA_MAPS:
            return {name: self._inner(each) for name, each in value.items()}
        if keyword == "dependentRequired":
            return {name: sorted(names) for name, names in value.items()}
        return sorted(value, key=json.dumps) if keyword in _SETS and isinstance(value, list) else value
