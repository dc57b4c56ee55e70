"""A document's normalized schemas: a graph of nodes that refer to each other.

Every schema that a reference leads to is one entry of a single `$defs`, so that circular references and
references between files need no special treatment.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from contract_kit.errors import UncoverableError

from .document import Document, Place
from .normalizing import SUBSCHEMA, SUBSCHEMA_LISTS, SUBSCHEMA_MAPS

DISCRIMINATOR = "discriminator"
"""The OpenAPI keyword that selects the branch for an object; JSON Schema has no such keyword."""


class Node(dict[str, Any]):
    """A normalized schema: a dict of its keywords, with what else is known about it as attributes.

    Two nodes are equal only if they are the same object, so a node can be a key of a mapping.

    Attributes:
        place: The location of the schema in the document.
        address: The location of the node in `$defs`, as a URI fragment.
        raw: The schema as the document writes it; empty if the document writes a boolean.
        referred: The node that the `$ref` leads to; None if there is no `$ref`.
        discriminator: The discriminator of the schema; None if it has none.
        is_hidden_here: Whether the schema itself is `readOnly` (in requests) or `writeOnly` (in responses).
        allows_no_null_case: Whether the document is ambiguous about null here, so that no mutant uses null.
        contains_reference: Whether the node or a node inside it has a `$ref`.
        unreadable: Why the schema could not be read; None if it could.
    """

    __slots__ = (
        "address",
        "allows_no_null_case",
        "contains_reference",
        "discriminator",
        "is_hidden_here",
        "place",
        "raw",
        "referred",
        "unreadable",
    )

    def __init__(
        self, keywords: Mapping[str, Any], place: Place, address: str = "", raw: dict[str, Any] | None = None
    ) -> None:
        super().__init__(keywords)
        self.place, self.address, self.raw = place, address, raw or {}
        self.referred: Node | None = None
        self.discriminator: Discriminator | None = None
        self.is_hidden_here = self.allows_no_null_case = False
        self.contains_reference: bool = "$ref" in self or any(
            each.contains_reference for each in self.children()
        )
        self.unreadable: UncoverableError | None = None

    __hash__ = object.__hash__  # type: ignore[assignment]  # a dict has none
    __eq__ = object.__eq__
    __ne__ = object.__ne__

    def children(self) -> Iterator[Node]:
        """Yield the direct subschemas, but not the schema that the `$ref` refers to."""
        for keyword, value in self.items():
            if keyword in SUBSCHEMA and isinstance(value, Node):
                yield value
            elif keyword in SUBSCHEMA_LISTS:
                yield from value
            elif keyword in SUBSCHEMA_MAPS:
                yield from value.values()

    def beside(self) -> Iterator[Node]:
        """Yield the schemas that the node applies, possibly under a condition, to the same value."""
        if self.referred is not None:
            yield self.referred
        for keyword in ("allOf", "anyOf", "oneOf"):
            yield from self.get(keyword, ())
        yield from (self[keyword] for keyword in ("not", "if", "then", "else") if keyword in self)
        yield from self.get("dependentSchemas", {}).values()

    @property
    def types(self) -> list[str]:
        """The types that the keyword `type` allows; empty if the keyword is absent."""
        named: str | list[str] = self.get("type", [])
        return [named] if isinstance(named, str) else named

    @property
    def target(self) -> Node:
        """The node that a `$ref` without other keywords leads to; any other node itself."""
        node, met = self, {self}
        while node.referred is not None and len(node) == 1 and node.referred not in met:
            node = node.referred
            met.add(node)
        return node

    @property
    def origin(self) -> str:
        """The place in the document as text: a JSON Pointer, preceded by the file's name for another file."""
        return written(self.place) if self.place.file else self.place.pointer

    @property
    def is_hidden(self) -> bool:
        """Whether a property with this schema is not sent, because it is `readOnly` or `writeOnly`.

        References and `allOf` are followed.
        """
        return self.is_hidden_here or any(each.is_hidden_here for each in together([self]))

    @property
    def is_self_contained(self) -> bool:
        """Whether the node contains no reference. If it is only a `$ref`, its target is examined."""
        return not self.target.contains_reference


