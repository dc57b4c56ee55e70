"""Connections are reused without cookies, and connection failures raise typed errors."""

import asyncio
import inspect
from typing import Any

import pytest
from bluejay_results import (
    AsyncBluejayClient,
    BluejayClient,
)

from .. import builders
from ..faults._http import response
from ..faults._scripts import answers
from ..faults._server import FaultServer

BODY = builders.encoded(builders.response(id="48213"))


@pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient])
def test_connections_are_reused_and_cookies_are_not_sent_back(kind: Any) -> None:
    async def read_twice(url: str) -> None:
        client = kind("key", url, retries=0)
        for _ in range(2):
            run = client.retrieve("48213")
            await run if inspect.isawaitable(run) else run
        await client.aclose() if kind is AsyncBluejayClient else client.close()

    with FaultServer(answers(response(BODY, "Set-Cookie: session=1; Path=/"))) as server:
        asyncio.run(read_twice(server.url))
    assert server.log.accepted == 1
    assert [b"cookie" in each.lower() for each in server.log.requests] == [False, False]
