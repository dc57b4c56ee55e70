"""Hard deadlines for the blocking client.

httpx restarts its timeout with every byte, so a server that sends one byte per second keeps a call alive
forever. Here, every socket operation gets at most the remaining time of the call. Two operations can't be
limited: DNS look-ups, and TLS inside the TLS of a proxy. The asynchronous client doesn't need this, because a
task can be cancelled.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

from ...clock import Deadline
from .patch_httpcore import replace_backends

SLICE = 64 * 1024
"""The maximum number of bytes that are written between two checks of the deadline."""
_current: ContextVar[Deadline | None] = ContextVar("bluejay_results_deadline", default=None)


@contextmanager
def within(deadline: Deadline) -> Iterator[None]:
    """Limit this thread's socket operations to the deadline, on clients that `apply_deadlines` changed."""
    token = _current.set(deadline)
    try:
        yield
    finally:
        _current.reset(token)


def apply_deadlines(client: httpx.Client) -> httpx.Client:
    """Make a client respect deadlines, also on connections through proxies."""
    replace_backends(client, _Backend)
    return client


def _capped(timeout: float | None, error: type[Exception]) -> float | None:
    deadline = _current.get()
    if deadline is None:
        return timeout
    left = deadline.left()
    if left <= 0:
        raise error("the call's deadline is over")
    return left if timeout is None else min(timeout, left)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._backend = backend

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *args: Any, **kwargs: Any
    ) -> httpcore.NetworkStream:
        """Connect to the first address that accepts. Each address gets an equal share of the time left."""
        capped, deadline = _capped(timeout, httpcore.ConnectTimeout), _current.get()
        if deadline is None or capped is None:
            return _Stream(self._backend.connect_tcp(host, port, capped, *args, **kwargs))
        limit, addresses = deadline.within(capped), _addresses(host, port)
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for place, address in enumerate(addresses):
            share = limit.left() / (len(addresses) - place)
            if share <= 0:
                raise httpcore.ConnectTimeout("the call's deadline is over")
            try:
                return _Stream(self._backend.connect_tcp(address, port, share, *args, **kwargs))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


def _addresses(host: str, port: int) -> list[str]:
    """Return the addresses of a host. The look-up has no time limit: a limit would need a second thread."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _capped(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write a buffer in slices, because httpcore starts the timeout again for each send of a buffer."""
        for start in range(0, len(buffer), SLICE):
            self._stream.write(buffer[start : start + SLICE], _capped(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        capped = _capped(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, capped))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
