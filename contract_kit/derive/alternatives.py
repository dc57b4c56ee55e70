"""Other valid bodies to serve if a client refuses the valid body that mutants are normally made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

from attrs import evolve, field, frozen

from contract_kit.prove.proving import Part, prove_valid
from contract_kit.prove.validators import Validators
from contract_kit.read.graph import Node
from contract_kit.read.paths import Path

from .bodies import valid_body
from .candidates import Candidate
from .legal_changes import enum_values
from .order import alternating
from .places import Place, places
from .valid_bodies import Base

_ENUMS, _BODIES = 16, 8
"""The maximum number of alternatives with other enum values, and of alternatives with other bodies."""
MOST = _ENUMS + _BODIES
"""The maximum number of alternatives; a client that refuses everything is called once for each."""


@frozen(eq=False)
class Alternative:
    """A valid body to make mutants from if the client refuses the normal body but accepts this one.

    Attributes:
        others: Further valid bodies to make mutants from. They are built lazily, and can be iterated over
            only once.
        suspects: Legal changes, each of which restores a value or a body that the client might have refused.
        accepted: The changes that turn the normal body into this body.
    """

    base: Base
    others: Iterable[Base] = field(repr=False)
    suspects: Sequence[Candidate]
    accepted: Sequence[Candidate] = ()


def alternatives(validators: Validators, node: Node, bases: Sequence[Base]) -> Iterator[Alternative]:
    """Yield proved alternatives to the first body: first copies with other enum values, then other bodies.

    An enum value is replaced wherever the enum applies. Changes to all enums and changes to a single enum
    alternate.
    """
    found = [place.node for place in places(validators, node, bases[0].value) if "enum" in place.node]
    enums = {enum: [*enum["enum"][1:], enum["enum"][0]] for enum in found}  # a new value often comes first
    one = alternating(({enum: value} for value in values) for enum, values in enums.items())
    longest = max(map(len, enums.values()), default=0)
    every = ({enum: values[at % len(values)] for enum, values in enums.items()} for at in range(longest))
    chosen = islice(alternating([iter(every), one]) if len(enums) > 1 else one, _ENUMS)
    with_values = (_with_values(validators, node, bases, values) for values in chosen)
    for each in (*with_values, *islice(_other_bodies(node, bases), _BODIES)):
        if each.suspects and _is_proved(validators, node, each.base):
            yield each


def _is_proved(validators: Validators, node: Node, base: Base) -> bool:
    return prove_valid(validators, Part([node], base.value)).doubt is None


def _with_values(
    validators: Validators, node: Node, bases: Sequence[Base], values: Mapping[Node, Any]
) -> Alternative:
    replace = partial(_replaced, validators, node, values)
    first, base = bases[0], replace(bases[0])
    suspects, accepted = [], []
    for place in places(validators, node, first.value):
        if place.node in values:
            new, listed = values[place.node], place.node["enum"]
            accepted += [
                Candidate(first, place, each)
                for each in enum_values(listed, place.value)
                if each.value == new
            ]
            olds = list(_in_all_items(first.value, place.path))
            now = evolve(place, value=new)
            suspects += [
                Candidate(base, now, each) for each in enum_values(listed, new) if each.value in olds
            ]
    others = filter(partial(_is_proved, validators, node), map(replace, bases[1:]))
    return Alternative(base, others, suspects, accepted)


def _other_bodies(node: Node, bases: Sequence[Base]) -> Iterator[Alternative]:
    """Yield each body, except the first, as an alternative to the first."""
    first, *others = bases
    refused = Candidate(first, Place((), first.value, node, first.branch), valid_body(first, bases))
    for base in others:
        yield Alternative(base, [each for each in others if each is not base], [refused])


def _replaced(validators: Validators, node: Node, values: Mapping[Node, Any], base: Base) -> Base:
    """Return a body with new values for enums."""
    body = base.value
    for place in places(validators, node, body):
        if place.node in values:
            body = _with_value(body, place.path, values[place.node])
    return evolve(base, value=body)


def _with_value(body: Any, path: Path, value: Any) -> Any:
    """Replace the value at a path. In lists on the path, replace it in every item."""
    if not path:
        return value
    if isinstance(body, list):
        return [_with_value(each, path[1:], value) for each in body]
    if isinstance(body, dict) and path[0] in body:
        return body | {path[0]: _with_value(body[path[0]], path[1:], value)}
    return body


def _in_all_items(body: Any, path: Path) -> Iterator[Any]:
    """Yield the value at a path. In lists on the path, yield the value from every item."""
    if not path:
        yield body
    elif isinstance(body, list):
        for each in body:
            yield from _in_all_items(each, path[1:])
    elif isinstance(body, dict) and path[0] in body:
        yield from _in_all_items(body[path[0]], path[1:])
