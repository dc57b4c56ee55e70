"""Runs cost money and must be queued only once. These are the cases that the fault matrix doesn't cover."""

import asyncio
from typing import Any

import pytest
from bluejay_results import AsyncBluejayClient, BluejayClient

from ._connection import Connection
from ._http import RUN_ID, response
from ._row import KEY, SIMULATION_ID
from ._server import FaultServer


def _closes_when_reused(connection: Connection) -> None:
    connection.read_request()
    connection.send(response())
    if connection.read_request():
        connection.reset()


@pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient])
def test_a_run_is_queued_over_a_new_connection_instead_of_an_idle_connection(kind: Any) -> None:
    async def read_and_queue(url: str) -> str:
        async with AsyncBluejayClient(KEY, url, retries=0) as client:
            await client.retrieve(RUN_ID)
            return (await client.queue(SIMULATION_ID)).run_id

    with FaultServer(_closes_when_reused) as server:
        if kind is AsyncBluejayClient:
            queued = asyncio.run(read_and_queue(server.url))
        else:
            with BluejayClient(KEY, server.url, retries=0) as client:
                client.retrieve(RUN_ID)
                queued = client.queue(SIMULATION_ID).run_id
        assert server.left_open(30) == 0
    assert queued == RUN_ID
    assert server.log.accepted == 2
    assert server.log.posts == 1
