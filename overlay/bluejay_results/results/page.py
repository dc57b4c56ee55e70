"""What a run is built from: its pages, and conversations' records from pages or fetches by id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

from attrs import evolve, field, frozen
from bluejay_api.models import (
    SimulationResultResponse,
    SimulationResultsResponse,
    SingleSimulationResultResponse,
)

from ..errors import UnsupportedValueError, Violation
from ..recording.exchange import Exchange, FirstSeen, ReadSettings, Recording, Resource
from .combining import combined
from .ids import check_ids
from .responses import OnViolation, error_after, read_response, violation_of
from .unknown_fields import unknown_fields
from .valid_parts import by_item, items_left_out, without_indexes

_RUN = "$.simulation_run"
_RESULTS = "$.simulation_results"
_RECORD = "$.simulation_result"

PAGE_SIZE = 100
"""The maximum number of results in a page."""
MOST_RECORDS = 20_000
"""The maximum number of records in a run's pages. Each takes about 2.5 kB of memory, however short it is."""
MOST_TESTS = 2**63 - 1
"""A run's maximum conversation count. JSON has no largest integer, but floats do."""


@frozen(slots=False, eq=False)
class Page:
    """One page of a run.

    Attributes:
        exchange: The response that contains the page.
        number: The page number, starting at 1.
        response: The generated model with all fields.
        violations: The values that break the contract, with JSON paths in this page.
    """

    exchange: Exchange
    number: int
    response: SimulationResultsResponse = field(repr=False)
    violations: tuple[Violation, ...] = field(default=(), repr=False)

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """The conversation records on this page; items that are not objects are left out."""
        results = self.response.simulation_results or ()
        if not self.violations:
            return tuple(Record(each, self.exchange, place) for place, each in enumerate(results))
        found, left_out = self._violations_by_place, self._left_out
        places = [each for each in range(self.count) if each not in left_out]
        return tuple(
            Record(each, self.exchange, place, tuple(found.get(place, ())))
            for place, each in zip(places, results, strict=True)
        )

    @cached_property
    def _violations_by_place(self) -> dict[int, list[Violation]]:
        return by_item(self.violations, _RESULTS)

    @cached_property
    def _left_out(self) -> frozenset[int]:
        """The indexes of items that are not objects."""
        if not self.violations:
            return frozenset()
        return items_left_out(self._violations_by_place)

    @property
    def count(self) -> int:
        """The number of items in the list of results, valid or not."""
        return len(self.response.simulation_results or ()) + len(self._left_out)

    @property
    def is_full(self) -> bool:
        """Whether the page has the maximum number of results, so another page might follow.

        A service that ignores `limit` and `offset` sends all results at once.
        """
        return self.count == PAGE_SIZE

    @property
    def fields_violated(self) -> frozenset[str]:
        """The paths of the violations, without indexes."""
        return frozenset(without_indexes(each.path) for each in self.violations)


@frozen(slots=False, eq=False)
class Record:
    """One record of a conversation, from a page or from a fetch by id.

    Attributes:
        response: The generated model with all fields.
        exchange: The response that contains the record.
        place: The record's index in the page's list as received; None after a fetch by id.
        violations: The values that break the contract; their paths start at the record.
    """

    response: SimulationResultResponse = field(repr=False)
    exchange: Exchange = field(repr=False)
    place: int | None = None
    violations: tuple[Violation, ...] = field(default=(), repr=False)


@frozen
class FailedFetch:
    """A conversation that could not be fetched by id.

    Attributes:
        exchange: The request and its response or failure.
        reason: Why there is no record.
    """

    exchange: Exchange
    reason: str


