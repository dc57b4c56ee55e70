"""Makes a call in this process and returns how it ended."""

import asyncio
import itertools
import time
import tracemalloc
from collections.abc import Awaitable, Iterator
from contextlib import AsyncExitStack, contextmanager, nullcontext
from threading import Event
from typing import Any
from unittest import mock

import attrs
from bluejay_results import (
    AsyncBluejayClient,
    BluejayClient,
    BluejayError,
    Clock,
    QueuedRun,
    SimulationResult,
    SimulationRun,
    SimulationRuns,
    WaitTimeoutError,
)

from ..passed_in import PASSED_IN, library
from ._call import KEY, MIB, RESULT_ID, RUN_ID, SIMULATION_ID, Call, Ending, Options

_Got = SimulationRun | SimulationResult | QueuedRun | SimulationRuns
_A_DAY = 86_400.0
_A_MOMENT = 0.05


class SkippingClock(Clock):
    """A clock on which requests take real time and pauses take no time."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def now(self) -> float:
        return super().now() + self._skipped

    def sleep(self, seconds: float) -> None:
        self._skipped += seconds

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)


def perform(call: Call, cancel_at: Event | None = None) -> list[Ending]:
    """Make a call with one client, repeated as declared; cancel it once `cancel_at` is set."""
    with jumping_wall_clock() if call.options.wall_clock_jumps else nullcontext():
        return asyncio.run(_perform(call, cancel_at))


async def _perform(call: Call, cancel_at: Event | None) -> list[Ending]:
    endings = await _calls(call, cancel_at)
    transports = await left_open()
    return [attrs.evolve(ending, transports=transports) for ending in endings]


async def left_open() -> int:
    """Count the transports of this event loop that are still open.

    The server can't count them, because it sees a connection as closed once its transport is collected.

    Raises:
        AttributeError: The loop keeps no list of its transports.
    """
    await asyncio.sleep(0.01)
    transports = asyncio.get_running_loop()._transports  # type: ignore[attr-defined]  # asyncio's own
    return sum(not transport.is_closing() for transport in list(transports.values()))


async def _calls(call: Call, cancel_at: Event | None) -> list[Ending]:
    options = call.options
    settings: dict[str, Any] = {"request_timeout": options.request_timeout, "retries": options.retries}
    settings["clock"] = Clock() if options.pauses else SkippingClock()
    if options.max_body_bytes is not None:
        settings["max_body_bytes"] = options.max_body_bytes
    async with AsyncExitStack() as stack:
        if call.way.is_async:
            http = await stack.enter_async_context(_http(library.AsyncClient, options))
            client: Any = AsyncBluejayClient(KEY, call.base_url, http_client=http, **settings)
            await stack.enter_async_context(client)
        else:
            http = stack.enter_context(_http(library.Client, options))
            client = stack.enter_context(BluejayClient(KEY, call.base_url, http_client=http, **settings))
        return [await _ending(client, call, cancel_at) for _ in range(options.repeat)]


def _http(kind: Any, options: Options) -> Any:
    if options.proxy or PASSED_IN:
        return kind(proxy=options.proxy or None)
    return nullcontext()


async def _ending(client: Any, call: Call, cancel_at: Event | None) -> Ending:
    """Make one call and return how it ended, whatever it raised."""
    started = time.monotonic()
    if call.options.traces_memory:
        tracemalloc.start()
    try:
        asked = _asked(client, call)
        got = await (_cancelled(asked, cancel_at) if cancel_at else asked) if call.way.is_async else asked
        ending = Ending("recovered", run_id=_id_of(got))
    except (Exception, asyncio.CancelledError) as error:
        ending = _failed(error)
    peak = None
    if call.options.traces_memory:
        peak = tracemalloc.get_traced_memory()[1] / MIB
        tracemalloc.stop()
    seconds, busy = time.monotonic() - started, _busy(client._io.http_clients.current)
    return attrs.evolve(ending, seconds=seconds, peak_mib=peak, busy=busy, tasks=await _tasks_left())


async def _tasks_left() -> int:
    """Wait a moment, so that the event loop closes unfinished generators, then count the other tasks."""
    for _ in range(100):
        if len(asyncio.all_tasks()) == 1:
            return 0
        await asyncio.sleep(0.01)
    return len(asyncio.all_tasks()) - 1


def _asked(client: Any, call: Call) -> Any:
    if call.way.waits:
        return client.wait(RUN_ID, timeout=call.options.timeout, poll_interval=call.options.poll_interval)
    if call.way.queues:
        return client.queue(SIMULATION_ID, timeout=call.options.timeout)
    if call.way.reads_one_result:
        return client.retrieve_result(RESULT_ID, timeout=call.options.timeout)
    if call.way.lists_runs:
        return client.runs(SIMULATION_ID, timeout=call.options.timeout)
    return client.retrieve(RUN_ID, timeout=call.options.timeout)


def _id_of(got: _Got) -> str | None:
    if isinstance(got, SimulationRuns):
        return got.requested_id
    return got.run_id if isinstance(got, QueuedRun) else str(got.id)


async def _cancelled(asked: Awaitable[_Got], point: Event) -> _Got:
    """Await a call that is cancelled once the script has reached its fault."""
    task = asyncio.ensure_future(asked)
    while not point.is_set() and not task.done():
        await asyncio.sleep(_A_MOMENT / 10)
    await asyncio.sleep(_A_MOMENT)  # the client needs time to read what the server has sent
    task.cancel()
    return await task


def _failed(error: BaseException) -> Ending:
    if isinstance(error, asyncio.CancelledError):
        return Ending("cancelled")
    if not isinstance(error, BluejayError):
        return Ending(type(error).__name__, message=str(error))
    beneath = error.last_error if isinstance(error, WaitTimeoutError) else None
    return Ending(
        type(error).__name__,
        error.status_code,
        str(error),
        error.url,
        error.run_id,
        error.run_may_exist,
        type(beneath).__name__ if beneath else "",
        beneath.status_code if beneath else None,
    )


def _busy(http: Any) -> int:
    """Count the connections in use and the queued requests in the pools of a client.

    A pool that leaks would cause a PoolTimeout only after days.

    Raises:
        LookupError: The client has no pool.
    """
    transports = (http._transport, *http._mounts.values())
    kinds = library.HTTPTransport | library.AsyncHTTPTransport
    pools = [each._pool for each in transports if isinstance(each, kinds)]
    if not pools:
        raise LookupError(f"no pool of connections to look at in {transports}")
    in_use = [
        each for pool in pools for each in pool.connections if not each.is_idle() and not each.is_closed()
    ]
    return len(in_use) + sum(len(pool._requests) for pool in pools)


@contextmanager
def jumping_wall_clock() -> Iterator[None]:
    """Make this process's time of day jump a day back and forth each time that it is read."""
    real, leaps = time.time, itertools.cycle((_A_DAY, -_A_DAY))
    with mock.patch.object(time, "time", side_effect=lambda: real() + next(leaps)):
        yield
