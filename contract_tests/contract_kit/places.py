"""Every place of a body that its schema describes, with what the schema says there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import field, frozen

from . import patterns
from .model import Path
from .schemas import Node, Schemas

_UNIONS = ("anyOf", "oneOf")


@frozen
class Place:
    """A value in a body, and one schema that applies to it.

    Attributes:
        path: The steps to the value.
        value: The value.
        node: The schema, with references followed.
        is_wrapped: Whether it stands in a branch of a union, so that breaking it breaks the union.
    """

    path: Path
    value: Any = field(repr=False)
    node: Node = field(repr=False)
    is_wrapped: bool = False


def places(schemas: Schemas, node: Node, value: Any, whole: bool = False) -> Iterator[Place]:
    """Yield every place once for each schema that applies to it.

    Where several branches of a union accept a value, breaking one leaves the others, so none is entered.

    Args:
        schemas: What references lead to.
        node: The schema of the body.
        value: The body.
        whole: Whether to enter every item of a list, and every key of a map, and not the first alone.
    """
    walk = _Walk(schemas, whole)
    yield from walk.enter(node, value, (), False)


class _Walk:
    def __init__(self, schemas: Schemas, whole: bool) -> None:
        self._schemas = schemas
        self._whole = whole

    def enter(self, node: Node, value: Any, path: Path, wrapped: bool) -> Iterator[Place]:
        yield Place(path, value, node, wrapped)
        if "$ref" in node:
            yield from self.enter(self._schemas.resolve(node), value, path, wrapped)
        for inner in node.get("allOf", ()):
            yield from self.enter(inner, value, path, wrapped)
        for keyword in _UNIONS:
            if keyword in node:
                accepting = [each for each in node[keyword] if self._schemas.is_valid(each, value)]
                if len(accepting) == 1:
                    yield from self.enter(accepting[0], value, path, True)
        if "if" in node:
            branch = "then" if self._schemas.is_valid(node["if"], value) else "else"
            if branch in node:
                yield from self.enter(node[branch], value, path, wrapped)
        if isinstance(value, dict):
            yield from self._in_object(node, value, path, wrapped)
        elif isinstance(value, list):
            yield from self._in_list(node, value, path, wrapped)

    def _in_object(self, node: Node, value: dict[str, Any], path: Path, wrapped: bool) -> Iterator[Place]:
        for key, inner in node.get("dependentSchemas", {}).items():
            if key in value:
                yield from self.enter(inner, value, path, wrapped)
        properties = node.get("properties", {})
        for key, inner in properties.items():
            if key in value:
                yield from self.enter(inner, value[key], (*path, key), wrapped)
        others = [key for key in value if key not in properties]
        for pattern, inner in node.get("patternProperties", {}).items():
            for key in self._some([key for key in value if patterns.matches(pattern, key)]):
                yield from self.enter(inner, value[key], (*path, key), wrapped)
            others = [key for key in others if not patterns.matches(pattern, key)]
        for keyword in ("additionalProperties", "unevaluatedProperties"):
            if isinstance(node.get(keyword), dict):
                for key in self._some(others):
                    yield from self.enter(node[keyword], value[key], (*path, key), wrapped)

    def _in_list(self, node: Node, value: list[Any], path: Path, wrapped: bool) -> Iterator[Place]:
        first = node.get("prefixItems", [])
        for index, inner in enumerate(first[: len(value)]):
            yield from self.enter(inner, value[index], (*path, index), wrapped)
        if isinstance(node.get("items"), dict):
            for index in self._some(range(len(first), len(value))):
                yield from self.enter(node["items"], value[index], (*path, index), wrapped)

    def _some(self, found: Any) -> Any:
        return found if self._whole else found[:1]


def replaced(body: Any, path: Path, value: Any) -> Any:
    """Return a body with another value at a path; what lies beside the path is shared."""
    if not path:
        return value
    copy = body.copy()
    copy[path[0]] = replaced(body[path[0]], path[1:], value)
    return copy


def pointer(path: Path) -> str:
    """Return a path as a JSON Pointer."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
