"""Finds objects whose discriminator has no mapping in the document, and doesn't name a schema either."""

from __future__ import annotations

from typing import Any

from contract_kit.prove.validators import Validators
from contract_kit.read.graph import Node

from .places import Place, places


def has_unnamed(validators: Validators, node: Node, value: Any) -> bool:
    """Whether a value contains an object whose discriminator names no schema.

    Without a mapping, a discriminator's value is the name of a schema (OpenAPI 3.0, Discriminator Object). In
    many documents, the value names no schema or may be missing, so a client can't know what the object is.
    """
    if not validators.graph.has_unmapped:
        return False
    return any(
        _is_unnamed(validators, place) or _is_in_later_item(validators, place)
        for place in places(validators, node, value)
    )


def _is_unnamed(validators: Validators, place: Place) -> bool:
    found = place.node.discriminator
    if found is None or found.is_explicit or not isinstance(place.value, dict):
        return False
    named = place.value.get(found.property)
    return not isinstance(named, str) or named not in validators.graph.schema_names


def _is_in_later_item(validators: Validators, place: Place) -> bool:
    """Whether `has_unnamed` is true for an item after the first; `places` gives only the first item."""
    items = place.node.get("items")
    if not isinstance(place.value, list) or not isinstance(items, Node):
        return False
    later = place.value[len(place.node.get("prefixItems", ())) + 1 :]
    return any(has_unnamed(validators, items, each) for each in later)
