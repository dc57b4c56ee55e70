"""Derives values that should break each keyword at a place; `proving` confirms that they do."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from contract_kit.errors import UncoverableError
from contract_kit.prove.validators import Validators
from contract_kit.read import formats, patterns
from contract_kit.read.graph import DISCRIMINATOR, Node
from contract_kit.read.normalizing import FROM_FORMAT

from .building import Builder
from .places import NEW_KEY, NEW_VALUE, OF_TYPE, Change, Place, without
from .scalars import as_number

_LONGEST = 100_000
_MOST_ITEMS = 1_000
_UNIONS = ("oneOf", "anyOf")
_MOST_PAIRS = 8
_CLOSING = {"additionalProperties", "items", "unevaluatedItems", "unevaluatedProperties"}
"""Keywords that only break if they are false: otherwise, the schema of a child breaks."""


def breakable(validators: Validators, node: Node) -> set[str]:
    """Return the keywords of a schema that a change can break."""
    found = {
        keyword for keyword in node.keys() & _BY_KEYWORD.keys() if keyword not in _CLOSING | {"properties"}
    }
    found |= {keyword for keyword in _CLOSING & node.keys() if node[keyword] is False}
    if "contains" in node:
        found.add("maxContains")
    if {"not": {}} in node.get("properties", {}).values():
        found.add("not")
    if validators.graph.discriminator(node):
        found.add(DISCRIMINATOR)
    return found


def changes(validators: Validators, place: Place) -> Iterator[Change]:
    """Yield each way to break a keyword of a place's schema."""
    broken = [_BY_KEYWORD[keyword] for keyword in place.node if keyword in _BY_KEYWORD]
    for change in dict.fromkeys([*broken, _discriminated]):
        try:
            yield from change(validators, place.node, place.value)
        except UncoverableError:
            continue


