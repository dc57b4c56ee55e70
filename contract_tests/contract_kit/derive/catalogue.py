"""Lists every mutant of a document. The order and the ids are the same on every machine."""

from __future__ import annotations

import functools
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator
from os import PathLike

from attrs import evolve

from contract_kit.errors import KitError
from contract_kit.prove.proving import Proof
from contract_kit.read.document import Document, nearest
from contract_kit.read.operations import Documented
from contract_kit.serve.transfers import CONTENT_AFTER_204, transfer_disturbances

from .answers import Answered, Answers
from .body_bytes import wire_disturbances
from .candidates import Candidate
from .headers import BrokenHeaders
from .model import CONTROL, PROTOCOL, ByReason, Mutant, Operation, Response, Skipped, Strictness, key_of
from .mutant_plan import VALID, Slot
from .protocol import Disturbance, disturbances, undocumented_statuses
from .sampling import alternating, in_turn, rotated


class Catalogue:
    """The operations of a document and their mutants.

    Args:
        document: The document that contains the operations.
        strictness: How strictly to judge clients. If a standard's requirement is weaker than this, a client
            may accept or refuse the mutant.
    """

    def __init__(self, document: Document, strictness: Strictness = Strictness.MUST) -> None:
        self._document = document
        self._strictness = strictness
        self._answers = Answers(document)
        self._schemas = self._answers.schemas
        self._headers = BrokenHeaders(self._schemas)
        self._doubts = ByReason()
        if not any(self._answers):
            skipped = self._answers.skipped
            reasons = f" {skipped[0].reason}" if skipped else " Its paths have none."
            raise KitError(f"{document.path} has no operation that can be called.{reasons}")

    @classmethod
    def load(cls, path: str | PathLike[str], strictness: Strictness = Strictness.MUST) -> Catalogue:
        """Read a document.

        Raises:
            KitError: The document can't be read, isn't OpenAPI 3.0 or 3.1, or has no operation to call.
        """
        return cls(Document.load(path), strictness)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The operations that can be called, in the document's order."""
        return tuple(each.operation for each in self._answered.values())

    @property
    def documented(self) -> int:
        """The number of operations in the document, including those that can't be called."""
        return self._answers.documented

    @property
    def base_paths(self) -> list[str]:
        """The paths of the document's `servers`."""
        return self._document.base_paths

    @property
    def skipped(self) -> list[Skipped]:
        """The parts that give no mutants, and why. The list is complete after the last mutant is read."""
        return self.gaps()

    def gaps(self, operations: Collection[str] = ()) -> list[Skipped]:
        """Return the parts of these operations that give no mutants. If none is named, use all operations."""
        chosen = self._chosen(operations)
        skipped = [each for each in self._answers.skipped if not operations or _is_of(each, operations)]
        nodes = [each.schema for answered in chosen for each in answered.responses if each.schema is not None]
        places = self._schemas.places(nodes) if operations else set()
        repairs = ByReason()
        for each in self._schemas.repairs:
            if not operations or each.where in places:
                repairs.add(each.where, each.reason)
        return [*skipped, *(each[reason] for each in (repairs, self._doubts) for reason in sorted(each))]

    def mutants(self, operations: Collection[str] = (), sample: int | None = None) -> Iterator[Mutant]:
        """Return the proved mutants one by one.

        Args:
            operations: The ids of the operations to answer with mutants; all operations if empty.
            sample: The number of mutants to return, spread evenly over operations and keywords; None for all.

        Raises:
            KitError: One of the ids belongs to no operation, or the sample is below 1.
        """
        if sample is not None and sample < 1:
            raise KitError(f"A sample of {sample} has no mutants. Take 1 or more.")
        if sample is not None:
            return self._proved(self._sampled(self._chosen(operations), sample))
        chosen = self._chosen(operations) if operations else self._answers
        return self._proved(slot for each in chosen for slot in self._slots(each))

    def candidates(self, operations: Collection[str] = ()) -> int:
        """Return an upper bound on the number of mutants; some can't be proved."""
        return sum(1 for each in self._chosen(operations) for _ in self._slots(each))

    def mutant(self, id_or_key: str) -> Mutant | None:
        """Return the mutant that has this id or this key; None if there is no such mutant."""
        slot = self._index.get(id_or_key)
        return self._mutant(slot) if slot else None

    def valid(self, operation: Operation) -> Response:
        """Return the valid response that an operation normally gets: a success, if one is documented."""
        return self._valid[operation.id]

    def control(self, operation: Operation, base: str = "") -> Mutant:
        """Return a valid response as a mutant, to serve before the mutants that are made from it.

        Args:
            operation: The operation that the response answers.
            base: The label of the response; empty for the response that the operation normally gets.
        """
        responses = self._answers.by_id[operation.id].responses
        documented = next((each for each in responses if each.label == base), _normal(responses))
        slot = Slot(operation, documented, Disturbance(VALID, _unchanged, "is valid"))
        mutant = slot.mutant(self._response(documented), self._strictness, base)
        name = ":".join(filter(None, [operation.id, base, CONTROL]))
        return evolve(mutant, id=name, group=CONTROL, name=CONTROL)

    @functools.cached_property
    def _valid(self) -> dict[str, Response]:
        return {name: self._response(_normal(each.responses)) for name, each in self._answered.items()}

    @functools.cached_property
    def _index(self) -> dict[str, Slot]:
        found = {}
        for each in self._answered.values():
            for slot in self._slots(each):
                found[slot.id] = found[key_of(slot.id)] = slot
        return found

    @functools.cached_property
    def _answered(self) -> dict[str, Answered]:
        return {each.operation.id: each for each in self._answers}

    def _chosen(self, operations: Collection[str]) -> list[Answered]:
        for name in operations:
            if name not in self._answered:
                near = nearest(name, list(self._answered)) or " `contract-kit mutants` lists them."
                raise KitError(f"There is no operation {name!r}.{near}")
        return [each for name, each in self._answered.items() if not operations or name in operations]

    def _response(self, documented: Documented, body: bytes | None = None) -> Response:
        if documented.content_type is None:
            return Response(documented.status, documented.headers, b"")
        headers = {"Content-Type": documented.content_type} | documented.headers
        if body is None and documented.schema is not None:
            body = self._answers.bodies(documented).candidates[0].encoded()
        return Response(documented.status, headers, documented.unbroken_body if body is None else body)

    def _slots(self, answered: Answered) -> Iterator[Slot]:
        for documented in answered.responses:
            if _has_body(answered, documented):
                for candidate in self._answers.bodies(documented).candidates:
                    yield Slot(answered.operation, documented, candidate)
        yield from self._protocol(answered)

    def _protocol(self, answered: Answered) -> Iterator[Slot]:
        for documented in answered.responses:
            if not _has_body(answered, documented):
                yield Slot(answered.operation, documented, Disturbance(VALID, _unchanged, "is valid"))
            for disturbance in (*disturbances(documented), *self._headers.of(documented)):
                yield Slot(answered.operation, documented, disturbance)
        normal = _normal(answered.responses)
        for disturbance in undocumented_statuses(answered.labels):
            yield Slot(answered.operation, normal, disturbance)
        has_body = _has_body(answered, normal)
        if has_body:
            for disturbance in wire_disturbances(normal, lambda: self._answers.bodies(normal).non_ascii):
                yield Slot(answered.operation, normal, disturbance)
        for disturbance in transfer_disturbances(has_body=has_body):
            yield Slot(answered.operation, normal, disturbance)
        if answered.operation.method != "HEAD":
            empty = next((each for each in answered.responses if each.status == 204), normal)
            yield Slot(answered.operation, empty, CONTENT_AFTER_204)

    def _proved(self, slots: Iterable[Slot]) -> Iterator[Mutant]:
        for slot in slots:
            if mutant := self._mutant(slot):
                yield mutant

    def _mutant(self, slot: Slot) -> Mutant | None:
        is_normal = slot.documented is _normal(self._answers.by_id[slot.operation.id].responses)
        base = "" if is_normal else slot.documented.label
        if isinstance(slot.source, Disturbance):
            disturbed = self._disturbed(slot, slot.source)
            return slot.mutant(disturbed, self._strictness, base) if disturbed else None
        proof = self._proof(slot, slot.source)
        if proof is None:
            return None
        response = self._response(slot.documented, slot.source.encoded())
        return slot.mutant(response, self._strictness, base, proof.exactness)

    def _disturbed(self, slot: Slot, disturbance: Disturbance) -> Response | None:
        """Return the disturbed response; None if the disturbance changes nothing."""
        valid = self._response(slot.documented)
        disturbed = disturbance.disturb(valid)
        return None if disturbed == valid and disturbance.name != VALID else disturbed

    def _is_proved(self, slot: Slot) -> bool:
        if isinstance(slot.source, Disturbance):
            return self._disturbed(slot, slot.source) is not None
        return self._proof(slot, slot.source) is not None

    def _proof(self, slot: Slot, candidate: Candidate) -> Proof | None:
        """Return the proof of a candidate; if the proof fails, count the doubt and return None."""
        proof = self._answers.bodies(slot.documented).proof(candidate)
        if proof.doubt:
            self._doubts.add(slot.id, proof.doubt)
            return None
        return proof

    def _sampled(self, chosen: list[Answered], sample: int) -> list[Slot]:
        """Take one slot in turn from each pair of operation and keyword, until enough slots are proved."""
        waiting = deque(in_turn({each.operation.id: self._groups(each) for each in chosen}))
        taken: set[str] = set()
        while waiting and len(taken) < sample:
            group = waiting.popleft()
            for slot in group:
                if self._is_proved(slot):
                    taken.add(slot.id)
                    waiting.append(group)
                    break
        return [slot for each in chosen for slot in self._slots(each) if slot.id in taken]

    def _groups(self, answered: Answered) -> dict[str, Iterator[Slot]]:
        """Return the slots of an operation by keyword, alternating between its responses."""
        groups: dict[str, list[Iterator[Slot]]] = defaultdict(list)
        for documented in answered.responses:
            if _has_body(answered, documented):
                for keyword, candidates in self._answers.bodies(documented).by_keyword.items():
                    turned = rotated(candidates, f"{answered.operation.id}:{documented.label}")
                    slot = functools.partial(Slot, answered.operation, documented)
                    groups[keyword].append(map(slot, turned))
        protocol = sorted(self._protocol(answered), key=lambda slot: key_of(slot.id))
        groups[PROTOCOL].append(iter(protocol))
        return {keyword: alternating(each) for keyword, each in groups.items()}


def _is_of(skipped: Skipped, operations: Collection[str]) -> bool:
    return any(f"{skipped.where} ".startswith(f"{name} ") for name in operations)


def _has_body(answered: Answered, documented: Documented) -> bool:
    return documented.schema is not None and answered.operation.method != "HEAD"


def _unchanged(valid: Response) -> Response:
    return valid


def _normal(responses: list[Documented]) -> Documented:
    successes = [each for each in responses if 200 <= each.status < 300]
    with_schema = [each for each in successes if each.schema is not None]
    return (with_schema or successes or responses)[0]
