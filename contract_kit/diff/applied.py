"""All schemas in one version that apply to the same value, with references and `allOf` resolved."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Iterator, Set
from functools import partial
from typing import Any

from attrs import field, frozen

from contract_kit.derive.places import TYPE_NAMES
from contract_kit.read import patterns
from contract_kit.read.graph import Node, together
from contract_kit.read.normalizing import HINTS, KEPT_FORMAT, KEPT_PATTERN

UNIONS = ("anyOf", "oneOf")
CLOSING = ("additionalProperties", "unevaluatedProperties")
_NUMBERS = ("number", "integer")
_TYPES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("format", "maxLength", "minLength", "pattern", KEPT_PATTERN), ("string",)),
    **dict.fromkeys(("exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"), _NUMBERS),
    **dict.fromkeys(("contains", "items", "maxContains", "maxItems", "minContains", "minItems"), ("array",)),
    **dict.fromkeys(("prefixItems", "unevaluatedItems", "uniqueItems"), ("array",)),
    **dict.fromkeys(("dependentRequired", "dependentSchemas", "maxProperties"), ("object",)),
    **dict.fromkeys(("minProperties", "properties", "propertyNames", "required", *CLOSING), ("object",)),
    KEPT_FORMAT: ("string", *_NUMBERS),
}
"""The types that each keyword constrains. A keyword that isn't listed constrains all types."""
_NULL, _BOOLEAN = frozenset({"null"}), frozenset({"boolean"})


@frozen(eq=False)
class Applied:
    """The schemas in one version that apply to the same value.

    Attributes:
        nodes: The schemas without duplicates, outer schemas first.
    """

    nodes: tuple[Node, ...] = field(repr=False)

    @classmethod
    def of(cls, *nodes: Node) -> Applied:
        """Return these schemas with references and `allOf` resolved."""
        return cls(tuple(together(nodes)))

    @functools.cached_property
    def key(self) -> frozenset[Node]:
        """A key that depends only on the set of schemas."""
        return frozenset(self.nodes)

    @functools.cached_property
    def types(self) -> frozenset[str] | None:
        """The types that the value can have; None if no schema lists types. `number` includes `integer`."""
        named = [each for node in self.nodes for each in _types(node)]
        for branches in self.unions:
            if None not in (found := [each.types for each in branches]):
                named.append(frozenset().union(*(each or () for each in found)))
        if not named:
            return None
        wide = [each | {"integer"} if "number" in each else each for each in named]
        return frozenset.intersection(*wide)

    @functools.cached_property
    def values(self) -> list[Any] | None:
        """All values that enums, constants and their unions allow; None if other values might be allowed."""
        named = [
            node.get("enum", [node.get("const")]) for node in self.nodes if {"enum", "const"} & node.keys()
        ]
        for branches in self.unions:
            found = [each.values for each in branches]
            if None not in found:
                named.append([value for values in found for value in values or ()])
        if named:
            others = [set(map(canonical, values)) for values in named[1:]]
            return [each for each in named[0] if all(canonical(each) in known for known in others)]
        if self.types == _NULL:
            return [None]
        return [True, False] if self.types == _BOOLEAN else None

    @functools.cached_property
    def unions(self) -> list[list[Applied]]:
        """The branches of each union, with their references and `allOf` resolved."""
        return [branches_of(node, name) for node in self.nodes for name in UNIONS if name in node]

    @functools.cached_property
    def with_branches(self) -> tuple[Node, ...]:
        """These schemas, and the schemas in the branches of their unions."""
        inner = [node for branches in self.unions for branch in branches for node in branch.nodes]
        return (*self.nodes, *inner)

    def asserts_about(self, types: Set[str]) -> bool:
        """Whether the schemas might forbid a value of one of these types."""
        keywords = {each for node in self.nodes for each in node.keys() - HINTS - {"$ref", "allOf"}}
        return any(each not in _TYPES or not types.isdisjoint(_TYPES[each]) for each in keywords)

    def has(self, keyword: str, test: Callable[[Any], bool]) -> bool:
        """Whether a schema, or every branch of a union, sets the keyword to a value that passes the test.

        This is also true if the value can't have any of the types that the keyword constrains.
        """
        if keyword in _TYPES and not self.may_be(*_TYPES[keyword]):
            return True
        if any(keyword in node and test(node[keyword]) for node in self.nodes):
            return True
        return any(all(branch.has(keyword, test) for branch in branches) for branches in self.unions)

    def may_be(self, *kinds: str) -> bool:
        """Whether the value can have one of these types."""
        return self.types is None or not self.types.isdisjoint(kinds)

    def inner(self, of: Callable[[Node], Iterable[Node]]) -> list[Applied]:
        """Return the subschemas that `of` selects from these schemas.

        If `of` selects no subschemas, it is applied to the branches of these schemas' unions instead.
        """
        found = [each for node in self.nodes for each in of(node) if not each.is_hidden]
        if found:
            return [Applied.of(*found)]
        return [each for branches in self.unions for branch in branches for each in branch.inner(of)]

    def child(self, keyword: str, name: str) -> list[Applied]:
        """Return these schemas' subschemas for a child that a keyword in another schema describes.

        If only a union describes the child, return one item per branch.
        """
        found = self.inner(partial(_at, keyword=keyword, name=name))
        if not found and keyword == "properties":
            return self.described_otherwise(name)
        return self.child("items", "") if not found and keyword == "prefixItems" else found

    def described(self, name: str) -> list[Applied]:
        """Return the schemas that `properties` contains for a property."""
        return self.inner(partial(_at, keyword="properties", name=name))

    def described_otherwise(self, name: str) -> list[Applied]:
        """Return the schemas that apply to this property through a pattern or as an additional property."""
        return self.inner(partial(_others, name=name))

    @property
    def own_names(self) -> dict[str, None]:
        """The names of the properties described outside union branches, in order."""
        return dict.fromkeys(name for node in self.nodes for name in node.get("properties", ()))

    @property
    def names(self) -> dict[str, None]:
        """The names of the described properties, in order."""
        return dict.fromkeys(name for node in self.with_branches for name in node.get("properties", ()))