def _type(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    allowed = {node["type"]} if isinstance(node["type"], str) else set(node["type"])
    allowed |= {"integer"} if "number" in allowed else set()
    for name, wrong in OF_TYPE.items():
        if name not in allowed:
            yield Change("type", name, wrong, f"is of type {name}")


def _enum(_: Validators, node: Node, value: Any) -> Iterator[Change]:
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


def _const(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    for name, other in OF_TYPE.items():
        if other != node["const"] and type(other) is type(node["const"]):
            yield Change("const", name, other, f"is {other!r}")
    if isinstance(node["const"], bool):
        yield Change("const", "opposite", not node["const"], f"is {not node['const']}")


def _bounds(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    whole = node.get("type") == "integer"
    for keyword, away in (("minimum", -1), ("maximum", 1), ("exclusiveMinimum", 0), ("exclusiveMaximum", 0)):
        if keyword not in node:
            continue
        bound = node[keyword]
        beyond = "below" if "inimum" in keyword else "above"
        kind = node.get(FROM_FORMAT, {}).get(keyword, "")
        note = f", {beyond} {kind}" if kind else ""
        yield Change(keyword, "just-outside", bound + away, f"is {bound + away}{note}", kind)
        # As doubles, a bound of int64 and the integers near it are equal, so the far value is 2**63 away.
        distance = 2**63 if kind == "int64" else 1_000
        far = bound - distance if beyond == "below" else bound + distance
        yield Change(keyword, "far-outside", far, f"is {far}{note}", kind)
        if not whole and away:
            near = bound + away / 1024
            yield Change(keyword, "fraction-outside", near, f"is {near}")


def _multiple(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return
    step = Fraction(str(node["multipleOf"]))
    if step.denominator > 1:
        between = as_number(Fraction(str(value)) + step / 2)
        yield Change("multipleOf", "half-more", between, f"is {between}")
    elif step > 1:
        yield Change("multipleOf", "one-more", value + 1, f"is {value + 1}")


def _lengths(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    if not isinstance(value, str):
        return
    if node.get("minLength"):
        short = value[: int(node["minLength"]) - 1]
        yield Change("minLength", "one-short", short, f"has {len(short)} characters")
        if short:
            yield Change("minLength", "empty", "", "is empty")
    if "maxLength" in node and node["maxLength"] < _LONGEST:
        long = value.ljust(int(node["maxLength"]) + 1, value[-1:] or "x")
        yield Change("maxLength", "one-more", long, f"has {len(long)} characters")


def _pattern(_: Validators, node: Node, value: Any) -> Iterator[Change]:
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


def _format(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    if isinstance(value, str):
        for name, text in formats.BROKEN[node["format"]].items():
            kind = "format date-time" if node["format"] == "date-time" and name != "space" else ""
            yield Change("format", name, text, f"is {text!r}", kind)


def _items(validators: Validators, node: Node, value: Any) -> Iterator[Change]:
    if not isinstance(value, list):
        return
    if node.get("minItems"):
        few = value[: int(node["minItems"]) - 1]
        yield Change("minItems", "one-short", few, f"has {len(few)} items")
        if few:
            yield Change("minItems", "empty", [], "is empty")
    if "maxItems" in node and node["maxItems"] < _MOST_ITEMS and (value or node["maxItems"] == 0):
        many = (value or [1]) * (int(node["maxItems"]) // max(len(value), 1) + 1)
        many = many[: int(node["maxItems"]) + 1]
        yield Change("maxItems", "one-more", many, f"has {len(many)} items")
    if node.get("uniqueItems") and value:
        yield Change("uniqueItems", "twice", [*value, value[0]], "has the same item twice")
    if node.get("items") is False or node.get("unevaluatedItems") is False:
        keyword = "items" if node.get("items") is False else "unevaluatedItems"
        yield Change(keyword, "one-more", [*value, "seven"], "has one item too many")


def _contains(validators: Validators, node: Node, value: Any) -> Iterator[Change]:
    if not isinstance(value, list) or not isinstance(node["contains"], dict):
        return
    others = [each for each in value if not validators.accepts(node["contains"], each)]
    yield Change("contains", "none", others, "has no item that matches `contains`")
    found = [each for each in value if validators.accepts(node["contains"], each)]
    if found and "maxContains" in node:
        many = others + found[:1] * (int(node["maxContains"]) + 1)
        yield Change("maxContains", "one-more", many, "has too many items that match `contains`")


def _required(validators: Validators, node: Node, value: Any) -> Iterator[Change]:
    if isinstance(value, dict):
        for key in node["required"]:
            if key in value:
                is_hidden = validators.graph.is_hidden(node.get("properties", {}).get(key, {}))
                kind = "required write-only" if is_hidden else "required"
                yield Change("required", key, without(value, key), f"has no {key}", kind)


def _dependent(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    if isinstance(value, dict):
        for key, names in node["dependentRequired"].items():
            for name in names if key in value else ():
                if name in value:
                    yield Change("dependentRequired", name, without(value, name), f"has {key} and no {name}")


def _counts(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    if not isinstance(value, dict):
        return
    if node.get("minProperties"):
        few = dict(list(value.items())[: int(node["minProperties"]) - 1])
        yield Change("minProperties", "one-short", few, f"has {len(few)} properties")
    if "maxProperties" in node and node["maxProperties"] < _MOST_ITEMS:
        missing = int(node["maxProperties"]) + 1 - len(value)
        many = value | {f"{NEW_KEY}_{count}": "seven" for count in range(missing)}
        yield Change("maxProperties", "one-more", many, f"has {len(many)} properties")


def _closed(keyword: str) -> Callable[[Validators, Node, Any], Iterator[Change]]:
    def change(_: Validators, node: Node, value: Any) -> Iterator[Change]:
        if isinstance(value, dict) and node[keyword] is False:
            more = value | {NEW_KEY: "seven"}
            yield Change(keyword, "unknown-field", more, "has an undocumented field")

    return change


def _names(validators: Validators, node: Node, value: Any) -> Iterator[Change]:
    if isinstance(value, dict) and value:
        inner = next(iter(value.values()))
        for name in ("", "!", "seven", NEW_KEY):
            if name not in value and not validators.accepts(node["propertyNames"], name):
                yield Change(
                    "propertyNames", name or "empty", value | {name: inner}, f"has a property {name!r}"
                )


def _properties(validators: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield objects with a property that the schema forbids."""
    if isinstance(value, dict):
        for key, inner in node["properties"].items():
            if inner == {"not": {}} and key not in value:
                breaks = f"has {key}, which the schema forbids"
                yield Change("not", key, value | {key: "seven"}, breaks, found_at=(key,))


def _not(validators: Validators, node: Node, value: Any) -> Iterator[Change]:
    for everything in (True, False):
        name = "all" if everything else "required"
        wrong = Builder(validators, everything).build(node["not"])
        if isinstance(value, dict) and isinstance(wrong, dict):
            wrong = value | wrong
        yield Change("not", name, wrong, "is a value that `not` forbids")


def _no_branch(keyword: str) -> Callable[[Validators, Node, Any], Iterator[Change]]:
    """Return a generator function that yields a value that no branch of the keyword allows."""

    def change(validators: Validators, node: Node, _: Any) -> Iterator[Change]:
        if validators.graph.allows_no_null_case(node):
            return  # the document writes `nullable` instead of anyOf; the other branch gives the mutants
        for name, wrong in (*OF_TYPE.items(), ("empty-object", {})):
            if not any(validators.accepts(branch, wrong) for branch in node[keyword]):
                yield Change(keyword, name, wrong, f"matches no branch of {keyword}")
                return

    return change


def _one_of(validators: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield a value that no branch allows, and a value that two branches allow."""
    yield from _no_branch("oneOf")(validators, node, value)
    branches = node["oneOf"]
    taken = next((each for each in branches if validators.accepts(each, value)), branches[0])
    for other in [each for each in branches if each is not taken][:_MOST_PAIRS]:
        for both in _of_both(validators, taken, other, value):
            if _is_in_named_branch(validators, node, both):
                continue
            if validators.accepts(taken, both) and validators.accepts(other, both):
                yield Change("oneOf", "two-branches", both, "matches two branches of oneOf")
                return


def _is_in_named_branch(validators: Validators, node: Node, value: Any) -> bool:
    """Whether the discriminator of an object names a schema that allows the object.

    OpenAPI lets a client check only this schema, so the client need not notice that others allow it too.
    """
    found = validators.graph.discriminator(node)
    named = value.get(found.property) if found and isinstance(value, dict) else None
    schema = found.schemas.get(named) if found and isinstance(named, str) else None
    return schema is not None and validators.accepts(schema, value)


def _discriminated(validators: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield objects with a wrong discriminator: unknown, missing, or the name of another branch.

    Unknown and missing discriminators are left to `enum` and `required` if these keywords apply.
    """
    found = validators.graph.discriminator(node)
    if not found or not found.is_explicit or not isinstance(value, dict) or found.property not in value:
        return
    name = found.property
    unknown, missing = value | {name: NEW_VALUE}, without(value, name)
    if validators.is_valid(node, unknown):
        yield Change(DISCRIMINATOR, "unknown", unknown, f"has {NEW_VALUE!r} as its discriminator {name}")
    if validators.is_valid(node, missing):
        yield Change(DISCRIMINATOR, "missing", missing, f"has no discriminator {name}")
    for other, schema in found.schemas.items():
        named = value | {name: other}
        if other != value[name] and not validators.accepts(schema, named):
            union = next((each for each in _UNIONS if each in node), "")
            kind = "" if validators.is_valid(node, named) else union
            breaks = f"is of {value[name]!r} and has {other!r} as its discriminator {name}"
            yield Change(DISCRIMINATOR, "another-branch", named, breaks, kind)
            return


def _of_both(validators: Validators, taken: Node, other: Node, value: Any) -> Iterator[Any]:
    with contextlib.suppress(UncoverableError):
        yield Builder(validators, everything=False).build(taken, other)
    with contextlib.suppress(UncoverableError):
        built = Builder(validators, everything=False).build(other)
        if isinstance(built, dict) and isinstance(value, dict):
            yield from (value | built, built | value)


_BY_KEYWORD: dict[str, Callable[[Validators, Node, Any], Iterator[Change]]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "minimum": _bounds,
    "maximum": _bounds,
    "exclusiveMinimum": _bounds,
    "exclusiveMaximum": _bounds,
    "multipleOf": _multiple,
    "minLength": _lengths,
    "maxLength": _lengths,
    "pattern": _pattern,
    "format": _format,
    "minItems": _items,
    "maxItems": _items,
    "uniqueItems": _items,
    "items": _items,
    "unevaluatedItems": _items,
    "contains": _contains,
    "required": _required,
    "dependentRequired": _dependent,
    "minProperties": _counts,
    "maxProperties": _counts,
    "additionalProperties": _closed("additionalProperties"),
    "unevaluatedProperties": _closed("unevaluatedProperties"),
    "propertyNames": _names,
    "properties": _properties,
    "not": _not,
    "anyOf": _no_branch("anyOf"),
    "oneOf": _one_of,
}
KEYWORDS = frozenset({*_BY_KEYWORD, "maxContains", DISCRIMINATOR})
"""The keywords that a change can break."""
