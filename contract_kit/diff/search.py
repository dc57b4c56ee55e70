"""Searches for witnesses: values that the sender's schema allows and the receiver's schema forbids.

`differences` defines the receiver and the sender. The search tries legal values of the sender's schema with
one variation, and mutants that break one keyword in the receiver's schema.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from attrs import field, frozen

from contract_kit.derive.building import build
from contract_kit.derive.keyword_changes import changes
from contract_kit.derive.legal_changes import variations
from contract_kit.derive.places import Place
from contract_kit.derive.valid_bodies import bases
from contract_kit.errors import UncoverableError
from contract_kit.prove.proving import Part, prove_valid
from contract_kit.read.graph import Node
from contract_kit.read.paths import Path, at, replaced, without

from .applied import canonical
from .differences import Difference, Key
from .edges import edges
from .pairs import Pair
from .reasons import Reason, Reasons
from .results import Witness

_REPAIRS = 20


@frozen(eq=False)
class Found:
    """A witness, with one of the reasons why the receiver's schema forbids it.

    Attributes:
        is_alone: Whether this is the only reason, apart from reasons that also forbid the unchanged body.
    """

    body: Any = field(repr=False)
    reason: Reason
    is_alone: bool

    @property
    def rank(self) -> tuple[bool, int]:
        """A sort key; the lower it is, the better the witness demonstrates the change."""
        return not self.is_alone, len(json.dumps(self.body))


class Search:
    """Finds values that the sender's version of a schema allows and the receiver's version forbids."""

    def __init__(self, pair: Pair, differences: Mapping[Key, Difference]) -> None:
        self._pair, self._allows, self._forbids = pair, pair.allows, pair.forbids
        self._reasons = Reasons(pair, differences)

    def found(self) -> Iterator[Found]:
        """Yield each witness once for each reason why the receiver's version forbids it.

        Raises:
            UncoverableError: No value that the sender's version allows was found.
        """
        for base in bases(self._allows.validators, self._allows.node, self._pair.examples):
            body = base.value
            if self._is_witness(body):
                yield from self._for_each_reason(body, set())
                body = self._repaired(body, self._allows.is_legal)
            known = self._keys(body)
            for changed in self._changed(body):
                if self._is_witness(changed):
                    yield from self._for_each_reason(changed, known)

    def _for_each_reason(self, body: Any, known: Collection[object]) -> list[Found]:
        """Return the witness once for each reason that isn't in `known`."""
        reasons = [each for each in self._reasons.of(body) if each.key not in known]
        return [Found(body, each, len(reasons) == 1) for each in reasons]

    def _keys(self, body: Any) -> set[object]:
        return {each.key for each in self._reasons.of(body)}

    def _changed(self, body: Any) -> Iterator[Any]:
        """Yield variants of a body, each with a new value in one place where the schemas differ."""
        forbids = self._forbids.nodes(body)
        for path, nodes in self._allows.nodes(body).items():
            if any(map(self._reasons.concern, forbids[path])):
                values = self._values(path, at(body, path), nodes, forbids[path])
                different = {canonical(each): each for each in values}
                yield from (replaced(body, path, each) for each in different.values())

    def _values(self, path: Path, value: Any, allows: list[Node], forbids: list[Node]) -> Iterator[Any]:
        for node in forbids:
            yield from (each.value for each in changes(self._forbids.validators, Place(path, value, node)))
        for node in allows:
            place = Place(path, value, node)
            yield from (each.value for each in variations(self._allows.validators, place))
            yield from edges(place)

    def proven(self, found: Iterable[Found]) -> tuple[Found, Witness] | None:
        """Return the first witness that both validators confirm, reduced to what is needed for its reason."""
        for each in found:
            if self._pair.is_confirmed(each.body):
                reason, uses = each.reason, tuple(self._pair.uses)
                shorter = self._shortened(self._isolated(each.body, reason, self._is_witness), reason)
                body = shorter if self._pair.is_confirmed(shorter) else each.body
                isolated = self._isolated(body, reason, lambda _: True)
                return each, Witness(body, reason.path, uses, isolated, self._control(isolated))
        return None

    def _isolated(self, body: Any, reason: Reason, is_allowed: Callable[[Any], bool]) -> Any:
        """Change a witness so that fewer other reasons, or none, make the receiver's version forbid it."""
        return self._repaired(body, lambda changed: is_allowed(changed) and reason.key in self._keys(changed))

    def _shortened(self, body: Any, reason: Reason) -> Any:
        """Remove from a witness the properties that are unrelated to its reason.

        A property is kept if its absence would be another reason, because a witness demonstrates one change.
        """
        path, known = reason.path, self._keys(body)
        for depth in range(len(path) + 1):
            holder = at(body, path[:depth])
            for step in list(holder) if isinstance(holder, dict) else ():
                shorter = without(body, (*path[:depth], step))
                if step not in path[depth : depth + 1] and self._is_witness(shorter):
                    body = shorter if reason.key in self._keys(shorter) <= known else body
        return body

    def _is_witness(self, body: Any) -> bool:
        """Whether a value is a witness, according to the first validator alone."""
        if self._forbids.is_valid(body) or not self._allows.is_legal(body):
            return False
        return self._pair.is_body or not self._forbids.is_valid(_as_text(body))

    def _control(self, witness: Any) -> Any:
        """Change a witness so that the receiver's schema allows it, or return None if that isn't possible."""
        body = self._repaired(witness, lambda _: True)
        is_proven = prove_valid(self._forbids.validators, Part([self._forbids.node], body)).doubt is None
        return body if is_proven else None

    def _repaired(self, body: Any, is_usable: Callable[[Any], bool]) -> Any:
        """Change a body so that fewer reasons, or none, make the receiver's version forbid it."""
        reasons = self._reasons.of(body)
        for _ in range(_REPAIRS):
            better = next(
                (
                    (changed, fewer)
                    for reason in reasons
                    for changed in self._without(body, reason)
                    if is_usable(changed) and len(fewer := self._reasons.of(changed)) < len(reasons)
                ),
                None,
            )
            if better is None:
                break
            body, reasons = better
        return body

    def _without(self, body: Any, reason: Reason) -> Iterator[Any]:
        """Yield variants of a body to which this reason should no longer apply."""
        value, name = at(body, reason.path), reason.difference.what
        if isinstance(value, dict) and name in value:
            yield without(body, (*reason.path, name))
        nodes = self._forbids.nodes(body).get(reason.path, [reason.difference.node])
        try:
            built = build(self._forbids.validators, *nodes)
        except UncoverableError:
            built = value
        if isinstance(built, dict) and isinstance(value, dict):
            if name in built:
                yield replaced(body, reason.path, value | {name: built[name]})
            yield replaced(body, reason.path, {key: value[key] for key in value if key in built})
            yield replaced(body, reason.path, built | value)
        yield replaced(body, reason.path, built)
        if reason.path:
            yield without(body, reason.path)


def _as_text(value: Any) -> Any:
    """Convert each number, boolean and null in a value to a string, as in a URL or a header."""
    if isinstance(value, list):
        return list(map(_as_text, value))
    if isinstance(value, dict):
        return {key: _as_text(inner) for key, inner in value.items()}
    return value if isinstance(value, str) else json.dumps(value)
