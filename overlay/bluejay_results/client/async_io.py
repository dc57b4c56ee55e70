"""The I/O of the asynchronous client."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from contextlib import aclosing
from typing import Any, TypeVar

import httpx

from ..clock import Clock
from ..errors import ConfigurationError
from .http_clients import AsyncHTTPClient, HTTPClients, Received

T = TypeVar("T")
R = TypeVar("R")


class AsyncIO:
    """Sends requests, sleeps and starts tasks, in one event loop per process."""

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
                        limit.reschedule(None)  # a timeout during the close would leak the connection
        except TimeoutError:
            # If a user's own transport reports no events, assume that the request may have been sent.
            late = httpx.ConnectTimeout if is_connecting else httpx.ReadTimeout
            raise late("the call's deadline is over") from None

    async def sleep(self, seconds: float) -> None:
        """Sleep for the given number of seconds, by the client's clock."""
        await self.clock.sleep_async(seconds)

    async def map(
        self, call: Callable[[T], Coroutine[Any, Any, R]], items: Iterable[T], at_once: int
    ) -> list[R]:
        """Return the results of concurrent calls in any order; an exception cancels the other calls."""
        async with aclosing(parallel(call, items, at_once)) as results:
            return [each async for each in results]

    def check_loop(self) -> None:
        """Raise ConfigurationError unless this is the event loop of the first call.

        Connections belong to the loop in which they were opened.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise ConfigurationError(
                "AsyncBluejayClient needs asyncio and does not run under trio."
            ) from None
        if self._loop_of.setdefault(os.getpid(), loop) is not loop:
            raise ConfigurationError("This client belongs to another event loop. Make one client per loop.")


async def parallel(
    call: Callable[[T], Coroutine[Any, Any, R]], items: Iterable[T], at_once: int
) -> AsyncGenerator[R, None]:
    """Call a function once per item, in several tasks; yield the results as they arrive.

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
