"""Reads a run for `retrieve` and `wait`: its pages, and individual conversations by id."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias, cast

from attrs import frozen

from ..errors import (
    BluejayError,
    ConnectionFailedError,
    ContractViolationError,
    UsageError,
)
from ..recording.exchange import Exchange, FirstSeen, ReadSettings, Recording
from ..results.outcome import Evidence, Outcome, Phase, run_phase
from ..results.page import PAGE_SIZE, FailedFetch, Page, Parts, Record
from ..results.responses import OnViolation
from ..results.result import to_fetch_by_id
from ..results.run import SimulationRun
from ..results.run_state import RunState
from .http_clients import Allowance
from .polling import Polling, RunProgress
from .retries import OnFault
from .sending import Sending, retrieve_page, retrieve_record

Fetches: TypeAlias = Mapping[str, Record | BluejayError]
"""For each conversation that was fetched by id: its record, or the error."""

AT_ONCE = 8
"""The maximum number of concurrent fetches by id."""


@frozen
class Retrieval:
    """Reads one run for one call to a client method."""

    sending: Sending
    run_id: str
    so_far: RunSoFar
    on_violation: OnViolation

    async def retrieve(self, *, complete: bool, on_fault: OnFault | None = None) -> SimulationRun:
        """Return the current state of the run.

        With `complete`, each conversation that might be incomplete in the list is also fetched by id, once.
        `on_fault` is called with the error from each request that is retried.
        """
        self.so_far.read(await PageReader(self, on_fault).all(), are_all=True)
        run = self.so_far.run()
        return await self._complete(run, on_fault) if complete else run

    async def wait(self, polling: Polling) -> SimulationRun:
        """Poll the run until it is settled; fetch conversations by id if the list might be incomplete."""
        while True:
            run, until_next = None, math.inf
            try:
                run = await self._poll(polling)
            except BluejayError as error:
                self.so_far.failed(error)
                polling.failed(error)
            if run:
                if run.is_settled and not self.so_far.due(run):
                    return run
                until_next = self.so_far.until_grace_is_over(run)
            await self.sending.io.sleep(polling.pause(until_next))

    async def _poll(self, polling: Polling) -> SimulationRun | None:
        """Read the run's status; if the run might have ended, also read its pages and return the run."""
        pages = PageReader(self, polling.on_fault)
        if polling.is_status_enough():
            page = await pages.status()
            progress = RunProgress(page.response.simulation_run)
            if run_phase(progress.status) is Phase.UNDER_WAY:
                polling.seen(progress)
                return None
        numbers = self.so_far.to_reread()
        found = await pages.all() if numbers is None else await pages.some(numbers, self.so_far.last_number)
        self.so_far.read(found, are_all=numbers is None)
        run = await self._complete(self.so_far.run(), polling.on_fault)
        polling.seen(RunProgress(run.response.simulation_run, run))
        return run

    async def _complete(self, run: SimulationRun, on_fault: OnFault | None) -> SimulationRun:
        """Fetch by id the conversations that are due, and return the run with their records.

        Once the call has timed out, a failed connection isn't attributed to a conversation.
        """
        if not (ids := self.so_far.due(run)):
            return run
        fetches = await self._fetch(ids, on_fault)
        if self.sending.deadline.seconds_to_send() <= 0:
            late = {id_: each for id_, each in fetches.items() if isinstance(each, ConnectionFailedError)}
            if late and not self.so_far.settings.is_wait:
                raise next(iter(late.values()))
            fetches = {id_: each for id_, each in fetches.items() if id_ not in late}
        self.so_far.fetched(fetches, run)
        return self.so_far.run()

    def allowance(self, used: int) -> Allowance:
        """Return how many bytes the run's responses may still have if those that are kept have `used`."""
        return Allowance(self.sending.config.max_body_bytes, used)

    async def _fetch(self, ids: Sequence[str], on_fault: OnFault | None) -> Fetches:
        """Fetch conversations by id, up to eight at a time; return each conversation's record or error.

        After a 429, all fetches pause. Because the fetches run in threads, `on_fault` is called only after
        all of them are done.

        Raises:
            ContractViolationError: A record breaks the contract.
            UsageError: The client was closed.
        """
        retried, allowance = list[BluejayError](), self.allowance(self.so_far.bytes)

        async def fetch(result_id: str) -> tuple[str, Record | BluejayError]:
            operation = retrieve_record(result_id, self.on_violation)
            try:
                return result_id, await self.sending.send(operation, retried.append, allowance=allowance)
            except (ContractViolationError, UsageError):
                raise
            except BluejayError as error:
                return result_id, error

        fetches = dict(await self.sending.io.map(fetch, ids, min(AT_ONCE, len(ids))))
        for error in retried:
            if on_fault:
                on_fault(error)
        return fetches


