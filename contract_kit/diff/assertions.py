"""Finds assertions about a value itself, rather than its children, that only the receiver's schema makes.

`differences` defines the receiver and the sender.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from contract_kit.prove.validators import Validators
from contract_kit.read.graph import Node
from contract_kit.read.normalizing import FROM_FORMAT, KEPT_FORMAT, KEPT_PATTERN

from .applied import CLOSING, UNIONS, Applied, canonical, is_false
from .digests import Digests

NULL = "null"
"""A keyword that represents any assertion that excludes null."""
LONGEST = 60
"""The maximum length of a value quoted in a change."""
_ALIASES = {KEPT_FORMAT: "format", KEPT_PATTERN: "pattern"}
_OF_CHILDREN = frozenset(
    {"$ref", "allOf", "examples", "items", "patternProperties", "prefixItems", "properties", *UNIONS}
)
_COUNTS = ("minItems", "minLength", "minProperties")
_FALSE_ASSERTS_NOTHING = ("if", "not", "uniqueItems")
_OPPOSITE = {
    "maximum": "exclusiveMaximum",
    "exclusiveMaximum": "maximum",
    "minimum": "exclusiveMinimum",
    "exclusiveMinimum": "minimum",
}


class Assertions:
    """Compares what two versions of a schema assert, leaving out assertions about children and branches."""

    def __init__(self, forbidding: Validators, digests: Digests) -> None:
        self._forbidding, self._digests = forbidding, digests

    def missing(self, allows: Applied, forbids: Applied, node: Node) -> Iterator[tuple[str, str]]:
        """Yield the keyword and the part of each assertion in `node` that the sender's schemas don't make.

        The part is the property or the value that the assertion concerns; empty for the entire keyword.
        """
        for keyword, value in node.items():
            if keyword in _OF_CHILDREN or keyword in node.get(FROM_FORMAT, ()):
                continue
            for what in self._parts(allows, forbids, node, keyword, value):
                yield (NULL, "") if what == NULL else (_ALIASES.get(keyword, keyword), what)

    def _parts(
        self, allows: Applied, forbids: Applied, node: Node, keyword: str, value: Any
    ) -> Iterable[str]:
        """Return the parts of a keyword that the sender doesn't assert; "" means the entire keyword."""
        if keyword == "type":
            return _types(allows, Applied((node,)))
        if keyword in ("enum", "const"):
            return _values(allows, keyword, value if keyword == "enum" else [value])
        if keyword == "required":
            return [name for name in value if not allows.has("required", lambda names: name in names)]  # noqa: B023 - called at once
        if keyword in CLOSING:
            is_open = not any(allows.has(each, is_false) for each in CLOSING)
            unknown = [
                each
                for each in allows.names
                if allows.described(each) and not forbids.child("properties", each)
            ]
            return [*unknown, *[""] * is_open] if value is False else []
        bounds = value if keyword == FROM_FORMAT else [keyword]
        return [] if all(self._is_asserted(allows, node, bound) for bound in bounds) else [""]

    def _is_asserted(self, allows: Applied, node: Node, keyword: str) -> bool:
        """Whether the sender's schemas make the same assertion or a stricter one."""
        value = node[keyword]
        if keyword == KEPT_FORMAT and {*node.types} - {"null"} == {"integer"}:
            return True  # the format's bounds are compared instead
        is_empty = (isinstance(value, dict) and not value) or (value == 0 and keyword in _COUNTS)
        if is_empty or (value is False and keyword in _FALSE_ASSERTS_NOTHING):
            return True
        if allows.values is not None and all(self._forbidding.is_valid(node, each) for each in allows.values):
            return True
        if keyword == "multipleOf":
            return allows.has(keyword, lambda other: Fraction(str(other)) % Fraction(str(value)) == 0)
        if keyword.startswith(("max", "min", "exclusive")):
            names = filter(None, [keyword, _OPPOSITE.get(keyword)])
            return any(allows.has(name, partial(_is_stricter, keyword, value, name)) for name in names)
        own = self._digests.value(keyword, value)
        return allows.has(keyword, lambda other: bool(self._digests.value(keyword, other) == own))


def _types(allows: Applied, forbids: Applied) -> list[str]:
    if allows.types is None:
        return [""]
    missing = allows.types - (forbids.types or frozenset())
    return [NULL] * ("null" in missing) + [""] * bool(missing - {"null"})


def _values(allows: Applied, keyword: str, listed: list[Any]) -> list[str]:
    if allows.values is None or (keyword == "const" and any("const" in each for each in allows.nodes)):
        return [] if allows.values == listed else [""]
    known = set(map(canonical, listed))
    new = [value for value in allows.values if canonical(value) not in known]
    return [json.dumps(value, ensure_ascii=False)[:LONGEST] for value in new]


def _is_stricter(keyword: str, value: float, other_keyword: str, other: float) -> bool:
    """Whether a sender's bound is at least as strict as a receiver's."""
    if other == value:
        return other_keyword == keyword or not keyword.startswith("exclusive")
    return (other < value) is ("max" in keyword.lower())
