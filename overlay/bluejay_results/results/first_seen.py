"""Finds when the run and each conversation had first ended, and how much of the grace is left."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen
from bluejay_api.models import SimulationResultResponse

from ..recording.exchange import Exchange
from ..recording.recording import Settings
from .evaluations import has_verdict
from .grace import NO_GRACE, Grace
from .page import Page
from .status import Phase, phase, run_phase


@frozen
class FirstSeen:
    """The pages in which a wait first saw an end.

    Attributes:
        run: The first page whose run had ended; None before that.
        conversations: By conversation id, the first page in which the conversation had ended.
    """

    run: Page | None
    conversations: Mapping[int, Page]

    def needed(self, latest: Iterable[Page]) -> frozenset[Page]:
        """Return the pages that a later reading of the run needs, given the latest reading of each page.

        A conversation with an end time needs no page: its grace starts at that time.
        """
        timed = {
            each.response.id for page in latest for each in page.records if each.response.end_time is not None
        }
        pages = {page for result_id, page in self.conversations.items() if result_id not in timed}
        return frozenset(pages | ({self.run} if self.run else set()))


def first_seen(pages: Iterable[Page]) -> FirstSeen:
    """Find the first pages, by the time of their arrival, that show an end."""
    run, conversations = None, dict[int, Page]()
    for page in sorted(pages, key=lambda each: each.exchange.moment):
        if run is None and run_phase(page.response.simulation_run.status) is Phase.ENDED:
            run = page
        for each in page.records:
            if _has_ended(each.response):
                conversations.setdefault(each.response.id, page)
    return FirstSeen(run, conversations)


def _has_ended(result: SimulationResultResponse) -> bool:
    where = phase(result.status)
    return where is Phase.ENDED or (where is Phase.UNKNOWN and has_verdict(result))


def grace_at_end(settings: Settings | None, exchanges: Sequence[Exchange], pages: Iterable[Page]) -> Grace:
    """Return the grace after the last exchange, given all pages that were read; none without a client."""
    if settings is None:
        return NO_GRACE
    moment = exchanges[-1].moment
    last = max((each for each in exchanges if each.status == 200), key=lambda each: each.moment)
    now = last.date + datetime.timedelta(seconds=moment - last.moment)
    if not settings.is_wait:
        return Grace(settings.tool_call_grace, now)
    first = first_seen(pages)
    run_seen = None if first.run is None else moment - first.run.exchange.moment
    seen = {result_id: moment - page.exchange.moment for result_id, page in first.conversations.items()}
    return Grace(settings.tool_call_grace, now, seen, run_seen)
