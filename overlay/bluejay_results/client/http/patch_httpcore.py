"""Patches httpcore, only in this package's own clients.

httpcore has three bugs that affect a long-lived client:

- If TLS fails in a tunnel through a proxy, the connection stays in the pool as if in use (httpcore issue
  1023). After a hundred such failures, every call times out.
- A cancelled TLS handshake leaves its socket open until the garbage collector runs.
- If a server sends more than one response to a request, the rest is read as the response to the next request,
  which may be for another run.

httpx has no public access to its pools. The fault matrix fails if an attribute that is used here is renamed.
The matrix was run with the versions in `TESTED`. With another version, a warning is logged.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, TypeVar

import httpcore
import httpx

from ..request_log import LOG
from .library import AnyHTTPClient, AsyncHTTPClient, BlockingHTTPClient, classes

TESTED = ("httpcore 1.0.9", "httpx 0.28.1")
"""The versions that the patches here and in `deadlines` were tested with."""

ClientT = TypeVar("ClientT", httpx.Client, httpx.AsyncClient)


def replace_backends(client: httpx.Client, wrap: Callable[[Any], httpcore.NetworkBackend]) -> None:
    """Wrap the network backend of each connection pool."""
    for pool in pools(client):
        pool._network_backend = wrap(pool._network_backend)


def pools(client: AnyHTTPClient) -> Iterator[Any]:
    """Yield the connection pools of a client, including the pools of its proxies."""
    transports: list[Any] = [client._transport, *client._mounts.values()]
    for transport in transports:
        if isinstance(transport, classes("HTTPTransport", "AsyncHTTPTransport")):
            yield transport._pool


def unusable_proxy_port(client: AnyHTTPClient) -> int | None:
    """Return an invalid port of a proxy, or None. httpx's errors for such ports have no common class."""
    proxies = (getattr(pool, "_proxy_url", None) for pool in pools(client))
    return next((each.port for each in proxies if each and not 0 < (each.port or 1) < 1 << 16), None)


def close_idle(client: BlockingHTTPClient, keep: int) -> None:
    """Close the idle connections of each pool, except the first `keep`."""
    for pool in pools(client):
        pool._close_connections(_take_idle(pool, keep))


async def close_idle_async(client: AsyncHTTPClient, keep: int) -> None:
    """Close the idle connections of each pool, except the first `keep`."""
    for pool in pools(client):
        await pool._close_connections(_take_idle(pool, keep))


def _take_idle(pool: Any, keep: int) -> list[Any]:
    with pool._optional_thread_lock:
        assigned = [each.connection for each in pool._requests]  # idle until their request is sent
        idle = [each for each in pool._connections if each.is_idle() and each not in assigned]
        taken = idle[keep:]
        pool._connections = [each for each in pool._connections if each not in taken]
    return taken


def patch_httpcore(client: ClientT) -> ClientT:
    """Make a client close each broken connection instead of using it again."""
    _report_untested_versions()
    for pool in pools(client):
        if isinstance(pool, httpcore.AsyncConnectionPool):
            pool._network_backend = _AsyncBackend()
            _change_connections(pool, _close_failed_tunnel_async)
        else:
            _change_connections(pool, _close_failed_tunnel)
        _change_connections(pool, _expire_with_surplus)
    return client


@cache
def _report_untested_versions() -> None:
    """Log a warning for each library whose version is not in `TESTED`, once per process.

    The clients still work with most new versions, so there is neither an error nor a Python warning.
    """
    for library in (httpcore, httpx):
        version = f"{library.__name__} {library.__version__}"
        if version not in TESTED:
            LOG.warning(
                "The patches to connections were not tested with %s, only with %s. Calls may exceed their "
                "timeouts, and broken connections may stay open: see docs/limits.md.",
                *(version, ", ".join(TESTED)),
            )


def _change_connections(pool: Any, change: Callable[[Any], None]) -> None:
    create = pool.create_connection

    def create_connection(origin: httpcore.Origin) -> Any:
        connection = create(origin)
        change(connection)
        return connection

    pool.create_connection = create_connection


def _close_failed_tunnel(connection: Any) -> None:
    handle = connection.handle_request

    def handle_request(request: httpcore.Request) -> httpcore.Response:
        try:
            response: httpcore.Response = handle(request)
        except BaseException:
            if _is_half_open(connection):
                connection.close()
            raise
        return response

    connection.handle_request = handle_request


def _close_failed_tunnel_async(connection: Any) -> None:
    handle = connection.handle_async_request

    async def handle_async_request(request: httpcore.Request) -> httpcore.Response:
        try:
            response: httpcore.Response = await handle(request)
        except BaseException:
            if _is_half_open(connection):
                await connection.aclose()
            raise
        return response

    connection.handle_async_request = handle_async_request


def _is_half_open(connection: Any) -> bool:
    """Whether a connection is a tunnel that is not established; httpcore closes other connections itself."""
    return not getattr(connection, "_connected", True)


def _expire_with_surplus(connection: Any) -> None:
    has_expired = connection.has_expired
    connection.has_expired = lambda: has_expired() or (connection.is_idle() and _has_surplus(connection))


def _has_surplus(connection: Any) -> bool:
    """Whether data arrived after the end of the last response."""
    while inner := getattr(connection, "_connection", None):
        connection = inner
    state = getattr(connection, "_h11_state", None)
    return state is not None and bool(state.trailing_data[0])


class _AsyncBackend(httpcore.AnyIOBackend):
    async def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore.AsyncNetworkStream:
        return _close_failed_handshake(await super().connect_tcp(*args, **kwargs))


def _close_failed_handshake(stream: Any) -> httpcore.AsyncNetworkStream:
    handshake = stream.start_tls

    async def start_tls(*args: Any, **kwargs: Any) -> httpcore.AsyncNetworkStream:
        try:
            return _close_failed_handshake(await handshake(*args, **kwargs))
        except BaseException:
            await stream.aclose()
            raise

    stream.start_tls = start_tls
    patched: httpcore.AsyncNetworkStream = stream
    return patched
