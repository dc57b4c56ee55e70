"""The I/O in which the two clients differ, and the response that either of them receives."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

import httpx

from ..clock import Clock, Deadline
from ..errors import ResponseTooLargeError
from .http_clients import HTTPClients, HTTPResponse

T = TypeVar("T")
R = TypeVar("R")

_PIECE = 1 << 20
"""The maximum number of bytes that are decompressed at a time."""


class IO(Protocol):
    """Everything in which the two clients differ. The coroutines of the blocking client never suspend."""

    clock: Clock

    @property
    def http_clients(self) -> HTTPClients[Any]:
        """The httpx clients to send with."""

    async def receive(self, request: dict[str, Any], response: Received, *, is_repeatable: bool) -> None:
        """Send a request and fill in its response; raise httpx's errors."""

    async def sleep(self, seconds: float) -> None:
        """Sleep, by the clock."""

    async def map(
        self, call: Callable[[T], Coroutine[Any, Any, R]], items: Iterable[T], at_once: int
    ) -> list[R]:
        """Return the results of concurrent calls in any order; after an exception, no more calls start."""


class Received:
    """A response as it arrives. Its size and the deadline are checked, and its end must not be missing.

    A gzip body is decompressed in small pieces. httpx decompresses each chunk as a whole, whatever its size,
    and accepts a body whose end is missing.

    Attributes:
        deadline: When the whole response must have arrived.
        status_code: The HTTP status; 0 before the headers have arrived.
        headers: The headers of the response.
        content: The whole body; empty before the end.
    """

    def __init__(self, deadline: Deadline, room: int, limit: int) -> None:
        """Prepare for a response; `room` is how many bytes are left of the limit on the size."""
        self.deadline = deadline
        self.status_code = 0
        self.headers: Mapping[str, str] = {}
        self.content = b""
        self._room = room
        self._limit = limit
        self._pieces: list[bytes] = []

    def begin(self, response: HTTPResponse) -> None:
        """Keep the status and the headers, which have arrived.

        Raises:
            httpx.DecodingError: The body has an encoding that was not requested.
        """
        self.status_code, self.headers = response.status_code, response.headers
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        # httpx has already decompressed a body that was read.
        is_unpacked = encoding == "identity" or response.is_stream_consumed
        if not is_unpacked and encoding != "gzip":
            raise httpx.DecodingError(f"the encoding was not requested: {encoding}")
        self._member = None if is_unpacked else zlib.decompressobj(zlib.MAX_WBITS | 16)

    def add(self, chunk: bytes) -> None:
        """Add a chunk of the body; raise httpx.DecodingError if the chunk is corrupt."""
        for piece in self._unpacked(chunk):
            self._room -= len(piece)
            if self._room < 0:
                raise ResponseTooLargeError(
                    f"The body is larger than {self._limit} bytes. "
                    "Raise max_body_bytes if that size is right.",
                    status_code=self.status_code,
                )
            if self.deadline.left() <= 0:
                raise httpx.ReadTimeout("the call's deadline is over")
            self._pieces.append(piece)

    def end(self) -> None:
        """Join the body, which has arrived; raise httpx.DecodingError if its end is missing."""
        if self._member and not self._member.eof:
            raise httpx.DecodingError("the gzip body ended too soon")
        self.content = b"".join(self._pieces)

    def _unpacked(self, chunk: bytes) -> Iterator[bytes]:
        if not self._member:
            yield chunk
            return
        try:
            while chunk:  # zlib takes the end of the body only after it has returned all output
                yield self._member.decompress(chunk, _PIECE)
                chunk = self._member.unconsumed_tail
        except zlib.error as error:
            raise httpx.DecodingError(str(error)) from None
        if self._member.unused_data:
            raise httpx.DecodingError("the gzip body has more than one member")
