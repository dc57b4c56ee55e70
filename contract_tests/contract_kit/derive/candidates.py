"""Lists the changes to the valid bodies of one schema that may give mutants; `proving` confirms them."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Iterator
from typing import Any

from attrs import field, frozen

from contract_kit.prove import proving
from contract_kit.prove.proving import Proof
from contract_kit.prove.validators import Validators
from contract_kit.read.graph import Node
from contract_kit.read.normalizing import FROM_FORMAT
from contract_kit.read.paths import Path, at, pointer, replaced

from .breaking import changes
from .model import LEGAL, key_of
from .places import Change, places
from .unusual import unusual
from .valid_bodies import NON_ASCII, Base, bases, variations

_plain = json.JSONEncoder(ensure_ascii=False).encode


@frozen(eq=False)
class Candidate:
    """A body that may be a mutant.

    Attributes:
        path: The steps to the value that is changed.
        node: The schema of the changed value.
        base: The body that is changed.
        change: The change, with the new value.
        suffix: Distinguishes the candidate from the same change to the first body; empty for the first body.
    """

    path: Path
    node: Node = field(repr=False)
    base: Base = field(repr=False)
    change: Change
    suffix: str = ""

    @property
    def keyword(self) -> str | None:
        """The keyword that the candidate should break; None for a legal candidate."""
        return self.change.keyword or None

    @property
    def name(self) -> str:
        """The part of the candidate's id after the operation and the status."""
        return f"{self.keyword or LEGAL}:{pointer(self.path)}:{self.change.name}{self.suffix}"

    def changed(self, depth: int = 0) -> Any:
        """Return the changed body, or the part of it at the first `depth` steps of the path."""
        value = at(self.base.value, self.path[:depth])
        return replaced(value, self.path[depth:], self.change.value)

    def encoded(self) -> bytes:
        """Return the changed body as JSON."""
        return _writer(self.base).text(self.changed()).encode()


class _Writer:
    """Writes values as `json.dumps` does, but encodes each part that they share with a base only once.

    Args:
        base: The value whose parts are remembered.
    """

    def __init__(self, base: Any) -> None:
        self._base = base  # keeps the base's parts alive, so that no new object gets the id of a part
        self._known: dict[int, str] = {}
        self._remember(base)

    def text(self, value: Any) -> str:
        """Return a value as JSON."""
        known = self._known.get(id(value))
        if known is not None:
            return known
        if isinstance(value, dict):
            return (
                "{" + ", ".join([f"{_plain(key)}: {self.text(inner)}" for key, inner in value.items()]) + "}"
            )
        if isinstance(value, list):
            return "[" + ", ".join(map(self.text, value)) + "]"
        return _plain(value)

    def _remember(self, value: Any) -> None:
        if isinstance(value, dict | list):
            for inner in value.values() if isinstance(value, dict) else value:
                self._remember(inner)
        self._known[id(value)] = self.text(value)


@functools.lru_cache(maxsize=4)
def _writer(base: Base) -> _Writer:
    """Return the writer for the changed bodies of a base.

    Only the last few writers are cached, because candidates come sorted by their base.
    """
    return _Writer(base.value)


