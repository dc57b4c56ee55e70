"""Many calls at once on one client: each call gets its own run and has its own deadline."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from unittest.mock import Mock

import httpx
import pytest
from bluejay_results import (
    AsyncBluejayClient,
    BluejayClient,
    RequestTimeoutError,
    SimulationRun,
)
from bluejay_results.client.http_clients import LIMITS

from .. import builders
from ..faults._connection import Connection
from ..faults._http import response
from ..faults._server import FaultServer
from . import load as loading
from .load import Load, load

RUN_IDS = [f"run-{number}" for number in range(120)]
POLLS = 5
"""How many polls each wait takes until its run is settled."""

THREADS = 16
ONE_CONNECTION = httpx.Limits(max_connections=1)


@pytest.fixture(autouse=True)
def _connections_never_expire(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine, a connection may be idle for longer than httpx keeps it open."""
    monkeypatch.setattr(LIMITS, "keepalive_expiry", 600)


def _answer(connection: Connection, **fields: object) -> bytes:
    document = builders.response(builders.result(), **({"id": connection.run_id} | fields))
    return response(builders.encoded(document))


def _answers_after_a_moment(connection: Connection) -> None:
    while connection.read_request():
        time.sleep(0.01)
        connection.send(_answer(connection))


def _slow_at_first(connection: Connection) -> None:
    """Take 3 s for the first answer on a connection, but never be silent for longer than 0.2 s."""
    connection.read_request()
    answer = _answer(connection)
    for place in range(15):
        connection.send(answer[place : place + 1])
        time.sleep(0.2)
    connection.send(answer[15:])
    _answers_after_a_moment(connection)


class _Answering:
    """Answers each request only after `released` is set."""

    def __init__(self) -> None:
        self.released = Event()

    def script(self, connection: Connection) -> None:
        while connection.read_request():
            connection.reach()
            self.released.wait(60)
            connection.send(_answer(connection))


class ManyRuns:
    """Runs that settle after the same number of polls."""

    def __init__(self, run_ids: Sequence[str]) -> None:
        self.polls = Counter(dict.fromkeys(run_ids, 0))

    def script(self, connection: Connection) -> None:
        """Answer after a moment, so that other calls wait for a connection."""
        while connection.read_request():
            self.polls[connection.run_id] += 1
            polls = self.polls[connection.run_id]
            time.sleep(0.01)
            connection.send(_answer(connection, status="COMPLETED" if polls >= POLLS else "RUNNING"))


def test_waits_on_one_client_all_end_and_reuse_its_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """With ten connections instead of a hundred, the 40 waits must share the connections."""
    monkeypatch.setattr(LIMITS, "max_connections", 10)

    async def wait_for_all(url: str) -> list[SimulationRun]:
        async with AsyncBluejayClient("test-key", url) as client:
            waits = [client.wait(run_id, timeout=600, poll_interval=0.01) for run_id in run_ids]
            return await asyncio.gather(*waits)

    run_ids = RUN_IDS[:40]
    runs = ManyRuns(run_ids)
    with FaultServer(runs.script) as server:
        found = asyncio.run(wait_for_all(server.url))
    assert [(run.id, run.is_settled) for run in found] == [(run_id, True) for run_id in run_ids]
    assert set(runs.polls.values()) == {POLLS + 1}  # the last poll also reads the only page
    assert server.log.accepted == 10


def test_an_async_client_opens_at_most_100_connections() -> None:
    async def read_all(url: str) -> list[SimulationRun]:
        async with AsyncBluejayClient("test-key", url) as client:
            return await asyncio.gather(*map(client.retrieve, RUN_IDS))

    with FaultServer(_answers_after_a_moment) as server:
        assert [run.id for run in asyncio.run(read_all(server.url))] == RUN_IDS
    assert server.log.accepted <= 100


def _read_in_threads(url: str) -> list[str]:
    with httpx.Client(limits=ONE_CONNECTION) as http_client, ThreadPoolExecutor() as threads:
        client = BluejayClient("test-key", url, request_timeout=2.5, retries=0, http_client=http_client)
        return [run.id for run in threads.map(client.retrieve, "ab")]


def _read_in_tasks(url: str) -> list[str]:
    async def read() -> list[SimulationRun]:
        async with httpx.AsyncClient(limits=ONE_CONNECTION) as http_client:
            client = AsyncBluejayClient(
                "test-key", url, request_timeout=2.5, retries=0, http_client=http_client
            )
            return await asyncio.gather(*map(client.retrieve, "ab"))

    return [run.id for run in asyncio.run(read())]


@pytest.mark.parametrize("read", [_read_in_threads, _read_in_tasks])
def test_waiting_for_a_connection_does_not_count_as_silence_of_the_service(
    read: Callable[[str], list[str]],
) -> None:
    """The second call waits for 3 s, and the service may be silent for 2.5 s."""
    with FaultServer(_slow_at_first) as server:
        assert read(server.url) == ["a", "b"]
    assert server.log.accepted == 1


def test_waiting_for_a_free_connection_ends_at_the_deadline_of_the_call() -> None:
    answering = _Answering()

    async def read(server: FaultServer) -> None:
        async with httpx.AsyncClient(limits=ONE_CONNECTION) as http_client:
            client = AsyncBluejayClient("test-key", server.url, retries=0, http_client=http_client)
            first = asyncio.create_task(client.retrieve("a"))
            assert await asyncio.to_thread(server.log.reached.wait, 60)
            with pytest.raises(RequestTimeoutError):
                await client.retrieve("b", timeout=0.2)
            answering.released.set()
            assert (await first).id == "a"

    with FaultServer(answering.script) as server:
        asyncio.run(read(server))
    assert len(server.log.requests) == 1


def test_threads_that_share_a_client_each_get_their_own_runs() -> None:
    with (
        FaultServer(_answers_after_a_moment) as server,
        BluejayClient("test-key", server.url) as client,
        ThreadPoolExecutor(THREADS) as threads,
    ):
        assert [run.id for run in threads.map(client.retrieve, RUN_IDS)] == RUN_IDS
    assert server.log.accepted <= THREADS


def test_threads_that_share_a_client_each_have_their_own_deadline() -> None:
    answering = _Answering()
    late = Barrier(THREADS // 2, answering.released.set, timeout=60)

    def read(timeout: float) -> str:
        try:
            return client.retrieve("48213", timeout=timeout).id
        except RequestTimeoutError:
            late.wait()
            return "timed out"

    with (
        FaultServer(answering.script) as server,
        BluejayClient("test-key", server.url, retries=0) as client,
        ThreadPoolExecutor(THREADS) as threads,
    ):
        ends = list(threads.map(read, (60, 0.3) * (THREADS // 2)))
    assert ends == ["48213", "timed out"] * (THREADS // 2)


def test_a_stub_under_load_sends_only_right_answers() -> None:
    result = load(seconds=0.3, connections=8)
    assert result.right >= 8
    assert result.wrong == 0


@pytest.mark.parametrize(
    ("result", "code"), [(Load(2_000, 0, 2), 0), (Load(1_999, 0, 2), 1), (Load(9_000, 1, 2), 1)]
)
def test_make_load_fails_on_a_wrong_answer_or_too_few_answers(
    monkeypatch: pytest.MonkeyPatch, result: Load, code: int
) -> None:
    monkeypatch.setattr(loading, "load", Mock(return_value=result))
    monkeypatch.setattr("sys.argv", ["load"])
    assert loading.main() == code
