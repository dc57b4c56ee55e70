"""A client that is closed during calls: each call raises a typed error."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from bluejay_results import AsyncBluejayClient, BluejayClient, BluejayError, ConfigurationError

from .. import builders
from ..faults._connection import Script
from ..faults._http import response
from ..faults._scripts import answers, silent, silent_after
from ..faults._server import FaultServer, wait_for

CALLS = 8
RUNNING = answers(response(builders.encoded(builders.response(id="48213", status="RUNNING"))))
SCRIPTS: dict[str, Script] = {"before the headers": silent, "in the body": silent_after(response()[:200])}
"""What the server does at the first poll of each wait."""
Ends = list[BaseException | None]


class Waits:
    """Starts several waits on one client, and closes the client once all waits have started or polled."""

    def __init__(self, server: FaultServer, *, have_polled: bool) -> None:
        self._server = server
        self._have_polled = have_polled
        self._silence = 60 if have_polled else 1
        self._polled = set[int]()

    def in_threads(self) -> Ends:
        client = BluejayClient("key", self._server.url, request_timeout=self._silence, retries=0)
        with ThreadPoolExecutor(CALLS) as threads:
            calls = [threads.submit(self._wait, client, number) for number in range(CALLS)]
            assert wait_for(self._are_ready, 60)
            client.close()
            return [each.exception() for each in calls]

    def in_tasks(self) -> Ends:
        async def close() -> Ends:
            async with AsyncBluejayClient(
                "key", self._server.url, request_timeout=self._silence, retries=0
            ) as client:
                calls = [asyncio.ensure_future(self._wait(client, number)) for number in range(CALLS)]
                assert await asyncio.to_thread(wait_for, self._are_ready, 60)
            ends: Ends = await asyncio.gather(*calls, return_exceptions=True)
            return ends

        return asyncio.run(close())

    def _wait(self, client: Any, number: int) -> Any:
        return client.wait(
            "48213", timeout=60, poll_interval=0.1, on_update=lambda _: self._polled.add(number)
        )

    def _are_ready(self) -> bool:
        return len(self._polled if self._have_polled else self._server.log.requests) >= CALLS


@pytest.mark.parametrize("close", [Waits.in_threads, Waits.in_tasks])
@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_requests_raise_a_typed_error_if_their_client_is_closed_meanwhile(
    close: Callable[[Waits], Ends], script: Script
) -> None:
    with FaultServer(script) as server:
        errors = close(Waits(server, have_polled=False))
    assert [error for error in errors if not isinstance(error, BluejayError)] == []


@pytest.mark.parametrize("close", [Waits.in_threads, Waits.in_tasks])
def test_a_wait_whose_client_is_closed_between_polls_raises_an_error(close: Callable[[Waits], Ends]) -> None:
    with FaultServer(RUNNING) as server:
        errors = close(Waits(server, have_polled=True))
    assert [type(error) for error in errors] == [ConfigurationError] * CALLS
