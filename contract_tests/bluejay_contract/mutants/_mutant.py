"""A mutant: a response that deliberately breaks one promise of the contract."""

from __future__ import annotations

import json
from typing import Any

from attrs import field, frozen

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Key, Request
from bluejay_contract.operations import QUEUE, RESULT, RESULTS
from bluejay_contract.stub import Answer

REQUESTED = {RESULTS: "48213", RESULT: "910101", QUEUE: ""}
"""By operation, the id that its requests ask for: that of the contract's example."""


@frozen
class Mutant:
    """A response, or two in a row, that break one promise.

    Attributes:
        id: Stable: the same fault in the same place always has the same id.
        kind: The class that it is counted under.
        breaks: What is wrong, in one sentence.
        answers: The stub's responses, one per request.
        schema_forbids: Whether the schema of the documented status alone forbids the last body.
        rule: The rule that must find it; empty when it is legal.
        path: Where that rule must find it; empty when it is legal.
        key: Which key the request carries.
        operation: The operation that is requested.
        method: The request's method; empty for the operation's own.
        legal: Why the contract allows it, so that no check may report it; empty if it is a fault.
        tolerated: Why the client accepts it although the schema forbids it; empty if it must refuse it.
        beyond_limit: Why the client may say that it can't hold it; empty when it can.
    """

    id: str
    kind: str
    breaks: str
    answers: tuple[Answer, ...] = field(repr=False)
    schema_forbids: bool
    rule: str = ""
    path: str = ""
    key: Key = Key.VALID
    operation: str = RESULTS
    method: str = ""
    legal: str = ""
    tolerated: str = ""
    beyond_limit: str = ""

    def request(self, contract: Contract, secret: str = "", source: str = "-") -> Request:
        """Return the request that it answers, with the key itself and the URL."""
        operation = contract.operations[self.operation]
        return Request(
            REQUESTED[self.operation],
            self.key,
            self.method or operation.method,
            secret,
            source,
            operation=self.operation,
            body=operation.request_body,
        )


def encoded(document: Any) -> bytes:
    """Return the bytes that carry a document."""
    return json.dumps(document, ensure_ascii=False).encode()
