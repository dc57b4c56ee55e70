"""What the response says about a run, and how the run came to be read."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cached_property
from os import PathLike
from typing import Any, Self

from attrs import define, field
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


@define(frozen=True, eq=False)
class ReceivedRun:
    """One run of a simulation, as received.

    Attributes:
        response: The generated model, in full.
        raw_list: The exact bytes of the list as received, whatever was fetched by id later.
        violations: What in them breaks the contract or can't be held by this package. Empty unless they
            were read with `on_violation="collect"`: a field that is listed is then None, whatever its type
            says, and an item that is listed is not in its list.
        context: How the run came to be read.
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
            on_violation: `collect` keeps what is sound in a body that breaks the contract and lists the rest
                in `violations`.

        Raises:
            ContractViolationError: It is not what the contract says; the error carries the bytes. With
                `collect` only when nothing is sound: it is not JSON, or has no run in it.
            UnsupportedValueError: The contract allows what was found in it, and this package can't hold that.
                With `collect` only when no field can be held: it is nested too deeply, or has half of a
                surrogate pair.
            ConfigurationError: `on_violation` is neither `raise` nor `collect`.
        """
        with PausedCollector():  # until the run is made, or it would run once for each of many saved runs
            model, violations = read_body(data, SimulationResultsResponse, on_violation, "$.simulation_run")
            return cls(model, data, violations)

    def save(self, path: str | PathLike[str]) -> None:
        """Write a recording: every response that the run was built from, as HAR 1.2.

        It contains signed URLs as they were received, and never the API key. Only this user can read it.

        Raises:
            UsageError: The run was read from a bare body, so its responses are not known.
            OSError: The file can't be written.
        """
        if self.context.recording is None:
            raise UsageError(
                "This run was read from a bare body. Only a run from a client or a recording can be saved."
            )
        from ..recording.har import save  # loaded late: hardly any call saves

        save(self.context.recording, path)

    @property
    def id(self) -> str:
        """Identifier of the run."""
        return self.response.simulation_run.id

    @property
    def simulation_id(self) -> str:
        """Identifier of the simulation that the run belongs to."""
        return self.response.simulation_run.simulation_id

    @property
    def created_at(self) -> datetime.datetime:
        """When the run was created; always with a zone."""
        return self.response.simulation_run.created_at

    @property
    def status(self) -> SimulationRunStatus | None:
        """Where the run is in its life cycle. COMPLETED alone doesn't mean that it is settled."""
        return self.response.simulation_run.status

    @property
    def summary(self) -> str | None:
        """Upstream's summary of the run in words."""
        return self.response.simulation_run.summary

    @property
    def app_url(self) -> str | None:
        """The run's page in the app (source: domain facts); None if a violation hides its ids."""
        if self._fields_violated & {"$.simulation_run.id", "$.simulation_run.simulation_id"}:
            return None
        return page_of_run(self.simulation_id, self.id)

    @property
    def requested_id(self) -> str | None:
        """The run that a client asked for; None when it was read from bytes or a file."""
        return self.context.requested_id

    @cached_property
    def raw(self) -> bytes:
        """The exact bytes received, with each record that was fetched by id in place of the listed one.

        To read the run again later, `save` it: the bytes alone don't tell when they arrived.
        """
        if not self.context.records and not self.context.added:
            return self.raw_list
        return with_items(self.raw_list, "simulation_results", self.context.records, self.context.added)

    @property
    def is_waited(self) -> bool:
        """Whether `wait` read the run, so that nothing was left to fetch by id once it had settled."""
        return self.context.recording is not None and self.context.recording.settings.is_wait

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the response; empty when it was read from bytes or a file."""
        return self.context.headers

    @property
    def request_id(self) -> str | None:
        """The service's own id of the request, for its support; None if it gave none."""
        return request_id_in(self.headers)

    @property
    def expected_count(self) -> int:
        """How many conversations the run is known to have, listed or not; 0 when that is not known."""
        return max(self.response.simulation_run.total_tests or 0, len(self.context.queued_ids))

    @property
    def unknown_fields(self) -> dict[str, Any]:
        """Values that the contract doesn't know, by JSON path."""
        return unknown_fields(self.raw, SimulationResultsResponse)

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
