"""Sends one request by httpx and reads the response, within the limits of its call on time and size."""

import asyncio
from collections.abc import Mapping
from typing import Any

import attrs
import httpx

from .._call import Call
from .._logging import Received, logged
from ..errors import ResponseTooLargeError
from .deadlines import within


@attrs.frozen
class Sender:
    """Sends the requests of one call by an httpx client."""

    _http: httpx.Client
    _call: Call[Any]

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str], content: bytes | None = None
    ) -> Received:
        """Send a request and read the response; raise httpx's errors, and ResponseTooLargeError."""
        options = self._call.request_options(headers, content)
        with (
            logged(method, url) as log,
            within(self._call.deadline),
            self._http.stream(method, url, **options) as response,
        ):
            body = _Body(self._call, response)
            for chunk in response.iter_bytes():
                body.add(chunk)
            return log.answered(body.received())


@attrs.frozen
class AsyncSender:
    """The asynchronous form of `Sender`."""

    _http: httpx.AsyncClient
    _call: Call[Any]

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str], content: bytes | None = None
    ) -> Received:
        """Send a request and read the response; see `Sender.request`."""
        options, has_begun = self._call.request_options(headers, content), False

        async def trace(event: str, _info: object) -> None:
            nonlocal has_begun
            has_begun = has_begun or "send_request" in event

        with logged(method, url) as log:
            try:
                async with asyncio.timeout(self._call.deadline.left()) as limit:
                    request = self._http.stream(method, url, extensions={"trace": trace}, **options)
                    async with request as response:
                        try:
                            body = _Body(self._call, response)
                            async for chunk in response.aiter_bytes():
                                body.add(chunk)
                            return log.answered(body.received())
                        finally:
                            if not limit.expired():
                                limit.reschedule(None)  # a cancellation here would leak the connection
            except TimeoutError:
                late = httpx.ReadTimeout if has_begun else httpx.ConnectTimeout
                raise late("the call's deadline is over") from None


class _Body:
    """Collects a body and enforces the limit on its size and the deadline."""

    def __init__(self, call: Call[Any], response: httpx.Response) -> None:
        _check_encoding(response)
        self._call = call
        self._response = response
        self._chunks: list[bytes] = []
        self._limit = self._room = call.config.max_body_bytes

    def add(self, chunk: bytes) -> None:
        self._room -= len(chunk)
        if self._room < 0:
            raise ResponseTooLargeError(
                f"The body is larger than {self._limit} bytes. Raise max_body_bytes if that size is right.",
                status_code=self._response.status_code,
            )
        if self._call.deadline.left() <= 0:
            raise httpx.ReadTimeout("the call's deadline is over")
        self._chunks.append(chunk)

    def received(self) -> Received:
        response = self._response
        return Received(response.status_code, response.headers, b"".join(self._chunks))


def _check_encoding(response: httpx.Response) -> None:
    """Refuse encodings that could unpack 64 KiB from the network to over 64 MiB before we see any of it.

    They lie within each other or pack tighter than a thousandfold.
    """
    named = [each.strip().lower() for each in response.headers.get("content-encoding", "").split(",")]
    unpacked = [each for each in named if each in {"gzip", "deflate", "br", "zstd"}]
    if len(unpacked) > 1 or not {"gzip", "deflate"}.issuperset(unpacked):
        raise httpx.DecodingError(f"an encoding that was not asked for, {', '.join(unpacked)}")
