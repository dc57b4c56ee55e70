"""One request and its response by httpx, within the limits of its call: time, size, no redirect."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx
from attrs import frozen

from .._call import BodyTooLargeError, Call
from .deadlines import within


@frozen
class Received:
    """A response read to its end."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes


@frozen
class Sender:
    """Sends one call's requests by an httpx client."""

    _http: httpx.Client
    _call: Call

    def request(self, method: str, url: str, *, headers: Mapping[str, str]) -> Received:
        """Send a request and read the response.

        Raises:
            BodyTooLargeError: The body is larger than the call allows.
            httpx.RequestError: There is no response, or none within the call's time.
        """
        options = self._call.request_options(headers)
        with within(self._call.deadline), self._http.stream(method, url, **options) as response:
            body = _Body(self._call, response)
            for chunk in response.iter_bytes():
                body.add(chunk)
            return body.received()


@frozen
class AsyncSender:
    """The asynchronous twin of `Sender`.

    Calls in line for a connection wait for their turn here, first come, first served: of many in httpx's own
    line some are passed over again and again, and each one makes all the others slower.
    """

    _http: httpx.AsyncClient
    _call: Call
    _turns: asyncio.Semaphore

    async def request(self, method: str, url: str, *, headers: Mapping[str, str]) -> Received:
        """Send a request and read the response; see `Sender.request`."""
        options = self._call.request_options(headers)
        try:
            async with asyncio.timeout(self._call.deadline.left()) as limit:
                async with self._turns, self._http.stream(method, url, **options) as response:
                    try:
                        body = _Body(self._call, response)
                        async for chunk in response.aiter_bytes():
                            body.add(chunk)
                        return body.received()
                    finally:
                        if not limit.expired():
                            limit.reschedule(None)  # cut off now, the connection would never be free again
        except TimeoutError:
            raise httpx.ReadTimeout("the call's deadline is over") from None


class _Body:
    """A body as it comes in: never larger than allowed, never later than the deadline."""

    def __init__(self, call: Call, response: httpx.Response) -> None:
        _check_encoding(response)
        self._call = call
        self._response = response
        self._chunks: list[bytes] = []
        self._room = call.config.max_body_bytes

    def add(self, chunk: bytes) -> None:
        self._room -= len(chunk)
        if self._room < 0:
            raise BodyTooLargeError(self._response.status_code)
        if self._call.deadline.left() <= 0:
            raise httpx.ReadTimeout("the call's deadline is over")
        self._chunks.append(chunk)

    def received(self) -> Received:
        response = self._response
        return Received(response.status_code, response.headers, b"".join(self._chunks))


def _check_encoding(response: httpx.Response) -> None:
    """Refuse what 64 KiB from the network could blow up beyond 64 MiB before a piece of it is seen.

    Raises:
        httpx.DecodingError: One encoding lies within another, or it packs tighter than a thousandfold.
    """
    named = [each.strip().lower() for each in response.headers.get("content-encoding", "").split(",")]
    unpacked = [each for each in named if each in {"gzip", "deflate", "br", "zstd"}]
    if len(unpacked) > 1 or not {"gzip", "deflate"}.issuperset(unpacked):
        raise httpx.DecodingError(f"an encoding that was not asked for, {', '.join(unpacked)}")
