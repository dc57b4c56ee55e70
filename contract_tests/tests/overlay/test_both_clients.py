"""Both clients have the same methods, and pass each argument to the coroutine that they share."""

import asyncio
import inspect
from typing import Any

import pytest
from bluejay_results import AsyncBluejayClient, BluejayClient
from bluejay_results.client.base import BaseClient

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


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient])
def test_each_method_argument_is_passed_on_under_the_right_name(
    kind: Any, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = METHODS[method]
    signature = inspect.signature(getattr(BaseClient, shared))
    received = dict[str, object]()

    def many(*arguments: Any, **named: Any) -> tuple[Any, Any]:
        received.update(signature.bind(*arguments, **named).arguments)
        return None, iter(())

    async def one(*arguments: Any, **named: Any) -> None:
        many(*arguments, **named)

    monkeypatch.setattr(BaseClient, shared, many if shared == "_many" else one)
    _, *names = inspect.signature(getattr(kind, method)).parameters
    called = getattr(kind("key"), method)(**{each: f"the {each}" for each in names})
    if inspect.iscoroutine(called):
        asyncio.run(called)
    del received["self"]
    assert set(received.values()) == {f"the {each}" for each in names}
    assert received == {"grace" if each == "tool_call_grace" else each: f"the {each}" for each in names}
