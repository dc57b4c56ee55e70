"""The normalized schemas of a document: a read-only graph of nodes that refer to each other.

Every schema that a reference leads to is one entry of a single `$defs`, so that circular references and
references between files need no special treatment.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any, TypeAlias
from urllib.parse import unquote

from attrs import field, frozen

from .document import Document, Place
from .normalizing import SUBSCHEMA, SUBSCHEMA_LISTS, SUBSCHEMA_MAPS

Node: TypeAlias = dict[str, Any]
"""A normalized schema."""

DISCRIMINATOR = "discriminator"
"""The keyword of OpenAPI that names the branch of an object; JSON Schema has no such keyword."""


@frozen
class Named:
    """A discriminator as a graph stores it: the property, and the name of the definition for each value."""

    property: str
    definitions: Mapping[str, str]
    is_explicit: bool


@frozen
class Facts:
    """What is known about a node beyond its keywords.

    Attributes:
        place: The location of the schema in the document.
        address: The location of the node in `$defs`, as the fragment of a URI.
        is_hidden: Whether a property with this schema is not sent, because it is `readOnly` (in requests) or
            `writeOnly` (in responses).
        allows_no_null_case: Whether the document is ambiguous about null here, so that no mutant uses null.
        contains_reference: Whether the node or a node inside it has a `$ref`.
    """

    place: Place
    address: str
    is_hidden: bool = False
    allows_no_null_case: bool = False
    contains_reference: bool = False


@frozen
class Discriminator:
    """A discriminator: a property that names the schema of an object.

    Attributes:
        property: The name of the property.
        schemas: The schema for each value of the property.
        is_explicit: Whether the document maps the values to schemas. Without a mapping, each value is
            taken as the name of a schema.
    """

    property: str
    schemas: dict[str, Node]
    is_explicit: bool


@frozen(eq=False)
class Graph:
    """The nodes that were read so far.

    Attributes:
        document: The document that contains the schemas.
        definitions: The targets of references, and the schemas of bodies, parameters and headers, by name.
    """

    document: Document = field(repr=False)
    definitions: Mapping[str, Node] = field(repr=False)
    _facts: Mapping[int, Facts] = field(repr=False)
    _nodes: Mapping[str, Node] = field(repr=False)
    _discriminators: Mapping[int, Named] = field(repr=False)
    _unmapped: Mapping[int, str] = field(repr=False)
    _added: dict[tuple[int, int], Node] = field(factory=dict, repr=False)

    def resolve(self, node: Node) -> Node:
        """Return the node that the `$ref` of a node refers to."""
        return self.definitions[node["$ref"].rpartition("/")[2]]

    def referred(self, node: Node) -> list[Node]:
        """Return a list with the node that a node's `$ref` refers to; an empty list if there is no `$ref`."""
        return [self.resolve(node)] if "$ref" in node else []

    def beside(self, node: Node) -> Iterator[Node]:
        """Yield the schemas that a node applies, perhaps under a condition, to the same value."""
        yield from self.referred(node)
        for keyword in ("allOf", "anyOf", "oneOf"):
            yield from node.get(keyword, ())
        yield from (node[keyword] for keyword in ("not", "if", "then", "else") if keyword in node)
        yield from node.get("dependentSchemas", {}).values()

    def target(self, node: Node) -> Node:
        """Return the node that a `$ref` without other keywords leads to; return any other node itself."""
        met: set[int] = set()
        while node.keys() == {"$ref"} and id(node) not in met:
            met.add(id(node))
            node = self.resolve(node)
        return node

    def address(self, node: Node) -> str:
        """Return the location of a node's target in `$defs`, as the fragment of a URI."""
        return self._facts[id(self.target(node))].address

    def origin(self, node: Node) -> str:
        """Return the place of a node in the document."""
        return origin(self._facts[id(node)].place)

    def described(self, node: Node) -> dict[str, Any]:
        """Return the original schema of a node from the document, with its description and its default."""
        raw = self.document.at(self._facts[id(node)].place)
        return raw if isinstance(raw, dict) else {}

    def broken(self, location: str) -> tuple[Node, str] | None:
        """Return the node and the keyword at the location that an error of the first validator names."""
        address, _, keyword = unquote(location.partition("#")[2]).rpartition("/")
        while address and address not in self._nodes:  # `dependentRequired` contains no schema
            address, _, keyword = address.rpartition("/")
        return (self._nodes[address], keyword) if address else None

    def places(self, nodes: Iterable[Node]) -> set[str]:
        """Return the places of these nodes, and of all nodes that they contain or refer to."""
        found = _reached(nodes, lambda node: (*children(node), *self.referred(node)))
        return {written(self._facts[id(node)].place) for node in found}

    def together(self, nodes: Iterable[Node]) -> list[Node]:
        """Return these schemas, and each schema that their `$ref` and `allOf` apply to the same value."""
        return _reached(nodes, lambda node: (*self.referred(node), *node.get("allOf", ())))

    def is_hidden(self, node: Node) -> bool:
        """Whether a property with this schema is not sent, because it is `readOnly` or `writeOnly`.

        References and `allOf` are followed.
        """
        known = (self._facts.get(id(each)) for each in self.together([node]))
        return any(facts is not None and facts.is_hidden for facts in known)

    def is_left_out(self, node: Node, name: str) -> bool:
        """Whether no legal value of a node has this property, because it is `readOnly` or `writeOnly`.

        In OpenAPI 3.1, a property that `required` lists is not left out.
        """
        is_needed = name in node.get("required", ()) and not self.document.is_3_0
        return not is_needed and self.is_hidden(node["properties"][name])

    def is_self_contained(self, node: Node) -> bool:
        """Whether a node contains no reference. If the node is only a `$ref`, its target is examined."""
        return not self._facts[id(self.target(node))].contains_reference

    def allows_no_null_case(self, node: Node) -> bool:
        """Whether the document is ambiguous about null here, so that no mutant uses null."""
        facts = self._facts.get(id(node))
        return facts is not None and facts.allows_no_null_case

    def discriminator(self, node: Node) -> Discriminator | None:
        """Return the discriminator of a node; None if it has none."""
        if (found := self._discriminators.get(id(node))) is None:
            return None
        schemas = {value: self.definitions[name] for value, name in found.definitions.items()}
        return Discriminator(found.property, schemas, found.is_explicit)

    @property
    def discriminating(self) -> set[str]:
        """The names of all properties that are discriminators."""
        return {each.property for each in self._discriminators.values()}

    @property
    def has_unmapped(self) -> bool:
        """Whether a discriminator has no mapping."""
        return bool(self._unmapped)

    def unmapped(self, node: Node) -> str | None:
        """Return the property of a node's discriminator if the discriminator has no mapping, else None."""
        return self._unmapped.get(id(node))

    @property
    def schema_names(self) -> Container[str]:
        """The names of the document's schemas."""
        components = self.document.root.get("components")
        schemas = components.get("schemas") if isinstance(components, dict) else None
        return schemas if isinstance(schemas, dict) else ()

    def child(self, parent: Node, child: Node) -> Node:
        """Return a child without the parts that lead back to its parent, because a walk would never end."""
        if (key := (id(parent), id(child))) not in self._added:
            own = {key: inner for key, inner in child.items() if key not in ("allOf", "$ref")}
            own |= {"allOf": list(self.added_to(parent, child))}
            self._added[key] = {key: inner for key, inner in own.items() if inner}
        return self._added[key]

    def added_to(self, parent: Node, child: Node) -> Iterator[Node]:
        """Yield the parts of a child's `allOf` that don't lead back to its parent."""
        for part in child.get("allOf", ()):
            if not any(each is parent for each in self.together([part])):
                yield part


def _reached(nodes: Iterable[Node], inner: Callable[[Node], Iterable[Node]]) -> list[Node]:
    """Return these nodes, and all nodes that the function `inner` leads to, each once."""
    found = {id(node): node for node in nodes}
    waiting = list(found.values())
    for node in waiting:
        for each in inner(node):
            if id(each) not in found:
                found[id(each)] = each
                waiting.append(each)
    return waiting


def children(node: Node) -> Iterator[Node]:
    """Yield the direct subschemas of a node, but not the schema that its `$ref` refers to."""
    for keyword, value in node.items():
        if keyword in SUBSCHEMA and isinstance(value, dict):
            yield value
        elif keyword in SUBSCHEMA_LISTS:
            yield from value
        elif keyword in SUBSCHEMA_MAPS:
            yield from value.values()


def origin(place: Place) -> str:
    """Return a place as text: a JSON Pointer, after the file's name if the place is in another file."""
    return written(place) if place.file else place.pointer


def written(place: Place) -> str:
    """Return a place as text, always with its file, even if the file is the document itself."""
    return f"{place.file}#{place.pointer}"
