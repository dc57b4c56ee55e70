"""Finds assertions that only the receiver's schema makes about a value itself, not about its children.

`differences` defines the receiver and the sender.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from contract_kit.prove.validators import Validators
from contract_kit.read.graph import Node
from contract_kit.read.normalizing import FROM_FORMAT, KEPT_FORMAT, KEPT_PATTERN

from .applied import CLOSING, UNIONS, Applied, is_false
from .digests import Digests

NULL = "null"
"""Stands for the keyword of any assertion that excludes null."""
LONGEST = 60
"""The maximum number of characters of a value that is named in a change."""
_ALIASES = {KEPT_FORMAT: "format", KEPT_PATTERN: "pattern"}
_OF_CHILDREN = frozenset(
    {"$ref", "allOf", "examples", "items", "patternProperties", "prefixItems", "properties", *UNIONS}
)
_COUNTS = ("minItems", "minLength", "minProperties")
_OPPOSITE = {
    "maximum": "exclusiveMaximum",
    "exclusiveMaximum": "maximum",
    "minimum": "exclusiveMinimum",
    "exclusiveMinimum": "minimum",
}


class Assertions:
    """Compares the assertions of two versions of a schema, except assertions about children and branches.

    Args:
        allowing: The schemas of the sender: the new responses, or the old requests.
        forbidding: The schemas of the receiver: the old responses, or the new requests.
        digests: The digests of the schemas of both versions.
    """

    def __init__(self, allowing: Validators, forbidding: Validators, digests: Digests) -> None:
        self._allowing, self._forbidding, self._digests = allowing, forbidding, digests

    def missing(self, allows: Applied, forbids: Applied, node: Node) -> Iterator[tuple[str, str]]:
        """Find the assertions of `node` that the sender's schemas don't make. Yield their keywords and parts.

        The part is the property or the value that the assertion is about; empty for the whole keyword.
        """
        others = _OF_CHILDREN | node.get(FROM_FORMAT, {}).keys()
        for keyword in [each for each in node if each not in others]:
            for what in self._parts(allows, forbids, node, keyword):
                if what == NULL and keyword in ("type", "enum", "const"):
                    yield NULL, ""
                else:
                    yield _ALIASES.get(keyword, keyword), what

    def _parts(self, allows: Applied, forbids: Applied, node: Node, keyword: str) -> Iterator[str]:
        """Yield each part of a keyword that no schema of the sender asserts; empty for the whole keyword."""
        value = node[keyword]
        if keyword == "type":
            yield from _types(allows, Applied(forbids.graph, (node,)))
        elif keyword in ("enum", "const"):
            yield from _values(allows, keyword, value if keyword == "enum" else [value])
        elif keyword == "required":
            yield from (name for name in value if not allows.has("required", _containing(name)))
        elif keyword in CLOSING:
            if value is False:
                yield from (name for name in allows.names if self._is_new(allows, forbids, name))
                if not any(allows.has(each, is_false) for each in CLOSING):
                    yield ""
        elif keyword == FROM_FORMAT:
            if not all(self._is_asserted(allows, node, bound) for bound in value):
                yield ""
        elif not self._is_asserted(allows, node, keyword):
            yield ""

    def _is_new(self, allows: Applied, forbids: Applied, name: str) -> bool:
        """Whether the sender's schemas describe a property, and the receiver's schemas don't."""
        return (
            bool(allows.described(name))
            and not forbids.described(name)
            and not forbids.described_otherwise(name)
        )

    def _is_asserted(self, allows: Applied, node: Node, keyword: str) -> bool:
        """Whether the sender's schemas make the same assertion, or a stricter assertion."""
        value = node[keyword]
        if keyword == KEPT_FORMAT and node.get("type") == "integer":
            return True  # the format's bounds are compared instead
        if value is False or value == {} or (value == 0 and keyword in _COUNTS):
            return True
        if allows.values is not None and all(self._forbidding.is_valid(node, each) for each in allows.values):
            return True
        if keyword == "multipleOf":
            return allows.has(keyword, lambda other: bool(other % value == 0))
        if keyword.startswith(("max", "min", "exclusive")):
            names = filter(None, [keyword, _OPPOSITE.get(keyword)])
            return any(allows.has(name, _limiting(keyword, value, name)) for name in names)
        own = self._digests.value(self._forbidding.graph, keyword, value)
        return allows.has(
            keyword, lambda other: bool(self._digests.value(self._allowing.graph, keyword, other) == own)
        )


def _types(allows: Applied, forbids: Applied) -> Iterator[str]:
    if allows.types is None:
        yield ""
        return
    missing = allows.types - (forbids.types or frozenset())
    if "null" in missing:
        yield NULL
    if missing - {"null"}:
        yield ""


def _values(allows: Applied, keyword: str, listed: list[Any]) -> Iterator[str]:
    if allows.values is None or (keyword == "const" and any("const" in each for each in allows.nodes)):
        if allows.values != listed:
            yield ""
        return
    known = {json.dumps(value) for value in listed}
    for value in allows.values:
        if json.dumps(value) not in known:
            yield json.dumps(value, ensure_ascii=False)[:LONGEST]


def _containing(name: str) -> Callable[[Any], bool]:
    return lambda names: name in names


def _limiting(keyword: str, value: float, other_keyword: str) -> Callable[[Any], bool]:
    """Return a function that tells whether the sender's bound is at least as strict as this bound."""

    def is_stricter(other: float) -> bool:
        if other == value:
            return other_keyword == keyword or not keyword.startswith("exclusive")
        return (other < value) is ("max" in keyword.lower())

    return is_stricter
