"""A run as the response contains it, and how it was read."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cached_property
from os import PathLike
from typing import Any, Self

from attrs import define, field, fields
from bluejay_api.decoding import PausedCollector
from bluejay_api.models import SimulationResultsResponse, SimulationRunStatus

from .._errors import UsageError, Violation
from ..reading.body import OnViolation, read_body
from ..reading.json_path import without_indexes
from ..reading.splice import with_items
from ..reading.unknown import unknown_fields
from ..reading.valid_parts import by_item
from .app_url import page_of_run
from .context import RunContext, request_id_in

_RESULTS = "$.simulation_results"


# Without slots, so that `help` shows the docstrings of cached properties.
@define(frozen=True, eq=False, slots=False)
class ReceivedRun:
    """One run of a simulation, as received.

    Attributes:
        response: The generated model with all fields.
        raw_list: The exact bytes of the list as received, without the records that were fetched by id later.
        violations: The values that break the contract or that this package can't represent; empty unless the
            bytes were read with `on_violation="collect"`. A field listed here is None in spite of its type,
            and an item listed here is left out of its list.
        context: How the run was read.
    """

    response: SimulationResultsResponse = field(repr=False)
    raw_list: bytes = field(repr=False)
    violations: tuple[Violation, ...] = field(default=(), repr=False)
    context: RunContext = field(default=RunContext(), repr=False)

    @classmethod
    def from_bytes(cls, data: bytes, *, on_violation: OnViolation = "raise") -> Self:
        """Read the body of a response.

        Args:
            data: The body.
            on_violation: `collect` keeps the valid parts of a body that breaks the contract, and lists the
                violations in `violations`.

        Raises:
            ContractViolationError: The body breaks the contract; the error contains the bytes. With
                `collect`, raised only if the body is not JSON or contains no valid run.
            UnsupportedValueError: The contract allows the body, but this package can't represent it. With
                `collect`, raised only if the body is nested too deeply or contains half of a surrogate pair.
            ConfigurationError: `on_violation` is neither `raise` nor `collect`.
        """
        with PausedCollector():  # otherwise the garbage collector would start for each saved run
            model, violations = read_body(data, SimulationResultsResponse, on_violation, "$.simulation_run")
            return cls(model, data, violations)

    def save(self, path: str | PathLike[str]) -> None:
        """Write a recording (HAR 1.2) that contains every response that the run was built from.

        The file contains signed URLs as they were received, and never the API key. Only this user can read
        the file.

        Raises:
            UsageError: The run was read from a bare body, so its responses are not known.
            OSError: The file can't be written.
        """
        if self.context.recording is None:
            raise UsageError(
                "This run was read from a bare body. Only a run from a client or a recording can be saved."
            )
        from ..recording.har import save  # loaded late: few runs are saved

        save(self.context.recording, path)

    @property
    def id(self) -> str:
        """The id of the run."""
        return self.response.simulation_run.id

    @property
    def simulation_id(self) -> str:
        """The id of the simulation that the run belongs to."""
        return self.response.simulation_run.simulation_id

    @property
    def created_at(self) -> datetime.datetime:
        """When the run was created; always with a time zone."""
        return self.response.simulation_run.created_at

    @property
    def status(self) -> SimulationRunStatus | None:
        """The state of the run in its life cycle. A COMPLETED run may not be settled yet."""
        return self.response.simulation_run.status

    @property
    def summary(self) -> str | None:
        """The service's summary of the run, as text."""
        return self.response.simulation_run.summary

    @property
    def app_url(self) -> str | None:
        """The URL of the run's page in the app; None if a violation hides an id in the URL."""
        if self._fields_violated & {"$.simulation_run.id", "$.simulation_run.simulation_id"}:
            return None
        return page_of_run(self.simulation_id, self.id)

    @property
    def requested_id(self) -> str | None:
        """The id of the run that a client requested; None if the run was read from bytes or a file."""
        return self.context.requested_id

    @cached_property
    def raw(self) -> bytes:
        """The exact bytes received; records fetched by id replace the listed ones.

        To read the run again later, `save` it: the bytes alone don't contain the time of their arrival.
        """
        if not self.context.records and not self.context.added:
            return self.raw_list
        return with_items(self.raw_list, "simulation_results", self.context.records, self.context.added)

    @property
    def is_waited(self) -> bool:
        """Whether `wait` read the run.

        If `wait` read a settled run, no conversation is left to fetch by id.
        """
        return self.context.recording is not None and self.context.recording.settings.is_wait

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the response; empty if the run was read from bytes or a file."""
        return self.context.headers

    @property
    def request_id(self) -> str | None:
        """The request id that the service assigned, to quote to its support; None if it sent none."""
        return request_id_in(self.headers)

    @property
    def expected_count(self) -> int:
        """The run's own count of its conversations or the number queued, whichever is larger.

        0 if neither is known.
        """
        return max(self.response.simulation_run.total_tests or 0, len(self.context.queued_ids))

    @property
    def unknown_fields(self) -> dict[str, Any]:
        """The values of fields that the contract doesn't list, by JSON path."""
        return unknown_fields(self.raw, SimulationResultsResponse)

    def is_fetched_by_id(self, index: int) -> bool:
        """Whether the record at this index of `results` was fetched by id."""
        is_added = index >= len(self.places) - len(self.context.added)
        return is_added or self.places[index] in self.context.records

    @cached_property
    def _fields_violated(self) -> frozenset[str]:
        return frozenset(without_indexes(each.path) for each in self.violations)

    @cached_property
    def _violations_by_place(self) -> dict[int, list[Violation]]:
        return by_item(self.violations, _RESULTS)

    @cached_property
    def places(self) -> tuple[int, ...]:
        """The index of each result in the list received; items that are not objects are left out."""
        left_out = {place for place, (first, *_) in self._violations_by_place.items() if first.path == "$"}
        received = len(self.response.simulation_results or ()) + len(left_out)
        return tuple(place for place in range(received) if place not in left_out)

    def __getstate__(self) -> dict[str, Any]:
        """Pickle and copy the run without its cached properties."""
        return {each.name: getattr(self, each.name) for each in fields(type(self))}
