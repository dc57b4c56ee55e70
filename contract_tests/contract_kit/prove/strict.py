"""The checks that a legal body must pass beyond its schema, because some clients may make them.

The checks are formats and patterns that the two validators disagree on, and discriminators with a mapping. No
mutant that a client must refuse relies on these checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from contract_kit.read import known_formats, patterns
from contract_kit.read.graph import Graph, Node
from contract_kit.read.normalizing import (
    KEPT_FORMAT,
    KEPT_PATTERN,
    SUBSCHEMA,
    SUBSCHEMA_LISTS,
    SUBSCHEMA_MAPS,
)

Check = Callable[[str], bool]


def strict_definitions(graph: Graph) -> tuple[Node, dict[str, Check]]:
    """Return copies of the schemas that assert every check that a legal body must pass.

    Also return the function for each format that the copies name.
    """
    copier = _Copier(graph)
    return {name: copier.copy(node) for name, node in graph.definitions.items()}, copier.checks


class _Copier:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.checks: dict[str, Check] = dict(known_formats.CHECKS)

    def copy(self, node: Any) -> Any:
        if not isinstance(node, dict):
            return node
        copied: Node = {}
        for keyword, value in node.items():
            if keyword in SUBSCHEMA:
                copied[keyword] = self.copy(value)
            elif keyword in SUBSCHEMA_LISTS:
                copied[keyword] = list(map(self.copy, value))
            elif keyword in SUBSCHEMA_MAPS:
                copied[keyword] = {name: self.copy(inner) for name, inner in value.items()}
            else:
                copied[keyword] = value
        if more := [*self._strings(node), *self._discriminator(node)]:
            copied["allOf"] = [*copied.get("allOf", ()), *more]
        return copied

    def _strings(self, node: Node) -> Iterator[Node]:
        if (name := node.get(KEPT_FORMAT)) in known_formats.EXAMPLES:
            yield {"format": name}
        if pattern := node.get(KEPT_PATTERN):
            name = f"pattern {pattern}"
            self.checks[name] = partial(patterns.keeps, pattern)
            yield {"format": name}

    def _discriminator(self, node: Node) -> Iterator[Node]:
        if not (found := self._graph.discriminator(node)) or not found.is_explicit:
            return
        name = found.property
        yield {"required": [name], "properties": {name: {"enum": list(found.schemas)}}}
        is_union = bool({"anyOf", "oneOf"} & node.keys())
        for value, target in found.schemas.items():
            # A child refers to its parent, so the parent asserts only the schemas that the child adds.
            own = {key: inner for key, inner in target.items() if key not in ("allOf", "$ref") or is_union}
            own |= {} if is_union else {"allOf": list(self._graph.added_to(node, target))}
            here = {"required": [name], "properties": {name: {"const": value}}}
            yield {"if": here, "then": self.copy({key: inner for key, inner in own.items() if inner})}
