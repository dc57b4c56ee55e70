"""Many calls at once on one client: each call gets its own run and has its own deadline."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

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

RUN_IDS = [f"run-{number}" for number in range(120)]
POLLS = 5
"""How many polls each wait takes until its run is settled."""

THREADS = 16


def _answer(connection: Connection, **fields: object) -> bytes:
    document = builders.response(builders.result(), **({"id": connection.run_id} | fields))
    return response(builders.encoded(document))


def _answers_after_a_moment(connection: Connection) -> None:
    while connection.read_request():
        time.sleep(0.01)
        connection.send(_answer(connection))


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
    assert LIMITS.max_connections == 100
    monkeypatch.setattr(LIMITS, "max_connections", 10)
    monkeypatch.setattr(LIMITS, "keepalive_expiry", 600)  # a busy machine may leave a connection idle

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
