"""Derives legal bodies that may surprise a client; `proving` confirms that they are legal."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import count, islice
from typing import Any

from contract_kit.prove.validators import Validators
from contract_kit.read import formats
from contract_kit.read.graph import Node
from contract_kit.read.normalizing import KEPT_FORMAT, KEPT_PATTERN

from .places import NEW_KEY, OF_TYPE, Change, Place
from .scalars import as_number

NON_ASCII = "non-ascii"
_MOST_MULTIPLES = 1_000
_TEXT = "Zoë 🐦 текст"


def variations(validators: Validators, place: Place) -> Iterator[Change]:
    """Yield each value that a place's schema seems to allow and that differs from the present value."""
    node, value = place.node, place.value
    yield from _enum_values(node.get("enum", ()), value)
    if "type" in node:
        yield from _types(validators, place)
    for branch in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        if (
            branch.get("type") == "null"
            and not validators.graph.allows_no_null_case(node)
            and value is not None
        ):
            yield _legal("null", None, "is null")
    if isinstance(value, dict) and "properties" in node:
        yield from _keys(place, validators.graph.discriminating)
    plain = not {"enum", "const", "format", "pattern", KEPT_FORMAT, KEPT_PATTERN} & node.keys()
    plain = plain and not (place.path and place.path[-1] in validators.graph.discriminating)
    if isinstance(value, str) and node.get("type") == "string" and plain:
        yield _legal(NON_ASCII, _TEXT, f"is {_TEXT!r}")
    for name, text in formats.UNUSUAL.get(node.get("format", ""), {}).items():
        if isinstance(value, str):
            yield _legal(name, text, f"is {text!r}")
    if "multipleOf" in node and isinstance(value, int | float):
        yield from _multiples(validators, node, value)
    if node.get("type") == "array" and value and not node.get("minItems"):
        yield _legal("empty-list", [], "is an empty list")


def _enum_values(listed: Any, value: Any) -> Iterator[Change]:
    for index, other in enumerate(listed):
        if other != value:
            yield _legal(f"enum-{index}", other, f"is {other!r}")


def _types(validators: Validators, place: Place) -> Iterator[Change]:
    node, value = place.node, place.value
    names = [node["type"]] if isinstance(node["type"], str) else node["type"]
    for name in names if len(names) > 1 else ():
        if name == "null" and not validators.graph.allows_no_null_case(node):
            yield _legal("null", None, "is null")
        elif name != "null" and type(value) is not type(OF_TYPE[name]):
            yield _legal(f"as-{name}", OF_TYPE[name], f"is of type {name}")
    if (
        not validators.graph.document.is_3_0
        and "integer" in names
        and isinstance(value, int)
        and abs(value) < 2**53
    ):
        yield _legal("integer-as-float", float(value), f"is written {float(value)}")


def _multiples(validators: Validators, node: Node, value: float) -> Iterator[Change]:
    """Yield a multiple of `multipleOf` that leaves a remainder if both are divided as doubles."""
    step = Fraction(str(node["multipleOf"]))
    first = Fraction(str(value)) // step
    numbers = ((each, as_number(each * step)) for each in islice(count(first), _MOST_MULTIPLES))
    inexact = (number for each, number in numbers if number / float(step) != each)
    if (found := next((each for each in inexact if validators.is_valid(node, each)), None)) is not None:
        yield _legal("inexact-multiple", found, f"is {found}, a multiple of {node['multipleOf']}")


def _keys(place: Place, discriminating: set[str]) -> Iterator[Change]:
    value, kept = place.value, {*place.node.get("required", ()), *discriminating}
    for key in place.node["properties"]:
        if key in value and key not in kept:
            yield _legal(f"without-{key}", {k: v for k, v in value.items() if k != key}, f"has no {key}")
    yield _legal("unknown-field", value | {NEW_KEY: {"since": "today"}}, "has an undocumented field")


def _legal(name: str, value: Any, breaks: str) -> Change:
    return Change("", name, value, breaks)
