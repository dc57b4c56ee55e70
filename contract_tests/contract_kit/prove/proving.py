"""Proves that a body is valid or invalid, with two validators that share no code."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Any

from attrs import frozen

from contract_kit.derive.model import Exactness
from contract_kit.derive.unions import DISCRIMINATOR
from contract_kit.read.paths import Path
from contract_kit.read.schemas import Node, Schemas


class Doubt(enum.StrEnum):
    """Why a body can't be used as a mutant."""

    STILL_VALID = "the changed body is still valid"
    NOT_VALID = "the changed body is not valid"
    STRICT = "some validators refuse the changed body for a format, a pattern or its discriminator"
    DISAGREEMENT = "the two validators disagree"
    OTHER_KEYWORD = "the changed body breaks other keywords instead"


@frozen
class Proof:
    """What the validators found out about a body.

    Attributes:
        doubt: Why the body can't be used; None if it can be used.
        exactness: How exactly the body breaks the keyword; None for a valid body.
    """

    doubt: Doubt | None
    exactness: Exactness | None = None


def prove_invalid(schemas: Schemas, nodes: Sequence[Node], value: Any, keyword: str, path: Path) -> Proof:
    """Prove that a value, or the part of it at a path, breaks a keyword of the schemas that apply to it."""
    if keyword == DISCRIMINATOR:
        return _prove_discriminator(schemas, nodes, value)
    refusing = [node for node in nodes if not schemas.is_valid(node, value)]
    if not refusing:
        return Proof(Doubt.STILL_VALID)
    if not any(schemas.refuses(node, value) for node in refusing):
        return Proof(Doubt.DISAGREEMENT)
    errors = [error for node in nodes for error in schemas.second(node).iter_errors(value)]
    if not errors:
        return Proof(Doubt.DISAGREEMENT)
    if not any(_names(error, keyword, path) for error in errors):
        return Proof(Doubt.OTHER_KEYWORD)
    if len(errors) > 1:
        return Proof(None, Exactness.COMPOUND)
    if errors[0].validator == keyword and tuple(errors[0].absolute_path) == path:
        return Proof(None, Exactness.EXACT)
    return Proof(None, Exactness.WRAPPED)


def prove_valid(schemas: Schemas, nodes: Sequence[Node], value: Any) -> Proof:
    """Prove that each of these schemas allows a value."""
    if not all(schemas.is_valid(node, value) for node in nodes):
        return Proof(Doubt.NOT_VALID)
    if not all(schemas.strict(node).is_valid(value) for node in nodes):
        return Proof(Doubt.STRICT)
    is_sure = all(schemas.second(node).is_valid(value) for node in nodes)
    return Proof(None if is_sure else Doubt.DISAGREEMENT)


def _prove_discriminator(schemas: Schemas, nodes: Sequence[Node], value: Any) -> Proof:
    """Prove that a value breaks a discriminator, a keyword that validators of JSON Schema ignore."""
    if all(schemas.is_legal(node, value) for node in nodes):
        return Proof(Doubt.STILL_VALID)
    is_valid = all(schemas.is_valid(node, value) for node in nodes)
    return Proof(None, Exactness.EXACT if is_valid else Exactness.COMPOUND)


def _names(error: Any, keyword: str, path: Path) -> bool:
    """Whether an error or one of its inner errors is about a keyword at a path."""
    if tuple(error.absolute_path) == path:
        # A property name that breaks propertyNames is reported under the keyword that the name breaks.
        named = keyword == "propertyNames" and keyword in error.absolute_schema_path
        if named or error.validator == keyword:
            return True
    return any(_names(inner, keyword, path) for inner in error.context)
