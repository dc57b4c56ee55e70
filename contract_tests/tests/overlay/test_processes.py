"""A client that is used in several processes or event loops."""

import asyncio
import inspect
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bluejay_results import AsyncBluejayClient, BluejayClient, Clock, ConfigurationError

from .. import builders
from ..faults._certificates import AUTHORITY, Certificate, tls
from ..faults._connection import Connection
from ..faults._http import response
from ..faults._server import FaultServer
from ..passed_in import HTTP_CLIENTS, library

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]
CALLS = 5


def _answer_by_path(connection: Connection) -> None:
    """Respond with the requested run, which is under way in the first response."""
    while connection.read_request():
        status = "RUNNING" if connection.request_number == 1 else "COMPLETED"
        connection.send(response(builders.encoded(builders.response(id=connection.run_id, status=status))))


@pytest.fixture(params=["http", "https"])
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    """A server that responds with the requested run and counts its connections."""
    with AUTHORITY.cert_pem.tempfile() as path:
        monkeypatch.setenv("SSL_CERT_FILE", path)
        context = tls(Certificate.VALID) if request.param == "https" else None
        with FaultServer(_answer_by_path, tls=context) as running:
            yield running


def _in_child(call: Callable[[], object]) -> str:
    """Return the result or the error of a call in a forked child."""
    output, its_end = os.pipe()
    if not (child := os.fork()):
        signal.alarm(20)  # ends a child that hangs
        os.write(its_end, _outcome(call).encode())
        os._exit(0)
    os.close(its_end)
    with os.fdopen(output) as came:
        outcome = came.read()
    os.waitpid(child, 0)
    return outcome


def _outcome(call: Callable[[], object]) -> str:
    try:
        return str(call())
    except Exception as error:
        return repr(error)


def _drive(runner: asyncio.Runner, call: Any) -> Any:
    """Return the result of a call of either client."""

    async def awaited() -> Any:
        return await call

    return runner.run(awaited()) if inspect.isawaitable(call) else call


def _ids(runner: asyncio.Runner, client: Any, run_id: str) -> str:
    """Retrieve one run several times, and return the ids of the responses."""
    return " ".join({_drive(runner, client.retrieve(run_id)).id for _ in range(CALLS)})


def _close(runner: asyncio.Runner, client: Any) -> None:
    _drive(runner, client.aclose() if isinstance(client, AsyncBluejayClient) else client.close())


@pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient])
def test_after_a_fork_each_process_receives_the_runs_that_it_requests(server: FaultServer, kind: Any) -> None:
    """The child leaves the parent's connection open, and the parent uses it again."""
    client = kind("key", server.url, retries=0)

    def child() -> str:
        with asyncio.Runner() as its_own:
            ids = _ids(its_own, client, "child")
            _close(its_own, client)
        return ids

    with asyncio.Runner() as runner:
        assert _ids(runner, client, "parent") == "parent"
        assert _in_child(child) == "child"
        assert _ids(runner, client, "parent") == "parent"
        _close(runner, client)
    assert server.log.accepted == 2


class _ForkingClock(Clock):
    """A clock whose first sleep forks the process."""

    child: int | None = None

    def sleep(self, _seconds: float) -> None:
        if self.child is None:
            self.child = os.fork()


@pytest.mark.parametrize("server", ["http"], indirect=True)
def test_after_a_fork_during_a_wait_each_process_has_its_own_connections(server: FaultServer) -> None:
    clock = _ForkingClock()
    client = BluejayClient("key", server.url, retries=0, clock=clock)
    came = _outcome(lambda: client.wait("48213").status)
    if not clock.child:
        os._exit(came != "COMPLETED")
    assert came == "COMPLETED"
    assert os.waitpid(clock.child, 0)[1] == 0
    client.close()
    assert server.log.accepted == 2


@pytest.mark.parametrize("kind", HTTP_CLIENTS.items())
@pytest.mark.parametrize("server", ["http"], indirect=True)
def test_a_forked_process_cannot_use_the_users_own_httpx_client(server: FaultServer, kind: Any) -> None:
    http = kind[1]()
    client = kind[0]("key", server.url, http_client=http)

    def child() -> str:
        with asyncio.Runner() as its_own:
            return _ids(its_own, client, "child")

    with asyncio.Runner() as runner:
        assert _in_child(child).startswith("ConfigurationError(")
        _drive(runner, client.retrieve("parent"))
        _drive(runner, http.aclose() if isinstance(http, library.AsyncClient) else http.close())


def test_a_client_that_was_closed_before_a_fork_stays_closed() -> None:
    client = BluejayClient("key", "http://127.0.0.1:1")
    client.close()
    assert _in_child(lambda: client.retrieve("48213")).startswith("ConfigurationError(")


@pytest.mark.parametrize("server", ["http"], indirect=True)
def test_an_asynchronous_client_cannot_be_used_in_a_second_event_loop(server: FaultServer) -> None:
    client = AsyncBluejayClient("key", server.url)
    with asyncio.Runner() as first, asyncio.Runner() as second:
        _drive(first, client.retrieve("48213"))
        for method, arguments in (("retrieve", ("48213",)), ("aclose", ())):
            with pytest.raises(ConfigurationError, match="another event loop"):
                _drive(second, getattr(client, method)(*arguments))
        _drive(first, client.aclose())


def test_an_asynchronous_client_cannot_be_used_outside_asyncio() -> None:
    """`send` drives the coroutine like another library, such as Trio."""
    with pytest.raises(ConfigurationError, match="needs asyncio"):
        AsyncBluejayClient("key").retrieve("48213").send(None)
