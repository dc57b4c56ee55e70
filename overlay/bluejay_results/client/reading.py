"""Keeps what one call of a client's method has read of a run, and saves it as HAR, even after an error."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from os import PathLike
from typing import TypeAlias, cast

from ..errors import BluejayError, UsageError
from ..recording.exchange import Exchange, FirstSeen, Recording, Settings
from ..recording.har import save
from ..results.outcome import Outcome
from ..results.page import PAGE_SIZE, FailedFetch, Page, Parts, Record
from ..results.result import SimulationResult, to_fetch_by_id
from ..results.run import SimulationRun
from ..results.status import Phase, RunState, run_phase

Outcomes: TypeAlias = Mapping[str, Record | BluejayError]
Path: TypeAlias = str | PathLike[str] | None


class Reading:
    """What one call of a client's method has read of a run.

    The method `run` builds the run, in the same way as a replay.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._failure: tuple[Exchange, ...] = ()
        self._list: tuple[Exchange, ...] = ()
        self._pages: dict[int, Page] = {}
        self._seen = FirstSeen()
        self._fetched: list[Record] = []
        self._failed: dict[str, FailedFetch] = {}
        self._fetches: dict[str, int] = {}

    @property
    def last_offset(self) -> int:
        """The offset of the last page."""
        return max(self._pages)

    def run(self) -> SimulationRun:
        """Return the run as it was read."""
        pages = tuple(self._pages[offset] for offset in sorted(self._pages))
        failed = tuple(self._failed.values())
        return SimulationRun(Parts(pages, tuple(self._fetched), failed, self.settings, self._seen))

    def read(self, pages: Sequence[Page], *, are_all: bool) -> None:
        """Add new pages. If `are_all` is true, the new pages replace all pages that were read earlier."""
        if are_all:
            self._pages = {}
        latest_of = self._pages | {_offset(each): each for each in pages}
        self._pages = {_offset(each): each for each in up_to_last(latest_of.values())}
        if self.settings.is_wait:
            self._seen = seen_in(pages, self._seen)
        self._failure = ()

    def to_reread(self) -> list[int] | None:
        """Return the offsets of the pages to read again; None to read all pages.

        Once a run has ended and its pages were read, only pages with a conversation under way can still
        change. If a conversation is missing, the last page can change too.
        """
        if not self._pages:
            return None
        run = self.run()
        if run_phase(run.status) is not Phase.ENDED:
            return None
        under_way = run.results_by_outcome[Outcome.UNDER_WAY]
        sources = {id(record.exchange) for each in under_way for record in each.records}
        offsets = {offset for offset, page in self._pages.items() if id(page.exchange) in sources}
        if run.missing_count:
            offsets.add(self.last_offset)
        return sorted(offsets) or None

    def due(self, run: SimulationRun) -> list[str]:
        """Return the ids of the conversations to fetch by id now.

        `wait` fetches a conversation when all conversations have ended. If the conversation still lacks
        something, `wait` fetches it again after its grace period. `retrieve` fetches a conversation once,
        immediately.
        """
        if self.settings.is_wait and not (run.has_ended and all(each.has_ended for each in run.results)):
            return []
        due = []
        for each in to_fetch_by_id(run.results):
            if cast("int | None", each.id) is None:  # a violation makes the id None
                continue
            fetches = self._fetches.get(str(each.id), 0)
            is_grace_over = self.settings.is_wait and each.grace_left <= 0
            if fetches < (2 if is_grace_over and fetches else 1):
                due.append(str(each.id))
        return due

    def fetched(self, outcomes: Outcomes, run: SimulationRun) -> None:
        """Add the outcomes of fetches by id."""
        final = {str(each.id) for each in run.results if each.grace_left <= 0}
        for result_id, outcome in outcomes.items():
            # A fetch after the grace period counts as the second fetch: a later one would find nothing new.
            self._fetches[result_id] = 2 if result_id in final else self._fetches.get(result_id, 0) + 1
            if isinstance(outcome, BluejayError):
                if outcome.exchange:
                    self._failed[result_id] = FailedFetch(outcome.exchange, str(outcome))
            else:
                self._failed.pop(result_id, None)
                self._fetched.append(outcome)
        self._failure = ()

    def until_grace_is_over(self, run: SimulationRun) -> float:
        """Return the seconds until the next grace period ends, of a conversation or of the run."""
        lefts = [each.grace_left for each in run.results_by_outcome[Outcome.UNDER_WAY]]
        return min((each for each in (*lefts, run.grace.run_left) if each > 0), default=math.inf)

    def failed(self, error: BluejayError) -> None:
        """Keep the error of the last request, for the recording."""
        if error.exchange:
            self._failure = (error.exchange,)

    def listed(self, exchange: Exchange) -> None:
        """Keep the response with the runs of a simulation, for the recording."""
        self._list = (exchange,)

    @property
    def recording(self) -> Recording:
        """The responses that the run was built from so far, and the error after them."""
        responses = self.run().responses if self._pages else ()
        return Recording(self.settings, (*self._list, *responses, *self._failure), self._seen)


def _offset(page: Page) -> int:
    return (page.number - 1) * PAGE_SIZE


def up_to_last(pages: Iterable[Page]) -> tuple[Page, ...]:
    """Return the pages in order, up to the first page that isn't full.

    Any later pages are outdated: they are from a poll at which the run listed more conversations.
    """
    found: list[Page] = []
    for page in sorted(pages, key=lambda each: each.number):
        found.append(page)
        if not page.is_full:
            break
    return tuple(found)


def seen_in(pages: Iterable[Page], before: FirstSeen) -> FirstSeen:
    """Return when the run and its conversations were first seen as ended, in `before` or in these pages."""
    run, conversations = before.run, dict(before.conversations)
    for page in pages:
        moment = page.exchange.moment
        has_ended = run_phase(page.response.simulation_run.status) is Phase.ENDED
        if run is None and has_ended:
            run = moment
        for each in page.records:
            if SimulationResult(each.response, RunState(has_ended=has_ended), (each,)).has_ended:
                conversations.setdefault(str(each.response.id), moment)
    return FirstSeen(run, conversations)


@contextmanager
def recorded(reading: Reading, path: Path) -> Iterator[None]:
    """Write what was received during a call; nothing is written if nothing was received.

    If the call fails, its error is raised even if the file can't be written.

    Raises:
        UsageError: The call succeeded, but the file can't be written.
    """
    try:
        yield
    except BaseException as error:
        if isinstance(error, BluejayError):
            reading.failed(error)
        try:
            _write(reading, path)
        except UsageError as failure:
            error.add_note(str(failure))
        raise
    _write(reading, path)


def _write(reading: Reading, path: Path) -> None:
    recording = None if path is None else reading.recording
    if path is None or recording is None or not any(each.status for each in recording.exchanges):
        return
    try:
        save(recording, path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"The recording can't be written to {path}: {reason}.") from None
