"""Hard deadlines for the blocking client.

httpx restarts its timeout with every byte, so a server that sends one byte a second keeps a call alive
forever. Here every read and write of a socket gets at most the time that the call has left. The
asynchronous client doesn't need this, because a task can be cancelled.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

from .._clock import Deadline
from .patch_httpcore import replace_backends

_current: ContextVar[Deadline | None] = ContextVar("bluejay_results_deadline", default=None)


@contextmanager
def within(deadline: Deadline) -> Iterator[None]:
    """Limit the socket operations of this thread to the deadline, on a client with `apply_deadlines`."""
    token = _current.set(deadline)
    try:
        yield
    finally:
        _current.reset(token)


def apply_deadlines(client: httpx.Client) -> httpx.Client:
    """Make a client keep to deadlines, also through proxies."""
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
        capped = _capped(timeout, httpcore.ConnectTimeout)
        return _Stream(self._backend.connect_tcp(host, port, capped, *args, **kwargs))


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _capped(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _capped(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        capped = _capped(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, capped))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
