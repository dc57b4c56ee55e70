"""Lists the changes to the valid bodies of one schema that may give mutants; `proving` confirms them."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from typing import Any

from attrs import field, frozen

from contract_kit.prove import proving
from contract_kit.prove.narrowing import narrowed
from contract_kit.prove.proving import Proof
from contract_kit.read.normalizing import FROM_FORMAT
from contract_kit.read.paths import Path, at, pointer, replaced
from contract_kit.read.schemas import Node, Schemas

from .body_places import places
from .breaking import changes
from .change import Change
from .encoding import Writer
from .legal import NON_ASCII, variations
from .model import LEGAL, key_of
from .valid_bodies import Base, bases


@frozen(eq=False)
class Candidate:
    """A body that may be a mutant.

    Attributes:
        path: The steps to the value that is changed.
        origin: The location in the document of the changed value's schema.
        base: The body that is changed.
        change: The change, with the new value.
        said_by: The keyword in the document: the keyword of the change, or `format` if an integer's format
            sets the broken bound; empty for a legal candidate.
        suffix: Distinguishes the candidate from the same change to the first body; empty for the first body.
    """

    path: Path
    origin: str
    base: Base = field(repr=False)
    change: Change
    said_by: str
    suffix: str = ""

    @property
    def keyword(self) -> str | None:
        """The keyword that the candidate should break; None for a legal candidate."""
        return self.change.keyword or None

    @property
    def name(self) -> str:
        """The part of the candidate's id after the operation and the status."""
        return f"{self.keyword or LEGAL}:{pointer(self.path)}:{self.change.name}{self.suffix}"

    @property
    def schema_location(self) -> str:
        """The location in the document of the keyword or the schema that the candidate is about."""
        return f"{self.origin}/{self.said_by}" if self.said_by else self.origin

    def changed(self, depth: int = 0) -> Any:
        """Return the changed body, or the part of it at the first `depth` steps of the path."""
        value = at(self.base.value, self.path[:depth])
        return replaced(value, self.path[depth:], self.change.value)

    def encoded(self) -> bytes:
        """Return the changed body as JSON."""
        return _writer(self.base).text(self.changed()).encode()


@functools.lru_cache(maxsize=4)
def _writer(base: Base) -> Writer:
    """Return the writer for the changed bodies of a base.

    Only the last few writers are cached, because candidates come sorted by their base.
    """
    return Writer(base.value)


class Bodies:
    """The valid bodies of one schema and their candidates.

    Proofs are cached; changed bodies are rebuilt each time they are needed.

    Raises:
        UncoverableError: No valid body was found.
    """

    def __init__(self, schemas: Schemas, node: Node, examples: dict[str, Any]) -> None:
        self._schemas = schemas
        self._node = node
        self.bases = bases(schemas, node, examples)
        self._proofs: dict[int, Proof] = {}
        self._proved: dict[int, bool] = {}
        self._of_first: set[tuple[int, Path, str, str]] = set()

    @functools.cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """The candidates, without repeated names or repeated bodies.

        The candidates of the fullest body come first.
        """
        found: dict[tuple[str | None, Path, str, str], Candidate] = {}
        values: dict[tuple[str, Path, int], Any] = {}
        for candidate in itertools.chain.from_iterable(map(self._of_base, self.bases)):
            change = candidate.change
            # Each wrong value is one shared object, so that a union and its branch don't give it twice.
            body = (candidate.base.name, candidate.path, id(change.value))
            name = (candidate.keyword, candidate.path, change.name, candidate.suffix)
            if body not in values and name not in found:
                values[body] = change.value
                found[name] = candidate
        return tuple(found.values())

    @functools.cached_property
    def non_ascii(self) -> bytes | None:
        """A valid body with text that is not ASCII; None if the schema allows no such text."""
        named = (each for each in self.candidates if each.change.name == NON_ASCII and not each.keyword)
        return next((each.encoded() for each in named if self.proof(each).doubt is None), None)

    @functools.cached_property
    def by_keyword(self) -> dict[str, tuple[Candidate, ...]]:
        """The candidates of each keyword, in a shuffled order that is always the same."""
        groups: dict[str, list[Candidate]] = {}
        for candidate in self.candidates:
            groups.setdefault(candidate.keyword or LEGAL, []).append(candidate)
        return {
            keyword: tuple(sorted(group, key=lambda each: key_of(each.name)))
            for keyword, group in groups.items()
        }

    def proof(self, candidate: Candidate) -> Proof:
        """Prove that a candidate breaks its keyword, or that it is legal."""
        if id(candidate) not in self._proofs:
            self._proofs[id(candidate)] = self._prove(candidate)
        return self._proofs[id(candidate)]

    def _prove(self, candidate: Candidate) -> Proof:
        nodes, depth = [self._node], 0
        if candidate.path and self._is_proved(candidate.base):
            nodes, depth = narrowed(self._schemas, self._node, candidate.path)
        value = candidate.changed(depth)
        if candidate.keyword is None:
            return proving.prove_valid(self._schemas, nodes, value)
        path = (*candidate.path[depth:], *candidate.change.found_at)
        return proving.prove_invalid(self._schemas, nodes, value, candidate.keyword, path)

    def _is_proved(self, base: Base) -> bool:
        """Whether both validators accept a base."""
        if id(base) not in self._proved:
            self._proved[id(base)] = (
                proving.prove_valid(self._schemas, [self._node], base.value).doubt is None
            )
        return self._proved[id(base)]

    def _of_base(self, base: Base) -> Iterator[Candidate]:
        origin = self._schemas.origin
        suffix = "" if base is self.bases[0] else f"@{base.name}"
        whole = Change("", base.name, base.value, "is valid")
        yield Candidate((), origin(self._node), base, whole, "")
        for place in places(self._schemas, self._node, base.value):
            for change in itertools.chain(changes(self._schemas, place), variations(self._schemas, place)):
                key = (id(place.node), place.path, change.keyword, change.name)
                if not suffix:
                    self._of_first.add(key)
                elif key in self._of_first:
                    continue
                said_by = "format" if change.keyword in place.node.get(FROM_FORMAT, ()) else change.keyword
                yield Candidate(place.path, origin(place.node), base, change, said_by, suffix)
