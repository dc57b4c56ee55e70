"""The asynchronous client, which does concurrent I/O in tasks."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Sequence
from contextlib import aclosing
from os import PathLike
from typing import Any, Self, TypeVar
from uuid import UUID

import httpx
from bluejay_api.models import QueueSimulationRunRequest

from .._defaults import (
    POLL_INTERVAL,
    RETRIEVE_TIMEOUT,
    TOOL_CALL_GRACE,
    WAIT_TIMEOUT,
)
from ..errors import BluejayError, ConfigurationError
from ..results.queued import QueuedRun
from ..results.responses import OnViolation
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from ..results.simulation_runs import ListedRun, SimulationRuns
from .base import BaseClient
from .deadline import Clock
from .http_clients import AsyncHTTPClient, HTTPClients, Received
from .polling import OnUpdate
from .retries import OnFault

T = TypeVar("T")
R = TypeVar("R")


class AsyncIO:
    """Asynchronous I/O and tasks, in one event loop per process."""

    def __init__(self, http_client: AsyncHTTPClient | None, clock: Clock) -> None:
        self.http_clients = HTTPClients[AsyncHTTPClient](httpx.AsyncClient, "AsyncClient", http_client)
        self.clock = clock
        self._loop_of: dict[int, asyncio.AbstractEventLoop] = {}

    async def receive(self, request: dict[str, Any], response: Received, *, is_repeatable: bool) -> None:
        """Send a request and fill in its response; raise httpx's errors."""
        self.check_loop()
        is_connecting = False

        async def trace(event: str, _info: object) -> None:
            nonlocal is_connecting
            is_connecting = event.startswith("connection.")

        try:
            async with (
                self.http_clients.for_request(is_repeatable=is_repeatable) as http,
                asyncio.timeout(response.deadline.left()) as limit,
                http.stream(**request, extensions={"trace": trace}) as source,
            ):
                try:
                    response.begin(source)
                    is_consumed = source.is_stream_consumed
                    async for chunk in source.aiter_bytes() if is_consumed else source.aiter_raw():
                        response.add(chunk)
                    response.end()
                finally:
                    if not limit.expired():
                        limit.reschedule(None)  # a timeout while closing would leak the connection
        except TimeoutError:
            # If a user's own transport reports no events, assume that the request might have been sent.
            late = httpx.ConnectTimeout if is_connecting else httpx.ReadTimeout
            raise late("the call's deadline has passed") from None

    async def sleep(self, seconds: float) -> None:
        """Sleep for the given number of seconds, by the client's clock."""
        await self.clock.sleep_async(seconds)

    async def map(
        self, call: Callable[[T], Coroutine[Any, Any, R]], items: Iterable[T], at_once: int
    ) -> list[R]:
        """Make calls in parallel; return their results in any order. An exception cancels the other calls."""
        async with aclosing(parallel(call, items, at_once)) as results:
            return [each async for each in results]

    def check_loop(self) -> None:
        """Raise ConfigurationError unless the first call was made in this event loop.

        Connections belong to the loop in which they were opened.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise ConfigurationError("AsyncBluejayClient requires asyncio and doesn't run on trio.") from None
        if self._loop_of.setdefault(os.getpid(), loop) is not loop:
            raise ConfigurationError(
                "This client belongs to another event loop. Create one client per event loop."
            )


async def parallel(
    call: Callable[[T], Coroutine[Any, Any, R]], items: Iterable[T], at_once: int
) -> AsyncGenerator[R, None]:
    """Call a function for each item, in several tasks; yield the results as they become available.

    Closing the iterator cancels the running calls.
    """
    results = asyncio.Queue[tuple[R | None, Exception | None, bool]](at_once)
    waiting = iter(items)

    async def work() -> None:
        try:
            for each in waiting:
                await results.put((await call(each), None, False))
        except Exception as error:
            await results.put((None, error, False))
        await results.put((None, None, True))

    tasks = [asyncio.ensure_future(work()) for _ in range(at_once)]
    working = at_once
    try:
        while working:
            result, failure, is_end = await results.get()
            if failure:
                raise failure
            if is_end:
                working -= 1
                continue
            yield result  # type: ignore[misc] # only an end or a failure has no result
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class AsyncBluejayClient(BaseClient[AsyncHTTPClient]):
    """The asynchronous version of `BluejayClient`.

    At most 100 requests run in parallel; further calls wait. A client is bound to the asyncio event loop in
    which it made its first call: in another loop, or under trio, it raises `ConfigurationError`.
    """

    _IO = AsyncIO
    _io: AsyncIO

    async def queue(
        self,
        run: str | QueueSimulationRunRequest,
        *,
        digital_human_ids: Sequence[str | int] | None = None,
        agent_version_id: str | UUID | None = None,
        timeout: float = RETRIEVE_TIMEOUT,
    ) -> QueuedRun:
        """Queue a run of a simulation; see `BluejayClient.queue`."""
        return await self._queue(run, digital_human_ids, agent_version_id, timeout)

    async def retrieve(
        self,
        run_id: str,
        *,
        complete: bool = False,
        tool_call_grace: float = TOOL_CALL_GRACE,
        timeout: float = RETRIEVE_TIMEOUT,
        on_fault: OnFault | None = None,
        on_violation: OnViolation = "raise",
        record: str | PathLike[str] | None = None,
    ) -> SimulationRun:
        """Return the current state of a run; see `BluejayClient.retrieve`."""
        return await self._retrieve(
            run_id, complete, tool_call_grace, timeout, on_violation, on_fault, record
        )

    def retrieve_many(
        self,
        run_ids: Iterable[str | ListedRun],
        concurrency: int = 20,
        *,
        complete: bool = False,
        tool_call_grace: float = TOOL_CALL_GRACE,
        timeout: float = RETRIEVE_TIMEOUT,
        on_violation: OnViolation = "raise",
    ) -> AsyncGenerator[tuple[str, SimulationRun | BluejayError], None]:
        """Retrieve several runs concurrently; see `BluejayClient.retrieve_many`.

        Closing the iterator also cancels running calls.
        """
        retrieve, ids = self._many(run_ids, concurrency, complete, tool_call_grace, timeout, on_violation)
        return parallel(retrieve, ids, concurrency)

    async def retrieve_result(
        self,
        result_id: str | int,
        *,
        timeout: float = RETRIEVE_TIMEOUT,
        on_violation: OnViolation = "raise",
    ) -> SimulationResult:
        """Return the full record of one conversation; see `BluejayClient.retrieve_result`."""
        return await self._result(result_id, timeout, on_violation)

    async def runs(
        self,
        simulation_id: str,
        *,
        timeout: float = RETRIEVE_TIMEOUT,
        on_violation: OnViolation = "raise",
        record: str | PathLike[str] | None = None,
    ) -> SimulationRuns:
        """Return the runs of a simulation, newest first; see `BluejayClient.runs`."""
        return await self._runs(simulation_id, timeout, on_violation, record)

    async def wait(
        self,
        run: str | QueuedRun,
        *,
        timeout: float = WAIT_TIMEOUT,
        poll_interval: float = POLL_INTERVAL,
        tool_call_grace: float = TOOL_CALL_GRACE,
        on_update: OnUpdate | None = None,
        on_fault: OnFault | None = None,
        on_violation: OnViolation = "raise",
        record: str | PathLike[str] | None = None,
    ) -> SimulationRun:
        """Return a run once it is settled; see `BluejayClient.wait`."""
        return await self._wait(
            run, timeout, poll_interval, tool_call_grace, on_update, on_fault, on_violation, record
        )

    async def aclose(self) -> None:
        """Close the connections, unless you passed your own httpx client."""
        if http := self._io.http_clients.to_close():
            self._io.check_loop()
            await http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.aclose()
