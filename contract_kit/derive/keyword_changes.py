"""Lists changes that should break the keywords in a place's schema. `proving` confirms that they do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from contract_kit.errors import UncoverableError
from contract_kit.prove.validators import Validators
from contract_kit.read.graph import DISCRIMINATOR, Node

from . import container_changes, scalar_changes, union_changes
from .near_misses import near_misses
from .places import Change, Place


def changes(validators: Validators, place: Place) -> Iterator[Change]:
    """Yield each way to break a keyword in a place's schema, near misses first."""
    yield from near_misses(place)
    broken = [_BY_KEYWORD[keyword] for keyword in place.node if keyword in _BY_KEYWORD]
    for change in dict.fromkeys([*broken, union_changes.discriminated]):
        try:
            yield from change(validators, place.node, place.value)
        except UncoverableError:
            continue


_BY_KEYWORD: dict[str, Callable[[Validators, Node, Any], Iterator[Change]]] = {
    "type": scalar_changes.type_,
    "enum": scalar_changes.enum,
    "const": scalar_changes.const,
    "minimum": scalar_changes.bounds,
    "maximum": scalar_changes.bounds,
    "exclusiveMinimum": scalar_changes.bounds,
    "exclusiveMaximum": scalar_changes.bounds,
    "multipleOf": scalar_changes.multiple,
    "minLength": scalar_changes.lengths,
    "maxLength": scalar_changes.lengths,
    "pattern": scalar_changes.pattern,
    "format": scalar_changes.format_,
    "minItems": container_changes.items,
    "maxItems": container_changes.items,
    "uniqueItems": container_changes.items,
    "items": container_changes.items,
    "unevaluatedItems": container_changes.items,
    "contains": container_changes.contains,
    "required": container_changes.required,
    "dependentRequired": container_changes.dependent,
    "minProperties": container_changes.counts,
    "maxProperties": container_changes.counts,
    "additionalProperties": container_changes.closed("additionalProperties"),
    "unevaluatedProperties": container_changes.closed("unevaluatedProperties"),
    "propertyNames": container_changes.names,
    "properties": container_changes.properties,
    "not": union_changes.not_,
    "anyOf": union_changes.no_branch("anyOf"),
    "oneOf": union_changes.one_of,
}
KEYWORDS = frozenset({*_BY_KEYWORD, "maxContains", DISCRIMINATOR})
"""The keywords that a change can break."""
