"""A transport of the user may send a request without reporting what it does."""

import asyncio

import httpx
import pytest
from bluejay_results import AsyncBluejayClient, RequestTimeoutError


class _Silent(httpx.AsyncBaseTransport):
    """Takes a request and never responds; reports no events of the connection."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError(request)  # the call was cancelled before


def test_a_run_may_exist_if_a_users_transport_took_the_request_until_the_deadline() -> None:
    async def queue() -> None:
        async with (
            httpx.AsyncClient(transport=_Silent()) as http,
            AsyncBluejayClient("a-key-of-tests", "http://127.0.0.1:9", http_client=http) as client,
        ):
            await client.queue("731", timeout=0.05)

    with pytest.raises(RequestTimeoutError) as caught:
        asyncio.run(queue())
    assert caught.value.run_may_exist
