"""A run costs money and must be queued only once: cases that no row of the matrix covers."""

import asyncio
from typing import Any

import pytest
from bluejay_results import AsyncBluejayClient, BluejayClient, ConnectionFailedError

from ..overlay.conftest import ManualClock, Reader
from ..passed_in import HTTP_CLIENTS
from ._call import KEY, RUN_ID, SIMULATION_ID, Call, Options, Way
from ._connection import Connection, Script
from ._http import HTML, response
from ._process import run_command
from ._scripts import answers, resets_after, silent_after
from ._server import Door, FaultServer

MAY_EXIST = "may have been queued"
both_clients = pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient])


def _closes_when_reused(connection: Connection) -> None:
    connection.read_request()
    connection.send(response())
    if connection.read_request():
        connection.reset()


def _read_and_queue(kind: type[BluejayClient] | type[AsyncBluejayClient], url: str, **settings: Any) -> str:
    """Read a run and queue another with one client; return the id of the queued run."""

    async def read_and_queue() -> str:
        async with AsyncBluejayClient(KEY, url, **settings) as client:
            await client.retrieve(RUN_ID)
            return (await client.queue(SIMULATION_ID)).run_id

    if kind is AsyncBluejayClient:
        return asyncio.run(read_and_queue())
    with BluejayClient(KEY, url, **settings) as client:
        client.retrieve(RUN_ID)
        return client.queue(SIMULATION_ID).run_id


@both_clients
def test_queue_uses_a_new_connection_instead_of_an_idle_one(
    kind: Any,
) -> None:
    with FaultServer(_closes_when_reused) as server:
        assert _read_and_queue(kind, server.url, retries=0) == RUN_ID
        assert server.left_open(30) == 0
    assert server.log.accepted == 2
    assert server.log.posts == 1


@pytest.mark.parametrize(("kind", "http"), HTTP_CLIENTS.items())
def test_the_run_may_exist_if_a_connection_of_the_users_client_breaks(kind: Any, http: Any) -> None:
    """The test above would fail in the same way if our client reused its connections."""
    with FaultServer(_closes_when_reused) as server, pytest.raises(ConnectionFailedError) as caught:
        _read_and_queue(kind, server.url, http_client=http())
    assert server.log.accepted == 1
    assert server.log.posts == 1
    assert caught.value.run_may_exist


@both_clients
def test_a_service_that_first_refuses_connections_receives_one_queue_request(kind: Any) -> None:
    class Clock(ManualClock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            server.open()

    clock = Clock()
    with FaultServer(answers(response()), door=Door.SHUT) as server:
        assert Reader(kind, base_url=server.url, clock=clock).queue(SIMULATION_ID).run_id == RUN_ID
    assert len(clock.slept) == 1
    assert server.log.posts == 1


@both_clients
def test_queue_is_repeated_if_a_proxy_refuses_the_tunnel(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(answers(response(b"", status=502))) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        reader = Reader(kind, base_url="https://service.invalid", clock=ManualClock(), retries=2)
        with pytest.raises(ConnectionFailedError) as caught:
            reader.queue(SIMULATION_ID)
    assert [each[:7] for each in proxy.log.requests] == [b"CONNECT"] * 3
    assert not caught.value.run_may_exist


@pytest.mark.parametrize(
    ("script", "code", "may_exist"),
    [
        (answers(response(b"", status=503)), 3, True),
        (resets_after(b""), 3, True),
        (answers(response(b"<html>", media_type=HTML)), 5, True),
        (answers(response(b"", "Retry-After: 31536000", status=429)), 3, False),
    ],
    ids=["503", "a reset", "HTML under 200", "429"],
)
def test_the_command_queues_once_and_prints_whether_the_run_may_exist(
    script: Script, code: int, may_exist: bool
) -> None:
    with FaultServer(script) as server:
        ended = run_command(("queue",), Call(Way.COMMAND, server.url, Options()))
    assert ended.what == f"exit {code}"
    assert server.log.posts == 1
    assert (MAY_EXIST in ended.message) == may_exist
    assert ended.message.count("\n") == 1
    assert KEY not in ended.message


def test_ctrl_c_before_the_response_prints_that_the_run_may_exist() -> None:
    with FaultServer(silent_after(b"")) as server:
        call = Call(Way.COMMAND, server.url, Options())
        ended = run_command(("queue",), call, interrupt_at=server.log.reached)
    assert ended.what == "exit 130"
    assert MAY_EXIST in ended.message
    assert server.log.posts == 1
