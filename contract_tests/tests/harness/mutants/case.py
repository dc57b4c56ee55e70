"""Test cases for the rules: a response with one fault, or a legal response, and the expected finding."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from attrs import frozen
from bluejay_contract.contract import Specified
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request
from bluejay_contract.operations import RESULTS, Page

from ...operations import TRAITS

KEY = "test-key"


@frozen
class Case:
    """A response to a request and, if the fault is a contradiction between two responses, the earlier one.

    Attributes:
        name: The fault and its path; unique among the cases of an operation.
        rule: The rule that must find the fault; empty for a legal response.
        path: The path at which the rule must find the fault.
        key: Which key the request carries.
        method: The request's method; empty for the operation's method.
        earlier: The body of the response before this one; None if there is only one.
        earlier_query: The query of the request before this one.
    """

    name: str
    operation: Specified
    body: bytes
    rule: str = ""
    path: str = ""
    status: int = 200
    headers: Mapping[str, str] = JSON_HEADERS
    key: Key = Key.VALID
    method: str = ""
    query: str = ""
    earlier: bytes | None = None
    earlier_query: str = ""

    @property
    def id(self) -> str:
        """The case's name, after the operation's name unless the operation reads a run's results."""
        return self.name if self.operation.id == RESULTS else f"{self.operation.id}:{self.name}"

    def exchanges(self, source: str = "-") -> list[Exchange]:
        """Return the exchanges of this case. Their source is a file, or a URL without a query."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        last = Exchange(self._request(source, self.query), self.status, headers, self.body)
        if self.earlier is None:
            return [last]
        return [Exchange(self._request(source, self.earlier_query), 200, JSON_HEADERS, self.earlier), last]

    def _request(self, source: str, query: str) -> Request:
        return Request(
            TRAITS[self.operation.id].requested,
            self.key,
            self.method or self.operation.id.method,
            KEY,
            f"{source}?{query}" if query else source,
            operation=self.operation.id,
            body=TRAITS[self.operation.id].body,
            page=Page.asked(query),
        )


def encoded(document: Any) -> bytes:
    """Encode a document as a body."""
    return json.dumps(document, ensure_ascii=False).encode()
