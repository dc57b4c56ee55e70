"""Sends one request by httpx and reads the response, within the time and size limits of the call."""

import asyncio
from collections.abc import Mapping
from typing import Any

import attrs
import httpx

from ...errors import ResponseTooLargeError
from ..call import Call
from ..request_log import Received, logged
from .decompression import Unpacking
from .library import AsyncHTTPClient, BlockingHTTPClient, HTTPResponse


@attrs.frozen
class Sender:
    """Sends the requests of one call with an httpx client."""

    _http: BlockingHTTPClient
    _call: Call[Any]

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str], content: bytes | None = None
    ) -> Received:
        """Send a request and read the response; raise httpx's errors, and ResponseTooLargeError."""
        options = _options(self._call, headers, content)
        with (
            logged(method, url, self._call.clean) as log,
            self._http.stream(method, url, **options) as response,
        ):
            body = _Body(self._call, response)
            for chunk in response.iter_bytes() if response.is_stream_consumed else response.iter_raw():
                body.add(chunk)
            return log.answered(body.received())


@attrs.frozen
class AsyncSender:
    """The asynchronous form of `Sender`."""

    _http: AsyncHTTPClient
    _call: Call[Any]

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str], content: bytes | None = None
    ) -> Received:
        """Send a request and read the response; see `Sender.request`."""
        options, is_connecting = _options(self._call, headers, content), False

        async def trace(event: str, _info: object) -> None:
            nonlocal is_connecting
            is_connecting = event.startswith("connection.")

        with logged(method, url, self._call.clean) as log:
            try:
                async with asyncio.timeout(self._call.deadline.left()) as limit:
                    request = self._http.stream(method, url, extensions={"trace": trace}, **options)
                    async with request as response:
                        try:
                            body = _Body(self._call, response)
                            is_consumed = response.is_stream_consumed
                            async for chunk in (
                                response.aiter_bytes() if is_consumed else response.aiter_raw()
                            ):
                                body.add(chunk)
                            return log.answered(body.received())
                        finally:
                            if not limit.expired():
                                limit.reschedule(None)  # a cancellation here would leak the connection
            except TimeoutError:
                # A user's transport may report no events, and may have sent the request.
                late = httpx.ConnectTimeout if is_connecting else httpx.ReadTimeout
                raise late("the call's deadline is over") from None


def _options(call: Call[Any], headers: Mapping[str, str], content: bytes | None) -> dict[str, Any]:
    """Return the options of a request; raise after the deadline, because a user's client would connect."""
    if call.deadline.left() <= 0:
        raise httpx.ConnectTimeout("the call's deadline is over")
    return call.request_options(headers, content)


class _Body:
    """Collects a body and enforces the limit on its size and the deadline."""

    def __init__(self, call: Call[Any], response: HTTPResponse) -> None:
        self._call = call
        self._response = response
        self._unpacking = Unpacking(response)
        self._pieces: list[bytes] = []
        self._room = call.max_body_bytes

    def add(self, chunk: bytes) -> None:
        for piece in self._unpacking.pieces(chunk):
            self._room -= len(piece)
            if self._room < 0:
                raise self._too_large()
            if self._call.deadline.left() <= 0:
                raise httpx.ReadTimeout("the call's deadline is over")
            self._pieces.append(piece)

    def received(self) -> Received:
        self._unpacking.end()
        response = self._response
        return Received(response.status_code, response.headers, b"".join(self._pieces))

    def _too_large(self) -> ResponseTooLargeError:
        limit = self._call.config.max_body_bytes
        return ResponseTooLargeError(
            f"The body is larger than {limit} bytes. Raise max_body_bytes if that size is right.",
            status_code=self._response.status_code,
        )
