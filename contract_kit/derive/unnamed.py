"""Finds values whose discriminator selects no schema. A client may refuse them, although they are legal."""

from __future__ import annotations

from typing import Any

from contract_kit.prove.validators import Validators
from contract_kit.read.graph import Node

from .places import Place, places


def has_unnamed(validators: Validators, node: Node, value: Any) -> bool:
    """Whether a discriminator selects no schema for a value or for one of its parts.

    A value that isn't an object has no discriminator. Without a mapping, a discriminator's value is the name
    of a schema (OpenAPI 3.0, Discriminator Object). In many documents, the property is optional or its value
    doesn't match any schema, so a client can't know which schema applies.
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
    """Check the items after the first with `has_unnamed`, because `places` lists only the first item."""
    items = place.node.get("items")
    if not isinstance(place.value, list) or not isinstance(items, Node):
        return False
    later = place.value[len(place.node.get("prefixItems", ())) + 1 :]
    return any(has_unnamed(validators, items, each) for each in later)
