"""Lists the obligations of a schema that exchanges can meet, and finds those that a value meets."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import Any

from contract_kit.read import patterns
from contract_kit.read.normalizing import HINTS
from contract_kit.read.schemas import Node, Schemas

_ABOUT = {
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "string": ("minLength", "maxLength", "pattern", "format"),
    "array": ("minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains"),
    "object": ("required", "dependentRequired", "minProperties", "maxProperties", "propertyNames"),
}
"""The keywords that apply only to values of one type, by type."""

_CLOSING = {
    "array": ("items", "unevaluatedItems"),
    "object": ("additionalProperties", "unevaluatedProperties"),
}
"""Keywords that count only if their value is false, which forbids further items or properties."""

_NOTHING: Node = {"not": {}}
_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


class Asked:
    """The obligations of one schema, without those of the schemas that it refers to or contains.

    Args:
        node: The schema.
    """

    def __init__(self, node: Node) -> None:
        named = node.get("type", ())
        self.types = frozenset([named] if isinstance(named, str) else named)
        self.keywords = {kind: tuple(_keywords(node, kind)) for kind in (*_ABOUT, "any")}
        self.values = node.get("enum", [])
        self.optional: list[str] = []
        """Properties that may be present or absent, because no schema of the same value requires them."""
        self.branches = {keyword: node[keyword] for keyword in ("anyOf", "oneOf") if keyword in node}
        self.condition = node["if"] if "if" in node and {"then", "else"} & node.keys() else None
        self.is_of_type_alone = not {"$ref", "allOf", "anyOf", "oneOf", "if", "enum"} & node.keys()
        self.is_open = node.keys() <= HINTS

    def __iter__(self) -> Iterator[str]:
        yield from (f"type {name}" for name in sorted(self.types))
        yield from (keyword for keywords in self.keywords.values() for keyword in keywords)
        yield from (f"enum {json.dumps(value)}" for value in self.values)
        for key in self.optional:
            yield from (f"with {key}", f"without {key}")
        for keyword, branches in self.branches.items():
            yield from (f"{keyword} {at}" for at, branch in enumerate(branches) if branch != _NOTHING)
        if self.condition is not None:
            yield from ("if holds", "if fails")
        if self.is_open:
            yield "any value"

    def met(self, value: Any, name: str) -> Iterator[str]:
        """Yield the obligations that a value meets, except branches and conditions, which need a validator.

        Args:
            value: The value.
            name: The type of the value, as `type_of` returns it.
        """
        if name == "object":
            yield from (f"with {key}" if key in value else f"without {key}" for key in self.optional)
        whole = name == "integer" or (name == "number" and value.is_integer())
        for each in (name, "integer" if whole else "", "number" if name == "integer" else ""):
            if each in self.types:
                yield f"type {each}"
        yield from self.keywords.get("number" if name == "integer" else name, ())
        yield from self.keywords["any"]
        for each in self.values:
            if each == value and isinstance(each, bool) == isinstance(value, bool):
                yield f"enum {json.dumps(each)}"
        if self.is_open:
            yield "any value"


def type_of(value: Any) -> str:
    """Return the JSON type of a value; a number is an integer if it is written without a fraction."""
    return _TYPES.get(type(value), "null")


def _keywords(node: Node, kind: str) -> Iterator[str]:
    if kind == "any":
        yield from (keyword for keyword in ("const", "not") if keyword in node and node != _NOTHING)
        return
    yield from (keyword for keyword in _ABOUT[kind] if keyword in node)
    yield from (keyword for keyword in _CLOSING.get(kind, ()) if node.get(keyword) is False)


class Walk:
    """Visits schemas, with or without a value.

    Schemas under `not`, `if`, `contains`, `propertyNames` and `unevaluated...` are not visited: each counts
    as one keyword.
    """

    def __init__(self, schemas: Schemas, root: Node) -> None:
        self._schemas = schemas
        self.root = root
        self._asked: dict[int, Asked] = {}
        self._nodes: dict[int, Node] = {}
        self._seen: set[tuple[int, frozenset[str]]] = set()
        self._reachable: dict[int, set[int]] = {}
        self._done: set[int] = set()
        self._scalars: set[tuple[int, str, Any]] = set()
        self.met: set[tuple[int, str]] = set()
        self._read(root, frozenset())
        self._left = set(self._asked)

    @functools.cached_property
    def obligations(self) -> list[tuple[int, str, str]]:
        """All obligations, each with its schema's id and the schema's location in the document."""
        return [
            (key, self._schemas.origin(self._nodes[key]), what)
            for key, asked in self._asked.items()
            for what in asked
        ]

    def meet(self, value: Any, broken: set[tuple[int, str]]) -> None:
        """Count the obligations that a body meets.

        Args:
            value: The body.
            broken: The nodes and keywords that the body breaks, which don't count.
        """
        found: set[tuple[int, str]] = set()
        self._scalars.clear()
        self._meet(self.root, value, found)
        new = found - broken - self.met
        if new:
            self.met |= new
            self._left = {key for key, _, what in self.obligations if (key, what) not in self.met}
            self._done = {key for key in self._asked if self._left.isdisjoint(self._below(key))}

    def _below(self, key: int) -> set[int]:
        """Return a node and all schemas that it leads to."""
        if key not in self._reachable:
            found, waiting = {key}, [self._nodes[key]]
            while waiting:
                node = waiting.pop()
                for inner in (*self._beside(node), *node.get("properties", {}).values(), *_inside(node)):
                    inner = self._without_null(inner)
                    if id(inner) in self._asked and id(inner) not in found:
                        found.add(id(inner))
                        waiting.append(inner)
            self._reachable[key] = found
        return self._reachable[key]

    def _read(self, node: Node, required: frozenset[str]) -> None:
        node = self._without_null(node)
        required |= self._required(node)
        if node == _NOTHING or (id(node), required) in self._seen:
            return
        self._seen.add((id(node), required))
        self._nodes[id(node)] = node
        asked = self._asked.setdefault(id(node), Asked(node))
        shown = {key: inner for key, inner in node.get("properties", {}).items() if self._is_shown(inner)}
        asked.optional += [key for key in shown if key not in required and key not in asked.optional]
        for inner in self._beside(node):
            self._read(inner, required)
        for inner in (*shown.values(), *_inside(node)):
            self._read(inner, frozenset())

    def _without_null(self, node: Node) -> Node:
        """Return the schema without null if the document is ambiguous about whether null is allowed."""
        branch: Node = node["anyOf"][0] if self._schemas.allows_no_null_case(node) else node
        return branch

    def _is_shown(self, node: Node) -> bool:
        """Whether a server may send a property of a schema."""
        return node != _NOTHING and not self._schemas.is_hidden(node)

    def _required(self, node: Node) -> frozenset[str]:
        names = frozenset(node.get("required", ()))
        for inner in (*self._referred(node), *node.get("allOf", ())):
            names |= self._required(inner)
        return names

    def _referred(self, node: Node) -> tuple[Node, ...]:
        return (self._schemas.resolve(node),) if "$ref" in node else ()

    def _beside(self, node: Node) -> Iterator[Node]:
        """Yield the schemas that may apply to the same value."""
        yield from self._referred(node)
        for keyword in ("allOf", "anyOf", "oneOf"):
            yield from node.get(keyword, ())
        yield from (node[keyword] for keyword in ("then", "else") if keyword in node and "if" in node)
        yield from node.get("dependentSchemas", {}).values()

    def _meet(self, node: Node, value: Any, found: set[tuple[int, str]]) -> None:
        if value is None and self._schemas.allows_no_null_case(node):
            return
        node = self._without_null(node)
        key, asked = id(node), self._asked.get(id(node))
        if asked is None or key in self._done:
            return
        name = type_of(value)
        if name not in ("object", "array"):
            # If only the type of a scalar decides what it meets, each type is checked once per body.
            seen = (key, name, None if asked.is_of_type_alone and name != "number" else value)
            if seen in self._scalars:
                return
            self._scalars.add(seen)
        if key in self._left:
            found.update((key, what) for what in asked.met(value, name))
        self._meet_beside(node, asked, value, found)
        if name == "object":
            self._in_object(node, value, found)
        elif name == "array":
            first = node.get("prefixItems", [])
            for inner, item in zip(first, value, strict=False):
                self._meet(inner, item, found)
            if isinstance(node.get("items"), dict):
                for item in value[len(first) :]:
                    self._meet(node["items"], item, found)

    def _meet_beside(self, node: Node, asked: Asked, value: Any, found: set[tuple[int, str]]) -> None:
        for inner in (*self._referred(node), *node.get("allOf", ())):
            self._meet(inner, value, found)
        for keyword, branches in asked.branches.items():
            for at, branch in enumerate(branches):
                what = (id(node), f"{keyword} {at}")
                if what in self.met and id(branch) in self._done:
                    continue
                if self._schemas.is_valid(branch, value):
                    found.add(what)
                    self._meet(branch, value, found)
        if asked.condition is not None:
            holds = self._schemas.is_valid(asked.condition, value)
            found.add((id(node), "if holds" if holds else "if fails"))
            if (branch := node.get("then" if holds else "else")) is not None:
                self._meet(branch, value, found)
        if isinstance(value, dict):
            for name, inner in node.get("dependentSchemas", {}).items():
                if name in value:
                    self._meet(inner, value, found)

    def _in_object(self, node: Node, value: dict[str, Any], found: set[tuple[int, str]]) -> None:
        properties, by_pattern = node.get("properties", {}), node.get("patternProperties", {})
        others = node.get("additionalProperties")
        others = others if isinstance(others, dict) and id(others) not in self._done else None
        for key, item in value.items():
            if (inner := properties.get(key)) is not None and id(inner) not in self._done:
                self._meet(inner, item, found)
            matching = [inner for pattern, inner in by_pattern.items() if patterns.matches(pattern, key)]
            for inner in matching:
                self._meet(inner, item, found)
            if others is not None and not matching and key not in properties:
                self._meet(others, item, found)


def _inside(node: Node) -> Iterator[Node]:
    """Yield the schemas for the values inside a value, except the schemas in `properties`."""
    yield from node.get("patternProperties", {}).values()
    yield from node.get("prefixItems", ())
    for keyword in ("items", "additionalProperties"):
        if isinstance(node.get(keyword), dict):
            yield node[keyword]
