"""Proves with two validators, which read the same normalized schemas, that a body is valid or invalid."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen

from contract_kit.read.graph import DISCRIMINATOR, Node, together
from contract_kit.read.normalizing import FROM_FORMAT, HINTS
from contract_kit.read.paths import Path

from .validators import Validators

_OF_NUMBERS = {"exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"}
_OF_STRINGS = {"format", "maxLength", "minLength", "pattern"}
_OF_KEYS = {"dependentRequired", "maxProperties", "minProperties", "propertyNames", "required"}
_OF_LENGTH = {"maxItems", "minItems"}
_PASSING_ON = {"$ref", "additionalProperties", "allOf", "items", "prefixItems", "properties"}
_LOCAL = {"type", FROM_FORMAT, *HINTS, *_OF_NUMBERS, *_OF_STRINGS, *_OF_KEYS, *_OF_LENGTH, *_PASSING_ON}
"""Keywords that check only an object's or a list's type, keys or length, or individual children."""


class Exactness(enum.StrEnum):
    """How exactly a mutant breaks its keyword.

    EXACT: the mutant breaks one keyword at one location. WRAPPED: the broken keyword is inside a union, so
    the union is also broken. COMPOUND: the mutant also breaks other keywords.
    """

    EXACT = "exact"
    WRAPPED = "wrapped"
    COMPOUND = "compound"


class Doubt(enum.StrEnum):
    """Why a body can't be used as a mutant."""

    STILL_VALID = "the changed body is still valid"
    NOT_VALID = "the changed body is not valid"
    STRICT = "some validators reject the changed body because of a format, a pattern or its discriminator"
    DISAGREEMENT = "the two validators disagree"
    OTHER_KEYWORD = "the changed body breaks other keywords instead"
    UNCHANGED = "the change doesn't apply to the response"


@frozen
class Proof:
    """The validators' findings about a body.

    Attributes:
        doubt: Why the body can't be used; None if it can be.
        exactness: How exactly the body breaks the keyword; None for a valid body.
    """

    doubt: Doubt | None
    exactness: Exactness | None = None


@frozen(eq=False)
class Part:
    """A part of a body, with its schemas.

    Attributes:
        path: The path from the part to the value that should be invalid.
    """

    nodes: Sequence[Node]
    value: Any
    path: Path = ()


def prove_invalid(validators: Validators, part: Part, keyword: str, inner: Part | None = None) -> Proof:
    """Prove that the value at a part's path breaks a keyword, in the part's schemas or in their subschemas.

    The second validator only needs the smaller part `inner`.
    """
    nodes, value, inner = part.nodes, part.value, inner or part
    if keyword == DISCRIMINATOR:
        return _prove_discriminator(validators, nodes, value)
    refusing = [node for node in nodes if not validators.is_valid(node, value)]
    if not refusing:
        return Proof(Doubt.STILL_VALID)
    if not any(validators.refuses(node, value) for node in refusing):
        return Proof(Doubt.DISAGREEMENT)
    errors = [error for node in inner.nodes for error in validators.second(node).iter_errors(inner.value)]
    if not errors:
        return Proof(Doubt.DISAGREEMENT)
    if not any(_names(error, keyword, inner.path) for error in errors):
        return Proof(Doubt.OTHER_KEYWORD)
    if len(errors) > 1:
        return Proof(None, Exactness.COMPOUND)
    if errors[0].validator == keyword and tuple(errors[0].absolute_path) == inner.path:
        return Proof(None, Exactness.EXACT)
    return Proof(None, Exactness.WRAPPED)


def prove_valid(validators: Validators, part: Part, inner: Part | None = None) -> Proof:
    """Prove that all schemas of a part allow it. The second validator only needs the smaller part `inner`."""
    nodes, value, inner = part.nodes, part.value, inner or part
    if not all(validators.is_valid(node, value) for node in nodes):
        return Proof(Doubt.NOT_VALID)
    if not all(validators.strict(node).is_valid(value) for node in nodes):
        return Proof(Doubt.STRICT)
    is_sure = all(validators.second(node).is_valid(inner.value) for node in inner.nodes)
    return Proof(None if is_sure else Doubt.DISAGREEMENT)


def _prove_discriminator(validators: Validators, nodes: Sequence[Node], value: Any) -> Proof:
    """Prove that a value breaks a discriminator, which JSON Schema validators ignore."""
    if all(validators.is_legal(node, value) for node in nodes):
        return Proof(Doubt.STILL_VALID)
    is_valid = all(validators.is_valid(node, value) for node in nodes)
    return Proof(None, Exactness.EXACT if is_valid else Exactness.COMPOUND)


def _names(error: Any, keyword: str, path: Path) -> bool:
    """Whether an error or one of its inner errors concerns a keyword at a path."""
    if tuple(error.absolute_path) == path:
        # If a property's name is invalid, the error concerns a keyword inside propertyNames.
        named = keyword == "propertyNames" and keyword in error.absolute_schema_path
        if named or error.validator == keyword:
            return True
    return any(_names(inner, keyword, path) for inner in error.context)


def narrowed(node: Node, path: Path) -> tuple[tuple[list[Node], int], tuple[list[Node], int]]:
    """Return the schemas to use in a proof, and the number of path steps to the value that they validate.

    The first pair is for the first validator, and the second pair is for the second validator. The first
    validator needs a larger part if a schema contains references, because compiling such a schema takes
    longer than validating the part.

    The body is valid except for the value at the path. Many schemas for an object or a list check only its
    type, its keys or its length, or apply subschemas to its children. A change within a child doesn't affect
    the keys or the length, and leaves the other children valid. So only the changed child's subschemas can
    report errors, and the proof can check this child alone. The same is true of the child's own children, and
    so on along the path. It isn't true of a schema with any other keyword (a union, `not`, `if`,
    `uniqueItems`, `enum`...) or with a discriminator. In that case, the proof checks the entire value to
    which this schema applies, or a larger part of the body.
    """
    nodes, first, second = [node], ([node], 0), ([node], 0)
    for depth, step in enumerate(path, 1):
        here = together(nodes)
        nodes = [child for each in here for child in _inside(each, step)]
        if not nodes or not all(each.keys() <= _LOCAL and not each.discriminator for each in here):
            break
        second = nodes, depth
        if all(each.is_self_contained for each in nodes):
            first = second
    return first, second


def _inside(node: Node, step: str | int) -> Iterator[Node]:
    """Yield the subschemas that a schema applies to a child."""
    if isinstance(step, int):
        first = node.get("prefixItems", ())
        inner = first[step] if step < len(first) else node.get("items")
    else:
        inner = node.get("properties", {}).get(step, node.get("additionalProperties"))
    if isinstance(inner, Node):
        yield inner
