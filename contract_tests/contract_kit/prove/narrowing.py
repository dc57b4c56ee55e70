"""Finds the smallest part of a changed body for which a proof is as strong as for the whole body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from contract_kit.read.normalizing import FROM_FORMAT, HINTS
from contract_kit.read.paths import Path
from contract_kit.read.schemas import Node, Schemas

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
"""Keywords that check only the type, keys or length of an object or a list, or that check its children."""


def narrowed(schemas: Schemas, node: Node, path: Path) -> tuple[list[Node], int]:
    """Return the schemas to use in a proof, and the number of path steps to the value that they check.

    The body is valid except for the value at the path. Consider an object or a list on this path whose
    schemas use only keywords that check its type, its keys or its length, or that apply subschemas to its
    children. A change within a child alters neither the keys nor the length, and it leaves the other children
    valid. So the errors of the object or list are exactly the errors of the changed child, found by the
    subschemas that apply to the child. Therefore the proof can check the child alone. The same argument
    applies to each further step, until a schema has another keyword (a union, `not`, `if`, `uniqueItems`,
    `enum`...) or a discriminator. The proof checks the value at that step or above, with everything below it.
    """
    nodes, start = [node], ([node], 0)
    for depth, step in enumerate(path, 1):
        here = list(_together(schemas, nodes))
        nodes = [child for each in here for child in _inside(each, step)]
        if not nodes or not all(each.keys() <= _LOCAL and not schemas.discriminator(each) for each in here):
            break
        # Compiling a schema that refers to many others takes longer than checking a whole body.
        if all(map(schemas.is_self_contained, nodes)):
            start = nodes, depth
    return start


def _together(schemas: Schemas, nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield every schema that applies to a value through these schemas, as often as it applies."""
    for node in nodes:
        yield node
        if "$ref" in node:
            yield from _together(schemas, [schemas.resolve(node)])
        yield from _together(schemas, node.get("allOf", ()))


def _inside(node: Node, step: str | int) -> Iterator[Node]:
    """Yield the subschemas that a node applies to a child."""
    if isinstance(step, int):
        first = node.get("prefixItems", ())
        inner = first[step] if step < len(first) else node.get("items")
    else:
        inner = node.get("properties", {}).get(step, node.get("additionalProperties"))
    if isinstance(inner, dict):
        yield inner
