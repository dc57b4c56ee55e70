"""Both clients have the same methods, and pass each argument to the coroutine that they share."""

import inspect

from bluejay_results import AsyncBluejayClient, BluejayClient

METHODS = {
    "queue": "_queue",
    "retrieve": "_retrieve",
    "retrieve_many": "_many",
    "retrieve_result": "_result",
    "runs": "_runs",
    "wait": "_wait",
}
"""Both clients' public methods, each with the shared private method that it calls."""
OTHERS = {"__init__": "__init__", "__enter__": "__aenter__", "__exit__": "__aexit__", "close": "aclose"}


def _methods(client: type) -> set[str]:
    return {name for name, member in inspect.getmembers(client, callable) if not name.startswith("_")}


def test_both_clients_have_the_same_methods_with_the_same_arguments() -> None:
    assert _methods(BluejayClient) == {*METHODS, "close"}
    assert _methods(AsyncBluejayClient) == {*METHODS, "aclose"}
    for method, asynchronous in ({each: each for each in METHODS} | OTHERS).items():
        sync = str(inspect.signature(getattr(BluejayClient, method)))
        other = str(inspect.signature(getattr(AsyncBluejayClient, asynchronous)))
        assert sync.partition(" -> ")[0] == other.partition(" -> ")[0]