class Bodies:
    """The valid bodies of one schema and their candidates.

    Candidates are derived when they are first read. Proofs are cached; changed bodies are rebuilt each time
    they are needed.

    Raises:
        UncoverableError: No valid body was found.
    """

    def __init__(self, validators: Validators, node: Node, examples: dict[str, Any]) -> None:
        self._validators = validators
        self._node = node
        self.bases = bases(validators, node, examples)
        self._proofs: dict[int, Proof] = {}
        self._proved: dict[int, bool] = {}
        self._read: list[Candidate] = []
        self._waiting = self._derived()

    @property
    def valid(self) -> bytes:
        """The valid body that an operation normally gets: the fullest one."""
        return _writer(self.bases[0]).text(self.bases[0].value).encode()

    def __iter__(self) -> Iterator[Candidate]:
        """Yield the candidates without repeated names or bodies; those of the fullest body come first."""
        for index in itertools.count():
            if index == len(self._read):
                self._read += itertools.islice(self._waiting, 1)
            if index == len(self._read):
                return
            yield self._read[index]

    @functools.cached_property
    def non_ascii(self) -> bytes | None:
        """A valid body with text that is not ASCII; None if the schema allows no such text."""
        named = (each for each in self if each.change.name == NON_ASCII and not each.keyword)
        return next((each.encoded() for each in named if self.proof(each).doubt is None), None)

    @functools.cached_property
    def by_keyword(self) -> dict[str, tuple[Candidate, ...]]:
        """The candidates of each keyword, in a shuffled order that is always the same."""
        groups: dict[str, list[Candidate]] = {}
        for candidate in self:
            groups.setdefault(candidate.keyword or LEGAL, []).append(candidate)
        return {
            keyword: tuple(sorted(group, key=lambda each: key_of(each.name)))
            for keyword, group in groups.items()
        }

    def location(self, candidate: Candidate) -> str:
        """Return the location in the document of the keyword or the schema that a candidate is about.

        An integer's format may set the bound that is broken; the keyword is then `format`. A property whose
        schema is `false` breaks `not` in the normalized schema; the location is then that of the property.
        """
        node, keyword, graph = candidate.node, candidate.change.keyword, self._validators.graph
        for step in candidate.change.found_at:
            node = node["properties"][step]
        written = "format" if keyword in node.get(FROM_FORMAT, ()) else keyword
        return graph.origin(node) + (f"/{written}" if written in graph.described(node) else "")

    def proof(self, candidate: Candidate) -> Proof:
        """Prove that a candidate breaks its keyword, or that it is legal."""
        if id(candidate) not in self._proofs:
            self._proofs[id(candidate)] = self._prove(candidate)
        return self._proofs[id(candidate)]

    def _prove(self, candidate: Candidate) -> Proof:
        nodes, depth = [self._node], 0
        if candidate.path and self._is_proved(candidate.base):
            nodes, depth = proving.narrowed(self._validators, self._node, candidate.path)
        value = candidate.changed(depth)
        if candidate.keyword is None:
            return proving.prove_valid(self._validators, nodes, value)
        path = (*candidate.path[depth:], *candidate.change.found_at)
        return proving.prove_invalid(self._validators, nodes, value, candidate.keyword, path)

    def _is_proved(self, base: Base) -> bool:
        """Whether both validators accept a base."""
        if id(base) not in self._proved:
            self._proved[id(base)] = (
                proving.prove_valid(self._validators, [self._node], base.value).doubt is None
            )
        return self._proved[id(base)]

    def _derived(self) -> Iterator[Candidate]:
        names: set[tuple[str | None, Path, str, str]] = set()
        values: dict[tuple[str, Path, int], Any] = {}
        of_first: set[tuple[int, Path, str, str]] = set()
        for candidate in itertools.chain.from_iterable(self._of_base(each, of_first) for each in self.bases):
            change = candidate.change
            # Each wrong value is one shared object, so that a union and its branch don't give it twice.
            body = (candidate.base.name, candidate.path, id(change.value))
            name = (candidate.keyword, candidate.path, change.name, candidate.suffix)
            if body not in values and name not in names:
                values[body] = change.value  # kept alive, so that no other object gets its id
                names.add(name)
                yield candidate

    def _of_base(self, base: Base, of_first: set[tuple[int, Path, str, str]]) -> Iterator[Candidate]:
        suffix = "" if base is self.bases[0] else f"@{base.name}"
        change = Change("", base.name, base.value, unusual(base, self.bases))
        yield Candidate((), self._node, base, change)
        for place in places(self._validators, self._node, base.value):
            for change in itertools.chain(
                changes(self._validators, place), variations(self._validators, place)
            ):
                key = (id(place.node), place.path, change.keyword, change.name)
                if not suffix:
                    of_first.add(key)
                elif key in of_first:
                    continue
                yield Candidate(place.path, place.node, base, change, suffix)
