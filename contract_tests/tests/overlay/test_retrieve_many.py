"""Retrieving many runs at once with either client: each id is yielded with its run or error."""

import asyncio
import threading
from collections.abc import Callable, Iterable
from threading import Event, Lock, Thread
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import (
    AsyncBluejayClient,
    BluejayClient,
    BluejayError,
    ConfigurationError,
    InvalidIdError,
    RateLimitError,
    RequestTimeoutError,
    RunNotFoundError,
    SimulationRun,
)
from bluejay_results.client.blocking_io import run_blocking
from bluejay_results.client.sending import RateLimit

from .. import builders
from ..faults._connection import Connection, Script
from ..faults._http import response
from ..faults._server import FaultServer, wait_for
from ..passed_in import HTTP_CLIENTS, library
from .conftest import ManualClock

KINDS = [BluejayClient, AsyncBluejayClient]
both_clients = pytest.mark.parametrize("kind", KINDS)
Came = dict[str, SimulationRun | BluejayError]
OnResult = Callable[[str], bool | None]


def _go_on(_run_id: str) -> None:
    return None


def _run(connection: Connection) -> bytes:
    return response(builders.encoded(builders.response(builders.result(), id=connection.run_id)))


def _came(
    client: Any, ids: Iterable[str], concurrency: int = 20, on_result: OnResult = _go_on, **options: Any
) -> Came:
    """Retrieve runs with either client; stop once `on_result` returns True."""
    if isinstance(client, AsyncBluejayClient):
        return asyncio.run(_came_async(client, ids, concurrency, on_result, options))
    came: Came = {}
    with client:
        results = client.retrieve_many(ids, concurrency, **options)
        for run_id, result in results:
            came[run_id] = result
            if on_result(run_id):
                break
        results.close()
    return came


async def _came_async(
    client: Any, ids: Iterable[str], concurrency: int, on_result: OnResult, options: dict[str, Any]
) -> Came:
    came: Came = {}
    async with client:
        results = client.retrieve_many(ids, concurrency, **options)
        async for run_id, result in results:
            came[run_id] = result
            if on_result(run_id):
                await results.aclose()
                assert len(asyncio.all_tasks()) == 1
    return came


@both_clients
def test_a_missing_run_does_not_affect_the_other_runs(kind: Any, stub: Stub) -> None:
    ids = [f"run-{number}" for number in range(30)]
    for run_id in ids[1:]:
        stub.serve(run_id, Answer.json(builders.response(builders.result(), id=run_id)))
    came = _came(kind("test-key", stub.url), iter(ids))
    missing = came.pop("run-0")
    assert isinstance(missing, RunNotFoundError)
    assert str(missing).startswith("Run run-0: 404: ")
    assert {run_id: getattr(run, "id", run) for run_id, run in came.items()} == {
        each: each for each in ids[1:]
    }


@both_clients
def test_a_run_is_yielded_before_slower_runs_arrive(kind: Any) -> None:
    has_come = Event()

    def script(connection: Connection) -> None:
        while connection.read_request():
            assert connection.run_id == "fast" or has_come.wait(60)
            connection.send(_run(connection))

    with FaultServer(script) as server:
        came = _came(kind("key", server.url, retries=0), ["slow", "fast"], on_result=lambda _: has_come.set())
    assert list(came) == ["fast", "slow"]


@both_clients
def test_no_more_calls_run_at_once_than_concurrency_allows(kind: Any) -> None:
    lock, under_way, most = Lock(), 0, 0

    def script(connection: Connection) -> None:
        nonlocal under_way, most
        while connection.read_request():
            with lock:
                under_way += 1
                most = max(most, under_way)
            Event().wait(0.01)
            with lock:
                under_way -= 1
            connection.send(_run(connection))

    with FaultServer(script) as server:
        came = _came(kind("key", server.url, retries=0), map(str, range(30)), 3)
    assert len(came) == 30
    assert most <= 3


@both_clients
def test_the_timeout_of_each_call_starts_with_its_first_request(kind: Any, clock: ManualClock) -> None:
    """Each call takes 5 s and has a timeout of 8 s; the last call starts after 45 s."""

    def script(connection: Connection) -> None:
        while connection.read_request():
            clock.time += 5
            connection.send(_run(connection))

    with FaultServer(script) as server:
        client = kind("key", server.url, retries=0, clock=clock)
        came = _came(client, map(str, range(10)), 1, timeout=8)
        assert {type(each) for each in came.values()} == {SimulationRun}
        client = kind("key", server.url, retries=0, clock=clock)
        came = _came(client, ["late"], 1, timeout=4)
    assert isinstance(came["late"], RequestTimeoutError)


def _threads() -> set[Thread]:
    """The threads of this process, without those of servers."""
    return {each for each in threading.enumerate() if each.name != "fault-server"}


