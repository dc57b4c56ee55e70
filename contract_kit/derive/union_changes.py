"""Breaks unions, `not` and discriminators."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from contract_kit.errors import UncoverableError
from contract_kit.prove.validators import Validators
from contract_kit.read.graph import DISCRIMINATOR, Node
from contract_kit.read.paths import without

from .building import build
from .places import NEW_VALUE, OF_TYPE, Change

_UNIONS = ("oneOf", "anyOf")
_MOST_PAIRS = 8


def not_(validators: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield values that `not` forbids."""
    for everything in (True, False):
        name = "all" if everything else "required"
        wrong = build(validators, node["not"], everything=everything)
        if isinstance(value, dict) and isinstance(wrong, dict):
            wrong = value | wrong
        yield Change("not", wrong, "is a value that `not` forbids", parameter=name)


def no_branch(keyword: str) -> Callable[[Validators, Node, Any], Iterator[Change]]:
    """Return a generator function that yields a value allowed by none of the keyword's branches."""

    def change(validators: Validators, node: Node, _: Any) -> Iterator[Change]:
        if node.allows_no_null_case:
            return  # this anyOf comes from an ambiguous `nullable`; its first branch yields mutants
        for wrong in (*OF_TYPE.values(), {}):
            if not any(validators.accepts(branch, wrong) for branch in node[keyword]):
                yield Change(keyword, wrong, f"matches no branch of {keyword}")
                return

    return change


def one_of(validators: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield a value that no branch allows, and a value that two branches allow."""
    yield from no_branch("oneOf")(validators, node, value)
    branches = node["oneOf"]
    taken = next((each for each in branches if validators.accepts(each, value)), branches[0])
    for other in [each for each in branches if each is not taken][:_MOST_PAIRS]:
        for both in _of_both(validators, taken, other, value):
            if _is_in_named_branch(validators, node, both):
                continue
            if validators.accepts(taken, both) and validators.accepts(other, both):
                yield Change("oneOf", both, "matches two branches of oneOf", parameter="two-branches")
                return


def _is_in_named_branch(validators: Validators, node: Node, value: Any) -> bool:
    """Whether an object's discriminator selects a schema that might allow the object.

    OpenAPI lets a client check only the selected schema, so a client might not notice that others match.
    """
    found = node.discriminator
    named = value.get(found.property) if found and isinstance(value, dict) else None
    if not found or not isinstance(named, str):
        return False
    if named in found.schemas:
        return validators.accepts(found.schemas[named], value)
    return named in validators.graph.schema_names


def discriminated(validators: Validators, node: Node, value: Any) -> Iterator[Change]:
    """Yield objects whose discriminator is wrong: unknown, missing, or the value for another branch.

    Unknown and missing discriminators that `enum` or `required` already forbids are left out.
    """
    found = node.discriminator
    if not found or not found.is_explicit or not isinstance(value, dict) or found.property not in value:
        return
    name = found.property
    unknown, missing = value | {name: NEW_VALUE}, without(value, (name,))
    if validators.is_valid(node, unknown):
        yield Change(
            "discriminator-unknown", unknown, f"has {NEW_VALUE!r} as its discriminator {name}", DISCRIMINATOR
        )
    if validators.is_valid(node, missing):
        yield Change("discriminator-missing", missing, f"has no discriminator {name}", DISCRIMINATOR)
    for other, schema in found.schemas.items():
        named = value | {name: other}
        if other != value[name] and not validators.accepts(schema, named):
            union = next((each for each in _UNIONS if each in node), "")
            is_ignored = not union or validators.is_valid(node, named)
            operator = "discriminator-another-branch" if is_ignored else union
            parameter = "" if is_ignored else "another-branch"
            breaks = f"is of {value[name]!r} and has {other!r} as its discriminator {name}"
            yield Change(operator, named, breaks, DISCRIMINATOR, parameter)
            return


def _of_both(validators: Validators, taken: Node, other: Node, value: Any) -> Iterator[Any]:
    with contextlib.suppress(UncoverableError):
        yield build(validators, taken, other, everything=False)
    with contextlib.suppress(UncoverableError):
        built = build(validators, other, everything=False)
        if isinstance(built, dict) and isinstance(value, dict):
            yield from (value | built, built | value)
