"""Breaks the keywords for scalars: types, enums, bounds, lengths, patterns and formats."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from contract_kit.prove.validators import Validators
from contract_kit.read import patterns
from contract_kit.read.graph import Node
from contract_kit.read.normalizing import FROM_FORMAT

from .near_misses import near_misses
from .places import NEW_VALUE, OF_TYPE, TYPE_NAMES, Change, Place, too_few, too_many
from .scalars import as_number

_LONGEST = 100_000
_UNLISTED = ", which isn't in the enum"
_OUTSIDE = {
    "minimum": "below the minimum",
    "maximum": "above the maximum",
    "exclusiveMinimum": "not above the exclusive minimum",
    "exclusiveMaximum": "not below the exclusive maximum",
}


def type_(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield a value of each type that the schema forbids and no near miss covers."""
    near = {TYPE_NAMES[type(each.value)] for each in near_misses(Place(("inside",), value, node))}
    allowed = {*node.types} | ({"integer"} if "number" in node.types else set())
    for name, wrong in OF_TYPE.items():
        if name not in allowed | near:
            yield Change("type", wrong, f"has the wrong type ({name})", parameter=name)


def enum(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield values that the enum doesn't list."""
    listed = node["enum"]
    if any(isinstance(each, str) for each in listed):
        yield Change("enum-new", NEW_VALUE, f"is {NEW_VALUE!r}{_UNLISTED}", "enum")
    numbers = [each for each in listed if isinstance(each, int | float) and not isinstance(each, bool)]
    if numbers:
        yield Change("enum-new", max(numbers) + 1, f"is {max(numbers) + 1}{_UNLISTED}", "enum")
    if all(isinstance(each, bool) for each in listed) and len(listed) == 1:
        yield Change("enum", not listed[0], f"is {str(not listed[0]).lower()}{_UNLISTED}")


def const(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield a different value of the same type."""
    for name, other in OF_TYPE.items():
        if other != node["const"] and type(other) is type(node["const"]):
            breaks = f"is {other!r}, but const allows only {node['const']!r:.60}"
            yield Change("const", other, breaks, parameter=name)
    if isinstance(node["const"], bool):
        opposite, only = (str(each).lower() for each in (not node["const"], node["const"]))
        breaks = f"is {opposite}, but const allows only {only}"
        yield Change("const", not node["const"], breaks, parameter="opposite")


def bounds(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield numbers just outside and far outside a bound."""
    whole = node.get("type") == "integer"
    for keyword, away in (("minimum", -1), ("maximum", 1), ("exclusiveMinimum", 0), ("exclusiveMaximum", 0)):
        if keyword not in node:
            continue
        bound = node[keyword]
        beyond = "below" if "inimum" in keyword else "above"
        named = node.get(FROM_FORMAT, {}).get(keyword, "")
        note = f"{beyond} the range of {named}" if named else f"{_OUTSIDE[keyword]} of {bound}"
        operator = named or keyword
        near, breaks = bound + away, f"is {bound + away}, {note}"
        yield Change(operator, near, breaks, keyword, "just-outside")
        # As a double, an int64 bound is equal to nearby integers, so the far value is 2**63 away.
        distance = 2**63 if named == "int64" else 1_000
        far = bound - distance if beyond == "below" else bound + distance
        yield Change(operator, far, f"is {far}, {note}", keyword, "far-outside")
        if not whole and away and not named:
            near = bound + away / 1024
            yield Change(keyword, near, f"is {near}, {note}", parameter="fraction-outside")


def multiple(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield a number between two multiples."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return
    step = Fraction(str(node["multipleOf"]))
    if step.denominator > 1:
        between = as_number(Fraction(str(value)) + step / 2)
        breaks = f"is {between}, not a multiple of {node['multipleOf']}"
        yield Change("multipleOf", between, breaks, parameter="half-more")
    elif step > 1:
        breaks = f"is {value + 1}, not a multiple of {node['multipleOf']}"
        yield Change("multipleOf", value + 1, breaks, parameter="one-more")


def lengths(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield strings that are too short or too long."""
    if not isinstance(value, str):
        return
    if node.get("minLength"):
        least = int(node["minLength"])
        short = value[: least - 1]
        yield Change("minLength", short, too_few(len(short), "character", least), parameter="one-short")
        if short:
            yield Change("minLength", "", too_few(0, "character", least), parameter="empty")
    if "maxLength" in node and node["maxLength"] < _LONGEST:
        most = int(node["maxLength"])
        long = value.ljust(most + 1, value[-1:] or "x")
        yield Change("maxLength", long, too_many(len(long), "character", most), parameter="one-more")


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
            breaks = f"is {text[:60]!r}, which doesn't match the pattern"
            yield Change("pattern", text, breaks, parameter=name)


def format_(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield strings that look like the format but are invalid."""
    if isinstance(value, str):
        name = node["format"]
        for parameter, text in _invalid(name, value):
            operator = name if name == "date-time" else "format"
            breaks = f"is {text!r}, which is not a valid {name}"
            yield Change(operator, text, breaks, "format", parameter)


def _invalid(name: str, valid: str) -> Iterator[tuple[str, str]]:
    match name:
        case "date-time":
            zone = valid[19:].lstrip(".0123456789")
            yield "no-such-day", f"{valid[:4]}-02-30{valid[10:]}"
            yield "no-such-hour", f"{valid[:11]}24{valid[13:]}"
            yield "no-such-zone", f"{valid.removesuffix(zone)}+24:00"
            yield "basic", valid.replace("-", "").replace(":", "")
        case "date":
            yield "no-such-day", f"{valid[:4]}-02-30"
        case "uuid":
            yield "one-digit-short", valid[:-1]
        case "ipv4":
            yield "out-of-range", f"{valid.rpartition('.')[0]}.256"
            yield "three-parts", valid.rpartition(".")[0]
        case "ipv6":
            yield "two-gaps", f"{valid}::7"
        case "email":
            yield "no-at", valid.replace("@", " at ")
