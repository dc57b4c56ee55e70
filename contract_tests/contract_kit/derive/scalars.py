"""Chooses the type of a value, and builds strings and numbers that schemas allow."""

from __future__ import annotations

from fractions import Fraction

from contract_kit.errors import UncoverableError
from contract_kit.read import formats, patterns
from contract_kit.read.graph import Node
from contract_kit.read.normalizing import HINTS, KEPT_FORMAT, KEPT_PATTERN

_EXAMPLES = formats.KEPT_EXAMPLES | formats.EXAMPLES
_LONGEST = 10_000
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


def string(parts: list[Node], salt: int) -> str:
    """Return a string that all nodes allow. If possible, different salts give different strings.

    Raises:
        UncoverableError: No string that all nodes allow was found.
    """
    shortest = max((int(part["minLength"]) for part in parts if "minLength" in part), default=0)
    longest = min((int(part["maxLength"]) for part in parts if "maxLength" in part), default=_LONGEST)
    if shortest > min(longest, _LONGEST):
        raise UncoverableError(f"No string has at least {shortest} and at most {longest} characters.")
    named = [part.get("format") or part.get(KEPT_FORMAT) for part in parts]
    examples = next((_EXAMPLES[name] for name in named if name in _EXAMPLES), ())
    written = [part[keyword] for keyword in ("pattern", KEPT_PATTERN) for part in parts if keyword in part]
    fitting = [text for text in examples if shortest <= len(text) <= longest]
    fitting = [text for text in fitting if all(patterns.keeps(pattern, text) for pattern in written)]
    if fitting:
        return fitting[salt % len(fitting)]
    if written:
        return patterns.example(written[0], shortest, longest)
    if examples:
        raise UncoverableError(
            f"No value of the format {' or '.join(filter(None, named))} has the required length."
        )
    text = f"text{salt or ''}"
    return text.ljust(shortest, "x")[:longest]


def number(name: str, parts: list[Node], salt: int) -> int | float:
    """Return a number that all nodes allow. If possible, different salts give different numbers.

    Raises:
        UncoverableError: No number that all nodes allow was found.
    """
    lowest = max((part["minimum"] for part in parts if "minimum" in part), default=None)
    highest = min((part["maximum"] for part in parts if "maximum" in part), default=None)
    above = max((part["exclusiveMinimum"] for part in parts if "exclusiveMinimum" in part), default=None)
    below = min((part["exclusiveMaximum"] for part in parts if "exclusiveMaximum" in part), default=None)
    whole = name == "integer"
    step = next((part["multipleOf"] for part in parts if "multipleOf" in part), None)
    candidates: list[int | float] = [1 + salt, 0, salt, -1 - salt]
    for bound, away in ((lowest, 0), (highest, 0), (above, 1), (below, -1)):
        if bound is not None:
            candidates += [bound + away, bound + away + salt, bound + away - salt]
            candidates += [] if whole else [bound + away / 1024]
    if step is not None:
        size = Fraction(str(step))
        near = [Fraction(str(value)) // size * size for value in candidates]
        candidates = [as_number(value) for value in (*near, *(each + size for each in near))]
    for value in candidates:
        value = int(value) if whole and value == int(value) else value
        fits = (lowest is None or value >= lowest) and (highest is None or value <= highest)
        fits = fits and (above is None or value > above) and (below is None or value < below)
        if fits and (not whole or isinstance(value, int)):
            return value
    raise UncoverableError("No number was found between the bounds.")


def as_number(value: Fraction) -> int | float:
    """Return a whole fraction as an integer. Otherwise, return the nearest double: 7/20 becomes 0.35."""
    return int(value) if value.denominator == 1 else float(value)
