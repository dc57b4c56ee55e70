"""Calls that wait for a connection, first come, first served.

httpx's own queue keeps no order, and knows nothing of the connections that requests to queue a run make for
themselves.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from threading import Event, Lock

import httpx


class Line:
    """Lets a number of threads in at once.

    Attributes:
        size: How many it lets in.
        in_use: How many are in.
        closing: Held while idle connections are closed: they count until they are.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.in_use = 0
        self.closing = Lock()
        self._waiting = deque[Event]()
        self._lock = Lock()

    @contextmanager
    def turn(self, seconds: float) -> Iterator[None]:
        """Wait for a turn and hold it; raise httpx.PoolTimeout if none comes in so many seconds."""
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


class AsyncLine:
    """The asynchronous form of `Line`; it belongs to the event loop that it is made in."""

    def __init__(self, size: int) -> None:
        self.loop = asyncio.get_running_loop()
        self.size = size
        self.in_use = 0
        self.closing = asyncio.Lock()
        self._free = asyncio.Semaphore(size)

    @asynccontextmanager
    async def turn(self, seconds: float) -> AsyncIterator[None]:
        """Wait for a turn and hold it; see `Line.turn`."""
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