@frozen
class Discriminator:
    """A discriminator: a property whose value identifies an object's schema.

    Attributes:
        property: The name of the property.
        schemas: The schema for each value of the property, as far as known.
        is_explicit: Whether the document maps the values to schemas. Without a mapping, each value is taken
            to be the name of a schema.
    """

    property: str
    schemas: dict[str, Node]
    is_explicit: bool

    @functools.cached_property
    def values(self) -> dict[Node, list[str]]:
        """The values for each schema."""
        found: dict[Node, list[str]] = {}
        for value, schema in self.schemas.items():
            found.setdefault(schema, []).append(value)
        return found


UNCONSTRAINED = Node({}, Place(""))
"""A schema that allows every value."""


class Graph:
    """The nodes that were read so far.

    Attributes:
        document: The document that contains the schemas.
        definitions: The targets of references, and the schemas of bodies, parameters and headers, by name.
        discriminating: The names of all properties that are discriminators and lead to schemas.
        has_discriminator: Whether a schema has a discriminator.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.definitions: dict[str, Node] = {}
        self.discriminating: set[str] = set()
        self.has_discriminator = False
        self._added: dict[tuple[Node, Node], Node] = {}

    def is_left_out(self, node: Node, name: str) -> bool:
        """Whether no legal value of a node has this property, because it is `readOnly` or `writeOnly`.

        In OpenAPI 3.1, a property that `required` lists is not left out.
        """
        is_needed = name in node.get("required", ()) and not self.document.is_3_0
        property_: Node = node["properties"][name]
        return not is_needed and property_.is_hidden

    @property
    def schema_names(self) -> Container[str]:
        """The names of the document's schemas."""
        components = self.document.root.get("components")
        schemas = components.get("schemas") if isinstance(components, dict) else None
        return schemas if isinstance(schemas, dict) else ()

    def child(self, parent: Node, child: Node) -> Node:
        """Return a child without the parts that lead back to its parent, which a walk would never leave."""
        if (key := (parent, child)) not in self._added:
            own = {key: inner for key, inner in child.items() if key not in ("allOf", "$ref")}
            own |= {"allOf": list(added_to(parent, child))}
            kept = {key: inner for key, inner in own.items() if inner}
            self._added[key] = Node(kept, child.place, raw=child.raw)
        return self._added[key]


def is_impossible(node: Node) -> bool:
    """Whether a node stands for the schema `false`, which allows no value."""
    return node.keys() == {"not"} and not node["not"]


def added_to(parent: Node, child: Node) -> Iterator[Node]:
    """Yield the parts of a child's `allOf` that don't lead back to its parent."""
    yield from (part for part in child.get("allOf", ()) if parent not in together([part]))


def together(nodes: Iterable[Node]) -> list[Node]:
    """Return these schemas, and each schema that their `$ref` and `allOf` apply to the same value."""
    return reached(nodes, lambda node: (*_referred(node), *node.get("allOf", ())))


def locations(nodes: Iterable[Node]) -> set[str]:
    """Return the places in the document of these nodes and all nodes that they contain or refer to."""
    return {written(node.place) for node in reached(nodes, reading)}


def reading(node: Node) -> tuple[Node, ...]:
    """Return the nodes that a node contains or refers to."""
    return (*node.children(), *_referred(node))


def _referred(node: Node) -> tuple[Node, ...]:
    return () if node.referred is None else (node.referred,)


def reached(nodes: Iterable[Node], inner: Callable[[Node], Iterable[Node]]) -> list[Node]:
    """Return these nodes, and all nodes that the function `inner` leads to, each once."""
    found = dict.fromkeys(nodes)
    waiting = list(found)
    for node in waiting:
        for each in inner(node):
            if each not in found:
                found[each] = None
                waiting.append(each)
    return waiting


def written(place: Place) -> str:
    """Return a place as text, always with its file, even if the file is the document itself."""
    return f"{place.file}#{place.pointer}"
