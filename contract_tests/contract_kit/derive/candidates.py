"""Lists changes to the valid bodies of one schema. A change gives a mutant if `proving` confirms it."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Iterator, Sequence
from typing import Any

from attrs import field, frozen

from contract_kit.prove import proving
from contract_kit.prove.proving import Part, Proof
from contract_kit.prove.validators import Validators
from contract_kit.read.graph import Node
from contract_kit.read.normalizing import FROM_FORMAT
from contract_kit.read.paths import Path, at, pointer, replaced

from .keyword_changes import breakable, changes
from .model import LEGAL, key_of
from .order import alternating, rotated
from .places import Change, Place, Seen, places
from .unnamed import has_unnamed
from .unusual import unusual
from .valid_bodies import NON_ASCII, Base, bases, variations

_plain = json.JSONEncoder(ensure_ascii=False).encode


@frozen(eq=False)
class Candidate:
    """A body that may be a mutant.

    Attributes:
        base: The valid body that is changed.
        place: The value that is changed, with its schema.
    """

    base: Base = field(repr=False)
    place: Place
    change: Change

    @property
    def path(self) -> Path:
        """The steps to the value that is changed."""
        return self.place.path

    @property
    def keyword(self) -> str | None:
        """The keyword that the candidate should break; None for a legal candidate."""
        return self.change.keyword or None

    @property
    def named_path(self) -> str:
        """The path in the candidate's id."""
        return self.place.name + pointer(self.change.path)

    @property
    def name(self) -> str:
        """The operator and the parameter in the candidate's id."""
        return "=".join(filter(None, [self.change.operator, self.change.parameter]))

    def changed(self, depth: int = 0) -> Any:
        """Return the changed body, or only the part that the first `depth` steps of the path lead to."""
        value = at(self.base.value, self.path[:depth])
        return replaced(value, self.path[depth:], self.change.value)

    def encoded(self) -> bytes:
        """Return the changed body as JSON."""
        return _text(self.base).replaced(self.path, self.change.value).encode()


class _Text:
    """A body as JSON, as `json.dumps` writes it, in which a value can be replaced."""

    def __init__(self, body: Any) -> None:
        self._spans: dict[Path, tuple[int, int]] = {}
        """The start and the end of each value in the text, by path."""
        self.whole = "".join(self._pieces(body, (), 0))

    def replaced(self, path: Path, value: Any) -> str:
        """Return the body with another value at a path."""
        start, end = self._spans[path]
        return self.whole[:start] + _plain(value) + self.whole[end:]

    def _pieces(self, value: Any, path: Path, start: int) -> list[str]:
        """Return the text of a value in pieces, and note its span and the spans of the values in it."""
        if not value or not isinstance(value, dict | list):
            pieces, end = [text := _plain(value)], start + len(text)
        else:
            items = value.items() if isinstance(value, dict) else enumerate(value)
            pieces, end = ["{" if isinstance(value, dict) else "["], start + 1
            for step, inner in items:
                name = ", " * (len(pieces) > 1) + (f"{_plain(step)}: " if isinstance(value, dict) else "")
                pieces += [name, *self._pieces(inner, (*path, step), end + len(name))]
                end = self._spans[*path, step][1]
            pieces, end = [*pieces, "}" if isinstance(value, dict) else "]"], end + 1
        self._spans[path] = start, end
        return pieces


@functools.lru_cache(maxsize=4)
def _text(base: Base) -> _Text:
    """Return the text of a base.

    Only the last few texts are cached, because candidates come sorted by their base.
    """
    return _Text(base.value)


@frozen(eq=False)
class Position:
    """A value in a valid body, and its places, except places that an earlier body has, too."""

    base: Base = field(repr=False)
    path: Path
    places: list[Place] = field(repr=False, factory=list)


def valid_body(base: Base, bases: Sequence[Base]) -> Change:
    """Return the change that only takes one of the valid bodies of a schema."""
    return Change("valid-body", base.value, unusual(base, bases), "", base.name)


