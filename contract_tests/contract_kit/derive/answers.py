"""Lists the operations of a document, and their responses that give mutants."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from attrs import frozen

from contract_kit.errors import UncoverableError
from contract_kit.read.document import Document
from contract_kit.read.operations import Documented, Reader, is_json

from .candidates import Bodies
from .model import Operation, Skipped


@frozen(eq=False)
class Answered:
    """An operation, and its responses that can be covered."""

    operation: Operation
    labels: list[str]
    responses: list[Documented]


class Answers:
    """The operations of a document with their responses, and the valid bodies of each schema.

    Each operation is read only when the iteration reaches it, because building all valid bodies of a large
    document takes long.

    Args:
        document: The document that contains the operations.
    """

    def __init__(self, document: Document) -> None:
        self._reader = Reader(document, is_strict=not document.is_3_0)
        self._bodies: dict[int, Bodies | UncoverableError] = {}
        self.schemas = self._reader.responses
        self.skipped: list[Skipped] = []
        """The parts of the operations read so far that give no mutants, and why."""
        self.documented = sum(1 for _ in self._reader.places())
        """The number of operations, including those that can't be covered."""
        self.by_id: dict[str, Answered] = {}
        """The operations read so far, by their ids."""
        self._found: list[Answered] = []
        self._waiting = self._read()

    def __iter__(self) -> Iterator[Answered]:
        """Yield each operation that can be covered."""
        for index in itertools.count():
            if index == len(self._found):
                self._found += itertools.islice(self._waiting, 1)
            if index == len(self._found):
                return
            yield self._found[index]

    def bodies(self, documented: Documented) -> Bodies:
        """Return the bodies of a response.

        Raises:
            UncoverableError: No valid body was found.
        """
        bodies = self._bodies_of(documented)
        if isinstance(bodies, UncoverableError):
            raise bodies
        return bodies

    def _read(self) -> Iterator[Answered]:
        seen: set[str] = set()
        for path, method, place in self._reader.places():
            name = f"{method.upper()} {path}"
            try:
                operation = self._reader.operation(path, method, place)
            except UncoverableError as error:
                self.skipped.append(Skipped(name, str(error)))
                continue
            if operation.id in seen:
                self.skipped.append(
                    Skipped(name, f"Another operation already has the operationId {operation.id}.")
                )
                continue
            seen.add(operation.id)
            labels, responses = [], []
            for label, documented in self._reader.documented(place):
                labels.append(label)
                for each in (documented, *getattr(documented, "others", ())):
                    name = getattr(each, "label", label)
                    if reason := self._problem(each):
                        self.skipped.append(Skipped(f"{operation.id} {name}", reason))
                    if isinstance(each, Documented) and (not reason or each.schema is None):
                        responses.append(each)
                for kind in _not_json(documented):
                    reason = f"Its content type {kind} is not JSON, so the kit makes no mutants of this type."
                    self.skipped.append(Skipped(f"{operation.id} {label}", reason))
            if responses:
                self.by_id[operation.id] = Answered(operation, labels, responses)
                yield self.by_id[operation.id]
            else:
                self.skipped.append(Skipped(operation.id, "It has no response that can be covered."))
        self.skipped += [Skipped(path, reason) for path, reason in self._reader.unreadable.items()]

    def _problem(self, documented: Documented | UncoverableError) -> str:
        """Return why a response gives no mutants of its body; empty if it gives some or has no body."""
        if isinstance(documented, UncoverableError):
            return str(documented)
        if documented.content_type and documented.schema is None:
            return f"Its content type is {documented.content_type}, and it has no JSON schema."
        if documented.schema is not None:
            bodies = self._bodies_of(documented)
            return str(bodies) if isinstance(bodies, UncoverableError) else ""
        return ""

    def _bodies_of(self, documented: Documented) -> Bodies | UncoverableError:
        node: Any = documented.schema
        if id(node) not in self._bodies:
            try:
                self._bodies[id(node)] = Bodies(self.schemas, node, documented.examples)
            except UncoverableError as error:
                self._bodies[id(node)] = error
            except RecursionError:
                self._bodies[id(node)] = UncoverableError("Its schema follows too many references.")
        return self._bodies[id(node)]


def _not_json(documented: Documented | UncoverableError) -> list[str]:
    """Return the content types of a response that are not JSON, except the content type that is served."""
    if isinstance(documented, UncoverableError):
        return []
    served = (documented.content_type or "").partition(";")[0].strip().lower()
    return [kind for kind in documented.content_types if kind != served and not is_json(kind)]
