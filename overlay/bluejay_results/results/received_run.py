"""A run as the responses contain it, and how it was read."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from os import PathLike
from typing import Any, Self

from attrs import define, evolve, field, fields
from bluejay_api.decoding import PausedCollector
from bluejay_api.models import (
    SimulationResultsResponse,
    SimulationRunStatus,
    SingleSimulationResultResponse,
)

from ..errors import UsageError, Violation
from ..reading.body import OnViolation
from ..reading.unknown import unknown_fields
from ..recording.exchange import Exchange
from ..recording.masking import without_key
from ..recording.recording import Recording, Settings
from .app_url import page_of_run
from .combining import by_conversation, combined
from .first_seen import first_seen
from .grace import NO_GRACE, Grace
from .page import Page, Record, check_run, read_page
from .request_id import request_id_in


@define(frozen=True)
class FailedFetch:
    """A conversation that could not be fetched by id.

    Attributes:
        exchange: The request and its response or failure.
        reason: Why there is no record.
    """

    exchange: Exchange
    reason: str


# Without slots, so that `help` shows the docstrings of cached properties.
@define(frozen=True, eq=False, slots=False)
class ReceivedRun:
    """One run of a simulation, as received.

    Attributes:
        pages: The pages of the run, each as it was read last, in the order of their offsets.
        earlier: Earlier readings of pages, which show when conversations or the run had first ended.
        fetched: The records of conversations that were fetched by id, in the order of their arrival.
        failed_fetches: The conversations that could not be fetched by id.
        settings: How a client read the run; None if the run was read from bytes.
    """

    pages: tuple[Page, ...] = field(repr=False)
    earlier: tuple[Page, ...] = field(default=(), repr=False)
    fetched: tuple[Record, ...] = field(default=(), repr=False)
    failed_fetches: tuple[FailedFetch, ...] = field(default=(), repr=False)
    settings: Settings | None = field(default=None, repr=False)

    @classmethod
    def from_bytes(cls, data: bytes | Sequence[bytes], *, on_violation: OnViolation = "raise") -> Self:
        """Read the body of a response, or the bodies of several pages of a run.

        Args:
            data: The body, or the pages in their order.
            on_violation: `collect` keeps the valid parts of a body that breaks the contract, and lists the
                violations in `violations`.

        Raises:
            ContractViolationError: A body breaks the contract, or the pages belong to different runs; the
                error contains the bytes. With `collect`, raised only if a body is not JSON or contains no
                valid run, or if the pages belong to different runs.
            UnsupportedValueError: The contract allows the body, but this package can't represent it. With
                `collect`, raised only if the body is nested too deeply or contains half of a surrogate pair.
            UsageError: The list of pages is empty.
            ConfigurationError: `on_violation` is neither `raise` nor `collect`.
        """
        bodies = [data] if isinstance(data, bytes | bytearray | memoryview) else list(data)
        if not bodies:
            raise UsageError("A run needs at least one page. Pass the bodies that the service sent.")
        with PausedCollector():  # otherwise the garbage collector would start for each saved run
            pages = tuple(
                read_page(Exchange(body=bytes(body)), number, on_violation)
                for number, body in enumerate(bodies, 1)
            )
        for each in pages:
            check_run(each, pages[0].response.simulation_run.id)
        return cls(pages)

    def save(self, path: str | PathLike[str]) -> None:
        """Write a recording (HAR 1.2) that contains every response that the run was built from.

        The file contains signed URLs as they were received, and never the API key. Only this user can read
        the file.

        Raises:
            UsageError: The run was read from a bare body, so its responses are not known.
            OSError: The file can't be written.
        """
        if self.settings is None:
            raise UsageError(
                "This run was read from a bare body. Only a run from a client or a recording can be saved."
            )
        from ..recording.har import save  # loaded late: few runs are saved

        save(Recording(self.settings, self.responses), path)

    @cached_property
    def responses(self) -> tuple[Exchange, ...]:
        """The responses that the run was built from, in the order of their arrival.

        These are each page as it was read last, each record that was fetched by id, and the earlier pages
        that show when a conversation or the run had first ended. `body` has the exact bytes.
        """
        parts: list[Page | Record | FailedFetch] = [
            *self.earlier,
            *self.pages,
            *self.fetched,
            *self.failed_fetches,
        ]
        read = [each.exchange for each in parts]
        return tuple(sorted(read, key=lambda each: each.moment))

    @cached_property
    def response(self) -> SimulationResultsResponse:
        """The generated model with all fields: the run of the page read last, and all conversations."""
        last = self._last_page.response
        if len(self.pages) == 1 and not self.fetched and len(self._records) == len(self._groups):
            return last
        return evolve(last, simulation_results=[combined(each) for each in self._groups])

    @cached_property
    def _last_page(self) -> Page:
        return max(self.pages, key=lambda each: (each.exchange.moment, each.number))

    @cached_property
    def _records(self) -> list[Record]:
        """The records of all pages and of all fetches by id."""
        listed = [record for page in self.pages for record in page.records]
        ids = {each.response.id for each in listed}
        return [*listed, *(each for each in self.fetched if each.response.id in ids)]

    @cached_property
    def _groups(self) -> list[list[Record]]:
        """The records of each conversation, in the order of their arrival."""
        if len(self.pages) == 1 and not self.fetched:
            return by_conversation(self._records)
        return [
            sorted(group, key=lambda each: each.exchange.moment) for group in by_conversation(self._records)
        ]

    @cached_property
    def grace(self) -> Grace:
        """How long verdicts, tool calls and missing conversations may still arrive."""
        if self.settings is None:
            return NO_GRACE
        exchanges = self.responses
        moment = exchanges[-1].moment
        last = max((each for each in exchanges if each.status == 200), key=lambda each: each.moment)
        now = last.date + datetime.timedelta(seconds=moment - last.moment)
        if not self.settings.is_wait:
            return Grace(self.settings.tool_call_grace, now)
        first = first_seen((*self.earlier, *self.pages))
        run_seen = None if first.run is None else moment - first.run.exchange.moment
        seen = {result_id: moment - page.exchange.moment for result_id, page in first.conversations.items()}
        return Grace(self.settings.tool_call_grace, now, seen, run_seen)

    @property
    def id(self) -> str:
        """The id of the run."""
        return self._last_page.response.simulation_run.id

    @property
    def simulation_id(self) -> str:
        """The id of the simulation that the run belongs to."""
        return self._last_page.response.simulation_run.simulation_id

    @property
    def created_at(self) -> datetime.datetime:
        """When the run was created; always with a time zone."""
        return self._last_page.response.simulation_run.created_at

    @property
    def status(self) -> SimulationRunStatus | None:
        """The state of the run in its life cycle. A COMPLETED run may not be settled yet."""
        return self._last_page.response.simulation_run.status

    @property
    def summary(self) -> str | None:
        """The service's summary of the run, as text."""
        return self._last_page.response.simulation_run.summary

    @property
    def app_url(self) -> str | None:
        """The URL of the run's page in the app; None if a violation hides an id in the URL."""
        if self._fields_violated & {"$.simulation_run.id", "$.simulation_run.simulation_id"}:
            return None
        return page_of_run(self.simulation_id, self.id)

    @property
    def is_waited(self) -> bool:
        """Whether `wait` read the run."""
        return self.settings is not None and self.settings.is_wait

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the page that was read last; empty if the run was read from bytes."""
        return self._last_page.exchange.headers

    @property
    def request_id(self) -> str | None:
        """The request id that the service assigned, to quote to its support; None if it sent none."""
        return request_id_in(self.headers)

    @property
    def _queued_ids(self) -> tuple[str, ...]:
        return self.settings.queued_ids if self.settings else ()

    @property
    def expected_count(self) -> int:
        """The run's own count of its conversations or the number queued, whichever is larger.

        0 if neither is known.
        """
        return max(self._last_page.response.simulation_run.total_tests or 0, len(self._queued_ids))

    @property
    def unknown_fields(self) -> dict[str, Any]:
        """The values of fields that the contract doesn't list, by JSON path.

        The path names the page or, for a record fetched by id, the conversation.
        """
        found = {
            page.named(Violation(path, "")).path: value
            for page in self.pages
            for path, value in unknown_fields(page.exchange.body, SimulationResultsResponse).items()
        }
        for each in self.fetched:
            fields_of = unknown_fields(each.exchange.body, SingleSimulationResultResponse)
            found |= {f"result {each.response.id}: {path}": value for path, value in fields_of.items()}
        return found

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """The values that break the contract or that this package can't represent.

        Empty unless the run was read with `on_violation="collect"`. A field listed here is None in spite of
        its type, and an item listed here is left out of its list. A path names the page, unless it is the
        first one, or the conversation that was fetched by id.
        """
        return tuple(violation for violation, _ in self.located_violations())

    def located_violations(self) -> Iterator[tuple[Violation, int | None]]:
        """Yield each violation with the id of its conversation; the id is None outside of conversations."""
        for page in self.pages:
            ids = {f"$.simulation_results[{each.place}]": each.response.id for each in page.records}
            for each in page.violations:
                yield page.named(each), ids.get(each.path.partition("]")[0] + "]")
        for record in self.fetched:
            for each in record.violations:
                path = f"result {record.response.id}: $.simulation_result{each.path[1:]}"
                yield evolve(each, path=path), record.response.id

    @cached_property
    def _fields_violated(self) -> frozenset[str]:
        return frozenset[str]().union(*(each.fields_violated for each in self.pages))

    def __getstate__(self) -> dict[str, Any]:
        """Pickle and copy the run without its cached properties and without the API key."""
        state = {each.name: getattr(self, each.name) for each in fields(ReceivedRun)}
        if self.settings is None:
            return state
        secret = self.settings.secret

        def safe(page: Page) -> Page:
            return evolve(page, exchange=without_key(page.exchange, secret))

        return state | {
            "pages": tuple(map(safe, self.pages)),
            "earlier": tuple(map(safe, self.earlier)),
            "fetched": tuple(
                evolve(each, source=without_key(each.exchange, secret)) for each in self.fetched
            ),
            "failed_fetches": tuple(
                evolve(each, exchange=without_key(each.exchange, secret)) for each in self.failed_fetches
            ),
        }
