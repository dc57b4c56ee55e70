"""Names the rule for each change of a schema.

If oasdiff has a rule with the same meaning, the id of oasdiff's rule is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from contract_kit.read.graph import Node
from contract_kit.read.normalizing import FROM_FORMAT, KEPT_FORMAT

from .assertions import NULL
from .differences import SEVERAL, Difference
from .results import Direction

_BOUNDS = {
    "exclusiveMaximum": "exclusive-max",
    "exclusiveMinimum": "exclusive-min",
    "maxContains": "max-contains",
    "maxItems": "max-items",
    "maxLength": "max-length",
    "maxProperties": "max-properties",
    "maximum": "max",
    "minContains": "min-contains",
    "minItems": "min-items",
    "minLength": "min-length",
    "minProperties": "min-properties",
    "minimum": "min",
    "multipleOf": "multiple-of",
    "uniqueItems": "unique-items",
}
_PARTS = {
    "contains": "contains",
    "dependentRequired": "dependent-required",
    "not": "not",
    "pattern": "pattern",
    "propertyNames": "property-names",
    "unevaluatedItems": "unevaluated-items",
    "unevaluatedProperties": "unevaluated-properties",
}
_GENERAL = {True: "type-generalized", False: "type-changed"}
_UNIONS = {"anyOf": "any-of", "oneOf": "one-of"}


def rule(direction: Direction, scope: str, difference: Difference) -> str:
    """Return the id of the rule for a change.

    Args:
        direction: Whether responses or requests changed. For responses, the new version allows more values
            than the old version; for requests, fewer values.
        scope: `body`, `property`, `parameter`, `parameter-property` or `header`.
        difference: What changed.
    """
    widens = direction is Direction.RESPONSE
    start = f"{direction}-{scope}"
    keyword, forbids, allows = difference.keyword, difference.node, difference.allows
    present = [node[keyword] for node in allows if keyword in node]
    if keyword == FROM_FORMAT:
        return f"{start}-{_GENERAL[widens]}"
    if keyword == NULL:
        return f"{start}-became-{'' if widens else 'not-'}nullable"
    if keyword == "type":
        return f"{start}-{_type(forbids, allows, widens=widens)}"
    if keyword == "required":
        return _required(direction, scope, allows, difference.what)
    if keyword in ("enum", "const"):
        return f"{start}-{_listed(difference, widens=widens)}"
    if keyword == "format":
        is_gone = widens and not any(each in node for node in allows for each in ("format", KEPT_FORMAT))
        return f"{start}-type-{'generalized' if is_gone else 'changed'}"
    if keyword in _BOUNDS:
        return f"{start}-{_BOUNDS[keyword]}-{_bound(keyword, present, widens=widens)}"
    if keyword in _UNIONS:
        did = ("added" if present else "unset") if widens else ("removed" if present else "set")
        return f"{start}-{_UNIONS[keyword]}-{'changed' if present and difference.what == SEVERAL else did}"
    if keyword == "properties":
        return _undescribed(direction, scope, difference)
    if keyword == "additionalProperties":
        return _closed(direction, scope, allows, difference.what)
    if keyword == "items" and forbids["items"] is False:
        return f"{start}-additional-items-{'allowed' if widens else 'forbidden'}"
    if keyword in _PARTS:
        did = "changed" if present else "removed" if widens else "added"
        return f"{start}-{_PARTS[keyword]}-{did}"
    return f"{start}-{keyword.lower()}-changed"


def _type(forbids: Node, allows: Sequence[Node], *, widens: bool) -> str:
    kept = _names(forbids) - {"null"}
    for names in filter(None, map(_names, allows)):
        if names | ({"integer"} if "number" in names else set()) >= kept:
            is_list = len(names - {"null"}) > 1
            return f"list-of-types-{'widened' if widens else 'narrowed'}" if is_list else _GENERAL[widens]
    return "type-changed" if any(map(_names, allows)) else _GENERAL[widens]


def _names(node: Node) -> set[str]:
    """Return all types in the keyword `type` of a schema and of the branches of its unions."""
    named = node.get("type", ())
    branches = [*node.get("anyOf", ()), *node.get("oneOf", ())]
    return {named} if isinstance(named, str) else set(named).union(*map(_names, branches))


def _required(direction: Direction, scope: str, allows: Sequence[Node], name: str) -> str:
    is_described = any(name in node.get("properties", {}) for node in allows)
    part = "parameter-property" if scope.startswith("parameter") else "property"
    if direction is Direction.RESPONSE:
        return "response-property-became-optional" if is_described else "response-required-property-removed"
    if is_described:
        return f"request-{part}-became-required"
    return f"new-required-request-{part}"


def _listed(difference: Difference, *, widens: bool) -> str:
    if difference.what:
        return f"enum-value-{'added' if widens else 'removed'}"
    if difference.keyword == "enum":
        return "became-not-enum" if widens else "became-enum"
    if any("const" in node for node in difference.allows):
        return "const-changed"
    return f"const-{'removed' if widens else 'added'}"


def _undescribed(direction: Direction, scope: str, difference: Difference) -> str:
    """Return the rule for a property that the new version no longer describes.

    If the difference names no property, the new version describes none of the old version's properties.
    """
    if not difference.what:
        return f"{direction}-{scope}-schema-replaced"
    if direction is Direction.REQUEST:
        return f"request-{'parameter-' if scope.startswith('parameter') else ''}property-removed"
    is_required = difference.what in difference.node.get("required", ())
    return f"response-{'required' if is_required else 'optional'}-property-removed"


def _bound(keyword: str, present: list[Any], *, widens: bool) -> str:
    if not any(each is not False for each in present):
        return "unset" if widens else "set"
    if keyword == "multipleOf":
        return "changed"
    return (
        "increased" if keyword.lower().replace("exclusive", "").startswith("max") is widens else "decreased"
    )


def _closed(direction: Direction, scope: str, allows: Sequence[Node], name: str) -> str:
    if not any(name in node.get("properties", {}) for node in allows):
        did = "allowed" if direction is Direction.RESPONSE else "forbidden"
        return f"{direction}-{scope}-additional-properties-{did}"
    if direction is Direction.REQUEST:
        return f"request-{'parameter-' if scope.startswith('parameter') else ''}property-removed"
    is_required = any(name in node.get("required", ()) for node in allows)
    return f"response-{'required' if is_required else 'optional'}-property-added"
