"""Runs the rows of the matrix, many at a time, and compares how their calls ended with what they declare."""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Thread
from threading import enumerate as threads

from attrs import frozen
from bluejay_results import TLSError

from ._http import RUN_ID
from ._performing import Ending, perform
from ._row import KEY, Row, Way
from ._server import FaultServer, wait_for

SLACK = 60.0
"""How many seconds after its deadline a call counts as hung: enough for a slow machine."""
GRACE = 30.0
"""Seconds in which a client must close its connections."""
_AT_ONCE = 5
_TO_END = 5.0
_LEAVE_OPEN = {303, 307, 308, 408}
"""Statuses that don't show whether the request had an effect."""


@frozen
class Cell:
    """How the calls of one row by one way ended, and the deviations from the row."""

    endings: tuple[Ending, ...]
    wrong: tuple[str, ...]


@frozen
class Result:
    """A row and its cells."""

    row: Row
    cells: dict[Way, Cell]

    @property
    def wrong(self) -> list[str]:
        """The deviations, each with the row and the way of its call."""
        return [
            f"{self.row.name}, {way.value}: {each}" for way, cell in self.cells.items() for each in cell.wrong
        ]


def run(rows: Iterable[Row]) -> list[Result]:
    """Run rows at once, and then one after another the rows that measure memory."""
    measured = [row for row in rows if row.max_mib is not None]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        results = list(pool.map(run_row, (row for row in rows if row.max_mib is None)))
    return [*results, *map(run_row, measured)]


def run_row(row: Row) -> Result:
    """Make the calls of a row by all its ways, each with its own server."""
    groups = [row.ways] if row.max_mib is None else [(way,) for way in row.ways]
    return Result(row, {way: cell for ways in groups for way, cell in _cells(row, ways).items()})


def left_running(before: Iterable[Thread]) -> list[str]:
    """Return the names of the new threads that are still running after a moment."""
    known = set(before)
    wait_for(lambda: set(threads()) <= known, _TO_END)
    return [thread.name for thread in threads() if thread not in known]


def _cells(row: Row, ways: tuple[Way, ...]) -> dict[Way, Cell]:
    """Make calls in threads that can be abandoned, so that a call that hangs doesn't stop the matrix."""
    with ExitStack() as stack:
        servers = [stack.enter_context(FaultServer(row.script, tls=row.tls, door=row.door)) for _ in ways]
        started = [_start(row, way, server) for way, server in zip(ways, servers, strict=True)]
        end = time.monotonic() + row.timeout * row.repeat + SLACK
        cells = {}
        for (thread, ended), way, server in zip(started, ways, servers, strict=True):
            thread.join(max(0.0, end - time.monotonic()))
            endings = ended or [Ending("hung" if thread.is_alive() else "crashed")]
            found = [each for ending in endings for each in wrong(row, way, ending, server)]
            cells[way] = Cell(tuple(endings), tuple(dict.fromkeys([*found, *_seen(row, server)])))
        return cells


def _start(row: Row, way: Way, server: FaultServer) -> tuple[Thread, list[Ending]]:
    ended: list[Ending] = []
    name = f"fault {row.name}"
    thread = Thread(target=lambda: ended.extend(perform(row, way, server)), name=name, daemon=True)
    thread.start()
    return thread, ended


def wrong(row: Row, way: Way, ending: Ending, server: FaultServer) -> Iterator[str]:
    """Compare how a call ended with what its row declares."""
    expected = row.ends_by(way)
    what = "cancelled" if row.is_cancelled else expected.__name__ if expected else "returned"
    log, error = server.log, ending.error
    if ending.what != what or (error and row.status not in {None, error.status_code}):
        yield f"{ending.what}, expected {what} {row.status or ''}: {error}"
    if ending.run_id not in {RUN_ID, None} or (ending.run_id is None and what == "returned"):
        yield f"the run is {ending.run_id}"
    if error and KEY in f"{error!r} {error}":
        yield "its text shows the key"
    if error and not (error.url or "").startswith(row.url.format(*server.address) or server.url):
        yield f"the URL is {error.url}"
    if way.queues:
        yield from _queueing(row, ending, server)
    if not row.may_repeat(way) and max(len(log.requests), log.accepted) > row.repeat:
        yield f"{len(log.requests)} requests for what no other attempt mends"
    if ending.seconds > row.timeout + SLACK:
        yield f"it took {ending.seconds:.1f} s of {row.timeout:g}"
    if (ending.busy or ending.transports) and not row.leaks:
        yield f"{ending.busy} connections did not go back to the pool, {ending.transports} are open"
    if ending.tasks:
        yield f"{ending.tasks} tasks still run"
    if row.max_mib is not None and ending.peak_mib > row.max_mib:
        yield f"it took {ending.peak_mib:.0f} MiB of memory, {row.max_mib:.0f} are allowed"


def _queueing(row: Row, ending: Ending, server: FaultServer) -> Iterator[str]:
    """Check that no queue request was repeated, and that the error tells whether a run may exist."""
    log, error = server.log, ending.error
    if log.posts - log.refusals > row.repeat:
        yield f"{log.posts} requests may have queued a run, {log.refusals} were refused"
    status = error.status_code or 0 if error else 0
    did_nothing = isinstance(error, TLSError) or (300 <= status < 500 and status not in _LEAVE_OPEN)
    may_exist = not did_nothing and bool(log.posts)
    is_unclear = not did_nothing and not log.posts and log.accepted  # a part of the request may have arrived
    if error and error.run_may_exist != may_exist and not is_unclear:
        yield f"run_may_exist is {error.run_may_exist} after {log.posts} requests: {error}"


def _seen(row: Row, server: FaultServer) -> Iterator[str]:
    """Yield the deviations that the server has seen."""
    yield from (f"the script failed: {error!r}" for error in server.failures)
    if not row.leaks and (left := server.left_open(GRACE)):
        yield f"{left} connections are still open after close()"
