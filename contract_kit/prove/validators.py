"""Validates values with two validators, against a graph's schemas.

A valid value is called legal if it also passes the checks that only some clients make. These concern formats
and patterns on which the validators disagree, discriminators with a mapping, and properties that aren't sent
(`readOnly` in requests, `writeOnly` in responses). A client is never required to refuse a mutant because of
these checks alone.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from contract_kit.read import formats, patterns
from contract_kit.read.graph import Graph, Node
from contract_kit.read.normalizing import (
    KEPT_FORMAT,
    KEPT_PATTERN,
    SUBSCHEMA,
    SUBSCHEMA_LISTS,
    SUBSCHEMA_MAPS,
)

if TYPE_CHECKING:
    from .second_validator import SecondValidators

_URN = "urn:contract-kit"
_Check = Callable[[str], bool]
_MOST_COMPILED = 12
"""The number of compiled schemas to cache. Each includes the schemas that it refers to: up to 4 MB."""
_BACKTRACKS = jsonschema_rs.FancyRegexOptions(backtrack_limit=1_000_000)


class Validators:
    """The validators for a graph's schemas. Each validator is created when it is first needed.

    Nodes can still be added to the graph later.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._known = 0
        self._first = functools.lru_cache(_MOST_COMPILED)(self._compiled)
        self._strict = functools.lru_cache(_MOST_COMPILED // 4)(self._compiled_strictly)
        self._second: dict[str, Any] = {}

    def is_valid(self, node: Node, value: Any) -> bool:
        """Whether a value is valid according to the first validator, jsonschema-rs."""
        return self.first(node).is_valid(value)

    def is_legal(self, node: Node, value: Any) -> bool:
        """Whether a value is valid and passes every check that any well-known validator might make."""
        return self.is_valid(node, value) and self.strict(node).is_valid(value)

    def refuses(self, node: Node, value: Any) -> bool:
        """Whether the first validator reports an error for an invalid value.

        If jsonschema-rs finds a value invalid without reporting an error, it failed to compile part of the
        schema.
        """
        first = self.first(node)
        return self._are_well_formed or any(True for _ in first.iter_errors(value))

    def first(self, node: Node) -> jsonschema_rs.Draft202012Validator:
        """Return the jsonschema-rs validator for a node."""
        return self._first(self._address(node))

    def strict(self, node: Node) -> jsonschema_rs.Draft202012Validator:
        """Return a node's jsonschema-rs validator that also makes every check for legal values."""
        address = self._address(node)
        return self._strict(address) if self._strict_registry else self._first(address)

    def accepts(self, node: Node, value: Any) -> bool:
        """Whether a value is valid according to the second validator, which needs no compilation."""
        return bool(self.second(node).is_valid(value))

    def second(self, node: Node) -> Any:
        """Return the jsonschema validator for a node, with our own implementation of some keywords."""
        address = self._address(node)
        if address not in self._second:
            self._second[address] = self._seconds.of(node.target)
        return self._second[address]

    def _address(self, node: Node) -> str:
        """Return a node's address. If the graph has grown, discard everything that was derived from it."""
        if len(self.graph.definitions) > self._known:
            self._known = len(self.graph.definitions)
            for name in ("_registry", "_strict_registry", "_are_well_formed"):
                self.__dict__.pop(name, None)
        return node.target.address

    def _compiled(self, address: str) -> jsonschema_rs.Draft202012Validator:
        return _compiled(address, self._registry, {})

    def _compiled_strictly(self, address: str) -> jsonschema_rs.Draft202012Validator:
        assert self._strict_registry  # noqa: S101 - otherwise, the first validator serves
        return _compiled(address, *self._strict_registry)

    @functools.cached_property
    def _are_well_formed(self) -> bool:
        """Whether all definitions are valid schemas. For invalid schemas, jsonschema-rs reports no errors."""
        return jsonschema_rs.meta.is_valid(self._whole)

    @property
    def _whole(self) -> dict[str, Any]:
        return {"$defs": self.graph.definitions}

    @functools.cached_property
    def _registry(self) -> jsonschema_rs.Registry:
        return jsonschema_rs.Registry([(_URN, self._whole)])

    @functools.cached_property
    def _strict_registry(self) -> tuple[jsonschema_rs.Registry, dict[str, _Check]] | None:
        """The schemas with the checks for legal values, and these checks; None if no checks are needed."""
        copier = _Copier(self.graph)
        definitions = {name: copier.copy(node) for name, node in self.graph.definitions.items()}
        if not copier.has_checks:
            return None
        return jsonschema_rs.Registry([(_URN, {"$defs": definitions | copier.added})]), copier.checks

    @functools.cached_property
    def _seconds(self) -> SecondValidators:
        from .second_validator import SecondValidators  # imported late: only proofs need it

        return SecondValidators(self.graph.definitions)


def _compiled(
    address: str, registry: jsonschema_rs.Registry, checks: dict[str, _Check]
) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        {"$ref": _URN + "#" + address},
        registry=registry,
        formats={"date-time": formats.is_time} | checks,
        validate_formats=True,
        pattern_options=_BACKTRACKS,
        offline=True,
    )


class _Copier:
    """Copies schemas, adding every check that a legal value must pass.

    Attributes:
        checks: The functions that check formats in the copies, by format name.
        added: Additional definitions: what a discriminator's children add to their parents.
        has_checks: Whether any copy has a check that its original lacks.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.checks: dict[str, _Check] = dict(formats.CHECKS)
        self.added: dict[str, dict[str, Any]] = {}
        self.has_checks = False
        self._keys: dict[Node, str] = {}

    def copy(self, node: Any) -> Any:
        if not isinstance(node, Node):
            return node
        copied: dict[str, Any] = {}
        for keyword, value in node.items():
            if keyword in SUBSCHEMA:
                copied[keyword] = self.copy(value)
            elif keyword in SUBSCHEMA_LISTS:
                copied[keyword] = list(map(self.copy, value))
            elif keyword in SUBSCHEMA_MAPS:
                copied[keyword] = {name: self.copy(inner) for name, inner in value.items()}
                if keyword == "properties":
                    left_out = {name: False for name in value if self._graph.is_left_out(node, name)}
                    copied[keyword] |= left_out
                    self.has_checks |= bool(left_out)
            else:
                copied[keyword] = value
        if more := [*self._strings(node), *self._discriminator(node)]:
            copied["allOf"] = [*copied.get("allOf", ()), *more]
            self.has_checks = True
        return copied

    def _strings(self, node: Node) -> Iterator[dict[str, Any]]:
        if (name := node.get(KEPT_FORMAT)) in formats.KEPT_EXAMPLES:
            yield {"format": name}
        if pattern := node.get(KEPT_PATTERN):
            name = f"pattern {pattern}"
            self.checks[name] = partial(patterns.keeps, pattern)
            yield {"format": name}

    def _discriminator(self, node: Node) -> Iterator[dict[str, Any]]:
        found = node.discriminator
        if not found or not found.is_explicit:
            return
        name = found.property
        yield {"required": [name], "properties": {name: {"enum": list(found.schemas)}}}
        for value, target in found.schemas.items():
            here = {"required": [name], "properties": {name: {"const": value}}}
            if {"anyOf", "oneOf"} & node.keys():
                yield {"if": here, "then": {"$ref": "#" + target.target.address}}
                continue
            added = self._graph.child(node, target)
            if (key := self._keys.setdefault(added, f"added-{len(self._keys)}")) not in self.added:
                self.added[key] = {}  # a child may contain its parent
                self.added[key] = self.copy(added)
            yield {"if": here, "then": {"$ref": f"#/$defs/{key}"}}
