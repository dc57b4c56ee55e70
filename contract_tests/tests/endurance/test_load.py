"""Many parallel calls on one client: each call gets its own run and has its own deadline."""

import asyncio
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from bluejay_results import AsyncBluejayClient, BluejayClient, RequestTimeoutError, SimulationRun
from bluejay_results.client.http_clients import LIMITS

from .. import builders
from ..faults._connection import Connection
from ..faults._http import response
from ..faults._server import FaultServer

RUN_IDS = [f"run-{number}" for number in range(40)]
POLLS = 5
"""How many polls each wait takes until its run is settled."""
THREADS = 16


def _answer(connection: Connection, *, status: str = "COMPLETED") -> None:
    """Respond after a moment, so that other calls are under way."""
    time.sleep(0.01)
    document = builders.response(builders.result(), id=connection.run_id, status=status)
    connection.send(response(builders.encoded(document)))


def test_all_waits_end_even_if_a_client_has_fewer_connections_than_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The client may open only ten connections, so the 40 waits must share them."""
    assert LIMITS.max_connections == 100
    monkeypatch.setattr(LIMITS, "max_connections", 10)
    monkeypatch.setattr(LIMITS, "keepalive_expiry", 600)  # on a busy machine, idle ones could expire
    polls = Counter[str]()

    def script(connection: Connection) -> None:
        while connection.read_request():
            polls[connection.run_id] += 1
            _answer(connection, status="COMPLETED" if polls[connection.run_id] >= POLLS else "RUNNING")

    async def wait_for_all(url: str) -> list[SimulationRun]:
        async with AsyncBluejayClient("test-key", url) as client:
            waits = [client.wait(run_id, timeout=600, poll_interval=0.01) for run_id in RUN_IDS]
            return await asyncio.gather(*waits)

    with FaultServer(script) as server:
        found = asyncio.run(wait_for_all(server.url))
    assert [(run.id, run.is_settled) for run in found] == [(run_id, True) for run_id in RUN_IDS]
    assert polls == dict.fromkeys(RUN_IDS, POLLS + 1)  # after the last poll, one page is read
    assert server.log.accepted == 10


def test_each_thread_gets_its_own_run_if_threads_share_a_client() -> None:
    """The calls with a short timeout end before the service answers the others."""
    released = Event()
    late = Barrier(THREADS // 2, released.set, timeout=60)

    def script(connection: Connection) -> None:
        while connection.read_request():
            released.wait(60)
            _answer(connection)

    def read(run_id: str, timeout: float) -> str:
        try:
            return client.retrieve(run_id, timeout=timeout).id
        except RequestTimeoutError:
            late.wait()
            return "timed out"

    with (
        FaultServer(script) as server,
        BluejayClient("test-key", server.url, retries=0) as client,
        ThreadPoolExecutor(THREADS) as threads,
    ):
        ends = list(threads.map(read, RUN_IDS, (60, 0.3) * (THREADS // 2)))
        assert ends[::2] == RUN_IDS[:THREADS:2]
        assert ends[1::2] == ["timed out"] * (THREADS // 2)
        assert list(threads.map(read, RUN_IDS, [60] * len(RUN_IDS))) == RUN_IDS
