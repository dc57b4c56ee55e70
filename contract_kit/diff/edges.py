"""Derives more numbers and strings that a schema might allow: at its limits, and close to a valid value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_kit.derive.places import Place
from contract_kit.read import patterns
from contract_kit.read.graph import Node

_LONGEST = 10_000
_CHARACTERS = "aZ7-_. /é"
_SHORT = 40
"""The maximum length of a string in which each character is replaced or removed in turn."""


def edges(place: Place) -> Iterator[Any]:
    """Yield values for a place; a validator must confirm that its schema allows them."""
    if isinstance(place.value, str):
        yield from _texts(place.node, place.value)
    elif isinstance(place.value, int | float) and not isinstance(place.value, bool):
        yield from _numbers(place.node, place.value)


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