@frozen(slots=False, eq=False)
class Parts:
    """What a run is built from.

    Attributes:
        pages: The pages of the run in the order of their offsets, each from its last response.
        fetched: The records of conversations that were fetched by id, in the order they arrived.
        failed_fetches: The conversations that could not be fetched by id.
        settings: How a client read the run; None if the run was read from bytes.
        seen: When `wait` first saw that the run and its conversations had ended.
    """

    pages: tuple[Page, ...]
    fetched: tuple[Record, ...] = ()
    failed_fetches: tuple[FailedFetch, ...] = ()
    settings: ReadSettings | None = None
    seen: FirstSeen = field(factory=FirstSeen)

    @cached_property
    def responses(self) -> tuple[Exchange, ...]:
        """The last response for each page, and every response to a fetch by id, in the order they arrived."""
        parts: list[Page | Record | FailedFetch] = [*self.pages, *self.fetched, *self.failed_fetches]
        return tuple(sorted((each.exchange for each in parts), key=lambda each: each.moment))

    @property
    def recording(self) -> Recording | None:
        """The recording of the run; None if the run was read from a bare body."""
        return None if self.settings is None else Recording(self.settings, self.responses, self.seen)

    @cached_property
    def conversations(self) -> tuple[tuple[SimulationResultResponse, tuple[Record, ...]], ...]:
        """The model of each listed conversation, with its records in the order they arrived.

        A record whose id breaks the contract counts as a separate conversation.
        """
        groups: dict[object, list[Record]] = {}
        for each in (record for page in self.pages for record in page.records):
            id_: Any = each.response.id  # a violation makes the id None
            groups.setdefault(object() if id_ is None else id_, []).append(each)
        for each in self.fetched:
            if each.response.id in groups:
                groups[each.response.id].append(each)
        found = (sorted(group, key=lambda each: each.exchange.moment) for group in groups.values())
        return tuple((_model(group), tuple(group)) for group in found)

    @cached_property
    def response(self) -> SimulationResultsResponse:
        """The generated model: the run from the last page read, and all conversations."""
        last = max(self.pages, key=lambda each: (each.exchange.moment, each.number))
        models = [model for model, _ in self.conversations]
        is_whole = len(self.pages) == 1 and models == (last.response.simulation_results or [])
        return last.response if is_whole else evolve(last.response, simulation_results=models)

    @property
    def _queued_ids(self) -> tuple[str, ...]:
        return self.settings.queued_ids if self.settings else ()

    @property
    def expected_count(self) -> int:
        """The larger of `total_tests` and the number of queued conversations; 0 if neither is known."""
        return min(max(self.response.simulation_run.total_tests or 0, len(self._queued_ids)), MOST_TESTS)

    @cached_property
    def missing_count(self) -> int:
        """The number of conversations that were counted or queued but aren't listed."""
        listed = self.conversations
        queued = set(self._queued_ids) - {str(model.id) for model, _ in listed} if self._queued_ids else ()
        return max(self.expected_count - len(listed), len(queued), 0)

    @property
    def fields_violated(self) -> frozenset[str]:
        """The paths of the violations in the pages, without indexes."""
        return frozenset[str]().union(*(each.fields_violated for each in self.pages))

    @property
    def unknown_fields(self) -> Iterator[str]:
        """The paths, without indexes, of fields that the contract doesn't list."""
        for page in self.pages:
            yield from unknown_fields(page.exchange.body, SimulationResultsResponse)
        for each in self.fetched:
            yield from unknown_fields(each.exchange.body, SingleSimulationResultResponse)

    def located(self) -> Iterator[tuple[Violation, int | None]]:
        """Yield each violation with its conversation's id, or with None outside conversations."""
        for page in self.pages:
            ids = {f"$.simulation_results[{each.place}]": each.response.id for each in page.records}
            for each in page.violations:
                located_path = replace(each, path=named(page.number, each.path))
                yield located_path, ids.get(each.path.partition("]")[0] + "]")
        for record in self.fetched:
            for each in record.violations:
                path = f"result {record.response.id}: $.simulation_result{each.path[1:]}"
                yield replace(each, path=path), record.response.id


def _model(group: list[Record]) -> SimulationResultResponse:
    return group[0].response if len(group) == 1 else combined([each.response for each in group])


