"""`parallel`, which calls a function for many items, in threads or in tasks."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable
from itertools import islice
from threading import Event
from typing import Any

import pytest
from bluejay_results.client import async_client, sync_client

from ..faults._server import wait_for

A_MOMENT = 0.02
Call = Callable[[Any], Any]


def in_threads(call: Call, items: Iterable[Any], at_once: int, most: int = 10_000) -> list[Any]:
    """Return the first `most` results; close the iterator a moment after the last of them."""
    results = sync_client.parallel(call, items, at_once)
    came = list(islice(results, most))
    time.sleep(A_MOMENT)
    results.close()
    return came


def in_tasks(call: Call, items: Iterable[Any], at_once: int, most: int = 10_000) -> list[Any]:
    """Like `in_threads`, but with tasks. Each task uses a thread, because tests pass blocking functions."""

    async def collect() -> list[Any]:
        results, came = async_client.parallel(lambda item: asyncio.to_thread(call, item), items, at_once), []
        async for each in results:
            came.append(each)
            if len(came) == most:
                break
        await asyncio.sleep(A_MOMENT)
        await results.aclose()
        assert len(asyncio.all_tasks()) == 1
        return came

    return asyncio.run(collect())


both_ways = pytest.mark.parametrize("parallel", [in_threads, in_tasks])


@both_ways
def test_the_number_of_parallel_calls_is_limited(parallel: Any) -> None:
    allowed = threading.Semaphore(3)

    def call(item: int) -> int:
        assert allowed.acquire(blocking=False)
        time.sleep(0.005)
        allowed.release()
        return item

    assert sorted(parallel(call, range(20), 3)) == list(range(20))


@pytest.mark.parametrize(("parallel", "ahead"), [(in_threads, 2), (in_tasks, 4)], ids=["threads", "tasks"])
def test_few_items_are_read_before_the_consumer_asks_for_their_results(parallel: Any, ahead: int) -> None:
    """Two calls run at the same time. With tasks, two more results can wait in a queue."""
    items = iter(range(1000))
    assert len(parallel(lambda item: item, items, 2, most=5)) == 5
    assert 5 <= next(items) <= 5 + ahead


@both_ways
def test_an_exception_in_a_call_is_raised_and_stops_the_other_calls(parallel: Any) -> None:
    called = list[int]()

    def call(item: int) -> float:
        called.append(item)
        return 1 / (item - 3)

    with pytest.raises(ZeroDivisionError):
        parallel(call, range(1000), 2)
    assert len(called) < 20


@both_ways
def test_results_of_fast_calls_are_yielded_before_those_of_slow_calls(parallel: Any) -> None:
    """The slow call ends only after the last call has set an event."""
    has_come = Event()

    def call(item: str) -> str:
        assert item != "slow" or has_come.wait(60)
        if item == "last":
            has_come.set()
        return item

    assert parallel(call, ["slow", "fast", "last"], 2)[0] == "fast"


def test_threads_start_no_new_call_after_the_iterator_is_closed() -> None:
    before, is_closed, started, ended = set(threading.enumerate()), Event(), list[int](), list[int]()

    def call(item: int) -> int:
        started.append(item)
        assert item == 0 or is_closed.wait(60)
        ended.append(item)
        return item

    results = sync_client.parallel(call, range(1000), 2)
    assert next(results) == 0
    assert wait_for(lambda: len(started) == 3, 60)
    results.close()
    is_closed.set()
    assert wait_for(lambda: set(threading.enumerate()) <= before, 60)
    assert sorted(ended) == [0, 1, 2]


def test_threads_end_after_the_iterator_is_closed_if_their_results_are_ready() -> None:
    before, ended = set(threading.enumerate()), list[int]()
    results = sync_client.parallel(ended.append, range(1000), 2)
    next(results)
    assert wait_for(lambda: len(ended) == 3, 60)
    results.close()
    assert wait_for(lambda: set(threading.enumerate()) <= before, 60)


def test_closing_the_iterator_cancels_running_tasks() -> None:
    cancelled = list[int]()

    async def call(item: int) -> int:
        try:
            await asyncio.sleep(60 if item else 0)
        except asyncio.CancelledError:
            cancelled.append(item)
            raise
        return item

    async def close() -> None:
        results = async_client.parallel(call, range(3), 3)
        assert await anext(results) == 0
        await results.aclose()

    asyncio.run(close())
    assert cancelled == [1, 2]
