"""Limits the number of connections; calls wait for a connection in the order of their start.

httpx's own queue keeps no order, and doesn't count the extra connections of requests that queue a run.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from threading import Event, Lock

import httpx


class ConnectionLimit:
    """Lets a limited number of threads send at once.

    Attributes:
        size: The maximum number of threads.
        in_use: The number of threads that are sending.
        closing: The lock to hold while idle connections are closed, because open idle connections count
            towards the limit.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.in_use = 0
        self.closing = Lock()
        self._waiting = deque[Event]()
        self._lock = Lock()

    @contextmanager
    def slot(self, seconds: float) -> Iterator[None]:
        """Wait for a free slot and use it; raise httpx.PoolTimeout if none is free in time."""
        mine = Event()
        with self._lock:
            if self.in_use < self.size:
                self.in_use += 1
                mine.set()
            else:
                self._waiting.append(mine)
        try:
            if not mine.wait(seconds):
                raise _late(self.size)
            yield
        finally:
            self._leave(mine)

    def _leave(self, mine: Event) -> None:
        with self._lock:
            if not mine.is_set():
                self._waiting.remove(mine)
            elif self._waiting:
                self._waiting.popleft().set()
            else:
                self.in_use -= 1


class AsyncConnectionLimit:
    """The asynchronous form of `ConnectionLimit`; it can be used only in the event loop that created it."""

    def __init__(self, size: int) -> None:
        self.loop = asyncio.get_running_loop()
        self.size = size
        self.in_use = 0
        self.closing = asyncio.Lock()
        self._free = asyncio.Semaphore(size)

    @asynccontextmanager
    async def slot(self, seconds: float) -> AsyncIterator[None]:
        """Wait for a free slot and use it; see `ConnectionLimit.slot`."""
        try:
            async with asyncio.timeout(seconds if self._free.locked() else None):
                await self._free.acquire()
        except TimeoutError:
            raise _late(self.size) from None
        self.in_use += 1
        try:
            yield
        finally:
            self.in_use -= 1
            self._free.release()


def _late(size: int) -> httpx.PoolTimeout:
    return httpx.PoolTimeout(f"all {size} connections of this client were in use")