def named(number: int, path: str) -> str:
    """Prefix a JSON path with the page number, unless this is the first page."""
    return path if number == 1 else f"page {number}: {path}"


def read_page(
    exchange: Exchange, on_violation: OnViolation = "raise", simulation_id: str | None = None
) -> Page:
    """Read a page of a run.

    Args:
        exchange: The response. If its resource has an id, a page of another run is rejected. An id that
            breaks the contract is not compared.
        on_violation: `collect` keeps the valid parts of a body that breaks the contract.
        simulation_id: The requested run's simulation; None to accept any simulation.

    Raises:
        ContractViolationError: The body breaks the contract, belongs to another run or simulation, or has an
            id that isn't usable.
        UnsupportedValueError: The run has more than `MOST_RECORDS` records.
        BluejayError: Any other error that `read_response` raises.
    """
    number = exchange.resource.offset // PAGE_SIZE + 1
    noun = "response" if number == 1 else f"response with page {number}"
    model, violations = read_response(
        exchange, SimulationResultsResponse, on_violation, _RUN, noun=noun, where=named(number, "")
    )
    page, run = Page(exchange, number, model, violations), model.simulation_run
    check_count(exchange, exchange.resource.offset + page.count)
    for name, noun, got, requested in (
        ("id", "run", run.id, exchange.resource.id),
        ("simulation_id", "a run of simulation", run.simulation_id, simulation_id),
    ):
        path = f"{_RUN}.{name}"
        if requested and path not in page.fields_violated:
            _check(noun, got, requested, named(number, path), exchange)
    check_ids(exchange, "run", [(named(number, f"{_RUN}.id"), run.id)])
    check_ids(exchange, "simulation", [(named(number, f"{_RUN}.simulation_id"), run.simulation_id)])
    ids = ((named(number, f"{_RESULTS}[{each.place}].id"), each.response.id) for each in page.records)
    check_ids(exchange, "result", ids)
    return page


def check_count(exchange: Exchange, records: int) -> None:
    """Raise UnsupportedValueError for more than `MOST_RECORDS` records; `exchange` has the last record."""
    if records > MOST_RECORDS:
        reason = f"This package can't represent a run with more than {MOST_RECORDS:,} conversations"
        raise error_after(exchange, UnsupportedValueError, f"{reason} (its own limit, not the contract's).")


def read_bodies(bodies: Iterable[bytes], on_violation: OnViolation) -> tuple[Page, ...]:
    """Read the pages of one run, passed in order. Raises the same errors as `read_page`."""
    pages: list[Page] = []
    for number, body in enumerate(bodies):
        run_id: Any = pages[0].response.simulation_run.id if pages else None  # a violation makes the id None
        resource = Resource("page", run_id or "", number * PAGE_SIZE)
        pages.append(read_page(Exchange(resource=resource, body=bytes(body)), on_violation))
    return tuple(pages)


def read_record(exchange: Exchange, on_violation: OnViolation = "raise") -> Record:
    """Read the response to a fetch by id.

    Raises the same errors as `read_page`. If the resource has an id, any other conversation is rejected. An
    id that breaks the contract is not compared.
    """
    model, found = read_response(exchange, SingleSimulationResultResponse, on_violation, _RECORD)
    violations = tuple(replace(each, path=f"${each.path.removeprefix(_RECORD)}") for each in found)
    record, requested = Record(model.simulation_result, exchange, violations=violations), exchange.resource.id
    if requested and not any(each.path == "$.id" for each in violations):
        _check("conversation", record.response.id, requested, f"{_RECORD}.id", exchange)
    check_ids(exchange, "result", [(f"{_RECORD}.id", record.response.id)])
    return record


def _check(noun: str, got: object, requested: str, path: str, exchange: Exchange) -> None:
    """Raise ContractViolationError unless the received object has the requested id."""
    if str(got) != requested:
        reason = f"The service sent {noun} {got}, but {noun} {requested} was requested."
        raise violation_of(exchange, reason, path, f"Expected {requested}, got {got}")
