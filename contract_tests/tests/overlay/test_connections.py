"""The limit on the connections of a client, cookies, and the error of a connection that fails."""

import asyncio
import inspect
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from threading import Barrier, Event
from typing import Any

import bluejay_results.client.async_sending
import bluejay_results.client.sync_sending
import httpx
import pytest
from bluejay_results import (
    AsyncBluejayClient,
    BluejayClient,
    ConnectionFailedError,
    RequestTimeoutError,
    TLSError,
)
from bluejay_results.client.call import _connection_failure
from bluejay_results.client.http.connection_limit import AsyncConnectionLimit, ConnectionLimit
from bluejay_results.client.http.patch_httpcore import pools

from .. import builders
from ..faults._connection import Connection
from ..faults._http import response
from ..faults._scripts import answers
from ..faults._server import FaultServer, wait_for
from .conftest import MakeReader

LIMIT = 5
KINDS = [BluejayClient, AsyncBluejayClient]
RUN = response(builders.encoded(builders.response(id="48213")))
Calls = Callable[[Any], list[Callable[[], Any]]]


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch) -> int:
    """Limit clients to few connections, so that a few calls make others wait."""
    limits = httpx.Limits(max_connections=LIMIT, max_keepalive_connections=LIMIT)
    for module in (bluejay_results.client.sync_sending, bluejay_results.client.async_sending):
        monkeypatch.setattr(module, "LIMITS", limits)
        monkeypatch.setattr(module, "MAX_CONNECTIONS", LIMIT)
    return LIMIT


