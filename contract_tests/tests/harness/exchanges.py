"""Requests with their responses, and what the rules find in them."""

import copy
from typing import Any

from bluejay_contract.checks import check, check_sequence
from bluejay_contract.contract import Contract
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request
from bluejay_contract.failure import Failure

from .. import builders

CONTRACT = Contract.load()


def contract_with_a_new_field() -> Contract:
    """The contract with one more field of events: the integer `added_by_a_test`."""
    document = copy.deepcopy(CONTRACT.document)
    document["components"]["schemas"]["Event"]["properties"]["added_by_a_test"] = {"type": "integer"}
    return Contract(document)


def answered(
    document: Any,
    status: int = 200,
    key: Key = Key.VALID,
    headers: dict[str, str] | None = None,
    **request: Any,
) -> Exchange:
    """An exchange: a request for run 48213, and a response with this document, or these bytes, as JSON."""
    body = document if isinstance(document, bytes) else builders.encoded(document)
    return Exchange(Request("48213", key, **request), status, JSON_HEADERS | (headers or {}), body)


def found_in(*exchanges: Exchange) -> list[Failure]:
    """Return what the rules find in one exchange, or in two reads of a run."""
    return check_sequence(*exchanges) if len(exchanges) == 2 else check(CONTRACT, *exchanges)


def broken_by(*exchanges: Exchange) -> list[str]:
    return [f"{failure.rule} at {failure.path}" for failure in found_in(*exchanges)]
