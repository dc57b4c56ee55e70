"""Which exchanges a rule applies to."""

from __future__ import annotations

from bluejay_contract.contract import Contract, Specified
from bluejay_contract.exchange import Exchange
from bluejay_contract.operations import RESULT, RESULTS, RUNS

from .document import is_whole


def operation_of(contract: Contract, exchange: Exchange) -> Specified:
    """Return what the contract specifies of an exchange's operation."""
    return contract.operations[exchange.request.operation]


def is_of_a_service(_: Contract, exchange: Exchange) -> bool:
    """Whether the exchange was with a service, so that its request, status and headers are known."""
    return exchange.request.id is not None


def is_documented(contract: Contract, exchange: Exchange) -> bool:
    """Whether the contract documents the status."""
    return exchange.status in operation_of(contract, exchange).statuses


def has_documented_headers(contract: Contract, exchange: Exchange) -> bool:
    """Whether the headers are known and the contract documents the status."""
    return exchange.request.id is not None and is_documented(contract, exchange)


def has_document(_: Contract, exchange: Exchange) -> bool:
    """Whether the body is JSON."""
    return exchange.has_document


def has_documented_body(contract: Contract, exchange: Exchange) -> bool:
    """Whether the body is JSON and the contract has a schema for it."""
    return is_documented(contract, exchange) and exchange.has_document


def has_run(contract: Contract, exchange: Exchange) -> bool:
    """Whether the body is the JSON of a 200 that should contain a run."""
    return exchange.request.operation == RESULTS and has_success(contract, exchange)


def has_whole_run(contract: Contract, exchange: Exchange) -> bool:
    """Whether the body is the JSON of a 200 that should contain a run and all its results."""
    return has_run(contract, exchange) and is_whole(exchange)


def has_runs(contract: Contract, exchange: Exchange) -> bool:
    """Whether the body is the JSON of a 200 that should contain a run, or the runs of a simulation."""
    return exchange.request.operation in {RESULTS, RUNS} and has_success(contract, exchange)


def has_list_of_runs(contract: Contract, exchange: Exchange) -> bool:
    """Whether the body is the JSON of a 200 that should contain the runs of a simulation."""
    return exchange.request.operation == RUNS and has_success(contract, exchange)


def has_times(contract: Contract, exchange: Exchange) -> bool:
    """Whether the body is the JSON of a 200 that should contain runs or results, which have times."""
    return has_runs(contract, exchange) or has_results(contract, exchange)


def has_body_status(contract: Contract, exchange: Exchange) -> bool:
    """Whether the body is the JSON of a 200 that may have a top-level field `status`."""
    return exchange.request.operation != RUNS and has_success(contract, exchange)


def has_results(contract: Contract, exchange: Exchange) -> bool:
    """Whether the body is the JSON of a 200 that should contain results."""
    return exchange.request.operation in {RESULTS, RESULT} and has_success(contract, exchange)


def has_success(_: Contract, exchange: Exchange) -> bool:
    """Whether the body is the JSON of a 200."""
    return exchange.status == 200 and exchange.has_document