class Bodies:
    """The valid bodies of one schema and their candidates.

    Each `Proof` is cached; candidates and changed bodies are derived each time they are needed.

    Raises:
        UncoverableError: No valid body was found.
    """

    def __init__(
        self,
        validators: Validators,
        node: Node,
        examples: dict[str, Any],
        found: Sequence[Base] = (),
    ) -> None:
        self._validators = validators
        self._node = node
        self.bases = found or bases(validators, node, examples)
        self._proofs: dict[tuple[str, str], Proof] = {}
        self._proved: dict[Base, bool] = {}

    @property
    def valid(self) -> bytes:
        """The valid body that is normally served: the fullest body."""
        return _text(self.bases[0]).whole.encode()

    def starting_from(self, found: Sequence[Base]) -> Bodies:
        """Return bodies of the same schema whose candidates are changes of these valid bodies."""
        return Bodies(self._validators, self._node, {}, found)

    @property
    def shortfall(self) -> str:
        """Why no body has all optional parts; empty if a body may have them."""
        if any(base.is_cut for base in self.bases):
            return "Its fullest body has thousands of values, so optional parts may be left out."
        is_least = all(base.name == "required" for base in self.bases)
        return "No valid body with optional parts was found." if is_least else ""

    def __iter__(self) -> Iterator[Candidate]:
        """Yield the candidates without repeated names or bodies; changes to the fullest body come first."""
        return itertools.chain.from_iterable(map(self._at, self._positions))

    @functools.cached_property
    def non_ascii(self) -> bytes | None:
        """A valid body with text that is not ASCII; None if the schema allows no such text."""
        named = (each for each in self if each.change.operator == NON_ASCII)
        return next((each.encoded() for each in named if self.proof(each).doubt is None), None)

    def drawn(self, keyword: str, name: str) -> Iterator[Candidate]:
        """Yield a keyword's candidates, one from each position in turn.

        The text `name` decides which position comes first.
        """
        return alternating(
            self._turned(position, keyword) for position in rotated(self.by_keyword[keyword], name)
        )

    def location(self, candidate: Candidate) -> str:
        """Return the location in the document of the keyword that a candidate breaks.

        If the candidate is legal, or its schema in the document doesn't have the keyword, the location is
        that of the schema. If the broken bound comes from an integer's format, the location is that of
        `format`. If a property has the schema `false`, which is `not` in the normalized schema, the location
        is that of the property.
        """
        node, keyword = candidate.place.node, candidate.change.keyword
        for step in candidate.change.found_at:
            node = node["properties"][step]
        written = "format" if keyword in node.get(FROM_FORMAT, ()) else keyword
        return node.origin + (f"/{written}" if written in node.raw else "")

    def has_unnamed(self, candidate: Candidate | None) -> bool:
        """Whether a discriminator in the candidate's body names no schema.

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
    def _positions(self) -> list[Position]:
        """The positions in all bodies.

        A later body adds only places whose names no earlier body has.
        """
        seen: Seen = {}
        found: list[Position] = []
        owners: dict[str, Position] = {}
        for base in self.bases:
            positions: dict[Path, Position] = {(): Position(base, ())}
            for place in places(self._validators, self._node, base.value, seen):
                position = positions.setdefault(place.path, Position(base, place.path))
                if owners.setdefault(place.name, position) is position:
                    position.places.append(place)
            found += positions.values()
        return found

    @functools.cached_property
    def by_keyword(self) -> dict[str, list[Position]]:
        """For each keyword and `legal`, the positions to change, in a shuffled but constant order."""
        groups: dict[str, list[Position]] = {}
        for position in sorted(
            self._positions, key=lambda each: key_of(f"{each.base.name}:{pointer(each.path)}")
        ):
            broken = (breakable(place.node) for place in position.places)
            for keyword in sorted({LEGAL}.union(*broken)):
                groups.setdefault(keyword, []).append(position)
        return groups

    def _turned(self, position: Position, keyword: str) -> Iterator[Candidate]:
        found = [each for each in self._at(position) if (each.keyword or LEGAL) == keyword]
        return rotated(found, f"{keyword}:{pointer(position.path)}") if found else iter(())

    def _at(self, position: Position) -> Iterator[Candidate]:
        """Yield the candidates that change one value."""
        base, path = position.base, position.path
        if not path:
            yield Candidate(
                base, Place((), base.value, self._node, base.branch), valid_body(base, self.bases)
            )
        names: set[tuple[str, str]] = set()
        # The changes for a union and for its branch may share a value; each value is used only once.
        values: list[Any] = []
        for place in position.places:
            for change in (*changes(self._validators, place), *variations(self._validators, place)):
                candidate = Candidate(base, place, change)
                name = candidate.name, candidate.named_path
                if name not in names and not any(each is change.value for each in values):
                    values.append(change.value)
                    names.add(name)
                    yield candidate
