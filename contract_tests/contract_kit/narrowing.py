"""Where the proof of a changed body can begin: as near to the change as leaves the proof as strong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .normalizing import FROM_FORMAT, HINTS
from .paths import Path
from .schemas import Node, Schemas

_OF_SCALARS = {"exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"} | {
    "format",
    "maxLength",
    "minLength",
    "pattern",
}
_OF_KEYS = {"dependentRequired", "maxProperties", "minProperties", "propertyNames", "required"}
_OF_LENGTH = {"maxItems", "minItems"}
_PASSING_ON = {"$ref", "additionalProperties", "allOf", "items", "prefixItems", "properties"}
_LOCAL = {"type", FROM_FORMAT, *HINTS, *_OF_SCALARS, *_OF_KEYS, *_OF_LENGTH, *_PASSING_ON}
"""Keywords that look only at the type, keys or length of an object or a list, or pass on its children."""


def narrowed(schemas: Schemas, node: Node, path: Path) -> tuple[list[Node], int]:
    """Return the schemas to prove a changed body by, and how many steps of the path lead to what they read.

    The body is valid but for the value at the path. Where every schema of an object or a list has only
    keywords that look at its type, its keys or its length, or that pass its children on to subschemas, a
    validator finds in it exactly what these keywords find, and what it finds in each child by each of that
    child's subschemas. A change within a child alters neither the keys nor the length, and it leaves the
    other children valid. So the errors of the whole are the errors of that child, by a list of subschemas
    in which each stands as often as it applies. The same holds one step further down, until a schema has
    another keyword (a union, `not`, `if`, `uniqueItems`, `enum`...) or a discriminator: the proof begins
    there or above, and it reads all that is below.
    """
    nodes, start = [node], ([node], 0)
    for depth, step in enumerate(path, 1):
        here = list(_together(schemas, nodes))
        nodes = [child for each in here for child in _inside(each, step)]
        if not nodes or not all(each.keys() <= _LOCAL and not schemas.discriminator(each) for each in here):
            break
        # To compile a schema that leads to many others takes more than to read a whole body.
        if all(map(schemas.is_self_contained, nodes)):
            start = nodes, depth
    return start


def _together(schemas: Schemas, nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield every schema that applies to a value because some do, as often as it does."""
    for node in nodes:
        yield node
        if "$ref" in node:
            yield from _together(schemas, [schemas.resolve(node)])
        yield from _together(schemas, node.get("allOf", ()))


def _inside(node: Node, step: str | int) -> Iterator[Node]:
    """Yield the subschema of a child, if the node has one for it."""
    if isinstance(step, int):
        first = node.get("prefixItems", ())
        inner = first[step] if step < len(first) else node.get("items")
    else:
        inner = node.get("properties", {}).get(step, node.get("additionalProperties"))
    if isinstance(inner, dict):
        yield inner
