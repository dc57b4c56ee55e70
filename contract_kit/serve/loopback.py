"""Runs an ASGI application as a real HTTP server on this machine, in a separate thread."""

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
    """A server that runs during a `with` statement.

    No `server` or `date` header is added, so clients get exactly the application's response. To send bytes
    that aren't HTTP, an application uses the connection, `scope["state"]["transport"]`.

    Raises:
        OSError: The server can't listen on this host and port.
    """

    def __init__(self, app: Any, host: str = LOOPBACK, port: int = 0, *, name: str) -> None:
        self._app = app
        self._address = (host, port)
        self._name = name
        self._url = ""

    @property
    def url(self) -> str:
        """The base URL, without a trailing slash."""
        if not self._url:
            raise RuntimeError(f"the {self._name} is not running, so use it in a with statement")
        return self._url

    def __enter__(self) -> Self:
        # The socket is already listening, so a request that arrives before the thread is ready waits in the
        # backlog.
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
        self._listener.close()  # uvicorn leaves the socket open if it is stopped before it is ready
        self._url = ""


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family)
    # Without TCP_NODELAY, which asyncio sets only on sockets with an explicit protocol, responses take 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class _Server(uvicorn.Server):
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Uvicorn waits for clients to disconnect, and never closes the socket of a client that doesn't read.
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await super().shutdown(sockets)


class _Protocol(H11Protocol):
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the parent class
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
        timeout_keep_alive=3600,  # if the server closed a connection sooner, the client would seem at fault
        timeout_graceful_shutdown=1,
    )
