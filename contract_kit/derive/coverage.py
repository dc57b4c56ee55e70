"""Reads a document's operations: which responses can be covered, and which parts yield no mutants."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from attrs import evolve

from contract_kit.errors import UncoverableError
from contract_kit.prove.validators import Validators
from contract_kit.read.document import Skipped
from contract_kit.read.graph import Node
from contract_kit.read.operations import Documented, Listed, is_json, media_type
from contract_kit.read.reader import Reader

from .bodies import Bodies
from .requests import header_values, operation_of
from .slots import Answer, Answered


class Coverage:
    """Reads operations, and records what can't be covered.

    Attributes:
        skipped: The parts of each operation that yield no mutants, by operation id.
    """

    def __init__(self, reader: Reader, requests: Validators, responses: Validators) -> None:
        self.skipped: dict[str, list[Skipped]] = {}
        self._reader = reader
        self._requests = requests
        self._responses = responses
        self._bodies: dict[tuple[Node, frozenset[str], str], Bodies | UncoverableError] = {}

    def answered(self, listed: Listed) -> Answered:
        """Return an operation with the responses that can be covered.

        Raises:
            UncoverableError: The operation can't be called, or none of its responses can be covered.
        """
        skipped = self.skipped[listed.id] = []
        try:
            operation = operation_of(self._reader, self._requests, listed)
        except UncoverableError as error:
            skipped.append(Skipped.of(listed.name, error))
            raise
        labels: list[str] = []
        told: dict[str, dict[str, str | None]] = {}
        answers: list[Answer] = []
        for label, documented in self._reader.documented(listed.place):
            labels.append(label)
            if isinstance(documented, UncoverableError):
                skipped.append(Skipped.of(f"{listed.id} {label}", documented))
                continue
            told[label] = {"content_type": documented.content_type, "schema": documented.schema_name}
            for each in (documented, *documented.others):
                try:
                    answers.append(self._answer(each, operation.request.parameters["query"]))
                    if reason := answers[-1].bodies and answers[-1].bodies.shortfall:
                        skipped.append(Skipped(f"{listed.id} {each.label}", reason))
                except UncoverableError as error:
                    skipped.append(Skipped.of(f"{listed.id} {each.label}", error))
                if each.content_type and each.schema is None:
                    reason = f"Its content type is {each.content_type}, and it has no JSON schema."
                    skipped.append(Skipped(f"{listed.id} {each.label}", reason))
            for kind in _not_json(documented):
                reason = f"Its content type {kind} is not JSON, so the kit makes no mutants of this type."
                skipped.append(Skipped(f"{listed.id} {label}", reason))
        if not answers:
            skipped.append(Skipped(listed.id, f"It has no {operation.role.sent} that can be covered."))
            raise UncoverableError(skipped[-1].reason)
        return Answered(evolve(operation, responses=told), labels, answers)

    def _answer(self, documented: Documented, parameters: Collection[str]) -> Answer:
        headers = header_values(self._responses, documented)
        bodies = (
            None
            if documented.schema is None
            else self._bodies_of(documented.schema, documented.examples, parameters)
        )
        return Answer(documented, headers, bodies)

    def _bodies_of(self, node: Node, examples: dict[str, Any], parameters: Collection[str]) -> Bodies:
        """Return the bodies of a schema.

        Responses with the same schema and the same examples share their bodies, unless a query parameter has
        the same name as a property, which might then be a cursor.
        """
        node = node.target
        named = frozenset(parameters).intersection(node.get("properties", ()))
        if (key := (node, named, json.dumps(examples))) not in self._bodies:
            try:
                self._bodies[key] = Bodies(self._responses, node, examples, named)
            except UncoverableError as error:
                self._bodies[key] = error
            except RecursionError:
                self._bodies[key] = UncoverableError("Its schema follows too many references.")
        bodies = self._bodies[key]
        if isinstance(bodies, UncoverableError):
            raise bodies
        return bodies


def _not_json(documented: Documented) -> list[str]:
    """Return a response's content types that are neither JSON nor the type served."""
    served = media_type(documented.content_type or "")
    return [kind for kind in documented.content_types if kind != served and not is_json(kind)]
