"""Builds values that a schema allows: with all parts that it describes, or only with the required parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Any

from contract_kit.errors import UncoverableError
from contract_kit.prove.validators import Validators
from contract_kit.read import patterns
from contract_kit.read.graph import Node

from . import scalars
from .unions import Picks, Union

_DEEPEST = 14
LARGEST = 2_000
"""A body with this many values gets no further optional parts."""
_MOST_PLACES, _MOST_VALUES = 3_000, 20_000
"""The maximum number of values of a body, without and with the repeated items of lists."""
_LONGEST = 10_000
_BRANCHES = ("oneOf", "anyOf")


class _TooDeepError(UncoverableError):
    """A schema contains itself, so optional parts are not built any deeper."""


class Builder:
    """Builds one value.

    Args:
        validators: The validators of the document's schemas.
        everything: Whether optional properties and items are built too.
        picks: The branch to take of each union. The key is the id of the union's schema and the union's
            keyword; the value is the index of the branch. The default is the first branch.
        above: The ids of the schemas of the objects and lists that contain the value.
        known: The ids of the schemas whose optional parts are left out, because another body has them.
    """

    def __init__(
        self,
        validators: Validators,
        everything: bool = True,
        picks: Picks | None = None,
        above: tuple[int, ...] = (),
        known: Set[int] = frozenset(),
    ) -> None:
        self.unions: dict[tuple[int, str], Union] = {}
        """The unions that were found during building."""
        self._validators = validators
        self._everything = everything
        self._picks = picks or {}
        self.built: set[int] = set()
        """The ids of the schemas that the value was built for."""
        self._known = known
        self._stack = list(above)
        self._path: list[str | int] = []
        self._nodes: list[tuple[Node, ...]] = []
        self.size = 0
        """The number of values that were built."""
        self._places = 0
        self._salt = 0

    def build(self, *nodes: Node, step: str | int | None = None) -> Any:
        """Return a value that all of these nodes should allow; a validator must still confirm it.

        Args:
            nodes: The schemas.
            step: The key or index of the value in the object or list that is being built.

        Raises:
            UncoverableError: No value that all of the nodes allow was found.
        """
        nodes = tuple({id(node): node for node in nodes}.values())
        ids = [id(node) for node in nodes]
        self.size += 1
        self._places += 1
        if self._places > _MOST_PLACES or self.size > _MOST_VALUES:
            raise UncoverableError(f"Its smallest valid body has over {_MOST_PLACES:,} values.")
        if len(self._stack) > 150 or any(self._stack.count(each) >= 2 for each in ids):
            raise _TooDeepError("The schema contains itself endlessly.")
        is_known = bool(self._nodes) and all(self._target(node) in self._known for node in nodes)
        everything, self._everything = self._everything, self._everything and not is_known
        self.built.update(map(self._target, nodes))
        self._stack += ids
        self._nodes.append(nodes)
        self._path += [] if step is None else [step]
        try:
            return self._value(list(self.parts(nodes)))
        finally:
            self._everything = everything
            del self._stack[len(self._stack) - len(ids) :]
            self._nodes.pop()
            del self._path[len(self._path) - (step is not None) :]

    def _target(self, node: Node) -> int:
        return id(self._validators.graph.target(node))

    def parts(self, nodes: Iterable[Node], seen: frozenset[int] = frozenset()) -> Iterator[Node]:
        """Yield these nodes, and the nodes that they apply to the same value.

        Of the branches of a union, only the chosen branch is yielded.
        """
        for node in nodes:
            if id(node) in seen:
                raise _TooDeepError("The schema contains itself endlessly.")
            inner = seen | {id(node)}
            yield node
            if "$ref" in node:
                yield from self.parts([self._validators.graph.resolve(node)], inner)
            yield from self.parts(node.get("allOf", []), inner)
            yield from self._child(node, inner)
            yield from self.parts(node.get("dependentSchemas", {}).values(), inner)
            for keyword in _BRANCHES:
                if keyword in node:
                    yield from self.parts([self._branch(node, keyword)], inner)
            if "if" in node:
                names = ("else",) if self._pick(node, "if", 2) else ("if", "then")
                yield from self.parts([node[name] for name in names if name in node], inner)

    def _child(self, parent: Node, seen: frozenset[int]) -> Iterator[Node]:
        """Yield the first child in a parent's discriminator mapping, and the schemas that this child adds.

        Yield nothing if the parent was reached from a child in the mapping.
        """
        found = self._validators.graph.discriminator(parent)
        if not found or not found.is_explicit or {"anyOf", "oneOf"} & parent.keys():
            return
        children = list(found.schemas.values())
        if not any(child is parent or id(child) in seen for child in children):
            yield children[0]
            yield from self.parts(
                self._validators.graph.added_to(parent, children[0]), seen | {id(children[0])}
            )

    def _branch(self, node: Node, keyword: str) -> Node:
        branches: list[Node] = node[keyword]
        return branches[self._pick(node, keyword, len(branches))]

    def _pick(self, node: Node, keyword: str, count: int) -> int:
        if (key := (id(node), keyword)) not in self.unions:
            nodes = self._nodes[-1]
            above = tuple(self._stack[: -len(nodes)])
            self.unions[key] = Union(node, keyword, count, tuple(self._path), nodes, above)
        return self._picks.get(key, 0)

    def _value(self, parts: list[Node]) -> Any:
        for part in parts:
            if "const" in part:
                return part["const"]
        enums = [part["enum"] for part in parts if "enum" in part]
        if enums:
            allowed = [value for value in enums[0] if all(value in each for each in enums[1:])]
            allowed.sort(key=lambda value: value is None)
            if not allowed:
                raise UncoverableError("No value is in all of its enums.")
            return allowed[self._salt % len(allowed)]
        name = scalars.type_of(parts)
        if name == "object":
            return self._told_apart(parts, self._discriminated(parts, self._object(parts)))
        if name == "array":
            return self._array(parts)
        return self._scalar(name, parts)

    def _scalar(self, name: str, parts: list[Node]) -> Any:
        for part in parts:
            for example in part.get("examples", ()) if not self._salt else ():
                whole = isinstance(example, str | int | float | bool)
                if whole and all(self._validators.is_legal(each, example) for each in parts):
                    return example
        if name == "string":
            return scalars.string(parts, self._salt)
        if name in ("integer", "number"):
            return scalars.number(name, parts, self._salt)
        return None if name == "null" else self._salt % 2 == 0

    def _object(self, parts: list[Node]) -> dict[str, Any]:
        properties: dict[str, list[Node]] = {}
        for part in parts:
            for key, inner in part.get("properties", {}).items():
                properties.setdefault(key, []).append(inner)
        required = {name for part in parts for name in part.get("required", ())}
        built: dict[str, Any] = {}
        for key in [*properties, *sorted(required - properties.keys())]:
            nodes = (*properties.get(key, ()), *_of_other_keys(key, parts, key in properties))
            self._property(built, key, nodes, key in required)
        self._dependents(built, parts, properties)
        self._other_keys(built, parts)
        return built

    def _discriminated(self, parts: list[Node], built: dict[str, Any]) -> dict[str, Any]:
        """If an object's schema has a discriminator, set it to the value that names the chosen schema."""
        for found in filter(None, map(self._validators.graph.discriminator, parts)):
            nodes = [
                part["properties"][found.property]
                for part in parts
                if found.property in part.get("properties", {})
            ]
            for value, schema in found.schemas.items():
                chosen = any(part is schema for part in parts)
                if chosen and all(self._validators.accepts(node, value) for node in nodes):
                    built[found.property] = value
                    break
        return built

    def _told_apart(self, parts: list[Node], built: dict[str, Any]) -> dict[str, Any]:
        """Change an object so that only the chosen branch of a `oneOf` accepts it.

        For each other branch, leave out a property that the branch requires, or change the type of a property
        that the branch describes.
        """
        for node in [part for part in parts if "oneOf" in part]:
            chosen = self._branch(node, "oneOf")
            for other in node["oneOf"]:
                if other is chosen or not self._validators.accepts(other, built):
                    continue
                built = next(
                    (
                        changed
                        for changed in self._refused(other, built)
                        if not self._validators.accepts(other, changed)
                        and self._validators.accepts(chosen, changed)
                    ),
                    built,
                )
        return built

    def _refused(self, branch: Node, built: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for part in self.parts([branch]):
            for key in part.get("required", ()):
                yield {name: value for name, value in built.items() if name != key}
            for key in part.get("properties", {}):
                yield from (built | {key: wrong} for wrong in (7, "seven"))

    def _property(self, built: dict[str, Any], key: str, nodes: tuple[Node, ...], required: bool) -> None:
        wanted = self._everything and self.size < LARGEST and len(self._stack) < _DEEPEST * 2
        is_hidden = any(map(self._validators.graph.is_hidden, nodes))
        if not required and (is_hidden or not wanted):
            return
        try:
            built[key] = self.build(*nodes, step=key)
        except UncoverableError:
            if required:
                raise

    def _dependents(
        self, built: dict[str, Any], parts: list[Node], properties: dict[str, list[Node]]
    ) -> None:
        for part in parts:
            for key, names in part.get("dependentRequired", {}).items():
                for name in names if key in built else ():
                    if name not in built:
                        built[name] = self.build(*properties.get(name, ()), step=name)

    def _other_keys(self, built: dict[str, Any], parts: list[Node]) -> None:
        for part in parts:
            for pattern, node in part.get("patternProperties", {}).items() if self._everything else ():
                key = patterns.example(pattern)
                if key not in built:
                    self._property(built, key, (node,), False)
        fewest = max((int(part["minProperties"]) for part in parts if "minProperties" in part), default=0)
        maps = any(isinstance(part.get("additionalProperties"), dict) for part in parts)
        wanted = max(fewest, 1 if maps and self._everything and not built else 0)
        names = [part["propertyNames"] for part in parts if "propertyNames" in part]
        for count in range(min(wanted, _LONGEST)):
            if len(built) >= wanted:
                return
            key = f"key{count}" if not names else self._key(names, count)
            built.setdefault(key, self.build(*_of_other_keys(key, parts, False), step=key))

    def _key(self, names: list[Node], count: int) -> str:
        self._salt = count
        try:
            return str(self.build(*names))
        finally:
            self._salt = 0

    def _array(self, parts: list[Node]) -> list[Any]:
        fewest = max((int(part["minItems"]) for part in parts if "minItems" in part), default=0)
        most = min((int(part["maxItems"]) for part in parts if "maxItems" in part), default=_LONGEST)
        contained = [part["contains"] for part in parts if isinstance(part.get("contains"), dict)]
        first = max((len(part.get("prefixItems", ())) for part in parts), default=0)
        closed = any(part.get("items") is False for part in parts)
        described = any(isinstance(part.get("items"), dict) for part in parts)
        wanted = fewest
        if self._everything and len(self._stack) < _DEEPEST * 2 and self.size < LARGEST:
            wanted = max(fewest, first + (1 if described and not closed else 0))
        items: list[Any] = []
        for index in range(min(wanted, most, _LONGEST)):
            nodes = [part["prefixItems"][index] for part in parts if index < len(part.get("prefixItems", ()))]
            nodes = nodes or [part["items"] for part in parts if isinstance(part.get("items"), dict)]
            places = self._places
            try:
                items.append(self._item(nodes, items, any(part.get("uniqueItems") for part in parts)))
            except UncoverableError:
                if index < fewest:
                    raise
                break
            if index > first:
                self._places = places  # the repeated items of a list give no mutants
        for part in parts:
            for _ in range(int(part.get("minContains", 1)) if "contains" in part and contained else 0):
                items.append(self.build(part["contains"], step=len(items)))
        return items

    def _item(self, nodes: list[Node], before: list[Any], unique: bool) -> Any:
        value = self.build(*nodes, step=len(before))
        outer = self._salt
        while unique and value in before and self._salt - outer < 20:
            self._salt += 1
            value = self.build(*nodes, step=len(before))
        self._salt = outer
        return value


def _of_other_keys(key: str, parts: list[Node], is_property: bool) -> list[Node]:
    """Return the schemas that apply to a key because it matches a pattern or is an additional property."""
    found = []
    for part in parts:
        matched = [
            node
            for pattern, node in part.get("patternProperties", {}).items()
            if patterns.matches(pattern, key)
        ]
        found += matched
        known = key in part.get("properties", {}) or matched
        if not known and isinstance(part.get("additionalProperties"), dict) and not is_property:
            found.append(part["additionalProperties"])
    return found
