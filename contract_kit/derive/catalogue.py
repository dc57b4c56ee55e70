"""Lists all mutants of a document. Their order and ids are the same on every machine."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import TypeVar

from attrs import evolve

from contract_kit.errors import KitError, NothingCoveredError, UncoverableError
from contract_kit.prove.proving import Doubt
from contract_kit.prove.validators import Validators
from contract_kit.read.document import ByReason, Document, Skipped, nearest
from contract_kit.read.graph import Node, locations, reached
from contract_kit.read.operations import Listed
from contract_kit.read.reader import Reader

from .alternatives import MOST, Alternative, alternatives
from .coverage import Coverage
from .exchange import Response
from .model import (
    CLIENT,
    CONTROL,
    RECEIVER,
    Mutant,
    Operation,
    Role,
    control_id,
    key_of,
    mutant_key,
    operation_key,
)
from .protocol import valid_response
from .slots import Answer, Answered, Slot, drawn, slots
from .strictness import Strictness
from .valid_bodies import Base

T = TypeVar("T")
_POSITIONS = 20
"""The number of values to change per mutant in a sample; enough that every operator has mutants."""
_PROVED_TOGETHER = 500
"""The number of mutants in a sample that are proved together; their bodies are held in memory."""


class Catalogue:
    """The operations in a document and their mutants.

    An operation is read only when its first mutant or its valid response is needed, because deriving all
    bodies for a large document is slow. Threads may share a catalogue.

    Args:
        document: The document that contains the operations.
        strictness: How strictly to judge clients. If a standard's requirement is weaker than this, a client
            may accept or refuse the mutant.
        webhooks: Whether to list the webhooks and callbacks instead of the operations.
    """

    def __init__(
        self, document: Document, strictness: Strictness = Strictness.MUST, *, webhooks: bool = False
    ) -> None:
        self._document = document
        self.strictness = strictness
        self._reader = Reader(document, is_strict=not document.is_3_0, webhooks=webhooks)
        self._requests = Validators(self._reader.requests.graph)
        self._responses = Validators(self._reader.responses.graph)
        self._coverage = Coverage(self._reader, self._requests, self._responses)
        self._read: dict[str, Answered | UncoverableError] = {}
        self._by_name: dict[tuple[str, int], dict[str, Slot]] = {}
        """The planned mutants of each operation and substitute looked up so far, by mutant id and by key."""
        self._doubts = ByReason()
        self._lock = threading.RLock()
        self._listed: dict[str, Listed] = {}
        self._repeated: list[Skipped] = []
        for each in self._reader.operations:
            if self._listed.setdefault(each.id, each) is not each:
                reason = f"Another operation already has the operationId {each.id}."
                self._repeated.append(Skipped(each.name, reason))

    @classmethod
    def load(
        cls,
        path: str | PathLike[str],
        strictness: Strictness = Strictness.MUST,
        ref_root: Path | None = None,
        *,
        webhooks: bool = False,
    ) -> Catalogue:
        """Read a document. Its references may lead to files in its own folder and in the folder `ref_root`.

        Raises:
            KitError: The document can't be read, or isn't OpenAPI 3.0 or 3.1.
        """
        return cls(Document.load(path, ref_root), strictness, webhooks=webhooks)

    @property
    def listed(self) -> tuple[Listed, ...]:
        """The operations in document order, including operations that can't be called."""
        return tuple(self._listed.values())

    @property
    def role(self) -> Role:
        """Who receives the mutants."""
        return RECEIVER if self._reader.webhooks else CLIENT

    @property
    def base_paths(self) -> list[str]:
        """The paths of the document's `servers`."""
        return self._document.base_paths

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The operations that can be called, in document order."""
        self.read_schemas(self._listed)
        return tuple(each.operation for each in map(self.answered, self._listed) if each)

    def gaps(self, operations: Collection[str] = ()) -> list[Skipped]:
        """Return the parts of these operations, or of all operations, that have no mutants.

        The list is complete only after the last mutant has been read.
        """
        chosen = [name for name in self._listed if not operations or name in operations]
        skipped = [each for name in chosen for each in self._coverage.skipped.get(name, ())]
        answers = [
            each
            for name in chosen
            if isinstance(found := self._read.get(name), Answered)
            for each in found.answers
        ]
        nodes = [each.documented.schema for each in answers if each.documented.schema is not None]
        places = locations(nodes) if operations else set()
        repairs = ByReason()
        for each in self._reader.responses.repairs:
            if not operations or each.where in places:
                repairs.add(each)
        if not operations:
            skipped += self._repeated
            skipped += self._reader.unreadable.values()
        return [*skipped, *(each[reason] for each in (repairs, self._doubts) for reason in sorted(each))]

    def mutants(self, operations: Collection[str] = (), sample: int | None = None) -> Iterator[Mutant]:
        """Return the proved mutants one by one. An operation is read when its first mutant is needed.

        Args:
            operations: The ids of the operations whose responses are mutated; all operations if empty.
            sample: The number of mutants to draw, spread evenly over the operators, and returned in the order
                drawn. None returns all mutants in document order.

        Raises:
            KitError: One of the ids belongs to no operation, or the sample is below 1.
            NothingCoveredError: No operation can be called.
        """
        if sample is not None and sample < 1:
            raise KitError(f"A sample of {sample} has no mutants. Use 1 or more.")
        return self._of(self._chosen(operations), sample)

    def count(self, operations: Collection[str], limit: int) -> int:
        """Return the number of planned mutants, up to a limit. A few of them might turn out to be unprovable.

        Raises:
            KitError: One of the ids belongs to no operation.
        """
        chosen = self._chosen(operations)
        self.read_schemas(chosen)
        answered = filter(None, map(self.answered, chosen))
        planned = (slot for each in answered for slot in self._locked(slots(each, self._responses)))
        return sum(1 for _ in islice(planned, limit))

    def _chosen(self, operations: Collection[str]) -> list[str]:
        for name in operations:
            if name not in self._listed:
                near = nearest(name, list(self._listed)) or " `contract-kit mutants` lists them."
                raise KitError(f"There is no operation {name!r}.{near}")
        return [name for name in self._listed if not operations or name in operations]

    def mutant(self, id_or_key: str) -> Mutant | None:
        """Return the mutant with this id or key, or None if there is no such mutant.

        With `@N` after the id or key, the mutant is made from the Nth alternative to its control.
        """
        usual, _, number = id_or_key.rpartition("@")
        with self._lock:
            found = self._named(id_or_key)
            is_substitute = not found and number in map(str, range(1, MOST + 1))
            return self._named(usual, int(number)) if is_substitute else found

    def _named(self, id_or_key: str, substitute: int = 0) -> Mutant | None:
        named = (name for name in self._listed if id_or_key.startswith((f"{name}:", operation_key(name))))
        slots = (self._planned(name, substitute).get(id_or_key) for name in named)
        slot = next(filter(None, slots), None)
        made = self.made(slot) if slot else None
        return evolve(made, substitute=substitute) if made else None

    def made(self, slot: Slot) -> Mutant | None:
        """Make a planned mutant. If the mutant can't be proved, record it as skipped and return None."""
        found = slot.mutant(self.strictness)
        if not isinstance(found, Doubt):
            return found
        is_legal = found is Doubt.STILL_VALID and slot.operator.incident  # the schema allows the near miss
        if found is not Doubt.UNCHANGED and not is_legal:
            self._doubts.add(Skipped(slot.id, found))
        return None

    def read_schemas(self, names: Iterable[str]) -> None:
        """Read several operations' schemas at once, which is faster than reading one operation at a time."""
        with self._lock:
            self._reader.read_schemas([self._listed[name] for name in names])

    def schema_locations(self) -> set[str]:
        """Return the locations of all response schemas, including nested schemas."""
        self.read_schemas(self._listed)
        with self._lock:
            nodes = reached(self._reader.responses.graph.definitions.values(), Node.children)
            return {each.origin for each in nodes}

    def operation(self, name: str) -> Operation:
        """Return the operation with this id.

        Raises:
            UncoverableError: The operation can't be called.
        """
        with self._lock:
            return self._answered(name).operation

    def valid(self, operation: Operation) -> Response:
        """Return an operation's normal valid response: a success, if one is documented."""
        with self._lock:
            return self._answered(operation.id).normal.valid

    def alternatives(self, control: Mutant) -> Iterator[tuple[Mutant, Alternative]]:
        """Yield other valid responses to serve if the client refuses a control."""
        _, answer = self._labelled(control.operation, control.base)
        schema, bodies = answer.documented.schema, answer.bodies
        if schema is not None and bodies and control.operation.method != "HEAD":
            found = self._locked(alternatives(self._responses, schema.target, bodies.bases))
            for number, each in enumerate(found, 1):
                valid = _changed(answer, [each.base]).valid
                yield evolve(control, response=valid, substitute=number), each

    def suspects(self, control: Mutant, alternative: Alternative) -> tuple[list[Mutant], set[str]]:
        """Return legal variants of a control, which can show which part of the usual control is refused.

        The control is made from the alternative, which the client has accepted. Also return the ids of the
        legal mutants whose changes the alternative combines.
        """
        with self._lock:
            answered, answer = self._labelled(control.operation, control.base)
            other = _changed(answer, [alternative.base])
            made = [self.made(answered.slot(other, each)) for each in alternative.suspects]
            accepted = {answered.slot(answer, each).id for each in alternative.accepted}
        numbers = [control.substitute * (each.base is alternative.base) for each in alternative.suspects]
        found = zip(made, numbers, strict=True)
        return [evolve(each, substitute=number) for each, number in found if each], accepted

    def control(self, operation: Operation, base: str = "") -> Mutant:
        """Return a valid response as a mutant, to be served before the mutants that are made from it.

        `base` is the response's label; empty for the operation's normal response.
        """
        with self._lock:
            _, answer = self._labelled(operation, base)
            slot = Slot(operation, answer, valid_response(answer.documented), base)
            mutant = slot.mutant(self.strictness)
        assert isinstance(mutant, Mutant)  # noqa: S101 - a valid response needs no proof
        return evolve(mutant, id=control_id(operation.id, base), group=CONTROL)

    def _labelled(self, operation: Operation, base: str) -> tuple[Answered, Answer]:
        """Return an operation, and its response with this label, or else its normal response."""
        answered = self._answered(operation.id)
        labelled = (each for each in answered.answers if each.documented.label == base)
        return answered, next(labelled, answered.normal)

    def answered(self, name: str) -> Answered | None:
        """Return an operation and the responses that can be covered, or None if it can't be called."""
        with self._lock:
            try:
                return self._answered(name)
            except UncoverableError:
                return None

    def _of(self, chosen: list[str], sample: int | None) -> Iterator[Mutant]:
        if sample is None:
            self.read_schemas(chosen)
            answered = filter(None, map(self.answered, chosen))
            yield from (mutant for each in answered for mutant in self._proved(slots(each, self._responses)))
        else:
            yield from self._sampled(self._locked(self._drawn(sorted(chosen, key=key_of), sample)), sample)
        if not any(isinstance(self._read.get(name), Answered) for name in chosen):
            missing = "webhooks or callbacks" if self.role is RECEIVER else "operations in its paths"
            skipped = next((each.reason for each in self.gaps(chosen)), f"It has no {missing}.")
            message = f"{self._document.path} has no operation that can be called. {skipped}"
            raise NothingCoveredError(message)

    def _drawn(self, chosen: list[str], sample: int) -> Iterator[Slot]:
        """Yield planned mutants for a sample. Operations are read in batches as large as the sample."""
        for first in range(0, len(chosen), sample):
            names = chosen[first : first + sample]
            self.read_schemas(names)
            positions = -(-_POSITIONS * sample // len(names))
            yield from drawn(filter(None, map(self.answered, names)), self._responses, positions)

    def _sampled(self, planned: Iterator[Slot], sample: int) -> Iterator[Mutant]:
        """Yield the first planned mutants whose proof succeeds, without changing their order.

        Mutants are proved in batches sorted by id because adjacent mutants need the same compiled schemas.
        """
        while several := list(islice(planned, min(sample, _PROVED_TOGETHER))):
            proved = {each.id: each for each in self._proved(iter(sorted(several, key=lambda slot: slot.id)))}
            yield from (proved[each.id] for each in several if each.id in proved)
            sample -= len(proved)

    def _proved(self, planned: Iterator[Slot]) -> Iterator[Mutant]:
        for slot in self._locked(planned):
            with self._lock:
                mutant = self.made(slot)
            if mutant:
                yield mutant

    def _locked(self, items: Iterator[T]) -> Iterator[T]:
        """Yield items, deriving each under a lock, so that only one thread derives anything at a time."""
        while True:
            with self._lock:
                item = next(items, None)
            if item is None:
                return
            yield item

    def _planned(self, operation: str, substitute: int) -> dict[str, Slot]:
        """Return an operation's planned mutants, by id and by key."""
        if (operation, substitute) not in self._by_name:
            answered = self.answered(operation)
            if answered and substitute:
                others = [self._other(answered, each, substitute) for each in answered.answers]
                answered = evolve(answered, answers=others)
            planned = list(slots(answered, self._responses)) if answered else []
            self._by_name[operation, substitute] = {
                name: slot for slot in planned for name in (slot.id, mutant_key(operation, slot.id))
            }
        return self._by_name[operation, substitute]

    def _other(self, answered: Answered, answer: Answer, number: int) -> Answer:
        """Return a response that is made from its alternative with this number, if there is one."""
        control = self.control(answered.operation, answer.documented.label)
        for _, each in islice(self.alternatives(control), number - 1, number):
            return _changed(answer, [each.base, *each.others])
        return answer

    def _answered(self, name: str) -> Answered:
        if name not in self._read:
            self.read_schemas([name])
            try:
                self._read[name] = self._coverage.answered(self._listed[name])
            except UncoverableError as error:
                self._read[name] = error
        found = self._read[name]
        if isinstance(found, UncoverableError):
            raise found
        return found


def _changed(answer: Answer, bases: Sequence[Base]) -> Answer:
    """Replace a response's valid bodies."""
    assert answer.bodies  # noqa: S101 - only a response with bodies has other valid bodies
    return evolve(answer, bodies=answer.bodies.starting_from(bases))
