"""The I/O of the blocking client."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator, Iterable
from contextlib import closing
from contextvars import copy_context
from queue import SimpleQueue
from threading import Lock, Semaphore, Thread
from typing import Any, TypeVar

import httpx

from ..clock import Clock
from .http_clients import BlockingHTTPClient, HTTPClients, Received

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
    """Sends requests, sleeps and starts threads; its coroutines never suspend."""

    def __init__(self, http_client: BlockingHTTPClient | None, clock: Clock) -> None:
        self.http_clients = HTTPClients[BlockingHTTPClient](httpx.Client, "Client", http_client)
        self.clock = clock

    async def receive(self, request: dict[str, Any], response: Received, *, is_repeatable: bool) -> None:
        """Send a request and fill in its response; raise httpx's errors."""
        with (
            self.http_clients.for_request(is_repeatable=is_repeatable) as http,
            http.stream(**request) as source,
        ):
            response.begin(source)
            for chunk in source.iter_bytes() if source.is_stream_consumed else source.iter_raw():
                response.add(chunk)
            response.end()

    async def sleep(self, seconds: float) -> None:
        """Sleep for the given number of seconds, by the client's clock."""
        self.clock.sleep(seconds)

    async def map(
        self, call: Callable[[T], Coroutine[Any, Any, R]], items: Iterable[T], at_once: int
    ) -> list[R]:
        """Return the results of concurrent calls in any order. After an exception, no more calls start."""
        with closing(parallel(lambda each: run_blocking(call(each)), items, at_once)) as results:
            return list(results)


def parallel(call: Callable[[T], R], items: Iterable[T], at_once: int) -> Generator[R, None, None]:
    """Call a function once per item, in several threads; yield the results as they arrive.

    The sum of running calls and of results that were not taken yet is at most `at_once`. After an exception,
    or once the iterator is closed, no more calls start; running threads finish their calls. Ctrl-C doesn't
    wait for the threads.
    """
    results = SimpleQueue[tuple[R | None, BaseException | None, bool]]()
    waiting, lock, slots, is_open = iter(items), Lock(), Semaphore(at_once), True

    def work() -> None:
        nonlocal is_open
        try:
            while slots.acquire():
                with lock:
                    found = next(((each,) for each in waiting), None) if is_open else None
                if found is None:
                    break
                results.put((call(*found), None, False))
        except BaseException as error:
            is_open = False
            results.put((None, error, False))
        finally:
            slots.release()
            results.put((None, None, True))

    for _ in range(at_once):
        Thread(target=copy_context().run, args=(work,), daemon=True).start()
    working = at_once
    try:
        while working:
            result, failure, is_end = results.get()
            if failure:
                raise failure
            if is_end:
                working -= 1
                continue
            slots.release()
            yield result  # type: ignore[misc] # only an end or a failure has no result
    finally:
        is_open = False
        slots.release(at_once)
