import socket
from threading import Thread
from types import TracebackType
from typing import Self

import uvicorn
from fastapi import FastAPI

from ._answer import Answer
from ._app import create_app
from ._exchange import Exchange, RecordedRequest

_HOST = "127.0.0.1"


class Stub:
    """A stub of upstream on a port of its own, up for the length of a with statement.

    It knows the runs of every scenario, and those that a test serves. `app` is the service itself, for
    a caller that needs no socket.
    """

    def __init__(self, *, api_key: str = "test-key", port: int = 0) -> None:
        self._exchange = Exchange(api_key)
        self._port = port
        self._url: str | None = None
        self.app = create_app(self._exchange)

    @property
    def url(self) -> str:
        """Where the stub listens, without the /v1."""
        if self._url is None:
            raise RuntimeError("the stub is not running: enter it with a with statement first")
        return self._url

    @property
    def requests(self) -> list[RecordedRequest]:
        """The last 10,000 requests, in the order of their arrival."""
        return self._exchange.requests

    def serve(self, run_id: str, first: Answer, *rest: Answer) -> None:
        """Answer a run with these, one a request; the last one repeats.

        Args:
            run_id: The decoded run id; a scenario's own is replaced.
            first: The answer to the next request.
            *rest: The answers after it.

        Raises:
            TypeError: One of them is something else.
        """
        answers: tuple[object, ...] = (first, *rest)
        wrong = [each for each in answers if not isinstance(each, Answer)]
        if wrong:
            raise TypeError(f"serve takes an Answer for each request, got {type(wrong[0]).__name__}")
        self._exchange.serve(run_id, (first, *rest))

    def reset(self) -> None:
        """Forget the served answers, the polls and the recorded requests."""
        self._exchange.reset()

    def __enter__(self) -> Self:
        self._server = _Server(_config(self.app))
        # It listens from here on: a request that is faster than the thread waits in the backlog.
        listener = socket.create_server((_HOST, self._port))
        # Asyncio sets this only on sockets that name their protocol; without it each response takes 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._url = f"http://{_HOST}:{listener.getsockname()[1]}"
        self._thread = Thread(target=self._server.run, args=([listener],), name="bluejay-stub", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._url = None


class _Server(uvicorn.Server):
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Uvicorn waits for its clients; one that never reads must not keep a stub from stopping.
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await super().shutdown(sockets)


def _config(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
