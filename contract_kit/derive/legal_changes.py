"""Changes valid values to other values that the document also allows, but that might surprise a client."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count, islice
from typing import Any

from contract_kit.prove.validators import Validators
from contract_kit.read.graph import Node
from contract_kit.read.normalizing import KEPT_FORMAT, KEPT_PATTERN
from contract_kit.read.paths import Path, without

from .model import key_of
from .places import NEW_KEY, OF_TYPE, Change, Place
from .scalars import as_number

ENUM_VALUE, NON_ASCII = "enum-value", "non-ascii"
_TEXT = "Zoë 🐦 текст"
_MOST_MULTIPLES = 1_000
_LONGEST_VALUE = 40
"""The maximum length of an enum value in an id. A hash replaces a longer value."""
_DOUBLE = 2**53
"""A double can represent every integer up to this one exactly."""
_SMALL = frozenset(f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32))
"""The integer formats that are too small for big integers and for milliseconds."""
_SECONDS = range(10**9, 10**10)
"""Integers that could be Unix timestamps in seconds, from 2001 to 2286."""
_OFFSET = timedelta(hours=5, minutes=30)
_DATE_TIME = re.compile(r"(.{19})(\.[0-9]+)?(Z|z|[+-][0-9]{2}:[0-9]{2})")
"""Splits a date-time into the part up to the second, the fraction of a second, and the UTC offset."""


def variations(
    validators: Validators, place: Place, discriminators: Collection[Path] = ()
) -> Iterator[Change]:
    """Yield changes to a place's value that the place's schema seems to allow.

    The values at the paths in `discriminators` aren't removed, and get no text that names no schema.
    """
    node, value = place.node, place.value
    yield from enum_values(node.get("enum", ()), value)
    if "type" in node:
        yield from _types(validators, place)
    for branch in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        if branch.get("type") == "null" and not node.allows_no_null_case and value is not None:
            yield _legal("allowed-null", None, "is null")
    if isinstance(value, dict) and "properties" in node:
        yield from _keys(place, discriminators)
    plain = not {"enum", "const", "format", "pattern", KEPT_FORMAT, KEPT_PATTERN} & node.keys()
    if isinstance(value, str) and node.get("type") == "string" and plain and place.path not in discriminators:
        yield _legal(NON_ASCII, _TEXT, f"is {_TEXT!r}")
    if isinstance(value, str):
        yield from _unusual(node.get("format", ""), value)
    if "multipleOf" in node and isinstance(value, int | float) and not isinstance(value, bool):
        yield from _multiples(validators, node, value)
    if node.get("type") == "array" and value:
        if not node.get("minItems"):
            yield _legal("empty-list", [], "is an empty list")
        if not node.get("uniqueItems") and len(value) < node.get("maxItems", len(value) + 1):
            yield _legal("repeated-item", [*value, value[-1]], "has a duplicate item")


def enum_values(listed: Any, value: Any) -> Iterator[Change]:
    """Yield a change to each of the enum's other values."""
    for other in listed:
        if other != value:
            written = json.dumps(other, ensure_ascii=False)
            parameter = written if len(written) <= _LONGEST_VALUE else key_of(written)
            yield _legal(ENUM_VALUE, other, f"is {other!r}", parameter)


def _types(validators: Validators, place: Place) -> Iterator[Change]:
    node, value = place.node, place.value
    for name in node.types if len(node.types) > 1 else ():
        if name == "null" and not node.allows_no_null_case:
            yield _legal("allowed-null", None, "is null")
        elif name != "null" and type(value) is not type(OF_TYPE[name]):
            yield _legal("allowed-type", OF_TYPE[name], f"is of type {name}", name)
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > _DOUBLE:
        return
    if "number" in node.types:
        text = f"{Decimal(repr(value)).normalize():e}"
        yield Change("exponent", float(value), f"is written {text}", "", text=text)
    elif not validators.graph.document.is_3_0:
        yield _legal("integer-as-float", float(value), f"is written {float(value)}")
    if not isinstance(value, int) or node.get(KEPT_FORMAT) in _SMALL:
        return
    if value in _SECONDS and validators.is_valid(node, value * 1_000):
        yield _legal("seconds-as-milliseconds", value * 1_000, f"is {value * 1_000} instead of {value}")
    if "integer" in node.types and validators.is_valid(node, _DOUBLE + 1):
        yield _legal("big-integer", _DOUBLE + 1, f"is {_DOUBLE + 1:,}, which no double can represent")


def _unusual(format_: str, value: str) -> Iterator[Change]:
    """Yield unusual values, or unusual notations of the same value, that the format allows."""
    if format_ == "uuid" and value.upper() != value:
        yield _legal("upper-case", value.upper(), f"is {value.upper()!r}")
    if format_ != "date-time" or (found := _DATE_TIME.fullmatch(value)) is None:
        return
    whole, fraction, zone = found.groups(default="")
    texts = {"nine-digits": f"{whole}.123456789{zone}", "short-fraction": f"{whole}.5{zone}"}
    texts |= {"no-fraction": f"{whole}{zone}"} if fraction else {}
    if zone in ("Z", "z") and not fraction:
        texts["lower-case"] = value.lower()
        with contextlib.suppress(ValueError, OverflowError):  # a leap second, or the end of the year 9999
            later = datetime.fromisoformat(value.upper()) + _OFFSET
            texts["offset"] = f"{later.isoformat(timespec='seconds')[:19]}+05:30"
    for operator, text in texts.items():
        if text != value:
            yield _legal(operator, text, f"is {text!r}")


def _multiples(validators: Validators, node: Node, value: float) -> Iterator[Change]:
    """Yield a multiple of `multipleOf` whose quotient isn't an integer in floating-point arithmetic."""
    step = Fraction(str(node["multipleOf"]))
    first = Fraction(str(value)) // step
    numbers = ((each, as_number(each * step)) for each in islice(count(first), _MOST_MULTIPLES))
    inexact = (number for each, number in numbers if number / float(step) != each)
    if (found := next((each for each in inexact if validators.is_valid(node, each)), None)) is not None:
        yield _legal("inexact-multiple", found, f"is {found}, a multiple of {node['multipleOf']}")


def _keys(place: Place, discriminators: Collection[Path]) -> Iterator[Change]:
    value, required = place.value, {*place.node.get("required", ())}
    for key in place.node["properties"]:
        if key in value and key not in required and (*place.path, key) not in discriminators:
            yield Change("optional-absent", without(value, (key,)), f"has no property {key}", "", path=(key,))
    yield _legal("unknown-field", value | {NEW_KEY: {"since": "today"}}, "has an undocumented field")


def _legal(operator: str, value: Any, breaks: str, parameter: str = "") -> Change:
    return Change(operator, value, breaks, "", parameter)
