"""What an exchange must be like for a rule to be about it."""

from __future__ import annotations

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange


def is_of_a_service(_: Contract, exchange: Exchange) -> bool:
    """Whether the request is known, and with it the status and the headers of its response."""
    return exchange.request.run_id is not None


def is_documented(contract: Contract, exchange: Exchange) -> bool:
    """Whether the contract says something of this status."""
    return exchange.status in contract.statuses


def has_documented_headers(contract: Contract, exchange: Exchange) -> bool:
    """Whether the headers are known and the contract says something of them."""
    return exchange.request.run_id is not None and is_documented(contract, exchange)


def has_document(_: Contract, exchange: Exchange) -> bool:
    """Whether the body is JSON."""
    return exchange.has_document


def has_documented_body(contract: Contract, exchange: Exchange) -> bool:
    """Whether the body is JSON that the contract has a schema for."""
    return is_documented(contract, exchange) and exchange.has_document


def has_run(_: Contract, exchange: Exchange) -> bool:
    """Whether the body is where a run should be."""
    return exchange.status == 200 and exchange.has_document
