"""Lists changes to a schema's valid bodies. A change becomes a mutant if `proving` confirms it."""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any

from attrs import field, frozen

from contract_kit.prove import proving
from contract_kit.prove.proving import Part, Proof
from contract_kit.prove.validators import Validators
from contract_kit.read.graph import Node
from contract_kit.read.normalizing import FROM_FORMAT
from contract_kit.read.paths import Path, pointer

from .candidates import Candidate, plain, text_of
from .keyword_changes import changes
from .legal_changes import ENUM_VALUE, NON_ASCII, variations
from .model import key_of
from .near_misses import near_misses
from .order import rotated
from .pages import cursors, last_page
from .places import Change, Place, Seen, discriminators, places, state
from .unnamed import has_unnamed
from .unusual import unusual
from .valid_bodies import Base, bases

VALID_BODY = "valid-body"
_MOST_BYTES = 20_000_000
"""The maximum size of all bodies that one operator makes. In a large body, only some values are changed."""
_MOST_ALIKE = 1_000
"""The maximum number of times that an operator changes one value, such as the values of an enum to try."""


@frozen(eq=False)
class Position:
    """A value in a valid body, with its places, leaving out those that occur in an earlier body.

    Attributes:
        is_first: Whether no earlier body has these places. Otherwise, the values differ only in their state,
            so only near misses are made, because near misses depend on the state.
    """

    base: Base = field(repr=False)
    path: Path
    is_first: bool
    places: list[Place] = field(repr=False, factory=list)


def valid_body(base: Base, bases: Sequence[Base]) -> Change:
    """Return the change that replaces the entire body with one of the schema's valid bodies."""
    return Change(VALID_BODY, base.value, unusual(base, bases), "", base.name)


