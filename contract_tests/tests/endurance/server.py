"""A server on loopback that does as it is told, connection faults included, and counts its connections."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable
from typing import Self

Respond = Callable[[str], AsyncIterator[bytes]]
"""Yields the response to a path, head and body, in pieces; none at all closes the connection."""


def response(status: int, body: bytes = b"", *headers: str) -> bytes:
    """Return a whole HTTP response that leaves the connection open."""
    head = [
        f"HTTP/1.1 {status} X",
        "content-type: application/json",
        f"content-length: {len(body)}",
        *headers,
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


class CountingServer:
    """Up for the length of a with statement, in a thread of its own.

    Attributes:
        opened: Connections so far.
        most: Connections at one time, at most.
    """

    def __init__(self, respond: Respond) -> None:
        self.opened = self.most = self._open = 0
        self._respond = respond
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        starting = asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1024)
        self._server = asyncio.run_coroutine_threadsafe(starting, self._loop).result()
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *exception: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _stop(self) -> None:
        self._server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        self._open += 1
        self.most = max(self.most, self._open)
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                await self._answer_all(reader, writer)
        finally:
            self._open -= 1
            writer.transport.abort()

    async def _answer_all(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            is_answered = False
            async for piece in self._respond(head.split(b" ", 2)[1].decode()):
                is_answered = True
                writer.write(piece)
                await writer.drain()
            if not is_answered:
                return
