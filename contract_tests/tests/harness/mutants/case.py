"""A case: a response with one fault, or a legal response, and what rules and client must do with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from attrs import frozen
from bluejay_contract.contract import Operation
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request
from bluejay_contract.operations import RESULTS
from bluejay_contract.page import Page
from bluejay_contract.stub import Answer

from ...operations import TRAITS

REFUSED = "ContractViolationError"
KEY = "test-key"


@frozen
class Case:
    """A response to a request; the response before it, if the fault is between two.

    Attributes:
        name: The fault and its path; unique among the cases of an operation.
        operation: The operation that is requested.
        body: The body of the response.
        group: The class of the fault.
        rule: The rule that must find the fault; empty if no rule may find a violation.
        path: The path at which the rule must find the fault.
        status: The status of the response.
        headers: The headers of the response.
        error: The error that the client must raise for a 200; empty if it must accept the response.
        key: Whether the request carries no key, a wrong key or the right key.
        method: The request's method; empty for the operation's method.
        query: The query of the request.
        earlier: The body of the response before this one; None if there is only one.
        earlier_query: The query of the request before this one.
    """

    name: str
    operation: Operation
    body: bytes
    group: str
    rule: str = ""
    path: str = ""
    status: int = 200
    headers: Mapping[str, str] = JSON_HEADERS
    error: str = ""
    key: Key = Key.VALID
    method: str = ""
    query: str = ""
    earlier: bytes | None = None
    earlier_query: str = ""

    @property
    def id(self) -> str:
        """The name, after the operation if that is not the usual one."""
        return self.name if self.operation.id == RESULTS else f"{self.operation.id}:{self.name}"

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The responses, one per request."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        last = Answer(self.body, self.status, headers)
        return (last,) if self.earlier is None else (Answer(self.earlier), last)

    def exchanges(self, source: str = "-") -> list[Exchange]:
        """Return the requests from this source, a file or a URL without a query, with their responses."""
        queries = [self.query] if self.earlier is None else [self.earlier_query, self.query]
        return [
            Exchange(self._request(source, query), each.status, each.headers, each.body)
            for query, each in zip(queries, self.answers, strict=True)
        ]

    def _request(self, source: str, query: str) -> Request:
        return Request(
            TRAITS[self.operation.id].requested,
            self.key,
            self.method or self.operation.method,
            KEY,
            f"{source}?{query}" if query else source,
            operation=self.operation.id,
            body=TRAITS[self.operation.id].body,
            page=Page.asked(query),
        )


def encoded(document: Any) -> bytes:
    """Return a document as the bytes of a body."""
    return json.dumps(document, ensure_ascii=False).encode()
