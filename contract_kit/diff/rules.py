"""Looks up rules and their ids in `rules.toml`."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

from contract_kit.read.graph import Node
from contract_kit.read.normalizing import FROM_FORMAT, KEPT_FORMAT

from .differences import SEVERAL, Difference
from .results import Direction, OnPaper


def rule(direction: Direction, difference: Difference, *, is_body: bool, is_inside: bool) -> str:
    """Return the rule id for a schema change.

    `is_inside` is true if a property's schema changed, rather than the schema of the entire value.
    """
    known = _rules()[direction]
    ids = known.get(_row(difference)) or known[difference.keyword]
    return str(ids[is_inside if is_body else 2 + is_inside])


def rule_of_part(change: str, *, is_required: bool = False) -> tuple[str, OnPaper] | None:
    """Return the rule id for a change to a part, and whether the change breaks clients on paper.

    `change` is the kind of part and what happened to it, such as `parameter removed`. Return None if the
    change isn't worth reporting.
    """
    known = _rules()["parts"]
    found = known.get(f"{change} {'required' if is_required else 'optional'}") or known.get(change)
    return found and (found[0], OnPaper(found[1]))


@functools.cache
def _rules() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files(__package__) / "rules.toml").read_text(encoding="utf-8"))


def _row(difference: Difference) -> str:
    """Return a row's name: the keyword, and how the sender's schema differs."""
    keyword, what, node, allows = difference.keyword, difference.what, difference.node, difference.allows
    describing = [each for each in allows if what in each.get("properties", ())]
    match keyword:
        case "type":
            return f"type {_types(node, allows)}"
        case "format":
            has_format = any({"format", KEPT_FORMAT} & each.keys() for each in allows)
            return f"type {'other' if has_format else 'wider'}"
        case _ if keyword == FROM_FORMAT:
            return "type wider"
        case "required":
            return f"required {'described' if describing else 'undescribed'}"
        case "enum" | "const" if what:
            return "enum value"
        case "properties" if what:
            return f"properties removed {_need(what, [node])}"
        case "properties":
            return "properties replaced"
        case "additionalProperties" if describing:
            return f"additionalProperties named {_need(what, allows)}"
        case "items" if node["items"] is False:
            return "items false"
    is_present = any(keyword in each for each in allows)
    if is_present and what == SEVERAL:
        return f"{keyword} several"
    return f"{keyword} {'weaker' if is_present else 'absent'}"


def _need(name: str, nodes: Iterable[Node]) -> str:
    return "required" if any(name in each.get("required", ()) for each in nodes) else "optional"


def _types(forbids: Node, allows: Iterable[Node]) -> str:
    kept = _names(forbids) - {"null"}
    others = [names for each in allows if (names := _names(each))]
    for names in others:
        if names | ({"integer"} if "number" in names else set()) >= kept:
            return "list" if len(names - {"null"}) > 1 else "wider"
    return "other" if others else "wider"


def _names(node: Node) -> set[str]:
    """Return all types that `type` lists in a schema and in its unions' branches."""
    branches = [*node.get("anyOf", ()), *node.get("oneOf", ())]
    return {*node.types}.union(*map(_names, branches))
