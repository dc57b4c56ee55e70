"""Makes the calls described by the rows, many in parallel, and describes how they ended."""

import asyncio
import ssl
import tracemalloc
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, nullcontext
from threading import Event, Thread
from typing import Any

import httpx
from attrs import evolve, frozen
from bluejay_results import AsyncBluejayClient, BluejayClient, BluejayError, Clock, TLSError
from bluejay_results.cli.process import exit_code

from ._certificates import AUTHORITY, tls
from ._http import MIB, RUN_ID
from ._row import KEY, LONG, SIMULATION_ID, Row, Way
from ._server import FaultServer

SLACK = 60.0
"""How many seconds after its deadline a call counts as hung: enough for a slow machine."""
GRACE = 30.0
"""How many seconds a client may take to close its connections."""
_AT_ONCE = 20
_A_MOMENT = 0.05


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
    """How a row's call ended, and which rule for every call it broke."""

    row: Row
    way: Way
    line: str
    wrong: tuple[str, ...]


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
        line = f"{row.name}, {way.value}: {described(row, way, ending, server)}"
        found = [
            *deviations(row, way, ending, server),
            *(f"the script failed: {e!r}" for e in server.failures),
        ]
        if left := server.left_open(GRACE):
            found.append(f"{left} connections are still open after close()")
        return Cell(row, way, line, tuple(found))


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
            http = await stack.enter_async_context(_http(httpx.AsyncClient, row, server))
            client: Any = AsyncBluejayClient(KEY, url, http_client=http, **settings)
            await stack.enter_async_context(client)
        else:
            http = stack.enter_context(_http(httpx.Client, row, server))
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
    if not (row.is_proxy or row.is_trusted):
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


def described(row: Row, way: Way, ending: Ending, server: FaultServer) -> str:
    """Return how a call ended: the error, the exit code, the requests, and whether a run may exist.

    With a short timeout, a busy machine decides how many requests are sent. If the server never reads, it is
    unclear how much of a request has been sent.
    """
    log, error, parts = server.log, ending.error, [ending.what]
    if error:
        parts.append(f"exit code {exit_code(error)}")
    if row.timeout == LONG:
        parts.append(f"requests: {len(log.requests)}")
        if error and way.queues:
            is_unclear = log.accepted and not log.requests and not isinstance(error, TLSError)
            may_exist = "a run may exist" if error.run_may_exist else "no run"
            parts.append("unclear" if is_unclear else may_exist)
    return ", ".join(parts)


def deviations(row: Row, way: Way, ending: Ending, server: FaultServer) -> Iterator[str]:
    """Yield which rules for every call this one broke."""
    log = server.log
    if ending.what == "returned" and ending.run_id != RUN_ID:
        yield f"the run is {ending.run_id}"
    if ending.error and KEY in f"{ending.error!r} {ending.error}":
        yield "its text shows the key"
    if way.queues and log.posts - log.refusals > 1:
        yield f"{log.posts} requests may have queued a run, {log.refusals} were refused"
    if (
        ending.what == "RequestTimeoutError"
        and log.posts
        and not (ending.error and ending.error.run_may_exist)
    ):
        yield "a run may exist, and the error doesn't say so"
    if ending.busy:
        yield f"{ending.busy} connections did not go back to the pool"
    if row.max_mib and ending.peak_mib > row.max_mib:
        yield f"it took {ending.peak_mib:.0f} MiB of memory, {row.max_mib:.0f} are allowed"


def in_use(http: Any) -> int:
    """Count the connections in use and the queued requests in a client's pools.

    This count reveals a leak immediately; a PoolTimeout would reveal it only after days.
    """
    pools = [each._pool for each in (http._transport, *http._mounts.values()) if each]
    connections = [each for pool in pools for each in pool.connections]
    busy = [each for each in connections if not each.is_idle() and not each.is_closed()]
    return len(busy) + sum(len(pool._requests) for pool in pools)