def branches_of(node: Node, union: str) -> list[Applied]:
    """Return a union's branches, with their references and `allOf` resolved."""
    return [Applied.of(branch) for branch in node[union]]


def children(node: Node) -> Iterator[tuple[str, str, Node]]:
    """Yield each child's keyword, its name, index or pattern (possibly empty), and its schema."""
    for keyword in ("items", *CLOSING):
        if isinstance(node.get(keyword), dict):
            yield keyword, "", node[keyword]
    yield from (("prefixItems", str(index), inner) for index, inner in enumerate(node.get("prefixItems", ())))
    for keyword in ("patternProperties", "properties"):
        yield from ((keyword, name, inner) for name, inner in node.get(keyword, {}).items())


def _types(node: Node) -> Iterator[frozenset[str]]:
    """Yield the types that `type` allows, and the types of the values that `enum` or `const` allows."""
    if "type" in node:
        yield frozenset(node.types)
    if "enum" in node or "const" in node:
        yield frozenset(TYPE_NAMES[type(value)] for value in node.get("enum", [node.get("const")]))


def _at(node: Node, keyword: str, name: str) -> list[Node]:
    found = node.get(keyword)
    if keyword in ("properties", "patternProperties"):
        found = (found or {}).get(name)
    elif keyword == "prefixItems":
        found = dict(enumerate(found or ())).get(int(name))
    return [found] if isinstance(found, Node) else []


def _others(node: Node, name: str) -> Iterator[Node]:
    """Yield the schemas that apply to a property through a pattern or as an additional property."""
    for keyword, pattern, inner in children(node):
        if keyword in CLOSING or (keyword == "patternProperties" and patterns.matches(pattern, name)):
            yield inner


def canonical(value: Any) -> str:
    """Serialize a value as JSON, regardless of the order of properties."""
    return json.dumps(value, sort_keys=True)


def is_false(value: Any) -> bool:
    """Whether a keyword's value is `false`, as in `additionalProperties: false`."""
    return value is False


def is_closed(node: Node) -> bool:
    """Whether a schema forbids all properties that it doesn't describe."""
    return any(node.get(keyword) is False for keyword in CLOSING)