class PageReader:
    """Reads a run's pages. The limit on retries applies to all pages together."""

    def __init__(self, retrieval: Retrieval, on_fault: OnFault | None = None) -> None:
        self._retrieval = retrieval
        self._on_fault = on_fault
        self._retries = retrieval.sending.retries()
        self._allowance = retrieval.allowance(retrieval.so_far.fetched_bytes)

    async def status(self) -> Page:
        """Read the smallest possible page, to get the run's status and counters."""
        return await self._page(1, limit=1)

    async def all(self) -> list[Page]:
        """Read all pages of the run."""
        return await self._from(1)

    async def some(self, numbers: list[int], last: int) -> list[Page]:
        """Read the pages with these numbers; if `last` is one of them, also read the pages after `last`."""
        pages: list[Page] = []
        for number in numbers:
            pages += await self._from(number) if number == last else [await self._page(number)]
        return pages

    async def _from(self, number: int) -> list[Page]:
        """Read a page and all pages after it.

        A page with fewer results than requested is the last page. A service that ignores `limit` and `offset`
        sends all results in each response, so reading also stops at a page with more results than requested,
        or with the same results as the previous page.
        """
        pages = [await self._page(number)]
        while pages[-1].is_full:
            page = await self._page(number + len(pages))
            if _ids(page) == _ids(pages[-1]):
                break
            pages.append(page)
        return pages

    async def _page(self, number: int, limit: int = PAGE_SIZE) -> Page:
        retrieval, offset = self._retrieval, (number - 1) * PAGE_SIZE
        simulation_id = retrieval.so_far.settings.simulation_id
        operation = retrieve_page(retrieval.run_id, offset, limit, retrieval.on_violation, simulation_id)
        return await retrieval.sending.send(operation, self._on_fault, self._retries, self._allowance)


def _ids(page: Page) -> list[int]:
    return [each.id for each in page.response.simulation_results or ()]


