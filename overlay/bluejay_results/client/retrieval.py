"""Reads a run for `retrieve` and `wait`: its pages, and single conversations by id."""

from __future__ import annotations

import math
from collections.abc import Sequence

from attrs import frozen

from ..errors import (
    BluejayError,
    ConnectionFailedError,
    ContractViolationError,
    RequestTimeoutError,
    UsageError,
)
from ..reading.body import OnViolation
from ..results.page import PAGE_SIZE, Page, Record
from ..results.run import SimulationRun
from ..results.status import Phase, run_phase
from .operations import retrieve_page, retrieve_record
from .polling import Polling, RunProgress
from .reading import Outcomes, Reading
from .retries import OnFault
from .sending import Sending

AT_ONCE = 8
"""The maximum number of conversations that are fetched by id at the same time."""


@frozen
class Retrieval:
    """Reads one run for one call of a client's method."""

    sending: Sending
    run_id: str
    reading: Reading
    on_violation: OnViolation

    async def retrieve(self, *, complete: bool, on_fault: OnFault | None = None) -> SimulationRun:
        """Return the current state of the run.

        With `complete`, each conversation that the list may have cut short is also fetched by id, once.
        `on_fault` is called with the error of each request that is sent again.
        """
        self.reading.read(await PageReader(self, on_fault).all(), are_all=True)
        run = self.reading.run()
        if complete and (ids := self.reading.due(run)):
            outcomes = await self._fetch(ids, on_fault)
            late = next((each for each in outcomes.values() if isinstance(each, RequestTimeoutError)), None)
            if late and self.sending.deadline.seconds_to_send() <= 0:
                raise late
            self.reading.fetched(outcomes, run)
            run = self.reading.run()
        return run

    async def wait(self, polling: Polling) -> SimulationRun:
        """Poll the run until it is settled; fetch conversations by id if the list may lack something."""
        while True:
            run, until_next = None, math.inf
            try:
                run = await self._poll(polling)
            except BluejayError as error:
                self.reading.failed(error)
                polling.failed(error)
            if run:
                if run.is_settled and not self.reading.due(run):
                    return run
                until_next = self.reading.until_grace_is_over(run)
            await self.sending.io.sleep(polling.pause(until_next))

    async def _poll(self, polling: Polling) -> SimulationRun | None:
        """Read the run's status and, if the run may have ended, its pages; then return the run."""
        pages = PageReader(self, polling.retried)
        if polling.is_status_enough():
            page = await pages.status()
            progress = RunProgress(page.response.simulation_run)
            if run_phase(progress.status) is Phase.UNDER_WAY:
                polling.seen(progress)
                return None
        offsets = self.reading.to_reread()
        found = await pages.all() if offsets is None else await pages.some(offsets, self.reading.last_offset)
        self.reading.read(found, are_all=offsets is None)
        run = self.reading.run()
        if ids := self.reading.due(run):
            outcomes = await self._fetch(ids, polling.retried)
            if (
                self.sending.deadline.seconds_to_send() <= 0
            ):  # the fetches failed for lack of time, which says nothing about the conversations
                outcomes = {
                    key: each for key, each in outcomes.items() if not isinstance(each, ConnectionFailedError)
                }
            self.reading.fetched(outcomes, run)
            run = self.reading.run()
        polling.seen(RunProgress(run.response.simulation_run, run))
        return run

    async def _fetch(self, ids: Sequence[str], on_fault: OnFault | None = None) -> Outcomes:
        """Fetch conversations by id, up to eight at a time; return each conversation's record or error.

        After a 429, all fetches pause. Because the fetches run in threads, `on_fault` is called only when all
        fetches are done.

        Raises:
            ContractViolationError: A record breaks the contract.
            UsageError: The client was closed.
        """
        retried = list[BluejayError]()

        async def fetch(result_id: str) -> tuple[str, Record | BluejayError]:
            operation = retrieve_record(result_id, self.on_violation)
            try:
                return result_id, await self.sending.send(operation, retried.append)
            except (ContractViolationError, UsageError):
                raise
            except BluejayError as error:
                return result_id, error

        outcomes = dict(await self.sending.io.map(fetch, ids, min(AT_ONCE, len(ids))))
        for error in retried:
            if on_fault:
                on_fault(error)
        return outcomes


class PageReader:
    """Reads pages of a run. The limits of retries and of size apply to all pages together."""

    def __init__(self, retrieval: Retrieval, on_fault: OnFault | None = None) -> None:
        self._retrieval = retrieval
        self._on_fault = on_fault
        self._retries = retrieval.sending.retries()
        self._bytes_left = retrieval.sending.config.max_body_bytes

    async def status(self) -> Page:
        """Read the smallest page, for the run's status and counters."""
        return await self._page(0, limit=1)

    async def all(self) -> list[Page]:
        """Read all pages of the run."""
        return await self._from(0)

    async def some(self, offsets: list[int], last: int) -> list[Page]:
        """Read the pages at these offsets; if `last` is one of them, also read the pages after `last`."""
        pages: list[Page] = []
        for offset in offsets:
            pages += await self._from(offset) if offset == last else [await self._page(offset)]
        return pages

    async def _from(self, offset: int) -> list[Page]:
        """Read a page and all pages after it.

        A page with fewer results than requested is the last page. A service that ignores `limit` and `offset`
        sends all results in each response. Therefore reading also stops if a page has more results than
        requested, or the same results as the previous page.
        """
        pages = [await self._page(offset)]
        while pages[-1].is_full:
            offset += PAGE_SIZE
            page = await self._page(offset)
            if _ids(page) == _ids(pages[-1]):
                break
            pages.append(page)
        return pages

    async def _page(self, offset: int, limit: int = PAGE_SIZE) -> Page:
        retrieval = self._retrieval
        simulation_id = retrieval.reading.settings.simulation_id
        operation = retrieve_page(retrieval.run_id, offset, limit, retrieval.on_violation, simulation_id)
        page = await retrieval.sending.send(operation, self._on_fault, self._retries, self._bytes_left)
        self._bytes_left -= len(page.exchange.body)
        return page


def _ids(page: Page) -> list[int]:
    return [each.id for each in page.response.simulation_results or ()]
