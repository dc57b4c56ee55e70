"""Finds values whose discriminator matches no schema, so that a client may refuse a legal body."""

from __future__ import annotations

from typing import Any

from contract_kit.prove.validators import Validators
from contract_kit.read.graph import Node

from .places import Place, places


def has_unnamed(validators: Validators, node: Node, value: Any) -> bool:
    """Whether a discriminator matches no schema for a value, or for a part of the value.

    A value that isn't an object has no discriminator. Without a mapping, a discriminator's value is the name
    of a schema (OpenAPI 3.0, Discriminator Object). In many documents, the value matches no schema or may be
    missing, so a client can't know what the object is.
    """
    if not validators.graph.has_discriminator:
        return False
    return any(
        _is_unnamed(validators, place) or _is_in_later_item(validators, place)
        for place in places(validators, node, value)
    )


def _is_unnamed(validators: Validators, place: Place) -> bool:
    found = place.node.discriminator
    if found is None or place.value is None:
        return False
    if not isinstance(place.value, dict):
        return True  # a branch without a type allows a string, but a string has no discriminator
    named = place.value.get(found.property)
    is_named = isinstance(named, str) and named in validators.graph.schema_names
    return not found.is_explicit and not is_named


def _is_in_later_item(validators: Validators, place: Place) -> bool:
    """Whether `has_unnamed` is true for an item after the first; `places` lists only the first item."""
    items = place.node.get("items")
    if not isinstance(place.value, list) or not isinstance(items, Node):
        return False
    later = place.value[len(place.node.get("prefixItems", ())) + 1 :]
    return any(has_unnamed(validators, items, each) for each in later)
