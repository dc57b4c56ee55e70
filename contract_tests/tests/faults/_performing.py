"""Makes a call in this process and tells how it ended."""

import asyncio
import itertools
import time
import tracemalloc
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, nullcontext
from threading import Event
from types import TracebackType
from typing import Any, Self
from unittest import mock

import attrs
import httpx
from bluejay_results import (
    AsyncBluejayClient,
    BluejayClient,
    BluejayError,
    Clock,
    SimulationRun,
    WaitTimeoutError,
)

from ._call import KEY, MIB, RUN_ID, Call, Ending, Options

_A_DAY = 86_400.0
_A_MOMENT = 0.05


class SkippingClock(Clock):
    """A clock on which requests take their time and pauses take none."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def now(self) -> float:
        return super().now() + self._skipped

    def sleep(self, seconds: float) -> None:
        self._skipped += seconds

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)


def perform(call: Call) -> list[Ending]:
    """Make a call, as often as it says, with one client."""
    with jumping_wall_clock() if call.options.wall_clock_jumps else nullcontext():
        return asyncio.run(_perform_async(call)) if call.way.is_async else _perform(call)


def settings(options: Options) -> dict[str, Any]:
    """Return the arguments of either client."""
    limit = {} if options.max_body_bytes is None else {"max_body_bytes": options.max_body_bytes}
    clock = Clock() if options.pauses else SkippingClock()
    return {"request_timeout": options.request_timeout, "retries": options.retries, "clock": clock, **limit}


def arguments(call: Call) -> dict[str, Any]:
    """Return the arguments of the method that the call is of."""
    interval = {"poll_interval": call.options.poll_interval} if call.way.waits else {}
    return {"timeout": call.options.timeout, **interval}


def _perform(call: Call) -> list[Ending]:
    proxy = call.options.proxy
    with (
        httpx.Client(proxy=proxy) if proxy else nullcontext() as http,
        BluejayClient(KEY, call.base_url, http_client=http, **settings(call.options)) as client,
    ):
        method: Callable[..., SimulationRun] = client.wait if call.way.waits else client.retrieve
        endings = []
        for _ in range(call.options.repeat):
            with Recorder(client._http, call.options) as recorder:
                recorder.run_id = method(RUN_ID, **arguments(call)).id
            endings.append(recorder.ending)
        return endings


async def _perform_async(call: Call) -> list[Ending]:
    endings = await _calls(call)
    transports = await left_open()
    return [attrs.evolve(ending, transports=transports) for ending in endings]


async def left_open() -> int:
    """Count the transports of this event loop that nobody has closed.

    The loop tells nobody about them, and a server may well see them closed: once they are garbage.

    Raises:
        AttributeError: The loop keeps no list of them to look at.
    """
    await asyncio.sleep(0.01)
    transports = asyncio.get_running_loop()._transports  # type: ignore[attr-defined]  # asyncio's own
    return sum(not transport.is_closing() for transport in list(transports.values()))


async def _calls(call: Call) -> list[Ending]:
    proxy = call.options.proxy
    async with (
        httpx.AsyncClient(proxy=proxy) if proxy else nullcontext() as http,
        AsyncBluejayClient(KEY, call.base_url, http_client=http, **settings(call.options)) as client,
    ):
        method: Callable[..., Awaitable[SimulationRun]] = client.wait if call.way.waits else client.retrieve
        endings = []
        for _ in range(call.options.repeat):
            with Recorder(client._http, call.options) as recorder:
                recorder.run_id = (await method(RUN_ID, **arguments(call))).id
            endings.append(attrs.evolve(recorder.ending, tasks=len(asyncio.all_tasks()) - 1))
        return endings


def cancel(call: Call, point: Event) -> Ending:
    """Make a call and cancel it once the server is at the point."""
    return asyncio.run(_cancel(call, point))


async def _cancel(call: Call, point: Event) -> Ending:
    ending = await _cancelled(call, point)
    return attrs.evolve(ending, transports=await left_open())


async def _cancelled(call: Call, point: Event) -> Ending:
    async with AsyncBluejayClient(KEY, call.base_url, **settings(call.options)) as client:
        method: Callable[..., Awaitable[SimulationRun]]
        method = client.wait if call.way.waits else client.retrieve
        task = asyncio.ensure_future(method(RUN_ID, **arguments(call)))
        with Recorder(client._http, call.options) as recorder:
            while not point.is_set() and not task.done():
                await asyncio.sleep(_A_MOMENT / 10)
            await asyncio.sleep(_A_MOMENT)  # what the server has sent takes its time to be read
            task.cancel()
            await task
        return attrs.evolve(recorder.ending, tasks=len(asyncio.all_tasks()) - 1)


class Recorder:
    """Records how the body of a with statement ended, whatever it raised.

    Attributes:
        run_id: For the body to set to the id of the run that it was given.
        ending: How it ended, afterwards.
    """

    run_id: str | None = None
    ending: Ending

    def __init__(self, http: httpx.Client | httpx.AsyncClient, options: Options) -> None:
        self._http = http
        self._traces = options.traces_memory

    def __enter__(self) -> Self:
        self._started = time.monotonic()
        if self._traces:
            tracemalloc.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        peak = tracemalloc.get_traced_memory()[1] / MIB if self._traces else None
        if self._traces:
            tracemalloc.stop()
        ended = Ending("recovered", run_id=self.run_id) if error is None else _failed(error)
        seconds = time.monotonic() - self._started
        self.ending = attrs.evolve(ended, seconds=seconds, peak_mib=peak, busy=_busy(self._http))
        return isinstance(error, Exception | asyncio.CancelledError)


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
        type(beneath).__name__ if beneath else "",
        beneath.status_code if beneath else None,
    )


def _busy(http: httpx.Client | httpx.AsyncClient) -> int:
    """Count what the pools of a client have not had back: connections in use, requests in a queue.

    httpx shows its pools to nobody, and a pool that leaks is what ends as a PoolTimeout after days.

    Raises:
        LookupError: The client has no pool to look at.
    """
    transports = (http._transport, *http._mounts.values())
    kinds = httpx.HTTPTransport | httpx.AsyncHTTPTransport
    pools = [each._pool for each in transports if isinstance(each, kinds)]
    if not pools:
        raise LookupError(f"no pool of connections to look at in {transports}")
    in_use = [
        each for pool in pools for each in pool.connections if not each.is_idle() and not each.is_closed()
    ]
    return len(in_use) + sum(len(pool._requests) for pool in pools)


@contextmanager
def jumping_wall_clock() -> Iterator[None]:
    """Have the time of day of this process leap a day to and fro each time that it is read."""
    real, leaps = time.time, itertools.cycle((_A_DAY, -_A_DAY))
    with mock.patch.object(time, "time", side_effect=lambda: real() + next(leaps)):
        yield
