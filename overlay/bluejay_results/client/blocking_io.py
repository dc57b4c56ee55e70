"""The I/O of the blocking client."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from contextlib import closing
from typing import Any, TypeVar

import httpx

from ..clock import Clock
from .call import Call
from .http_clients import BlockingHTTPClient, HTTPClients
from .threads import parallel
from .transfer import Body

T = TypeVar("T")
R = TypeVar("R")


def run_blocking(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never suspends, because all of its I/O is blocking."""
    with closing(coroutine):
        try:
            coroutine.send(None)
        except StopIteration as stop:
            result: T = stop.value
            return result
    raise RuntimeError("a coroutine of the blocking client was suspended")


class BlockingIO:
    """Sends, sleeps and starts threads; its coroutines never suspend."""

    def __init__(self, http_client: BlockingHTTPClient | None, clock: Clock) -> None:
        self.http_clients = HTTPClients[BlockingHTTPClient](httpx.Client, "Client", http_client)
        self.clock = clock

    async def receive(self, call: Call[Any], request: dict[str, Any], body: Body) -> None:
        """Send a request and add the response to `body`; raise httpx's errors."""
        with (
            self.http_clients.for_request(is_repeatable=call.operation.is_repeatable) as http,
            http.stream(**request) as response,
        ):
            body.begin(response)
            for chunk in response.iter_bytes() if response.is_stream_consumed else response.iter_raw():
                body.add(chunk)

    async def sleep(self, seconds: float) -> None:
        """Sleep, by the clock."""
        self.clock.sleep(seconds)

    async def map(
        self, call: Callable[[T], Coroutine[Any, Any, R]], items: Iterable[T], at_once: int
    ) -> list[R]:
        """Return the results of concurrent calls in any order. After an exception, no more calls start."""
        with closing(parallel(lambda each: run_blocking(call(each)), items, at_once)) as results:
            return list(results)
