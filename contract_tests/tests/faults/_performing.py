"""Makes the calls of a row by one way, and returns how each ended."""

import asyncio
import ssl
import time
import tracemalloc
from collections.abc import Awaitable
from contextlib import AsyncExitStack, nullcontext
from threading import Event
from typing import Any

import attrs
from attrs import frozen
from bluejay_results import AsyncBluejayClient, BluejayClient, BluejayError, Clock

from ..passed_in import PASSED_IN, library
from ._certificates import AUTHORITY
from ._http import MIB, RUN_ID
from ._row import KEY, SIMULATION_ID, Row, Way
from ._server import FaultServer

_A_MOMENT = 0.05


@frozen
class Ending:
    """How a call ended.

    Attributes:
        what: The error's class, or `returned`, `cancelled`, `hung`, `crashed`.
        error: The error, if it is ours.
        run_id: The id of the returned run, or the id that an error names.
        busy: Connections that were neither idle nor closed after the call.
        tasks: Tasks that were still running a second after the call.
        transports: Transports of the event loop that were still open after close().
        peak_mib: The peak memory in MiB, if it was measured.
    """

    what: str
    error: BluejayError | None = None
    run_id: str | None = None
    seconds: float = 0.0
    busy: int = 0
    tasks: int = 0
    transports: int = 0
    peak_mib: float = 0.0


class _SkippingClock(Clock):
    """A clock on which requests take real time and pauses take no time."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def now(self) -> float:
        return super().now() + self._skipped

    def sleep(self, seconds: float) -> None:
        self._skipped += seconds

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)


def perform(row: Row, way: Way, server: FaultServer) -> list[Ending]:
    """Make the calls of a row with one client; cancel them at the script's `reach` if the row says so."""

    async def calls() -> list[Ending]:
        endings = await _calls(row, way, server)
        transports = await left_open()
        return [attrs.evolve(ending, transports=transports) for ending in endings]

    return asyncio.run(calls())


async def left_open() -> int:
    """Count the transports of this event loop that are still open.

    The server can't count them, because it sees a connection as closed once its transport is collected.

    Raises:
        AttributeError: The loop keeps no list of its transports.
    """
    await asyncio.sleep(0.01)
    transports = asyncio.get_running_loop()._transports  # type: ignore[attr-defined]  # asyncio's own
    return sum(not transport.is_closing() for transport in list(transports.values()))


async def _calls(row: Row, way: Way, server: FaultServer) -> list[Ending]:
    settings: dict[str, Any] = {"request_timeout": row.request_timeout, "retries": row.retries}
    settings["clock"] = Clock() if row.pauses else _SkippingClock()
    if row.max_body_bytes is not None:
        settings["max_body_bytes"] = row.max_body_bytes
    url = row.url.format(*server.address) or server.url
    cancel_at = server.log.reached if row.is_cancelled else None
    async with AsyncExitStack() as stack:
        if way.is_async:
            http = await stack.enter_async_context(_http(library.AsyncClient, row, server))
            client: Any = AsyncBluejayClient(KEY, url, http_client=http, **settings)
            await stack.enter_async_context(client)
        else:
            http = stack.enter_context(_http(library.Client, row, server))
            client = stack.enter_context(BluejayClient(KEY, url, http_client=http, **settings))
        return [await _ending(client, row, way, cancel_at) for _ in range(row.repeat)]


def _http(kind: Any, row: Row, server: FaultServer) -> Any:
    """Return the user's HTTP client, or None, for our own client."""
    if not (row.is_proxy or row.is_trusted or PASSED_IN):
        return nullcontext()
    trusted = ssl.create_default_context()
    AUTHORITY.configure_trust(trusted)
    return kind(proxy=server.url if row.is_proxy else None, verify=trusted if row.is_trusted else True)


async def _ending(client: Any, row: Row, way: Way, cancel_at: Event | None) -> Ending:
    """Make one call and return how it ended, whatever it raised."""
    started = time.monotonic()
    if row.max_mib is not None:
        tracemalloc.start()
    try:
        asked = (
            client.queue(SIMULATION_ID, timeout=row.timeout)
            if way.queues
            else client.retrieve(RUN_ID, timeout=row.timeout)
        )
        got = await (_cancelled(asked, cancel_at) if cancel_at else asked) if way.is_async else asked
        ending = Ending("returned", run_id=got.run_id if way.queues else got.id)
    except BluejayError as error:
        ending = Ending(type(error).__name__, error, error.run_id)
    except asyncio.CancelledError:
        ending = Ending("cancelled")
    except Exception as error:
        ending = Ending(f"{type(error).__name__}: {error}")
    peak = tracemalloc.get_traced_memory()[1] / MIB
    if row.max_mib is not None:
        tracemalloc.stop()
    seconds, busy = time.monotonic() - started, in_use(client._io.http_clients.current)
    return attrs.evolve(ending, seconds=seconds, peak_mib=peak, busy=busy, tasks=await _tasks_left())


async def _cancelled(asked: Awaitable[Any], point: Event) -> Any:
    """Await a call that is cancelled once the script has reached its fault."""
    task = asyncio.ensure_future(asked)
    while not point.is_set() and not task.done():
        await asyncio.sleep(_A_MOMENT / 10)
    await asyncio.sleep(_A_MOMENT)  # the client needs time to read what the server has sent
    task.cancel()
    return await task


async def _tasks_left() -> int:
    """Wait a moment, so that the event loop closes unfinished generators, then count the other tasks."""
    for _ in range(100):
        if len(asyncio.all_tasks()) == 1:
            return 0
        await asyncio.sleep(0.01)
    return len(asyncio.all_tasks()) - 1


def in_use(http: Any) -> int:
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
    connections = [each for pool in pools for each in pool.connections]
    busy = [each for each in connections if not each.is_idle() and not each.is_closed()]
    return len(busy) + sum(len(pool._requests) for pool in pools)
