"""The steps of `retrieve` and `wait`."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from ..clock import Clock, Deadline
from ..errors import BluejayError, ConnectionFailedError, RequestTimeoutError
from ..reading.body import OnViolation
from ..recording.recording import Settings
from ..results.page import PAGE_SIZE, Page, Record
from ..results.progress import RunProgress
from ..results.run import SimulationRun
from ..results.status import Phase, run_phase
from .call import Call
from .config import Config
from .fetch_by_id import fetch_by_id
from .operations import retrieve_page, retrieve_record
from .polling import Polling
from .reading import Reading
from .retry import Retries
from .steps import Sleep, Steps, send_with_retries

OnRetry = Callable[[BluejayError], None]


@frozen
class Calls:
    """Makes the requests of one `retrieve` or `wait`, which share their settings and deadline."""

    config: Config
    clock: Clock
    deadline: Deadline
    on_violation: OnViolation
    run_id: str
    settings: Settings

    def page(self, offset: int, room: int, limit: int = PAGE_SIZE) -> Call[Page]:
        """Return the call that reads a page of at most `room` bytes."""
        operation = retrieve_page(self.run_id, offset, limit, self.on_violation, self.settings.simulation_id)
        return Call(self.config, operation, self.deadline, room)

    def record(self, result_id: str) -> Call[Record]:
        """Return the call that fetches one conversation by id."""
        operation = retrieve_record(result_id, self.on_violation)
        return Call(self.config, operation, self.deadline, self.config.max_body_bytes)


class PageReader:
    """Reads pages of a run. The retries and the size limit apply to all of its pages together."""

    def __init__(self, calls: Calls, on_retry: OnRetry | None = None) -> None:
        self._calls = calls
        self._on_retry = on_retry
        self._retries = Retries(calls.config.retries, calls.deadline)
        self._room = calls.config.max_body_bytes

    def status(self) -> Steps[Page]:
        """Read the smallest page, for the run's status and counters."""
        return self._page(0, limit=1)

    def all(self) -> Steps[list[Page]]:
        """Read all pages of the run."""
        return self._from(0)

    def some(self, offsets: list[int], last: int) -> Steps[list[Page]]:
        """Read the pages at these offsets, and the pages that follow a full last page."""
        pages: list[Page] = []
        for offset in offsets:
            pages += (yield from self._from(offset)) if offset == last else [(yield from self._page(offset))]
        return pages

    def _from(self, offset: int) -> Steps[list[Page]]:
        """Read a page and all pages after it.

        The last page has fewer results than a page can have. A service that ignores the parameters sends all
        results at once: more than a page can have, or a page that repeats the previous one.
        """
        pages = [(yield from self._page(offset))]
        while pages[-1].is_full:
            offset += PAGE_SIZE
            page = yield from self._page(offset)
            if _ids(page) == _ids(pages[-1]):
                break
            pages.append(page)
        return pages

    def _page(self, offset: int, limit: int = PAGE_SIZE) -> Steps[Page]:
        call = self._calls.page(offset, self._room, limit)
        page = yield from send_with_retries(call, self._on_retry, self._retries)
        self._room -= len(page.exchange.body)
        return page


def _ids(page: Page) -> list[int]:
    return [each.id for each in page.response.simulation_results or ()]


def retrieve_steps(calls: Calls, reading: Reading, *, complete: bool) -> Steps[SimulationRun]:
    """Read the current state of a run.

    With `complete`, fetch by id, once each, the conversations that the list may have cut short.
    """
    try:
        reading.read((yield from PageReader(calls).all()), are_all=True)
    except BluejayError as error:
        reading.failed(error)
        raise
    run = reading.run()
    if complete and (ids := reading.due(run)):
        outcomes = yield from fetch_by_id(ids, calls.record)
        late = next((each for each in outcomes.values() if isinstance(each, RequestTimeoutError)), None)
        if late and calls.deadline.room() <= 0:
            raise late
        reading.fetched(outcomes, run)
        run = reading.run()
    return run


def wait_steps(calls: Calls, reading: Reading, polling: Polling) -> Steps[SimulationRun]:
    """Poll a run until it is settled. Fetch conversations by id if the list may have left out something."""
    while True:
        run, until_next = None, float("inf")
        try:
            run = yield from _poll(calls, reading, polling)
        except BluejayError as error:
            reading.failed(error)
            polling.failed(error)
        if run:
            if run.is_settled and not reading.due(run):
                return run
            until_next = reading.until_grace_is_over(run)
        yield Sleep(polling.pause(until_next))


def _poll(calls: Calls, reading: Reading, polling: Polling) -> Steps[SimulationRun | None]:
    """Read the run's status and, if the run may have ended, its pages; return the run if all were read."""
    reader = PageReader(calls, polling.retried)
    if polling.is_status_enough():
        page = yield from reader.status()
        progress = RunProgress(page.response.simulation_run)
        if run_phase(progress.status) is Phase.UNDER_WAY:
            polling.seen(progress)
            return None
    offsets = reading.to_reread() if reading.has_pages else None
    if offsets is None:
        reading.read((yield from reader.all()), are_all=True)
    else:
        reading.read((yield from reader.some(offsets, reading.last_offset)), are_all=False)
    run = yield from _with_fetches(calls, reading, polling)
    polling.seen(RunProgress(run.response.simulation_run, run))
    return run


def _with_fetches(calls: Calls, reading: Reading, polling: Polling) -> Steps[SimulationRun]:
    """Fetch the conversations that are due, and return the run."""
    run = reading.run()
    if ids := reading.due(run):
        outcomes = yield from fetch_by_id(ids, calls.record, polling.retried)
        if calls.deadline.room() <= 0:  # too late: such a failure says nothing about the conversation
            outcomes = {
                key: each for key, each in outcomes.items() if not isinstance(each, ConnectionFailedError)
            }
        reading.fetched(outcomes, run)
        run = reading.run()
    return run
