"""Chooses types for values, and builds strings and numbers that schemas allow."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain
from string import ascii_lowercase
from typing import Any

from contract_kit.errors import UncoverableError
from contract_kit.read import formats, patterns
from contract_kit.read.graph import Node
from contract_kit.read.normalizing import HINTS, KEPT_FORMAT, KEPT_PATTERN

AVOIDED: tuple[Any, ...] = (0, 1, 7, "")
"""Values that are built only if a schema allows no others, because a lax client converts many broken values
to one of them: for example, `true` to 1."""

_EXAMPLES = formats.KEPT_EXAMPLES | formats.EXAMPLES
_LONGEST = 10_000
_TRIES = 12
_USUAL = (10, 99)
"""The preferred range for numbers."""
_SIZES = {"integer": [Fraction(1)], "number": [Fraction(1, 10**digits) for digits in (2, 4, 8, 16)]}
"""The steps between candidate numbers. The smaller steps are for narrow bounds."""
_ORDER = ("object", "array", "string", "number", "integer", "boolean", "null")
_HINTS = {
    "object": {"properties", "required", "additionalProperties", "patternProperties", "minProperties"},
    "array": {"items", "prefixItems", "minItems", "uniqueItems", "contains"},
    "string": {"minLength", "maxLength", "pattern", "format"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
}


def type_of(parts: list[Node]) -> str:
    """Return the type to build: the first type that all nodes allow.

    Raises:
        UncoverableError: No type is allowed by all nodes.
    """
    allowed = set(_ORDER)
    named = False
    for part in parts:
        if "type" in part:
            allowed &= _types(part)
            named = True
        if part.get("not", {}).keys() - HINTS == {"type"}:
            allowed -= _types(part["not"])
    if not named:
        hinted = {name for name, keywords in _HINTS.items() if any(keywords & part.keys() for part in parts)}
        order = [*(name for name in _ORDER if name in hinted), "string", *_ORDER]
    else:
        order = list(_ORDER)
    for name in order:
        if name in allowed:
            return name
    raise UncoverableError("No value has all of its types.")


def _types(node: Node) -> set[str]:
    return {*node.types} | ({"integer"} if "number" in node.types else set())


def string(parts: list[Node], name: str, seed: int) -> str:
    """Return a string that all nodes allow. If possible, different seeds produce different strings.

    Raises:
        UncoverableError: No string that all nodes allow was found.
    """
    shortest = max((int(part["minLength"]) for part in parts if "minLength" in part), default=0)
    longest = min((int(part["maxLength"]) for part in parts if "maxLength" in part), default=_LONGEST)
    if shortest > min(longest, _LONGEST):
        raise UncoverableError(f"No string has at least {shortest} and at most {longest} characters.")
    if any(KEPT_PATTERN in part for part in parts):
        name, seed = "text", 0  # checking is slow, so patterns share a few strings
    named = [part.get("format") or part.get(KEPT_FORMAT) for part in parts]
    example = next((_EXAMPLES[each] for each in named if each in _EXAMPLES), None)
    texts = [example(seed)] if example else [_text(name, each, shortest, longest, seed) for each in ("-", "")]
    written = [part[keyword] for keyword in ("pattern", KEPT_PATTERN) for part in parts if keyword in part]
    for text in texts:
        if shortest <= len(text) <= longest and all(patterns.keeps(pattern, text) for pattern in written):
            return text
    if written:
        return patterns.example(written[0], shortest, longest, seed % 100)
    raise UncoverableError(
        f"No value of the format {' or '.join(filter(None, named))} has the required length."
    )


def _text(name: str, separator: str, shortest: int, longest: int, seed: int) -> str:
    """Return a string with a property's name, such as `name-42`, or only letters if that is too long."""
    ending = f"{separator}{10 + seed % 90}"
    if longest <= len(ending):
        return "".join(ascii_lowercase[seed // 26**place % 26] for place in range(longest))
    return (name[: longest - len(ending)] + ending).ljust(shortest, "x")


def number(type_: str, parts: list[Node], seed: int) -> int | float:
    """Return a number that all nodes allow. If possible, different seeds produce different numbers.

    Raises:
        UncoverableError: No number that all nodes allow was found.
    """
    lows = _values(parts, "minimum", "exclusiveMinimum")
    highs = _values(parts, "maximum", "exclusiveMaximum")
    steps = _values(parts, "multipleOf")
    bounds = [each for each in (*lows, *highs) if not any(each % step for step in steps)]
    found: list[int | float] = []
    for size in _SIZES[type_]:
        step = functools.reduce(_common_multiple, steps, size)
        between = _between(max(lows, default=-math.inf), min(highs, default=math.inf), step, seed)
        for each in _as_type(type_, chain(between, bounds)):
            if _fits(parts, each):
                if not any(_flaws(type_, steps, each)):
                    return each
                found.append(each)
        if any(each not in AVOIDED for each in found):
            break
    if not found:
        raise UncoverableError("No number was found between the bounds.")
    return min(found, key=lambda each: _flaws(type_, steps, each))


def _values(parts: list[Node], *keywords: str) -> list[Fraction]:
    return [Fraction(str(part[each])) for part in parts for each in keywords if each in part]


def _between(lowest: Any, highest: Any, step: Fraction, seed: int) -> Iterator[Fraction]:
    """Yield multiples of the step between two bounds, starting at a multiple that the seed determines."""
    low, high = _USUAL[0], max(_USUAL[1], 10 * step)
    first, last = max(lowest, low), min(highest, high)
    if lowest > high:
        first, last = lowest, min(highest, lowest + high)
    elif highest < low:
        first, last = max(lowest, highest - high), highest
    least = math.ceil(first / step)
    count = math.floor(last / step) - least + 1
    yield from (step * (least + (seed + index) % count) for index in range(min(count, _TRIES)))


def _common_multiple(one: Fraction, other: Fraction) -> Fraction:
    numerator = math.lcm(one.numerator, other.numerator)
    return Fraction(numerator, math.gcd(one.denominator, other.denominator))


def _as_type(type_: str, numbers: Iterable[Fraction]) -> Iterator[int | float]:
    for each in numbers:
        if type_ == "number" and abs(each) >= 2**53:
            yield float(each)
        elif type_ == "number" or each.denominator == 1:
            yield as_number(each)


def _fits(parts: list[Node], value: float) -> bool:
    return all(
        part.get("minimum", -math.inf) <= value <= part.get("maximum", math.inf)
        and part.get("exclusiveMinimum", -math.inf) < value < part.get("exclusiveMaximum", math.inf)
        for part in parts
    )


def _flaws(type_: str, steps: list[Fraction], value: float) -> tuple[bool, ...]:
    """Return whether each reason to avoid a number applies, starting with the most important reason."""
    is_inexact = any(value / float(step) % 1 for step in steps)  # for clients that divide doubles
    is_round = type_ == "number" and round(value, 1) == value
    return value in AVOIDED, is_inexact, is_round and value == int(value), is_round


def as_number(value: Fraction) -> int | float:
    """Convert a fraction to an integer if it is whole, or else to the nearest double: 7/20 becomes 0.35."""
    return int(value) if value.denominator == 1 else float(value)
