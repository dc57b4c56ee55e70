"""Breaks the keywords for objects and lists: their keys, items and sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from contract_kit.prove.validators import Validators
from contract_kit.read.graph import Node, is_impossible
from contract_kit.read.paths import without

from .places import NEW_KEY, Change, too_few, too_many

_MOST_ITEMS = 1_000


def items(validators: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield lists with too few, too many, duplicate or forbidden items."""
    if not isinstance(value, list):
        return
    if node.get("minItems"):
        least = int(node["minItems"])
        few = value[: least - 1]
        yield Change("minItems", few, too_few(len(few), "item", least), parameter="one-short")
        if few:
            yield Change("minItems", [], too_few(0, "item", least), parameter="empty")
    if "maxItems" in node and node["maxItems"] < _MOST_ITEMS and (value or node["maxItems"] == 0):
        most = int(node["maxItems"])
        many = (value or [1]) * (most // max(len(value), 1) + 1)
        many = many[: most + 1]
        yield Change("maxItems", many, too_many(len(many), "item", most))
    if node.get("uniqueItems") and value:
        yield Change("uniqueItems", [*value, value[0]], "has a duplicate item")
    if node.get("items") is False or node.get("unevaluatedItems") is False:
        keyword = "items" if node.get("items") is False else "unevaluatedItems"
        yield Change(keyword, [*value, "seven"], "has one item too many")


def contains(validators: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield lists with too few or too many items that match `contains`."""
    if not isinstance(value, list) or not isinstance(node["contains"], Node):
        return
    others = [each for each in value if not validators.accepts(node["contains"], each)]
    yield Change("contains", others, "has no item that matches `contains`")
    found = [each for each in value if validators.accepts(node["contains"], each)]
    if found and node.get("maxContains", _MOST_ITEMS) < _MOST_ITEMS:
        many = others + found[:1] * (int(node["maxContains"]) + 1)
        yield Change("maxContains", many, "has too many items that match `contains`")


def required(validators: Validators, node: Node, value: Any) -> Iterator[Change]:
    """For each required property, yield the object without this property."""
    if isinstance(value, dict):
        for key in node["required"]:
            if key in value:
                property_ = node.get("properties", {}).get(key)
                is_hidden = property_ is not None and property_.is_hidden
                operator = "required-write-only" if is_hidden else "required"
                changed, breaks = without(value, (key,)), f"has no property {key}"
                yield Change(operator, changed, breaks, "required", path=(key,))


def dependent(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    """For each property that another property requires, yield the object without this property."""
    if isinstance(value, dict):
        for key, names in node["dependentRequired"].items():
            for name in names if key in value else ():
                if name in value:
                    breaks = f"has property {key} but not property {name}"
                    yield Change("dependentRequired", without(value, (name,)), breaks, path=(name,))


def counts(_: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield objects with too few or too many properties."""
    if not isinstance(value, dict):
        return
    if node.get("minProperties"):
        least = int(node["minProperties"])
        few = dict(list(value.items())[: least - 1])
        yield Change("minProperties", few, too_few(len(few), "property", least))
    if "maxProperties" in node and node["maxProperties"] < _MOST_ITEMS:
        most = int(node["maxProperties"])
        many = value | {f"{NEW_KEY}_{count}": "seven" for count in range(most + 1 - len(value))}
        yield Change("maxProperties", many, too_many(len(many), "property", most))


def closed(keyword: str) -> Callable[[Validators, Node, Any], Iterator[Change]]:
    """Return a generator function that yields the object with a property that the keyword forbids."""

    def change(_: Validators, node: Node, value: Any) -> Iterator[Change]:
        if isinstance(value, dict) and node[keyword] is False:
            more = value | {NEW_KEY: "seven"}
            yield Change(keyword, more, "has an undocumented field")

    return change


def names(validators: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield the object with an additional property whose name isn't allowed."""
    if isinstance(value, dict) and value:
        inner = next(iter(value.values()))
        for name in ("", "!", "seven", NEW_KEY):
            if name not in value and not validators.accepts(node["propertyNames"], name):
                breaks = f"has a property with the forbidden name {name!r}"
                yield Change("propertyNames", value | {name: inner}, breaks, parameter=name or "empty")


def properties(validators: Validators, node: Node, value: Any) -> Iterator[Change]:
    """For each property that the schema `false` forbids, yield the object with this property."""
    if isinstance(value, dict):
        for key, inner in node["properties"].items():
            if is_impossible(inner) and key not in value:
                breaks = f"has property {key}, which the schema forbids"
                yield Change("not", value | {key: "seven"}, breaks, path=(key,))
