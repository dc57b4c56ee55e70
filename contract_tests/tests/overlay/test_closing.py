"""If a client is closed during calls, each call raises a typed error, and no connection stays open."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from bluejay_results import AsyncBluejayClient, BluejayClient, BluejayError, ConfigurationError

from .. import builders
from ..faults._http import response
from ..faults._scripts import answers, silent
from ..faults._server import FaultServer, wait_for

RUNNING = answers(response(builders.encoded(builders.response(id="48213", status="RUNNING"))))
CALLS = 4


@pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient])
@pytest.mark.parametrize(
    ("script", "error"),
    [(silent, BluejayError), (RUNNING, ConfigurationError)],
    ids=["in a request", "between polls"],
)
def test_a_call_raises_a_typed_error_if_its_client_is_closed_during_the_call(
    kind: Any, script: Any, error: type[BluejayError]
) -> None:
    polled = list[object]()

    def is_ready() -> bool:
        return len(server.log.requests if script is silent else polled) >= CALLS

    def call(client: Any) -> Any:
        return client.wait("48213", timeout=60, poll_interval=0.1, on_update=polled.append)

    def in_threads() -> list[BaseException | None]:
        with ThreadPoolExecutor(CALLS) as threads:
            with kind("key", server.url, request_timeout=1, retries=0) as client:
                calls = [threads.submit(call, client) for _ in range(CALLS)]
                assert wait_for(is_ready, 60)
            return [each.exception() for each in calls]

    async def in_tasks() -> list[Any]:
        async with kind("key", server.url, request_timeout=1, retries=0) as client:
            calls = [asyncio.ensure_future(call(client)) for _ in range(CALLS)]
            assert await asyncio.to_thread(wait_for, is_ready, 60)
        return await asyncio.gather(*calls, return_exceptions=True)

    with FaultServer(script) as server:
        errors = in_threads() if kind is BluejayClient else asyncio.run(in_tasks())
    assert [each for each in errors if not isinstance(each, error)] == []
