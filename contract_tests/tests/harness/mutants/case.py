"""Rows for testing the rules: a response that breaks a rule, or one that only just keeps it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from attrs import frozen
from bluejay_contract.contract import Contract
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request
from bluejay_contract.operations import RESULTS, Operation, Page

from ...operations import TRAITS

KEY = "test-key"
CONTRACT = Contract.load()


@frozen
class Case:
    """A response to a request and, if two responses are compared, the earlier one.

    Attributes:
        name: The rule and what happens, such as `same-run:another`; unique for an operation.
        path: The path at which the rule must find the fault; empty if the response keeps the rule.
        status: The status of the response.
        key: Which key the request carries.
        method: The request's method; empty for the operation's method.
        exists: Whether the requested run exists.
        earlier: The body of the response before this one; None if there is only one.
        earlier_query: The query of the request before this one.
    """

    name: str
    operation: Operation
    body: bytes
    path: str = ""
    status: int = 200
    headers: Mapping[str, str] = JSON_HEADERS
    key: Key = Key.VALID
    method: str = ""
    query: str = ""
    exists: bool = True
    earlier: bytes | None = None
    earlier_query: str = ""

    @property
    def rule(self) -> str:
        return self.name.partition(":")[0]

    @property
    def id(self) -> str:
        """The case's name, after the operation's name unless the operation reads a run's results."""
        return self.name if self.operation is RESULTS else f"{self.operation}:{self.name}"

    def exchanges(self, source: str = "-") -> list[Exchange]:
        """Return the exchanges of this case. Their source is a file, or a URL without a query."""
        last = Exchange(self._request(source, self.query), self.status, self.headers, self.body)
        if self.earlier is None:
            return [last]
        return [Exchange(self._request(source, self.earlier_query), 200, JSON_HEADERS, self.earlier), last]

    def _request(self, source: str, query: str) -> Request:
        traits = TRAITS[self.operation]
        return Request(
            traits.requested,
            self.key,
            self.method or self.operation.method,
            KEY,
            f"{source}?{query}" if query else source,
            self.exists,
            self.operation,
            traits.body,
            page=Page.asked(query),
        )


def sound(operation: Operation, status: int = 200) -> Any:
    """Return the contract's first example for a status, from which the cases are made."""
    return next(iter(CONTRACT.operations[operation].examples(status).values()))


def encoded(document: Any) -> bytes:
    """Encode a document as a body."""
    return json.dumps(document, ensure_ascii=False).encode()
