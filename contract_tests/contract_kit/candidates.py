"""Every change to the bodies of one schema that may make a mutant, before any is proved."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import Any

from attrs import field, frozen

from . import proving
from .bases import Base, bases
from .breaking import Change, changes
from .legal import variations
from .model import Path
from .places import Place, places, pointer, replaced
from .proving import Proof
from .schemas import Node, Schemas

LEGAL = "legal"


@frozen(eq=False)
class Candidate:
    """A body that may be a mutant.

    Attributes:
        keyword: What it should break; None for a legal one.
        name: The part of its id that stands after the operation and the status.
        path: The steps to what is changed.
        schema_location: Where the document describes that.
        base: The body that is changed.
        change: What becomes of it.
    """

    keyword: str | None
    name: str
    path: Path
    schema_location: str
    base: Base = field(repr=False)
    change: Change

    def body(self) -> Any:
        """Return the changed body."""
        return replaced(self.base.value, self.path, self.change.value)

    def encoded(self) -> bytes:
        """Return the changed body as JSON."""
        return json.dumps(self.body(), ensure_ascii=False).encode()


class Bodies:
    """The bodies of one schema and the candidates that they give; proofs are kept, bodies made anew.

    Raises:
        UncoverableError: No valid body was found.
    """

    def __init__(self, schemas: Schemas, node: Node, examples: dict[str, Any]) -> None:
        self._schemas = schemas
        self._node = node
        self.bases = bases(schemas, node, examples)
        self._proofs: dict[int, Proof] = {}

    @functools.cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """Each name and each body once, those of the fullest body first."""
        found: dict[str, Candidate] = {}
        seen: set[tuple[str, Path, str]] = set()
        for base in self.bases:
            for candidate in self._of_base(base):
                body = (base.name, candidate.path, json.dumps(candidate.change.value))
                if body not in seen:
                    seen.add(body)
                    found.setdefault(candidate.name, candidate)
        return tuple(found.values())

    def proof(self, candidate: Candidate) -> Proof:
        """Prove that a candidate is what it claims to be."""
        if id(candidate) not in self._proofs:
            self._proofs[id(candidate)] = self._prove(candidate)
        return self._proofs[id(candidate)]

    def _prove(self, candidate: Candidate) -> Proof:
        body = candidate.body()
        if candidate.keyword is None:
            return proving.prove_valid(self._schemas, self._node, body)
        path = (*candidate.path, *candidate.change.found_at)
        return proving.prove_invalid(self._schemas, self._node, body, candidate.keyword, path)

    def _of_base(self, base: Base) -> Iterator[Candidate]:
        whole = Change("", base.name, base.value, "is valid")
        yield Candidate(None, f"{LEGAL}::{base.name}", (), self._schemas.origin(self._node), base, whole)
        suffix = "" if base is self.bases[0] else f"@{base.name}"
        seen: set[tuple[int, str, str]] = set()
        for place in places(self._schemas, self._node, base.value):
            at = pointer(place.path)
            for keyword, change in self._at(place):
                key = (id(place.node), at, f"{keyword}:{change.name}")
                if key in seen or (suffix and key in self._of_first):
                    continue
                seen.add(key)
                where = self._schemas.origin(place.node) + (f"/{keyword}" if keyword else "")
                name = f"{keyword or LEGAL}:{at}:{change.name}{suffix}"
                yield Candidate(keyword, name, place.path, where, base, change)
        if not suffix:
            self._of_first |= seen

    @functools.cached_property
    def _of_first(self) -> set[tuple[int, str, str]]:
        return set()

    def _at(self, place: Place) -> Iterator[tuple[str | None, Change]]:
        for change in changes(self._schemas, place):
            yield change.keyword, change
        for change in variations(self._schemas, place):
            yield None, change
