"""Refuses schemas that could not be read, or whose validation would never end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from contract_kit.errors import UncoverableError
from contract_kit.prove.strict import Node

from .normalizing import SUBSCHEMA, SUBSCHEMA_LISTS, SUBSCHEMA_MAPS


def children(node: Node) -> Iterator[Node]:
    """Yield the direct subschemas of a node, but not the schema that its `$ref` refers to."""
    for keyword, value in node.items():
        if keyword in SUBSCHEMA and isinstance(value, dict):
            yield value
        elif keyword in SUBSCHEMA_LISTS:
            yield from value
        elif keyword in SUBSCHEMA_MAPS:
            yield from value.values()


class Endings:
    """Remembers the schemas whose validation is known to end.

    Args:
        referred: Returns the schema that the `$ref` of a schema refers to, or nothing.
        origin: Returns the location of a schema in the document.
    """

    def __init__(self, referred: Callable[[Node], Iterable[Node]], origin: Callable[[Node], str]) -> None:
        self.uncoverable: dict[int, str] = {}
        """The reason why a schema could not be read, by the id of its node."""
        self._referred = referred
        self._origin = origin
        self._sound: set[int] = set()
        self._ending: set[int] = set()

    def refuse_uncoverable(self, root: Node) -> None:
        """Check a schema and all schemas that it refers to.

        Raises:
            UncoverableError: One of them could not be read, or refers to itself for the same value.
        """
        reached, met = [root], {id(root)}
        for node in reached:
            if reason := self.uncoverable.get(id(node)):
                raise UncoverableError(reason)
            self._refuse_hollow_circle(node, ())
            for inner in (*children(node), *self._referred(node)):
                if id(inner) not in self._sound and id(inner) not in met:
                    met.add(id(inner))
                    reached.append(inner)
        self._sound |= met

    def _refuse_hollow_circle(self, node: Node, above: tuple[int, ...]) -> None:
        """Raise if a schema refers to itself for the same value, so that validation would never end."""
        if id(node) in self._ending:
            return
        if id(node) in above:
            raise UncoverableError(f"The schema at {self._origin(node)} refers to itself endlessly.")
        branches = [each for keyword in ("allOf", "anyOf", "oneOf") for each in node.get(keyword, ())]
        others = [node[keyword] for keyword in ("not", "if", "then", "else") if keyword in node]
        for each in (*self._referred(node), *branches, *others):
            self._refuse_hollow_circle(each, (*above, id(node)))
        self._ending.add(id(node))
