"""A mutant: a response that deliberately breaks one promise of the contract."""

from __future__ import annotations

import json
from typing import Any

from attrs import field, frozen

from bluejay_contract.exchange import Key
from bluejay_contract.stub import Answer

RUN_ID = "48213"


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
        method: The request's method.
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
    method: str = "GET"
    legal: str = ""
    tolerated: str = ""
    beyond_limit: str = ""


def encoded(document: Any) -> bytes:
    """Return the bytes that carry a document."""
    return json.dumps(document, ensure_ascii=False).encode()
