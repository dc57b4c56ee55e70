"""Our client as `contract-kit` calls it: one function that calls any operation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bluejay_results import BluejayClient

_CALLS: dict[str, Callable[[BluejayClient, dict[str, Any]], object]] = {
    "retrieve_simulation_results": lambda client, given: client.retrieve(given["simulation_run_id"]),
    "retrieve_simulation_result": lambda client, given: client.retrieve_result(given["test_result_id"]),
    "queue_simulation_run": lambda client, given: client.queue(given["body"]["simulation_id"]),
    "get_simulation_runs": lambda client, given: client.runs(given["simulation_id"]),
}


def call(url: str, operation: str, arguments: dict[str, Any]) -> object:
    """Call an operation."""
    with BluejayClient("test-key", url, retries=0) as client:
        return _CALLS[operation](client, arguments)