@both_clients
def test_closing_the_iterator_cancels_the_calls_that_have_not_started(kind: Any) -> None:
    before = _threads()

    def script(connection: Connection) -> None:
        while connection.read_request():
            connection.send(_run(connection))

    with FaultServer(script) as server:
        came = _came(kind("key", server.url), map(str, range(50)), 2, on_result=lambda _: True)
    assert len(came) == 1
    assert len(server.log.requests) <= 5  # two calls are under way, and two results wait to be yielded
    assert wait_for(lambda: _threads() <= before, 60)


def test_closing_the_asynchronous_iterator_cancels_its_running_tasks() -> None:
    """The request for the slow run gets no response before the iterator is closed."""
    is_closed = Event()

    def script(connection: Connection) -> None:
        while connection.read_request():
            if connection.run_id == "slow":
                assert is_closed.wait(60)
            elif connection.run_id == "fast":
                connection.send(_run(connection))

    with FaultServer(script) as server:
        client = AsyncBluejayClient("key", server.url, retries=0)
        came = _came(client, ["slow", "fast"], on_result=lambda _: True)
        is_closed.set()
    assert list(came) == ["fast"]


@both_clients
def test_an_invalid_id_does_not_affect_the_other_runs(kind: Any, stub: Stub) -> None:
    stub.serve("48213", Answer.json(builders.response(id="48213")))
    came = _came(kind("test-key", stub.url), ["..", "48213"])
    assert isinstance(came[".."], InvalidIdError)
    assert isinstance(came["48213"], SimulationRun)


@both_clients
@pytest.mark.parametrize(
    ("ids", "options", "message"),
    [
        ("48213", {}, "run_ids must be several ids, got one string. Put it in a list."),
        ([], {"concurrency": 0}, "concurrency must be from 1 to 100, got 0."),
        ([], {"concurrency": 101}, "concurrency must be from 1 to 100, got 101."),
        ([], {"timeout": 0}, "timeout must be a number of seconds above 0 and up to 2,000,000, got 0."),
        ([], {"on_violation": "skip"}, "on_violation must be 'raise' or 'collect', got 'skip'."),
    ],
)
def test_an_invalid_argument_of_retrieve_many_is_refused_at_once(
    kind: Any, ids: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        kind("test-key").retrieve_many(ids, **options)
    assert str(caught.value) == message


class _Bug(library.BaseTransport, library.AsyncBaseTransport):
    def handle_request(self, _request: library.Request) -> library.Response:
        raise ZeroDivisionError

    async def handle_async_request(self, _request: library.Request) -> library.Response:
        raise ZeroDivisionError


@pytest.mark.parametrize("kind", HTTP_CLIENTS.items())
def test_an_exception_in_the_users_own_transport_ends_the_iterator(kind: Any) -> None:
    client = kind[0]("key", http_client=kind[1](transport=_Bug()))
    with pytest.raises(ZeroDivisionError):
        _came(client, map(str, range(50)), 2)


def _limiting(clock: ManualClock, asked: float | None, seconds: float = 0) -> Script:
    """Answer the request for run `limited` with a 429, and others after these seconds of the clock."""
    header = () if asked is None else (f"Retry-After: {asked}",)

    def script(connection: Connection) -> None:
        while connection.read_request():
            if connection.run_id == "limited":
                connection.send(response(b"", *header, status=429))
            else:
                clock.time += seconds
                connection.send(_run(connection))

    return script


@both_clients
@pytest.mark.parametrize(("asked", "pauses"), [(7, [7]), (0, []), (None, [0.5]), (3600, [60])])
def test_after_a_429_the_next_call_waits_for_the_requested_pause(
    kind: Any, clock: ManualClock, asked: float | None, pauses: list[float]
) -> None:
    """The pause is not longer than the timeout of a call."""
    with FaultServer(_limiting(clock, asked)) as server:
        came = _came(kind("key", server.url, retries=0, clock=clock), ["limited", "b", "c"], 1, timeout=60)
    assert isinstance(came["limited"], RateLimitError)
    assert clock.slept == pauses
    assert len(server.log.requests) == 3


@both_clients
def test_the_timeout_of_a_call_that_pauses_starts_after_the_pause(kind: Any, clock: ManualClock) -> None:
    with FaultServer(_limiting(clock, 50, seconds=15)) as server:
        came = _came(kind("key", server.url, retries=0, clock=clock), ["limited", "b"], 1, timeout=60)
    assert isinstance(came["b"], SimulationRun)


def _limited(retry_after: float) -> RateLimitError:
    error = RateLimitError("429: slower", status_code=429)
    error.retry_after = retry_after
    return error


@pytest.mark.parametrize(("timeout", "slept"), [(60, 50), (20, 19)])
def test_a_running_call_pauses_for_the_longest_requested_time_that_its_timeout_allows(
    stub: Stub, clock: ManualClock, timeout: float, slept: float
) -> None:
    """No request starts in the last second of a call."""
    rate_limit = RateLimit(clock, 60)
    rate_limit.note(_limited(50))
    rate_limit.note(_limited(5))
    with BluejayClient("test-key", stub.url, clock=clock) as client:
        run_blocking(client._retrieve("48213", False, 0, timeout, "raise", rate_limit=rate_limit))
    assert clock.slept == [slept]
