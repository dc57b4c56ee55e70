"""Derives more values that a schema should allow: at its limits, and one for each type and branch."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from contract_kit.derive.building import Builder
from contract_kit.derive.places import NEW_KEY, OF_TYPE, Place
from contract_kit.errors import UncoverableError
from contract_kit.prove.validators import Validators
from contract_kit.read import patterns
from contract_kit.read.graph import Node

_LONGEST = 10_000
_MOST_ITEMS = 1_000
_CHARACTERS = "aZ7-_. /é"
_SHORT = 40
"""The number of characters of a text that are replaced, one at a time."""
_APPLYING = frozenset({"$ref", "allOf", "anyOf", "examples", "oneOf"})


def edges(validators: Validators, place: Place) -> Iterator[Any]:
    """Yield values for a place; a validator must confirm that its schema allows them."""
    node, value = place.node, place.value
    yield from _types(validators, node)
    yield from _branches(validators, node)
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from _numbers(node, value)
    elif isinstance(value, str):
        yield from _texts(node, value)
    elif isinstance(value, list):
        yield from _lists(node, value)
    elif isinstance(value, dict):
        yield from _objects(validators, node, value)


def _types(validators: Validators, node: Node) -> Iterator[Any]:
    named = node.get("type", list(OF_TYPE) if not node.keys() & _APPLYING else ())
    for name in () if isinstance(named, str) else named:
        yield OF_TYPE[name]
        with contextlib.suppress(UncoverableError):
            kept = {key: node[key] for key in node.keys() - _APPLYING}
            yield Builder(validators).build(kept | {"type": name})


def _branches(validators: Validators, node: Node) -> Iterator[Any]:
    for keyword in ("anyOf", "oneOf"):
        for index, branch in enumerate(node.get(keyword, ())):
            if branch.get("type") == "null":
                yield None
            with contextlib.suppress(UncoverableError):
                yield Builder(validators, picks={(id(node), keyword): index}).build(node)


def _numbers(node: Node, value: float) -> Iterator[Any]:
    bounds = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
    for bound in [node[keyword] for keyword in bounds if keyword in node]:
        yield from (bound, bound - 1, bound + 1, bound - 1 / 1024, bound + 1 / 1024)
    for step in filter(None, [node.get("multipleOf")]):
        yield from (step * times for times in (1, 2, 3, 5, 7))
        yield value + step
    yield from (-value, value + 1, value - 1)


def _texts(node: Node, value: str) -> Iterator[Any]:
    shortest, longest = int(node.get("minLength", 0)), int(node.get("maxLength", len(value) + 1))
    if longest <= _LONGEST:
        yield value.ljust(longest, value[-1:] or "x")
    yield value[:shortest]
    if "pattern" not in node:
        return
    texts = [value + each for each in _CHARACTERS] + [each + value for each in _CHARACTERS]
    for index in range(min(len(value), _SHORT)):
        texts += [value[:index] + each + value[index + 1 :] for each in _CHARACTERS]
        texts.append(value[:index] + value[index + 1 :])
    yield from (text for text in dict.fromkeys(texts) if patterns.keeps(node["pattern"], text))


def _lists(node: Node, value: list[Any]) -> Iterator[Any]:
    fewest, most = int(node.get("minItems", 0)), int(node.get("maxItems", len(value) + 1))
    yield value[:fewest]
    if value and most <= _MOST_ITEMS:
        yield (value * (most // len(value) + 1))[:most]
    yield [*value, *value[:1]]
    if not isinstance(node.get("items"), dict):
        yield from ([*value, each] for each in OF_TYPE.values())


def _objects(validators: Validators, node: Node, value: dict[str, Any]) -> Iterator[Any]:
    with contextlib.suppress(UncoverableError):
        yield Builder(validators, everything=False).build(node)
    others = node.get("additionalProperties")
    if isinstance(others, dict):
        with contextlib.suppress(UncoverableError):
            yield value | {NEW_KEY: Builder(validators).build(others)}
    if others is not False:
        yield from (value | {NEW_KEY: each} for each in OF_TYPE.values())
