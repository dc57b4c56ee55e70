"""Broken connections are closed and not used again."""

import asyncio
import inspect
from typing import Any

import httpcore
import httpx
import pytest
from bluejay_results import AsyncBluejayClient, BluejayClient, ConnectionFailedError, SimulationRun
from bluejay_results.client.http import patch_httpcore
from bluejay_results.client.http.patch_httpcore import (
    _close_failed_tunnel,
    _close_failed_tunnel_async,
    _expire_with_surplus,
    pools,
)

from .. import builders
from ..faults._http import response
from ..faults._scripts import answers, silent
from ..faults._server import FaultServer, wait_for
from ..passed_in import HTTP_CLIENTS

KINDS = [BluejayClient, AsyncBluejayClient]
ASKED, OTHER = (response(builders.encoded(builders.response(id=run_id))) for run_id in ("48213", "other"))


def _calls(kind: Any, url: str, times: int = 1) -> tuple[list[SimulationRun | Exception], list[Any]]:
    """Retrieve a run several times with one client; return the outcomes and the client's connections."""

    async def calls() -> tuple[list[SimulationRun | Exception], list[Any]]:
        client, came = kind("key", url, retries=0), []
        for _ in range(times):
            try:
                run = client.retrieve("48213")
                came.append(await run if inspect.isawaitable(run) else run)
            except ConnectionFailedError as error:
                came.append(error)
        held = [each for pool in pools(client._http) for each in pool.connections]
        await client.aclose() if kind is AsyncBluejayClient else client.close()
        return came, held

    return asyncio.run(calls())


@pytest.mark.parametrize("kind", KINDS)
def test_a_surplus_response_is_not_read_as_the_response_to_the_next_request(kind: Any) -> None:
    with FaultServer(answers(ASKED + OTHER, ASKED)) as server:
        came, _ = _calls(kind, server.url, times=2)
    assert [run.id for run in came if isinstance(run, SimulationRun)] == ["48213", "48213"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_connection_without_surplus_responses_is_used_again(kind: Any) -> None:
    with FaultServer(answers(ASKED)) as server:
        _calls(kind, server.url, times=3)
    assert server.log.accepted == 1
    assert len(server.log.requests) == 3


def test_a_cancelled_tls_handshake_closes_its_connection() -> None:
    async def cancelled(server: FaultServer) -> bool:
        async with AsyncBluejayClient("key", server.url.replace("http", "https"), retries=0) as client:
            task = asyncio.ensure_future(client.retrieve("48213"))
            await asyncio.to_thread(wait_for, server.log.reached.is_set, 60)
            await asyncio.sleep(0.05)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return await asyncio.to_thread(server.left_open, 30) == 0

    with FaultServer(silent) as server:
        assert asyncio.run(cancelled(server))


@pytest.mark.parametrize("kind", KINDS)
def test_a_client_that_is_passed_in_is_not_patched(kind: Any) -> None:
    http = HTTP_CLIENTS[kind]()
    [pool] = pools(http)
    before = dict(vars(pool))
    kind("key", http_client=http)
    assert vars(pool) == before


class _Connection:
    """A fake httpcore connection whose requests fail."""

    def __init__(self, **attributes: object) -> None:
        self.is_closed = False
        vars(self).update(attributes)

    def handle_request(self, _request: Any) -> Any:
        raise httpcore.ConnectionNotAvailable

    async def handle_async_request(self, _request: Any) -> Any:
        raise httpcore.ConnectionNotAvailable

    def close(self) -> None:
        self.is_closed = True

    async def aclose(self) -> None:
        self.is_closed = True

    def is_idle(self) -> bool:
        return True

    def has_expired(self) -> bool:
        return False


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize(
    ("attributes", "is_closed"),
    [({"_connected": False}, True), ({"_connected": True}, False), ({}, False)],
    ids=["half open", "open", "no tunnel"],
)
def test_only_the_connection_of_a_failed_tunnel_is_closed(
    attributes: dict[str, bool], is_closed: bool, is_async: bool
) -> None:
    """On an established connection, another request may be under way."""
    connection = _Connection(**attributes)
    (_close_failed_tunnel_async if is_async else _close_failed_tunnel)(connection)
    requests = {
        True: lambda: asyncio.run(connection.handle_async_request(None)),
        False: lambda: connection.handle_request(None),
    }
    with pytest.raises(httpcore.ConnectionNotAvailable):
        requests[is_async]()
    assert connection.is_closed is is_closed


def test_a_connection_with_another_protocol_is_not_searched_for_surplus_responses() -> None:
    connection = _Connection(_connection=_Connection())
    _expire_with_surplus(connection)
    assert not connection.has_expired()


def _logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Make two clients as if they were the first of this process; return the log."""
    patch_httpcore._report_untested_versions.cache_clear()
    for _ in range(2):
        BluejayClient("key").close()
    return caplog.messages


def test_the_patches_were_tested_with_the_versions_that_requirements_lock_pins(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert _logged(caplog) == []


@pytest.mark.parametrize("library", [httpcore, httpx])
def test_a_version_that_the_patches_were_not_tested_with_is_logged_once(
    library: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "__version__", "9.9")
    [message] = _logged(caplog)
    assert message.startswith(f"The patches to connections were not tested with {library.__name__} 9.9, only")
    assert [each.levelname for each in caplog.records] == ["WARNING"]
