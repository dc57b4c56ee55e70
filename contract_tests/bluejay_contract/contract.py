"""The contract as the harness uses it: its operations, schemas, examples and validators.

The contract kit reads the document and validates bodies; it shares no code with the client's decoder.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema_rs
from contract_kit.prove.validators import Validators
from contract_kit.read.document import Document
from contract_kit.read.graph import Node
from contract_kit.read.operations import Documented, Listed
from contract_kit.read.reader import Reader

from .operations import Operation
from .parsing import parsed

_IN_CHECKOUT = Path(__file__).resolve().parents[2] / "openapi.yaml"


class Specified:
    """What a contract specifies for an operation: its request, and its JSON responses.

    Attributes:
        id: The operation.
        parameters: The parameters as written in the document, with references resolved.
        request_schema: The schema of the required JSON request body; None if requests have no body.
        statuses: The documented statuses.
    """

    def __init__(self, reader: Reader, validators: Validators, listed: Listed) -> None:
        self._validators = validators
        self.id, place = Operation(listed.id), listed.place
        described = reader.document.at(place)
        self.parameters = [
            reader.document.follow(place / "parameters" / index)[1]
            for index in range(len(described["parameters"]))
        ]
        self.request_schema: Node | None = None
        if "requestBody" in described:
            schema = place / "requestBody" / "content" / "application/json" / "schema"
            self.request_schema = reader.responses.add(schema)
        documented = [each for _, each in reader.documented(place) if isinstance(each, Documented)]
        self._documented = {each.status: each for each in documented}
        self.statuses = tuple(self._documented)

    def accepts(self, body: bytes) -> bool:
        """Return whether this body is valid in a request."""
        if self.request_schema is None:
            return True
        read = parsed(body)
        return not read.error and self._validators.is_valid(self.request_schema, read.document)

    def schema(self, status: int) -> Node:
        """Return the schema of the JSON response body for a status."""
        schema = self._documented[status].schema
        assert schema is not None  # noqa: S101 - each documented response of the contract is JSON
        return schema

    def examples(self, status: int) -> dict[str, Any]:
        """Return the named examples of the response body for a status."""
        return self._documented[status].examples

    def validator(self, status: int) -> jsonschema_rs.Draft202012Validator:
        """Return the validator for response bodies with a status; it also checks formats."""
        return self._validators.first(self.schema(status))


class Contract:
    """An OpenAPI 3.1 document whose operations respond with JSON.

    Attributes:
        document: The parsed document.
        openapi: The contract kit's view of the document.
        operations: What the contract specifies for each operation, in document order.
        schemas: The normalized schemas of the bodies.
        validators: The validators for the bodies, created from `schemas`.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.openapi = Document.of(document)
        reader = Reader(self.openapi, is_strict=True)
        self.schemas = reader.responses
        self.validators = Validators(self.schemas.graph)
        found = [Specified(reader, self.validators, each) for each in reader.operations]
        self.operations: Mapping[str, Specified] = {each.id: each for each in found}
        self._alternatives: dict[Node, tuple[Node, ...]] = {}

    @staticmethod
    @functools.cache  # derived values are cached on the contract
    def load() -> Contract:
        """Load the contract shipped with this package."""
        with resources.as_file(resources.files(__package__).joinpath("openapi.yaml")) as shipped:
            return Contract(Document.load(shipped if shipped.is_file() else _IN_CHECKOUT).root)

    @property
    def version(self) -> str:
        """The version in the contract's `info`."""
        return str(self.document["info"]["version"])

    def resolved(self, node: Node) -> Node:
        """Return a schema, or the schema that it refers to."""
        while node.referred is not None:
            node = node.referred
        return node

    def alternatives(self, node: Node) -> tuple[Node, ...]:
        """Return the schema itself, or each branch of its anyOf, with references resolved.

        If a branch has no keywords, it allows anything, so only that branch is returned.
        """
        if node not in self._alternatives:
            whole = self.resolved(node)
            branches = tuple(map(self.resolved, whole.get("anyOf", [whole])))
            anything = next((branch for branch in branches if not branch.keys() - {"examples"}), None)
            self._alternatives[node] = branches if anything is None else (anything,)
        return self._alternatives[node]
