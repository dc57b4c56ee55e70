"""What the two clients do differently, and the body that either of them receives."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

import httpx
from attrs import frozen

from .._log_commands import without_log_commands
from ..clock import Clock, Deadline
from ..errors import ResponseTooLargeError
from .http_clients import HTTPClients, HTTPResponse

T = TypeVar("T")
R = TypeVar("R")

LOG = logging.getLogger("bluejay_results")
_PIECE = 1 << 20
"""The maximum number of bytes that are decompressed at a time."""


class IO(Protocol):
    """Everything in which the two clients differ. The coroutines of the blocking client never suspend."""

    clock: Clock

    @property
    def http_clients(self) -> HTTPClients[Any]:
        """The httpx clients to send with."""

    async def receive(self, request: dict[str, Any], body: Body, *, is_repeatable: bool) -> None:
        """Send a request and add the response to `body`; raise httpx's errors."""

    async def sleep(self, seconds: float) -> None:
        """Sleep, by the clock."""

    async def map(
        self, call: Callable[[T], Coroutine[Any, Any, R]], items: Iterable[T], at_once: int
    ) -> list[R]:
        """Return the results of concurrent calls in any order; after an exception, no more calls start."""


@frozen
class Received:
    """A complete response."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes


def printable(text: str) -> str:
    """Return `text` with line breaks and the commands of terminals and CI systems escaped."""
    return without_log_commands("".join(each if each.isprintable() else ascii(each)[1:-1] for each in text))


class Body:
    """Collects the body of a response and enforces the limit on its size and the deadline."""

    def __init__(self, deadline: Deadline, room: int, limit: int) -> None:
        """Create an empty body; `room` is how many bytes are left of the limit on the size."""
        self.deadline = deadline
        self._room = room
        self._limit = limit
        self._pieces: list[bytes] = []

    def begin(self, response: HTTPResponse) -> None:
        """Start the body of a response, whose headers have arrived."""
        self._response = response
        self._unpacking = Unpacking(response)

    def add(self, chunk: bytes) -> None:
        """Add a chunk of the body."""
        for piece in self._unpacking.pieces(chunk):
            self._room -= len(piece)
            if self._room < 0:
                raise ResponseTooLargeError(
                    f"The body is larger than {self._limit} bytes. "
                    "Raise max_body_bytes if that size is right.",
                    status_code=self._response.status_code,
                )
            if self.deadline.left() <= 0:
                raise httpx.ReadTimeout("the call's deadline is over")
            self._pieces.append(piece)

    def received(self) -> Received:
        """Return the response; its whole body has arrived."""
        self._unpacking.end()
        return Received(self._response.status_code, self._response.headers, b"".join(self._pieces))


class Unpacking:
    """Decompresses a gzip body in small pieces, and refuses a body whose end is missing.

    httpx decompresses each chunk as a whole, whatever its size, and accepts a body whose end is missing.

    Raises:
        httpx.DecodingError: The body has an encoding that was not requested.
    """

    def __init__(self, response: HTTPResponse) -> None:
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        # httpx has already decompressed a body that was read.
        is_unpacked = encoding == "identity" or response.is_stream_consumed
        if not is_unpacked and encoding != "gzip":
            raise httpx.DecodingError(f"the encoding was not requested: {encoding}")
        self._member = None if is_unpacked else zlib.decompressobj(zlib.MAX_WBITS | 16)

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the pieces of a chunk; raise httpx.DecodingError if the chunk is corrupt."""
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

    def end(self) -> None:
        """Raise httpx.DecodingError if the end of the body is missing."""
        if self._member and not self._member.eof:
            raise httpx.DecodingError("the gzip body ended too soon")
