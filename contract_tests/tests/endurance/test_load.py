"""Many calls at once on one client: each gets its own run, in its own time, and none is left behind."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import Mock

import httpx
import pytest
from bluejay_results import AsyncBluejayClient, BluejayClient, RequestTimeoutError, SimulationRun

from .. import builders
from . import load as loading
from .load import Load, load
from .server import CountingServer, response

WAITS = 500
POLLS = 5
"""How often each wait has to look until its run is settled."""

THREADS = 16
READS = 20
"""How many runs each thread reads."""


def _answer(run_id: str, **fields: object) -> bytes:
    document = builders.response(builders.result(), **({"id": run_id} | fields))
    return response(200, builders.encoded(document))


def _run_id(path: str) -> str:
    return path.rpartition("/")[2]


class ManyRuns:
    """Runs that each settle at the same poll; says how many polls one was ever ahead of another."""

    def __init__(self) -> None:
        self.polls = Counter({f"run-{number}": 0 for number in range(WAITS)})
        self.most_ahead = 0

    async def respond(self, path: str) -> AsyncIterator[bytes]:
        """Answer after a moment, so that there is a line."""
        run_id = _run_id(path)
        self.polls[run_id] += 1
        self.most_ahead = max(self.most_ahead, self.polls[run_id] - min(self.polls.values()))
        await asyncio.sleep(0.02)
        yield _answer(run_id, status="COMPLETED" if self.polls[run_id] == POLLS else "RUNNING")


async def _wait_for_all(url: str) -> list[SimulationRun]:
    async with AsyncBluejayClient("test-key", url) as client:
        waits = [client.wait(f"run-{number}", timeout=600, poll_interval=0.01) for number in range(WAITS)]
        return await asyncio.gather(*waits)


def test_of_500_waits_at_once_all_end_none_before_each_has_had_its_turn_and_connections_are_few() -> None:
    runs = ManyRuns()
    with CountingServer(runs.respond) as server:
        found = asyncio.run(_wait_for_all(server.url))
    assert [run.id for run in found] == list(runs.polls)
    assert all(run.is_settled for run in found)
    assert set(runs.polls.values()) == {POLLS}
    assert runs.most_ahead < POLLS
    assert server.most <= 100
    assert server.opened < WAITS  # they are used again


async def _in_pieces(path: str) -> AsyncIterator[bytes]:
    """Answer over two seconds and a half, never silent for longer than half a second."""
    answer = _answer(_run_id(path))
    for place in range(0, 50, 10):
        yield answer[place : place + 10]
        await asyncio.sleep(0.5)
    yield answer[50:]


def test_a_thread_in_line_for_a_connection_is_not_timed_out_as_if_the_service_were_slow() -> None:
    """The second of them is in line for 2.5 s, longer than the service may be silent."""
    with (
        CountingServer(_in_pieces) as server,
        httpx.Client(limits=httpx.Limits(max_connections=1)) as http_client,
        ThreadPoolExecutor() as threads,
    ):
        client = BluejayClient(
            "test-key", server.url, request_timeout=1.5, retries=0, http_client=http_client
        )
        found = list(threads.map(client.retrieve, "ab"))
    assert ([run.id for run in found], server.most) == (["a", "b"], 1)


def test_a_task_in_line_for_a_connection_is_not_timed_out_as_if_the_service_were_slow() -> None:
    """As above, by the other client."""

    async def read(url: str) -> list[SimulationRun]:
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=1)) as http_client:
            client = AsyncBluejayClient(
                "test-key", url, request_timeout=1.5, retries=0, http_client=http_client
            )
            return await asyncio.gather(*map(client.retrieve, "ab"))

    with CountingServer(_in_pieces) as server:
        found = asyncio.run(read(server.url))
    assert ([run.id for run in found], server.most) == (["a", "b"], 1)


def test_being_in_line_ends_with_the_call_all_the_same() -> None:
    async def read(url: str) -> None:
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=1)) as http_client:
            client = AsyncBluejayClient("test-key", url, retries=0, http_client=http_client)
            first = asyncio.create_task(client.retrieve("a"))
            await asyncio.sleep(0.2)
            with pytest.raises(RequestTimeoutError):
                await client.retrieve("b", timeout=0.2)
            assert not first.done()
            assert (await first).id == "a"

    with CountingServer(_in_pieces) as server:
        asyncio.run(read(server.url))


def test_threads_that_share_a_client_each_get_their_own_runs() -> None:
    runs = [[f"run-{thread}-{number}" for number in range(READS)] for thread in range(THREADS)]

    async def respond(path: str) -> AsyncIterator[bytes]:
        await asyncio.sleep(0.002 * (len(path) % 3))
        yield _answer(_run_id(path))

    def read(run_ids: list[str]) -> list[str]:
        return [client.retrieve(run_id).id for run_id in run_ids]

    with (
        CountingServer(respond) as server,
        BluejayClient("test-key", server.url) as client,
        ThreadPoolExecutor(THREADS) as threads,
    ):
        assert list(threads.map(read, runs)) == runs
    assert server.most <= THREADS
    assert server.opened <= 2 * THREADS


def test_threads_that_share_a_client_each_have_their_own_deadline() -> None:
    def read(timeout: float) -> str:
        try:
            return client.retrieve("r", timeout=timeout).id
        except RequestTimeoutError:
            return "timed out"

    with (
        CountingServer(_in_pieces) as server,
        BluejayClient("test-key", server.url, retries=0) as client,
        ThreadPoolExecutor(THREADS) as threads,
    ):
        ends = list(threads.map(read, itertools.islice(itertools.cycle((60, 0.3)), THREADS)))
    assert ends == ["r", "timed out"] * (THREADS // 2)


def test_every_answer_of_a_stub_under_load_is_right() -> None:
    result = load(seconds=0.5, connections=8)
    assert (result.right > 8, result.wrong) == (True, 0)


@pytest.mark.parametrize(
    ("result", "code"), [(Load(2_000, 0, 2), 0), (Load(1_999, 0, 2), 1), (Load(9_000, 1, 2), 1)]
)
def test_a_load_fails_by_a_wrong_answer_or_fewer_than_promised(
    monkeypatch: pytest.MonkeyPatch, result: Load, code: int
) -> None:
    monkeypatch.setattr(loading, "load", Mock(return_value=result))
    monkeypatch.setattr("sys.argv", ["load"])
    assert loading.main() == code