class Gauge:
    """Counts a client's connections whenever the maximum number of requests waits for responses.

    No request gets a response earlier, so the client opens and closes no connection while the gauge counts.
    """

    def __init__(self, kind: Any, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.counts: list[int] = []
        self._all_here = Barrier(limit, self._count, timeout=60)
        self._clients: list[Any] = []
        make = kind._new_http_client
        monkeypatch.setattr(kind, "_new_http_client", lambda client: self._made(make(client)))

    def _made(self, client: Any) -> Any:
        self._clients.append(client)
        return client

    def script(self, connection: Connection) -> None:
        while connection.read_request():
            self._all_here.wait()
            connection.send(response() if connection.request.startswith(b"POST") else RUN)

    def _count(self) -> None:
        opened = [each for client in self._clients if not client.is_closed for each in pools(client)]
        self.counts.append(sum(len(each.connections) for each in opened))


def _at_once(client: Any, *rounds: Calls) -> None:
    """Make the calls of each round at once, in threads or in tasks."""
    if isinstance(client, BluejayClient):
        with client, ThreadPoolExecutor(40) as threads:
            for calls in rounds:
                list(threads.map(lambda call: call(), calls(client)))
        return

    async def run() -> None:
        async with client:
            for calls in rounds:
                await asyncio.gather(*(call() for call in calls(client)))

    asyncio.run(run())


def _reads(client: Any) -> list[Callable[[], Any]]:
    return [lambda: client.retrieve("48213")] * 20


def _queues(client: Any) -> list[Callable[[], Any]]:
    return [lambda: client.queue("731")] * 20


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "rounds",
    [(_queues,), (_reads, _queues), (lambda client: _reads(client) + _queues(client),)],
    ids=["queues", "queues after reads", "queues during reads"],
)
def test_a_client_never_has_more_connections_than_its_limit(
    kind: Any, rounds: tuple[Calls, ...], limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    gauge = Gauge(kind, limit, monkeypatch)
    with FaultServer(gauge.script) as server:
        _at_once(kind("key", server.url, request_timeout=60, retries=0), *rounds)
    assert set(gauge.counts) == {limit}


def _slow(client: Any, posted: Event, order: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two calls get their slots before either continues, and close connections slowly."""
    [pool] = pools(client._http)
    slot, close, both = ConnectionLimit.slot, pool._close_connections, Barrier(2, timeout=60)

    @contextmanager
    def slot_of_both(connections: ConnectionLimit, seconds: float) -> Iterator[None]:
        with slot(connections, seconds):
            both.wait()
            yield

    def close_slowly(connections: list[Any]) -> None:
        if connections:
            posted.wait(0.5)  # a queue request that doesn't wait for this arrives meanwhile
            order.append("closed")
        close(connections)

    monkeypatch.setattr(ConnectionLimit, "slot", slot_of_both)
    monkeypatch.setattr(pool, "_close_connections", close_slowly)


def _slow_async(client: Any, posted: Event, order: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The asynchronous form of `_slow`."""
    [pool] = pools(client._http)
    slot, close, both = AsyncConnectionLimit.slot, pool._close_connections, asyncio.Barrier(2)

    @asynccontextmanager
    async def slot_of_both(connections: AsyncConnectionLimit, seconds: float) -> AsyncIterator[None]:
        async with slot(connections, seconds):
            await both.wait()
            yield

    async def close_slowly(connections: list[Any]) -> None:
        if connections:
            await asyncio.to_thread(posted.wait, 0.5)
            order.append("closed")
        await close(connections)

    monkeypatch.setattr(AsyncConnectionLimit, "slot", slot_of_both)
    monkeypatch.setattr(pool, "_close_connections", close_slowly)


@pytest.mark.parametrize("kind", KINDS)
def test_a_queue_request_connects_only_after_others_have_closed_connections(
    kind: Any, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection counts until it is closed, so otherwise the queue requests would exceed the limit."""
    order, posted = list[str](), Event()
    gauge = Gauge(kind, limit, monkeypatch)

    def script(connection: Connection) -> None:
        while connection.read_request():
            if connection.request.startswith(b"POST"):
                order.append("posted")
                posted.set()
                connection.send(response())
            else:
                gauge._all_here.wait()
                connection.send(RUN)

    def slow_queues(client: Any) -> list[Callable[[], Any]]:
        slow = _slow_async if isinstance(client, AsyncBluejayClient) else _slow
        slow(client, posted, order, monkeypatch)
        return [lambda: client.queue("731")] * 2

    with FaultServer(script) as server:
        _at_once(kind("key", server.url, request_timeout=60, retries=0), _reads, slow_queues)
    assert order[0] == "closed"


@pytest.mark.parametrize("kind", KINDS)
def test_cookies_of_the_service_are_not_sent_back(kind: Any) -> None:
    async def read_twice(url: str) -> None:
        client = kind("key", url, retries=0)
        for _ in range(2):
            run = client.retrieve("48213")
            await run if inspect.isawaitable(run) else run
        await client.aclose() if kind is AsyncBluejayClient else client.close()

    body = builders.encoded(builders.response(id="48213"))
    with FaultServer(answers(response(body, "Set-Cookie: session=1; Path=/"))) as server:
        asyncio.run(read_twice(server.url))
    assert [b"cookie" in each.lower() for each in server.log.requests] == [False, False]


def _are_waiting(connections: ConnectionLimit, count: int) -> bool:
    return len(connections._waiting) == count


def test_threads_get_connections_in_the_order_of_their_arrival() -> None:
    connections, came = ConnectionLimit(1), list[int]()

    def take(number: int) -> None:
        with connections.slot(60):
            came.append(number)

    with ThreadPoolExecutor(5) as threads, connections.slot(60):
        for number in range(5):
            threads.submit(take, number)
            assert wait_for(partial(_are_waiting, connections, number + 1), 60)
    assert came == [0, 1, 2, 3, 4]


def test_a_thread_that_times_out_waiting_leaves_the_connection_limit_unchanged() -> None:
    connections = ConnectionLimit(1)
    with connections.slot(60), pytest.raises(httpx.PoolTimeout), connections.slot(0):
        raise AssertionError
    with connections.slot(0):
        assert connections.in_use == 1
    assert connections.in_use == 0


def test_a_task_that_times_out_waiting_leaves_the_connection_limit_unchanged() -> None:
    async def wait() -> int:
        connections = AsyncConnectionLimit(1)
        async with connections.slot(60):
            with pytest.raises(httpx.PoolTimeout):
                async with connections.slot(0):
                    raise AssertionError
        async with connections.slot(0):
            return connections.in_use

    assert asyncio.run(wait()) == 1


def test_a_call_that_gets_no_connection_in_time_advises_fewer_calls(
    make_reader: MakeReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (bluejay_results.client.sync_sending, bluejay_results.client.async_sending):
        monkeypatch.setattr(module, "MAX_CONNECTIONS", 0)
    with pytest.raises(RequestTimeoutError, match="Make fewer calls at once"):
        make_reader(retries=0).retrieve("48213", timeout=0.01)


@pytest.mark.parametrize(
    ("reason", "kind", "advice"),
    [
        ("CERTIFICATE_VERIFY_FAILED", TLSError, "Set SSL_CERT_FILE to"),
        ("WRONG_VERSION_NUMBER", TLSError, "The server does not use TLS: "),
        ("RECORD_LAYER_FAILURE", TLSError, "The server does not use TLS: "),
        ("UNEXPECTED_EOF", ConnectionFailedError, "Check the base URL, "),
    ],
)
@pytest.mark.parametrize("link", ["__cause__", "__context__"])
def test_the_reason_that_openssl_reports_decides_the_error_and_its_advice(
    reason: str, kind: type[ConnectionFailedError], advice: str, link: str
) -> None:
    of_openssl = ssl.SSLError()
    of_openssl.reason = reason
    of_httpx = httpx.ConnectError("failed")
    setattr(of_httpx, link, of_openssl)
    found, said = _connection_failure(of_httpx)
    assert found is kind
    assert said.startswith(advice)
