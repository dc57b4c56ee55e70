"""Using a client in several processes or event loops."""

import asyncio
import inspect
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bluejay_results import AsyncBluejayClient, BluejayClient, ConfigurationError

from .. import builders
from ..faults._certificates import AUTHORITY, Certificate, tls
from ..faults._connection import Connection
from ..faults._http import response
from ..faults._server import FaultServer
from ..virtual import HTTP_CLIENTS

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


def _answer_by_path(connection: Connection) -> None:
    """Respond with the requested run."""
    while connection.read_request():
        connection.send(response(builders.encoded(builders.response(id=connection.run_id))))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    """A server with TLS, because two processes can't share a TLS connection."""
    with (
        AUTHORITY.cert_pem.tempfile() as path,
        FaultServer(_answer_by_path, tls=tls(Certificate.VALID)) as running,
    ):
        monkeypatch.setenv("SSL_CERT_FILE", path)
        yield running


def _in_child(call: Callable[[], object]) -> str:
    """Return the result or the error of a call in a forked child."""
    output, its_end = os.pipe()
    if not (child := os.fork()):
        signal.alarm(20)  # ends a child that hangs
        try:
            outcome = str(call())
        except Exception as error:
            outcome = repr(error)
        os.write(its_end, outcome.encode())
        os._exit(0)
    os.close(its_end)
    with os.fdopen(output) as came:
        outcome = came.read()
    os.waitpid(child, 0)
    return outcome


def _drive(runner: asyncio.Runner, call: Any) -> Any:
    """Return the result of a call to either client."""

    async def awaited() -> Any:
        return await call

    return runner.run(awaited()) if inspect.isawaitable(call) else call


def _id(client: Any, run_id: str) -> str:
    """Request a run in a new event loop, and return the id in the response."""
    with asyncio.Runner() as its_own:
        return str(_drive(its_own, client.retrieve(run_id)).id)


@pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient])
def test_each_process_receives_its_own_responses_after_a_fork(server: FaultServer, kind: Any) -> None:
    """The child doesn't close the parent's connection, so the parent can use this connection again."""
    client = kind("key", server.url, retries=0)
    with asyncio.Runner() as runner:
        assert _drive(runner, client.retrieve("parent")).id == "parent"
        assert _in_child(lambda: _id(client, "child")) == "child"
        assert _drive(runner, client.retrieve("parent")).id == "parent"
        _drive(runner, client.aclose() if kind is AsyncBluejayClient else client.close())
    assert server.log.accepted == 2


@pytest.mark.parametrize("kind", HTTP_CLIENTS)
def test_a_forked_process_cannot_use_the_users_own_httpx_client(server: FaultServer, kind: Any) -> None:
    http = HTTP_CLIENTS[kind]()
    client = kind("key", server.url, http_client=http)
    with asyncio.Runner() as runner:
        assert _in_child(lambda: _id(client, "child")).startswith("ConfigurationError(")
        _drive(runner, client.retrieve("parent"))
        _drive(runner, http.aclose() if kind is AsyncBluejayClient else http.close())


def test_an_asynchronous_client_cannot_be_used_in_a_second_event_loop(server: FaultServer) -> None:
    client = AsyncBluejayClient("key", server.url)
    with asyncio.Runner() as first, asyncio.Runner() as second:
        _drive(first, client.retrieve("48213"))
        for call in (client.retrieve("48213"), client.aclose()):
            with pytest.raises(ConfigurationError, match="another event loop"):
                _drive(second, call)
        _drive(first, client.aclose())
