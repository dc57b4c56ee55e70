"""A document's normalized schemas, as a graph of nodes that refer to each other.

Every schema that is the target of a reference is an entry in a single `$defs`, so circular references and
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
"""The OpenAPI keyword that selects an object's branch. JSON Schema has no such keyword."""


class Node(dict[str, Any]):
    """A normalized schema: a dict of its keywords, with further information as attributes.

    Nodes are equal only if they are the same object, so a node can be a key in a mapping.

    Attributes:
        place: The schema's location in the document.
        address: The node's location in `$defs`, as a URI fragment.
        raw: The schema as it appears in the document; empty if it is a boolean there.
        referred: The node to which `$ref` leads; None if there is no `$ref`.
        discriminator: The schema's discriminator; None if it has none.
        is_hidden_here: Whether the schema itself is `readOnly` (in requests) or `writeOnly` (in responses).
        allows_no_null_case: Whether the document is ambiguous about null here, so that no mutant uses null.
        contains_reference: Whether the node, or any node inside it, has a `$ref`.
        unreadable: Why the schema couldn't be read; None if it could be.
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
        """Yield the node's direct subschemas, without the target of its `$ref`."""
        for keyword, value in self.items():
            if keyword in SUBSCHEMA and isinstance(value, Node):
                yield value
            elif keyword in SUBSCHEMA_LISTS:
                yield from value
            elif keyword in SUBSCHEMA_MAPS:
                yield from value.values()

    def beside(self) -> Iterator[Node]:
        """Yield the schemas that the node applies to the same value, whether always or conditionally."""
        if self.referred is not None:
            yield self.referred
        for keyword in ("allOf", "anyOf", "oneOf"):
            yield from self.get(keyword, ())
        yield from (self[keyword] for keyword in ("not", "if", "then", "else") if keyword in self)
        yield from self.get("dependentSchemas", {}).values()

    @property
    def types(self) -> list[str]:
        """The types that `type` allows; empty without this keyword."""
        named: str | list[str] = self.get("type", [])
        return [named] if isinstance(named, str) else named

    @property
    def target(self) -> Node:
        """The node to which a `$ref` without other keywords leads. For any other schema, the node itself."""
        node, met = self, {self}
        while node.referred is not None and len(node) == 1 and node.referred not in met:
            node = node.referred
            met.add(node)
        return node

    @property
    def origin(self) -> str:
        """The place in the document as a JSON Pointer, preceded by the file's name if it is another file."""
        return written(self.place) if self.place.file else self.place.pointer

    @property
    def is_hidden(self) -> bool:
        """Whether a property with this schema isn't sent, because it is `readOnly` or `writeOnly`.

        References and `allOf` are followed.
        """
        return self.is_hidden_here or any(each.is_hidden_here for each in together([self]))

    @property
    def is_self_contained(self) -> bool:
        """Whether the node contains no reference. If the node is only a `$ref`, its target is checked."""
        return not self.target.contains_reference


@frozen
class Discriminator:
    """A discriminator: a property whose value identifies an object's schema.

    Attributes:
        property: The property's name.
        schemas: The schema for each value of the property, as far as the kit can find it.
        is_explicit: Whether the document maps values to schemas. Without a mapping, the kit assumes that each
            value is a schema's name.
    """

    property: str
    schemas: dict[str, Node]
    is_explicit: bool

    @functools.cached_property
    def values(self) -> dict[Node, list[str]]:
        """The property's values for each schema."""
        found: dict[Node, list[str]] = {}
        for value, schema in self.schemas.items():
            found.setdefault(schema, []).append(value)
        return found


UNCONSTRAINED = Node({}, Place(""))
"""A schema that allows every value."""


class Graph:
    """The nodes that have been read so far.

    Attributes:
        document: The document that contains the schemas.
        definitions: The targets of references, and the schemas of bodies, parameters and headers, by name.
        has_discriminator: Whether any schema has a discriminator.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.definitions: dict[str, Node] = {}
        self.has_discriminator = False
        self._added: dict[tuple[Node, Node], Node] = {}

    def is_left_out(self, node: Node, name: str) -> bool:
        """Whether legal values never have this property, because it is `readOnly` or `writeOnly`.

        In OpenAPI 3.1, a property is never left out if it is listed in `required`.
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
        """Return a child without the parts that lead back to its parent, so that traversal terminates."""
        if (key := (parent, child)) not in self._added:
            own = {key: inner for key, inner in child.items() if key not in ("allOf", "$ref")}
            own |= {"allOf": list(added_to(parent, child))}
            kept = {key: inner for key, inner in own.items() if inner}
            self._added[key] = Node(kept, child.place, raw=child.raw)
        return self._added[key]


def is_impossible(node: Node) -> bool:
    """Whether a node represents the schema `false`, which allows no value."""
    return node.keys() == {"not"} and not node["not"]


def added_to(parent: Node, child: Node) -> Iterator[Node]:
    """Yield those parts of a child's `allOf` that don't lead back to its parent."""
    yield from (part for part in child.get("allOf", ()) if parent not in together([part]))


def together(nodes: Iterable[Node]) -> list[Node]:
    """Return these schemas, and all schemas that their `$ref` and `allOf` apply to the same value."""
    return reached(nodes, lambda node: (*_referred(node), *node.get("allOf", ())))


def locations(nodes: Iterable[Node]) -> set[str]:
    """Return the locations of these nodes, and of all nodes that they contain or refer to."""
    return {written(node.place) for node in reached(nodes, reading)}


def reading(node: Node) -> tuple[Node, ...]:
    """Return the nodes that a node directly contains or refers to."""
    return (*node.children(), *_referred(node))


def _referred(node: Node) -> tuple[Node, ...]:
    return () if node.referred is None else (node.referred,)


def reached(nodes: Iterable[Node], inner: Callable[[Node], Iterable[Node]]) -> list[Node]:
    """Return these nodes and all nodes to which `inner` leads, without duplicates."""
    found = dict.fromkeys(nodes)
    waiting = list(found)
    for node in waiting:
        for each in inner(node):
            if each not in found:
                found[each] = None
                waiting.append(each)
    return waiting


def written(place: Place) -> str:
    """Return a place as text that always includes the file, even if it is the document itself."""
    return f"{place.file}#{place.pointer}"
