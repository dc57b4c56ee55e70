"""Breaks the keywords of scalars: types, enums, bounds, lengths, patterns and formats."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from contract_kit.prove.validators import Validators
from contract_kit.read import formats, patterns
from contract_kit.read.graph import Node
from contract_kit.read.normalizing import FROM_FORMAT

from .places import NEW_VALUE, OF_TYPE, Change
from .scalars import as_number

_LONGEST = 100_000


def type_(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield a value of each type that the schema does not allow."""
    allowed = {node["type"]} if isinstance(node["type"], str) else set(node["type"])
    allowed |= {"integer"} if "number" in allowed else set()
    for name, wrong in OF_TYPE.items():
        if name not in allowed:
            yield Change("type", name, wrong, f"is of type {name}")


def enum(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield values that the enum does not list."""
    listed = node["enum"]
    if any(isinstance(each, str) for each in listed):
        yield Change("enum", "new", NEW_VALUE, f"is {NEW_VALUE!r}")
        other = next(each for each in listed if isinstance(each, str)).swapcase()
        if other not in listed:
            yield Change("enum", "case", other, f"is {other!r}")
    numbers = [each for each in listed if isinstance(each, int | float) and not isinstance(each, bool)]
    if numbers:
        yield Change("enum", "new", max(numbers) + 1, f"is {max(numbers) + 1}")
    if all(isinstance(each, bool) for each in listed) and len(listed) == 1:
        yield Change("enum", "opposite", not listed[0], f"is {not listed[0]}")


def const(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield another value of the same type."""
    for name, other in OF_TYPE.items():
        if other != node["const"] and type(other) is type(node["const"]):
            yield Change("const", name, other, f"is {other!r}")
    if isinstance(node["const"], bool):
        yield Change("const", "opposite", not node["const"], f"is {not node['const']}")


def bounds(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield numbers just outside and far outside a bound."""
    whole = node.get("type") == "integer"
    for keyword, away in (("minimum", -1), ("maximum", 1), ("exclusiveMinimum", 0), ("exclusiveMaximum", 0)):
        if keyword not in node:
            continue
        bound = node[keyword]
        beyond = "below" if "inimum" in keyword else "above"
        kind = node.get(FROM_FORMAT, {}).get(keyword, "")
        note = f", {beyond} the range of {kind}" if kind else ""
        yield Change(keyword, "just-outside", bound + away, f"is {bound + away}{note}", kind)
        # As doubles, a bound of int64 and the integers near it are equal, so the far value is 2**63 away.
        distance = 2**63 if kind == "int64" else 1_000
        far = bound - distance if beyond == "below" else bound + distance
        yield Change(keyword, "far-outside", far, f"is {far}{note}", kind)
        if not whole and away:
            near = bound + away / 1024
            yield Change(keyword, "fraction-outside", near, f"is {near}")


def multiple(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield a number between two multiples."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return
    step = Fraction(str(node["multipleOf"]))
    if step.denominator > 1:
        between = as_number(Fraction(str(value)) + step / 2)
        yield Change("multipleOf", "half-more", between, f"is {between}")
    elif step > 1:
        yield Change("multipleOf", "one-more", value + 1, f"is {value + 1}")


def lengths(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield strings that are too short or too long."""
    if not isinstance(value, str):
        return
    if node.get("minLength"):
        short = value[: int(node["minLength"]) - 1]
        yield Change("minLength", "one-short", short, f"has {len(short)} character{'s' * (len(short) != 1)}")
        if short:
            yield Change("minLength", "empty", "", "is empty")
    if "maxLength" in node and node["maxLength"] < _LONGEST:
        long = value.ljust(int(node["maxLength"]) + 1, value[-1:] or "x")
        yield Change("maxLength", "one-more", long, f"has {len(long)} character{'s' * (len(long) != 1)}")


def pattern(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield strings that the pattern does not match."""
    if not isinstance(value, str):
        return
    candidates = {
        "empty": "",
        "words": "seven",
        "sign": "!",
        "sign-after": value + "!",
        "sign-before": "!" + value,
    }
    for name, text in candidates.items():
        if not patterns.matches(node["pattern"], text):
            yield Change("pattern", name, text, f"is {text[:60]!r}")


def format_(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield strings that look like the format, but are invalid."""
    if isinstance(value, str):
        for name, text in formats.BROKEN[node["format"]].items():
            kind = "format date-time" if node["format"] == "date-time" and name != "space" else ""
            yield Change("format", name, text, f"is {text!r}", kind)
