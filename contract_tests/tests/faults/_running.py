"""Makes the calls described by the rows, many in parallel, and compares the results with the rows."""

import asyncio
import ssl
import tracemalloc
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, nullcontext
from threading import Event, Thread
from typing import Any

from attrs import evolve, frozen
from bluejay_results import AsyncBluejayClient, BluejayClient, BluejayError, Clock, TLSError

from ..passed_in import PASSED_IN, library
from ._certificates import AUTHORITY, tls
from ._http import MIB, RUN_ID
from ._row import KEY, SIMULATION_ID, Row, Way
from ._server import FaultServer

SLACK = 60.0
"""How many seconds after its deadline a call counts as hung: enough for a slow machine."""
GRACE = 30.0
"""How many seconds a client may take to close its connections."""
_AT_ONCE = 20
_A_MOMENT = 0.05
_LEAVE_OPEN = {303, 307, 308, 408}
"""Statuses that don't show whether the request had an effect."""


@frozen
class Ending:
    """How a call ended.

    Attributes:
        what: The error's class, or `returned`, `cancelled`, `hung`.
        error: The error, if it is ours.
        run_id: The id of the returned run.
        busy: Connections that were neither idle nor closed after the call.
        peak_mib: The peak memory in MiB, if it was measured.
    """

    what: str
    error: BluejayError | None = None
    run_id: str = ""
    busy: int = 0
    peak_mib: float = 0.0


@frozen
class Cell:
    """How a row's call ended, and how this deviates from what the row declares."""

    row: Row
    way: Way
    ending: Ending
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        deviations = "".join(f"\n! {each}" for each in self.wrong)
        return f"{self.row.name}, {self.way.value}: {self.ending.what}{deviations}"


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


def run(rows: Iterable[Row]) -> list[Cell]:
    """Run the rows that don't measure memory in parallel, then the others one after another."""
    cells = [(row, way) for row in rows for way in row.ways]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        done = list(pool.map(lambda each: run_cell(*each), (each for each in cells if not each[0].max_mib)))
    return [*done, *(run_cell(*each) for each in cells if each[0].max_mib)]


def run_cell(row: Row, way: Way) -> Cell:
    """Make a call in a thread that can be abandoned, so that a call that hangs doesn't block the others."""
    ended: list[Ending] = []
    certificate = tls(row.certificate) if row.certificate else None
    with FaultServer(row.script, tls=certificate) as server:
        thread = Thread(target=lambda: ended.append(asyncio.run(_call(row, way, server))), daemon=True)
        thread.start()
        thread.join(row.timeout + SLACK)
        ending = ended[0] if ended else Ending("hung")
        found = [
            *deviations(row, way, ending, server),
            *(f"the script failed: {e!r}" for e in server.failures),
        ]
        if left := server.left_open(GRACE):
            found.append(f"{left} connections are still open after close()")
        return Cell(row, way, ending, tuple(found))


async def _call(row: Row, way: Way, server: FaultServer) -> Ending:
    settings: dict[str, Any] = {
        "request_timeout": row.request_timeout,
        "retries": row.retries,
        "max_body_bytes": row.max_body_bytes,
        "clock": Clock() if row.is_cancelled else _SkippingClock(),
    }
    url = row.url.format(*server.address) or server.url
    async with AsyncExitStack() as stack:
        if way.is_async:
            http = await stack.enter_async_context(_http(library.AsyncClient, row, server))
            client: Any = AsyncBluejayClient(KEY, url, http_client=http, **settings)
            await stack.enter_async_context(client)
        else:
            http = stack.enter_context(_http(library.Client, row, server))
            client = stack.enter_context(BluejayClient(KEY, url, http_client=http, **settings))
        if row.max_mib:
            tracemalloc.start()
        ending = await _ending(client, row, way, server.log.reached)
        if row.max_mib:
            ending = evolve(ending, peak_mib=tracemalloc.get_traced_memory()[1] / MIB)
            tracemalloc.stop()
        return evolve(ending, busy=in_use(client._io.http_clients.current))


def _http(kind: Any, row: Row, server: FaultServer) -> Any:
    """Return the HTTP client that a user passes in; None if our client makes its own."""
    if not (row.is_proxy or row.is_trusted or PASSED_IN):
        return nullcontext()
    trusted = ssl.create_default_context()
    AUTHORITY.configure_trust(trusted)
    return kind(proxy=server.url if row.is_proxy else None, verify=trusted if row.is_trusted else True)


async def _ending(client: Any, row: Row, way: Way, fault: Event) -> Ending:
    """Make a call and return how it ended, whatever it raised."""
    method, argument = (client.queue, SIMULATION_ID) if way.queues else (client.retrieve, RUN_ID)
    try:
        got = method(argument, timeout=row.timeout)
        if way.is_async:
            task = asyncio.ensure_future(got)
            if row.is_cancelled:
                assert await asyncio.to_thread(fault.wait, SLACK)
                await asyncio.sleep(_A_MOMENT)  # the client needs time to read what the server has sent
                task.cancel()
            got = await task
        return Ending("returned", run_id=got.run_id if way.queues else got.id)
    except BluejayError as error:
        return Ending(type(error).__name__, error)
    except asyncio.CancelledError:
        return Ending("cancelled")
    except Exception as error:
        return Ending(f"{type(error).__name__}: {error}")


def deviations(row: Row, way: Way, ending: Ending, server: FaultServer) -> Iterator[str]:
    """Compare how a call ended with what its row declares."""
    expected = row.ends_by(way)
    what = "cancelled" if row.is_cancelled else expected.__name__ if expected else "returned"
    log, error = server.log, ending.error
    if ending.what != what:
        yield f"{ending.what}, expected {what}: {error}"
    if what == "returned" and ending.run_id != RUN_ID:
        yield f"the run is {ending.run_id}"
    if error and KEY in f"{error!r} {error}":
        yield "its text shows the key"
    if way.queues:
        yield from _queueing(ending, server)
    if not row.may_repeat(way) and max(len(log.requests), log.accepted) > 1:
        yield f"{len(log.requests)} requests for what no other attempt mends"
    if ending.busy:
        yield f"{ending.busy} connections did not go back to the pool"
    if row.max_mib and ending.peak_mib > row.max_mib:
        yield f"it took {ending.peak_mib:.0f} MiB of memory, {row.max_mib:.0f} are allowed"


def _queueing(ending: Ending, server: FaultServer) -> Iterator[str]:
    """Check that no queue request was retried, and that the error states whether a run might exist."""
    log, error = server.log, ending.error
    if log.posts - log.refusals > 1:
        yield f"{log.posts} requests may have queued a run, {log.refusals} were refused"
    status = error.status_code or 0 if error else 0
    did_nothing = isinstance(error, TLSError) or (300 <= status < 500 and status not in _LEAVE_OPEN)
    may_exist = not did_nothing and bool(log.posts)
    is_unclear = not did_nothing and not log.posts and log.accepted  # part of the request might have arrived
    if error and error.run_may_exist != may_exist and not is_unclear:
        yield f"run_may_exist is {error.run_may_exist} after {log.posts} requests: {error}"


def in_use(http: Any) -> int:
    """Count the connections in use and the queued requests in a client's pools.

    This count reveals a leak immediately; a PoolTimeout would reveal it only after days.
    """
    pools = [each._pool for each in (http._transport, *http._mounts.values()) if each]
    connections = [each for pool in pools for each in pool.connections]
    busy = [each for each in connections if not each.is_idle() and not each.is_closed()]
    return len(busy) + sum(len(pool._requests) for pool in pools)
