"""What the server and `prove` need of a catalogue."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from .model import Mutant, Operation, Response, Skipped


class Source(Protocol):
    """Where operations, their valid responses and their mutants come from. `Catalogue` is one."""

    @property
    def operations(self) -> Sequence[Operation]:
        """Those that a client can call."""

    @property
    def skipped(self) -> Sequence[Skipped]:
        """What gave no mutants; complete once `mutants` is exhausted."""

    def mutants(self, operations: Collection[str] = (), sample: int | None = None) -> Iterator[Mutant]:
        """Yield the mutants of these operations, or of all, in the order of the document."""

    def valid(self, operation: Operation) -> Response:
        """Return the valid response that an operation normally gets."""

    def mutant(self, id_or_key: str) -> Mutant | None:
        """Return the mutant with this id or key."""
