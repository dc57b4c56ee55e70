"""A transport of the user may report nothing about a request, and may take long to close a response."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from bluejay_results import AsyncBluejayClient, RequestTimeoutError, ResponseTooLargeError


class _Silent(httpx.AsyncBaseTransport):
    """Takes a request, reports these events of the connection, and never responds."""

    def __init__(self, *events: str) -> None:
        self._events = events

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        for each in self._events:
            await request.extensions["trace"](each, {})
        await asyncio.Event().wait()
        raise AssertionError(request)  # the call was cancelled before


@pytest.mark.parametrize(
    ("events", "may_exist"),
    [
        ([], True),
        (["connection.connect_tcp.started"], False),
        (["connection.connect_tcp.complete", "http11.send_request_headers.started"], True),
    ],
    ids=["nothing reported", "connecting", "sending"],
)
def test_after_the_deadline_a_run_may_exist_unless_the_transport_was_connecting(
    events: list[str], may_exist: bool
) -> None:
    async def queue() -> None:
        async with (
            httpx.AsyncClient(transport=_Silent(*events)) as http,
            AsyncBluejayClient("a-key-of-tests", "http://127.0.0.1:9", http_client=http) as client,
        ):
            await client.queue("731", timeout=0.05)

    with pytest.raises(RequestTimeoutError) as caught:
        asyncio.run(queue())
    assert caught.value.run_may_exist is may_exist


class _SlowToClose(httpx.AsyncByteStream):
    """The body of a response; the deadline of the call passes while the response is closed."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.is_closed = False
        self._patch = patch

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"[]"

    async def aclose(self) -> None:
        loop = asyncio.get_running_loop()
        now, passed = loop.time, asyncio.Event()
        loop.call_later(3600, passed.set)  # the deadline of the call comes earlier
        self._patch.setattr(loop, "time", lambda: now() + 3601)
        await passed.wait()
        self.is_closed = True


def test_the_deadline_does_not_interrupt_the_closing_of_a_refused_response(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A response that is closed only in part occupies a connection of the pool forever."""
    body = _SlowToClose(monkeypatch)
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=body))

    async def retrieve() -> None:
        async with (
            httpx.AsyncClient(transport=transport) as http,
            AsyncBluejayClient(
                "a-key-of-tests", "http://127.0.0.1:9", http_client=http, max_body_bytes=1, retries=0
            ) as client,
        ):
            await client.retrieve("48213")

    with pytest.raises((ResponseTooLargeError, RequestTimeoutError)):
        asyncio.run(retrieve())
    assert body.is_closed