class RunSoFar:
    """What one call to a client method has read of a run so far.

    `run` builds the run the same way as a replay.
    """

    def __init__(self, settings: ReadSettings) -> None:
        self.settings = settings
        self._failure: tuple[Exchange, ...] = ()
        self._list: tuple[Exchange, ...] = ()
        self._pages: dict[int, Page] = {}
        self._seen = FirstSeen()
        self._fetched: list[Record] = []
        self._failed: dict[str, FailedFetch] = {}
        self._fetches: dict[str, int] = {}

    @property
    def fetched_bytes(self) -> int:
        """The number of bytes of the responses to fetches by id."""
        fetches: list[Record | FailedFetch] = [*self._fetched, *self._failed.values()]
        return sum(len(each.exchange.body) for each in fetches)

    @property
    def bytes(self) -> int:
        """The number of bytes of all responses from which the run is built."""
        return self.fetched_bytes + sum(len(each.exchange.body) for each in self._pages.values())

    @property
    def last_number(self) -> int:
        """The number of the last page."""
        return max(self._pages)

    def run(self) -> SimulationRun:
        """Return the run, built from everything read so far."""
        pages, failed = tuple(self._pages.values()), tuple(self._failed.values())
        return SimulationRun(Parts(pages, tuple(self._fetched), failed, self.settings, self._seen))

    def read(self, pages: Sequence[Page], *, are_all: bool) -> None:
        """Add new pages. If `are_all` is true, they replace all earlier pages.

        Pages after a page that isn't full are outdated: they come from an earlier poll, when the run listed
        more conversations.
        """
        latest = ({} if are_all else self._pages) | {each.number: each for each in pages}
        last = min((number for number, each in latest.items() if not each.is_full), default=math.inf)
        self._pages = {number: latest[number] for number in sorted(latest) if number <= last}
        if self.settings.is_wait:
            self._seen = seen_in(pages, self._seen)
        self._failure = ()

    def to_reread(self) -> list[int] | None:
        """Return the numbers of the pages to reread, or None to read all pages.

        Once a run has ended and its pages have been read, only pages with a conversation under way can
        change. If a conversation is missing, the last page can change too.
        """
        if not self._pages:
            return None
        run = self.run()
        if run_phase(run.status) is not Phase.ENDED:
            return None
        under_way = run.results_by_outcome[Outcome.UNDER_WAY]
        sources = {id(record.exchange) for each in under_way for record in each.records}
        numbers = {number for number, page in self._pages.items() if id(page.exchange) in sources}
        if run.missing_count:
            numbers.add(self.last_number)
        return sorted(numbers) or None

    def due(self, run: SimulationRun) -> list[str]:
        """Return the ids of the conversations to fetch by id now.

        `wait` fetches a conversation once all conversations have ended, and again after its grace period if
        the conversation is still incomplete. `retrieve` fetches a conversation once, immediately.
        """
        if self.settings.is_wait and not (run.has_ended and all(each.has_ended for each in run.results)):
            return []
        due = []
        for each in to_fetch_by_id(run.results):
            fetches = self._fetches.get(str(each.id), 0)
            is_grace_over = self.settings.is_wait and each.grace_left <= 0
            is_known = cast("int | None", each.id) is not None  # a violation makes the id None
            if is_known and fetches < (2 if is_grace_over and fetches else 1):
                due.append(str(each.id))
        return due

    def fetched(self, fetches: Fetches, run: SimulationRun) -> None:
        """Add the records and errors from fetches by id."""
        final = {str(each.id) for each in run.results if each.grace_left <= 0}
        for result_id, found in fetches.items():
            # A fetch after the grace period counts as the second fetch: a later one would find nothing new.
            self._fetches[result_id] = 2 if result_id in final else self._fetches.get(result_id, 0) + 1
            if isinstance(found, BluejayError):
                if found.exchange:
                    self._failed[result_id] = FailedFetch(found.exchange, str(found))
            else:
                self._failed.pop(result_id, None)
                self._fetched.append(found)
        self._failure = ()

    def until_grace_is_over(self, run: SimulationRun) -> float:
        """Return the seconds until the next grace period ends, either a conversation's or the run's."""
        lefts = [each.grace_left for each in run.results_by_outcome[Outcome.UNDER_WAY]]
        return min((each for each in (*lefts, run.grace.run_left) if each > 0), default=math.inf)

    def failed(self, error: BluejayError) -> None:
        """Store the error of the last request, for the recording."""
        if error.exchange:
            self._failure = (error.exchange,)

    def listed(self, exchange: Exchange) -> None:
        """Store the response that lists a simulation's runs, for the recording."""
        self._list = (exchange,)

    @property
    def recording(self) -> Recording:
        """The responses that the run has been built from so far, and the error that followed, if any."""
        responses = self.run().responses if self._pages else ()
        return Recording(self.settings, (*self._list, *responses, *self._failure), self._seen)


def seen_in(pages: Iterable[Page], before: FirstSeen) -> FirstSeen:
    """Return when `before` or these pages first showed that the run and its conversations had ended."""
    run, conversations = before.run, dict(before.conversations)
    for page in pages:
        moment = page.exchange.moment
        state = RunState(has_ended=run_phase(page.response.simulation_run.status) is Phase.ENDED)
        if run is None and state.has_ended:
            run = moment
        for each in page.records:
            if Evidence(each.response, each.violations, state).has_ended:
                conversations.setdefault(str(each.response.id), moment)
    return FirstSeen(run, conversations)