class Bodies:
    """A schema's valid bodies, and candidates: changed bodies that might become mutants.

    Each `Proof` is cached. Candidates and changed bodies are derived again whenever they are needed.

    Attributes:
        parameters: The operation's query parameters. A property with the same name as one of them might be a
            cursor.

    Raises:
        UncoverableError: No valid body was found.
    """

    def __init__(
        self,
        validators: Validators,
        node: Node,
        examples: dict[str, Any],
        parameters: Collection[str] = (),
        found: Sequence[Base] = (),
    ) -> None:
        self._validators = validators
        self._node = node
        self.parameters = parameters
        self.bases = found or bases(validators, node, examples, parameters)
        self._proofs: dict[tuple[str, str], Proof] = {}
        self._proved: dict[Base, bool] = {}

    @property
    def valid(self) -> bytes:
        """The fullest valid body, which is the one normally served."""
        return text_of(self.bases[0]).encoded

    def starting_from(self, found: Sequence[Base]) -> Bodies:
        """Return the same schema's bodies, but with candidates made from these valid bodies."""
        return Bodies(self._validators, self._node, {}, self.parameters, found)

    def changes_cursor(self, candidate: Candidate) -> bool:
        """Whether a candidate changes a cursor, or an object within the body that contains a cursor."""
        path = (*candidate.path, *candidate.change.path)
        return bool(path) and any(each[: len(path)] == path for each in self._cursors[candidate.base])

    @functools.cached_property
    def _cursors(self) -> dict[Base, list[Path]]:
        return {each: cursors(each.value, self.parameters) for each in self.bases}

    @functools.cached_property
    def _discriminators(self) -> dict[Base, set[Path]]:
        return {each: discriminators(self._validators, self._node, each.value) for each in self.bases}

    @functools.cached_property
    def last_page(self) -> bytes | None:
        """The valid body without its cursors; None if it has no cursors, or if the schema requires them."""
        body = self.bases[0].value
        last = last_page(body, self.parameters, self._is_legal)
        return None if last is body else plain(last).encode()

    def _is_legal(self, body: Any) -> bool:
        return proving.prove_valid(self._validators, Part([self._node], body)).doubt is None

    @property
    def shortfall(self) -> str:
        """Why none of the bodies has all optional parts; empty if one of them might."""
        if any(base.is_cut for base in self.bases):
            return "Its fullest body has thousands of values, so optional parts might be left out."
        if len(self._positions) < len(self._all_positions):
            return f"Its body is so large that only {len(self._positions):,} of its values are changed."
        is_least = all(base.name == "required" for base in self.bases)
        return "No valid body with optional parts was found." if is_least else ""

    def __iter__(self) -> Iterator[Candidate]:
        """Yield the candidates, those made from the fullest body first, without duplicate names or bodies."""
        return itertools.chain.from_iterable(map(self._at, self._positions))

    @functools.cached_property
    def non_ascii(self) -> bytes | None:
        """A valid body that contains non-ASCII text; None if the schema allows no such text."""
        named = (each for each in self if each.change.operator == NON_ASCII)
        return next((each.encoded() for each in named if self.proof(each).doubt is None), None)

    def drawn(self, name: str, positions: int) -> Iterator[Candidate]:
        """Yield the candidates for this number of positions; `name` determines which position comes first."""
        return itertools.chain.from_iterable(
            map(self._at, islice(rotated(self._shuffled, int(key_of(name), 16)), positions))
        )

    def allows(self, value: Any) -> bool:
        """Whether at least one of the validators accepts a body."""
        return self._validators.is_valid(self._node, value) or self._validators.accepts(self._node, value)

    def location(self, candidate: Candidate) -> str:
        """Return the location in the document of the keyword that a candidate breaks.

        If the candidate is legal, or its schema in the document doesn't contain the keyword, return the
        schema's location. If the broken bound comes from an integer's format, return the location of
        `format`. If a property's schema is `false` (normalized to `not`), return the property's location.
        """
        node, keyword = candidate.place.node, candidate.change.keyword
        for step in candidate.change.found_at:
            node = node["properties"][step]
        written = "format" if keyword in node.get(FROM_FORMAT, ()) else keyword
        return node.origin + (f"/{written}" if written in node.raw else "")

    def has_unnamed(self, candidate: Candidate | None) -> bool:
        """Whether the candidate's body has a discriminator whose value matches no schema.

        Without a candidate, the valid body is checked.
        """
        body = candidate.changed() if candidate else self.bases[0].value
        return has_unnamed(self._validators, self._node, body)

    def proof(self, candidate: Candidate) -> Proof:
        """Prove that a candidate breaks its keyword, or that it is legal."""
        key = candidate.name, candidate.named_path
        if key not in self._proofs:
            self._proofs[key] = self._prove(candidate)
        return self._proofs[key]

    def _prove(self, candidate: Candidate) -> Proof:
        first = second = [self._node], 0
        if candidate.path and self._is_proved(candidate.base):
            first, second = proving.narrowed(self._node, candidate.path)
        part, inner = (self._part(candidate, *each) for each in (first, second))
        if candidate.keyword is None:
            return proving.prove_valid(self._validators, part, inner)
        return proving.prove_invalid(self._validators, part, candidate.keyword, inner)

    def _part(self, candidate: Candidate, nodes: list[Node], depth: int) -> Part:
        path = (*candidate.path[depth:], *candidate.change.found_at)
        return Part(nodes, candidate.changed(depth), path)

    def _is_proved(self, base: Base) -> bool:
        """Whether the second validator accepts a body that the first validator has already accepted."""
        if base not in self._proved:
            self._proved[base] = self._validators.accepts(self._node, base.value)
        return self._proved[base]

    @functools.cached_property
    def _most(self) -> int:
        """The maximum number of mutants that an operator makes from a body of this size."""
        return max(_MOST_BYTES // len(self.valid), 1)

    @functools.cached_property
    def _most_listed(self) -> int:
        """The maximum number of an enum's values to try: fewer if the body has many long enums."""
        lengths = [len(place.node.get("enum", ())) for each in self._positions for place in each.places]
        return self._most if sum(lengths) <= self._most else max(self._most // sum(map(bool, lengths)), 1)

    @functools.cached_property
    def _positions(self) -> list[Position]:
        """The positions to change, in the order of the bodies: all, unless the bodies are large."""
        chosen = {*self._shuffled[: self._most], *(each for each in self._all_positions if not each.path)}
        return [each for each in self._all_positions if each in chosen]

    @functools.cached_property
    def _all_positions(self) -> list[Position]:
        """The positions in all bodies.

        A later body contributes only places whose names don't occur in earlier bodies.
        """
        seen: Seen = {}
        found: list[Position] = []
        owners: dict[tuple[str, str | None], tuple[Base, Path]] = {}
        for base in self.bases:
            positions: dict[tuple[Path, bool], Position] = {((), True): Position(base, (), is_first=True)}
            for place in places(self._validators, self._node, base.value, seen):
                here = base, place.path
                is_first = owners.setdefault((place.name, None), here) == here
                if owners.setdefault((place.name, state(place.value)), here) == here:
                    position = Position(base, place.path, is_first=is_first)
                    positions.setdefault((place.path, is_first), position).places.append(place)
            found += positions.values()
        return found

    @functools.cached_property
    def _shuffled(self) -> list[Position]:
        return sorted(self._all_positions, key=lambda each: key_of(f"{each.base.name}:{pointer(each.path)}"))

    def _at(self, position: Position) -> Iterator[Candidate]:
        """Yield the candidates that change one value."""
        base, path = position.base, position.path
        if not path and position.is_first:
            change = valid_body(base, self.bases)
            yield Candidate(base, Place((), base.value, self._node, base.branch), change)
        names: set[tuple[str, str]] = set()
        # A union and its branch can lead to the same new value, which is then used only once.
        values: dict[int, Any] = {}
        made = Counter[str]()
        for place in position.places:
            for change in self._changes(position, place):
                candidate = Candidate(base, place, change)
                name = candidate.name, candidate.named_path
                is_new = name not in names and id(change.value) not in values
                most = self._most_listed if change.operator == ENUM_VALUE else self._most
                if is_new and made[change.operator] < min(most, _MOST_ALIKE):
                    made[change.operator] += 1
                    values[id(change.value)] = change.value
                    names.add(name)
                    yield candidate

    def _changes(self, position: Position, place: Place) -> Iterator[Change]:
        if not position.is_first:
            yield from near_misses(place)
            return
        if isinstance(place.value, str) and place.path in self._cursors[position.base]:
            yield Change("cursor-empty", "", "has an empty cursor", keyword="")
        yield from changes(self._validators, place)
        types = [each.node.types for each in position.places]
        is_whole = any("integer" in each and "number" not in each for each in types)
        for change in variations(self._validators, place, self._discriminators[position.base]):
            if not is_whole or change.operator != "exponent":  # as an integer, it may be refused
                yield change
