"""Connections that have gone wrong are closed and used no more."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import pytest
from bluejay_results import AsyncBluejayClient, BluejayClient, ConnectionFailedError, SimulationRun
from bluejay_results._pools import pools

from .. import builders
from ..faults._http import head, response
from ..faults._scripts import answers, ends_after, silent
from ..faults._server import FaultServer, wait_for

KINDS = [BluejayClient, AsyncBluejayClient]
ASKED, OTHER = (response(builders.encoded(builders.response(id=run_id))) for run_id in ("r", "other"))


def _calls(kind: Any, url: str, times: int = 1) -> tuple[list[SimulationRun | Exception], list[Any]]:
    """Retrieve a run over and over by one client; return what came of it and what its pools then hold."""

    async def call() -> tuple[list[SimulationRun | Exception], list[Any]]:
        client, came = kind("key", url, retries=0), []
        for _ in range(times):
            try:
                run = client.retrieve("r")
                came.append(await run if inspect.isawaitable(run) else run)
            except ConnectionFailedError as error:
                came.append(error)
        held = [each for pool in pools(client._http) for each in pool.connections]
        await client.aclose() if kind is AsyncBluejayClient else client.close()
        return came, held

    return asyncio.run(call())


@pytest.mark.parametrize("kind", KINDS)
def test_a_response_too_many_is_not_taken_for_the_answer_to_the_next_request(kind: Any) -> None:
    with FaultServer(answers(ASKED + OTHER, ASKED)) as server:
        came, _ = _calls(kind, server.url, times=2)
    assert [run.id for run in came if isinstance(run, SimulationRun)] == ["r", "r"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_connection_whose_responses_are_sound_is_used_again(kind: Any) -> None:
    with FaultServer(answers(ASKED)) as server:
        _calls(kind, server.url, times=3)
    assert (server.log.accepted, len(server.log.requests)) == (1, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_a_tunnel_whose_tls_fails_is_not_kept(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(ends_after(head())) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        came, left = _calls(kind, "https://bluejay.invalid")
    assert isinstance(came[0], ConnectionFailedError)
    assert left == []


def test_a_tls_handshake_that_is_cancelled_closes_its_connection() -> None:
    async def call(server: FaultServer) -> bool:
        async with AsyncBluejayClient("key", server.url.replace("http", "https"), retries=0) as client:
            task = asyncio.ensure_future(client.retrieve("r"))
            await asyncio.to_thread(wait_for, server.log.reached.is_set, 5)
            await asyncio.sleep(0.05)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return await asyncio.to_thread(server.left_open, 2) == 0

    with FaultServer(silent) as server:
        assert asyncio.run(call(server))
