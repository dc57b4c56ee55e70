"""Decompresses a body in small pieces, and refuses a body whose end is missing.

httpx decompresses each chunk as a whole, accepts a body whose end is missing, and drops all but the first
member of a gzip body.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import httpx

from .library import HTTPResponse

PIECE = 1 << 20
"""The maximum number of bytes that are decompressed at a time."""
_WBITS = {"gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


def encoding_of(response: HTTPResponse) -> str:
    """Return the encoding of a body, gzip or deflate; an empty string if it is unknown or there is none.

    Raises:
        httpx.DecodingError: The body is compressed twice, or with an encoding that was not requested.
    """
    if response.is_stream_consumed:  # the transport returned a whole response, which httpx has decompressed
        return ""
    named = [each.strip().lower() for each in response.headers.get("content-encoding", "").split(",")]
    packed = [each for each in named if each in {*_WBITS, "br", "zstd"}]
    if len(packed) > 1 or not _WBITS.keys() >= {*packed}:
        raise httpx.DecodingError(f"the encoding was not requested: {', '.join(packed)}")
    return "".join(packed)


class Unpacking:
    """Decompresses one body, chunk by chunk."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._member: Any = None
        self._is_first = True

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the decompressed pieces of a chunk; raise httpx.DecodingError if the chunk is corrupt."""
        if not self._encoding:
            yield chunk
            return
        try:
            yield from self._unpacked(chunk)
        except zlib.error as error:
            raise httpx.DecodingError(str(error)) from None

    def end(self) -> None:
        """Raise httpx.DecodingError if the end of the body is missing."""
        if self._member:
            raise httpx.DecodingError(f"the {self._encoding} body ended too soon")

    def _unpacked(self, chunk: bytes) -> Iterator[bytes]:
        while chunk:
            if not self._member:
                self._member, chunk = self._next_member(chunk)
                continue
            piece = self._member.decompress(chunk, PIECE)
            yield piece
            chunk = self._member.unconsumed_tail
            while not chunk and len(piece) == PIECE:  # zlib may have more output
                piece = self._member.decompress(b"", PIECE)
                yield piece
            if self._member.eof:
                chunk, self._member = self._member.unused_data, None

    def _next_member(self, chunk: bytes) -> tuple[Any, bytes]:
        """Return a decompressor for the next member, and the rest of the chunk from that member on."""
        wbits = _WBITS[self._encoding]
        if not self._is_first:
            chunk = chunk.lstrip(b"\0")  # padding
            return (zlib.decompressobj(wbits) if chunk else None), chunk
        self._is_first = False
        if self._encoding == "deflate" and not _has_zlib_header(chunk):
            wbits = -wbits
        return zlib.decompressobj(wbits), chunk


def _has_zlib_header(chunk: bytes) -> bool:
    """Whether a deflate body starts with the zlib header that RFC 9110 requires; some servers omit it."""
    try:
        zlib.decompressobj().decompress(chunk, 1)
    except zlib.error:
        return False
    return True
