"""Decompresses a gzip body in small pieces, and refuses a body whose end is missing.

httpx decompresses each chunk as a whole, whatever its size, and accepts a body whose end is missing.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import httpx

from .library import HTTPResponse

_PIECE = 1 << 20
"""The maximum number of bytes that are decompressed at a time."""


class Unpacking:
    """Unpacks one body, chunk by chunk.

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
