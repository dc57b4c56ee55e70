"""Which exchanges a rule applies to."""

from __future__ import annotations

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange


def is_of_a_service(_: Contract, exchange: Exchange) -> bool:
    """Whether the request, the status and the headers are known (they are not for a file)."""
    return exchange.request.run_id is not None


def is_documented(contract: Contract, exchange: Exchange) -> bool:
    """Whether the contract documents the status."""
    return exchange.status in contract.statuses


def has_documented_headers(contract: Contract, exchange: Exchange) -> bool:
    """Whether the headers are known and the contract documents the status."""
    return exchange.request.run_id is not None and is_documented(contract, exchange)


def has_document(_: Contract, exchange: Exchange) -> bool:
    """Whether the body is JSON."""
    return exchange.has_document


def has_documented_body(contract: Contract, exchange: Exchange) -> bool:
    """Whether the body is JSON and the contract has a schema for it."""
    return is_documented(contract, exchange) and exchange.has_document


def has_run(_: Contract, exchange: Exchange) -> bool:
    """Whether the body is the JSON of a 200, which should contain a run."""
    return exchange.status == 200 and exchange.has_document
