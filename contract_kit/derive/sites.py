"""The sites of a body being built: which schemas apply there, and which union branches to take."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import field, frozen

from contract_kit.errors import UncoverableError
from contract_kit.read import patterns
from contract_kit.read.graph import Node, added_to
from contract_kit.read.paths import Path, pointer

from .model import key_of
from .scalars import AVOIDED

DEEPEST = 28
"""The maximum number of nesting levels with optional parts."""
ENDLESS = "The schema contains itself infinitely."
_UNIONS = ("oneOf", "anyOf", "if")


@frozen
class Choices:
    """What to build wherever a schema allows several values.

    Attributes:
        picks: The index of the branch to take in each union, which is identified by a schema and a keyword.
            The default is the first branch. The branches of `if` are `then` and `else`.
        everything: Whether to build optional properties and items as well.
        deepest: The number of nesting levels with optional properties and items.
        items: The number of items in a list, if its schema allows that many. With two items, one can be wrong
            while the other is right.
        known: The schemas whose optional parts are left out because another body contains them.
        parts: A cache for `Site.parts`, whose result depends only on the site's schemas and the picks.
    """

    picks: Mapping[tuple[Node, str], int] = field(factory=dict)
    everything: bool = True
    deepest: int = DEEPEST
    items: int = 2
    known: frozenset[Node] = frozenset()
    parts: dict[tuple[Node, ...], list[Node]] = field(factory=dict, repr=False)


@frozen(eq=False)
class Site:
    """A path in a body, and the schemas that apply there.

    Attributes:
        nodes: The schemas that the value must satisfy.
        above: The schemas of the objects and lists that contain the value.
        attempt: The number of values built here so far that can't be used.
    """

    nodes: tuple[Node, ...]
    path: Path = ()
    above: tuple[Node, ...] = ()
    attempt: int = 0

    def inner(self, step: str | int, nodes: Iterable[Node]) -> Site:
        """Return the site for a property or an item with these schemas."""
        path, above = (*self.path, step), (*self.above, *self.nodes)
        return Site(tuple(dict.fromkeys(nodes)), path, above, self.attempt)

    @property
    def seed(self) -> int:
        """A number that determines which value is built. It depends only on the path and the attempt."""
        return int(key_of(pointer(self.path)), 16) + self.attempt

    @property
    def name(self) -> str:
        """The property that contains the value, directly or in a list; `text` outside an object."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "text")

    def ranked(self, values: Iterable[Any]) -> list[Any]:
        """Return an enum's values, the preferred value first, regardless of their order in the document.

        The values are sorted by hash, so adding a value seldom changes which one comes first.
        """

        def rank(value: Any) -> tuple[bool, bool, str]:
            text = f"{pointer(self.path)}:{json.dumps(value, sort_keys=True)}"
            return value is None, value is not True and value in AVOIDED, key_of(text)

        return sorted(values, key=rank)

    def parts(self, choices: Choices) -> list[Node]:
        """Return the site's schemas and all schemas that they apply to the same value.

        For a union, only the schemas of the chosen branch are returned.

        Raises:
            UncoverableError: A schema applies itself to the same value.
        """
        if self.nodes not in choices.parts:
            choices.parts[self.nodes] = list(_parts(self.nodes, choices, frozenset()))
        return choices.parts[self.nodes]


@frozen(eq=False)
class Union:
    """A keyword that offers a choice of branches for the value at a site."""

    site: Site
    node: Node
    keyword: str

    @property
    def key(self) -> tuple[Node, str]:
        """The union's key in `Choices.picks`."""
        return self.node, self.keyword

    @property
    def others(self) -> list[int]:
        """The branches that can be taken instead of the first one, except null."""
        if self.keyword == "if":
            return [0, 1]
        return [at for at, each in enumerate(self.node[self.keyword]) if each.get("type") != "null"]


def unions(site: Site, choices: Choices) -> Iterator[Union]:
    """Yield the unions that apply to the value at a site."""
    with contextlib.suppress(UncoverableError):  # a schema applies itself to the value
        for node in _parts(site.nodes, choices, frozenset()):
            yield from (Union(site, node, keyword) for keyword in _UNIONS if keyword in node)


def inside(site: Site, choices: Choices, value: Any) -> Iterator[Site]:
    """Yield the sites of a value and the values in it, except list items with an earlier item's schemas."""
    yield site
    if not isinstance(value, dict | list):
        return
    parts = site.parts(choices)
    if isinstance(value, dict):
        inner = [(key, of_key(key, parts)) for key in value]
    else:
        inner = list(enumerate(of_index(index, parts) for index in range(min(len(value), first(parts) + 1))))
    for step, nodes in inner:
        yield from inside(site.inner(step, nodes), choices, value[step])


def _parts(nodes: Iterable[Node], choices: Choices, seen: frozenset[Node]) -> Iterator[Node]:
    for node in nodes:
        if node in seen:
            raise UncoverableError(ENDLESS)
        yield node
        inner = seen | {node}
        yield from () if node.referred is None else _parts([node.referred], choices, inner)
        yield from _parts(node.get("allOf", ()), choices, inner)
        if (child := _first_child(node, inner)) is not None:
            yield child
            yield from _parts(added_to(node, child), choices, inner | {child})
        yield from _parts(node.get("dependentSchemas", {}).values(), choices, inner)
        yield from _parts(_branches(node, choices), choices, inner)


def _first_child(parent: Node, seen: frozenset[Node]) -> Node | None:
    """Return the first child in a discriminator's mapping, or None if the parent was reached from a child."""
    found = parent.discriminator
    if not found or not found.is_explicit or {"anyOf", "oneOf"} & parent.keys():
        return None
    children = list(found.schemas.values())
    return None if seen.intersection(children) else children[0]


def _branches(node: Node, choices: Choices) -> Iterator[Node]:
    for keyword in ("oneOf", "anyOf"):
        if keyword in node:
            yield branch(node, keyword, choices)
    if "if" in node:
        names = ("else",) if choices.picks.get((node, "if")) else ("if", "then")
        yield from (node[name] for name in names if name in node)


def branch(node: Node, keyword: str, choices: Choices) -> Node:
    """Return the chosen branch of a union."""
    chosen: Node = node[keyword][choices.picks.get((node, keyword), 0)]
    return chosen


def first(parts: Iterable[Node]) -> int:
    """Return the number of leading list items that have their own schemas."""
    return max((len(part.get("prefixItems", ())) for part in parts), default=0)


def of_index(index: int, parts: Iterable[Node]) -> list[Node]:
    """Return the schemas for a list item."""
    own = [part["prefixItems"][index] for part in parts if index < len(part.get("prefixItems", ()))]
    return own or [part["items"] for part in parts if isinstance(part.get("items"), Node)]


def of_key(key: str, parts: Iterable[Node]) -> list[Node]:
    """Return the schemas for a property of an object."""
    own = [part["properties"][key] for part in parts if key in part.get("properties", ())]
    others = [part for part in parts if not own or "patternProperties" in part]
    found = list(own)
    for part in others:
        named = part.get("patternProperties", {}).items()
        matched = [node for pattern, node in named if patterns.matches(pattern, key)]
        found += matched
        if not own and not matched and isinstance(part.get("additionalProperties"), Node):
            found.append(part["additionalProperties"])
    return found
