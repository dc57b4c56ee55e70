"""An ASGI application as a real HTTP server on this machine, in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
from threading import Thread
from types import TracebackType
from typing import Any, Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

LOOPBACK = "127.0.0.1"


class Loopback:
    """A server that runs for the length of a with statement.

    It sends no `server` and no `date` header: what an application answers goes out as it is. For bytes that
    are not HTTP, `scope["state"]["transport"]` is the connection itself.

    Raises:
        OSError: It can't listen there.
    """

    def __init__(self, app: Any, host: str = LOOPBACK, port: int = 0, *, name: str) -> None:
        self._app = app
        self._address = (host, port)
        self._name = name
        self._url = ""

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end."""
        if not self._url:
            raise RuntimeError(f"the {self._name} is not running: enter it with a with statement first")
        return self._url

    def __enter__(self) -> Self:
        # It listens from here on: a request that is faster than the thread waits in the backlog.
        self._listener = _listen(*self._address)
        host, port = self._listener.getsockname()[:2]
        self._url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        self._server = _Server(_config(self._app))
        self._thread = Thread(target=self._server.run, args=([self._listener],), name=self._name, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()  # uvicorn leaves it open if it was stopped before it was ready
        self._url = ""


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family)
    # Asyncio sets this only on sockets that name their protocol; without it each response takes 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class _Server(uvicorn.Server):
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Uvicorn waits for its clients, and leaves the socket of one that never reads open.
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await super().shutdown(sockets)


class _Protocol(H11Protocol):
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its parent
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


def _config(app: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        interface="asgi3",
        loop="asyncio",
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=3600,  # to close a connection while a client sends on it would look like its fault
        timeout_graceful_shutdown=1,
    )
