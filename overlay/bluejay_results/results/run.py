"""A simulation run: the response, and what users compute from it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cached_property
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import Any

import msgspec
from attrs import define, field, frozen
from bluejay_api.models import SimulationResultsResponse, SimulationRunStatus

from .._errors import UsageError, Violation
from ..reading.body import OnViolation, read_body
from ..reading.collect import by_item
from ..reading.json_path import without_indexes
from ..reading.splice import with_items
from ..reading.unknown import unknown_fields
from .app_url import page_of_run
from .context import RunContext, request_id_in
from .copies import copies_by_id, worst_copy
from .digital_human import DigitalHuman, by_digital_human
from .doubt import doubts
from .latency import LatencyUnit, unit_of
from .missing_tool_calls import to_read_singly
from .notes import (
    contradictions,
    listed_twice,
    negative_latencies,
    not_in_contract,
    unlisted,
)
from .result import Outcome, SimulationResult
from .status import Phase, run_phase

_RESULTS = "$.simulation_results"
_HIDES_PROGRESS = {_RESULTS, f"{_RESULTS}[]", f"{_RESULTS}[].status"}
_HIDES_END = _HIDES_PROGRESS | {"$.simulation_run.status", "$.simulation_run.total_tests"}


@define(frozen=True, eq=False)
class SimulationRun:
    """One run of a simulation with all of its conversations.

    Attributes:
        response: The generated model, in full.
        raw_list: The exact bytes of the list as received, whatever was read singly after it.
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
    def from_bytes(cls, data: bytes, *, on_violation: OnViolation = "raise") -> SimulationRun:
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
        model, violations = read_body(data, SimulationResultsResponse, on_violation, "$.simulation_run")
        return cls(model, data, violations)

    @classmethod
    def from_file(cls, path: str | PathLike[str], *, on_violation: OnViolation = "raise") -> SimulationRun:
        """Read a recording (a HAR file, as `save` and `--har` write it) or a saved body.

        A recording gives the run as the client had it, with the same grace and notes. A body gives what
        `from_bytes` gives.

        Raises:
            OSError: The file can't be read.
            UsageError: It is the view that `--json` writes, or a HAR file without a run or with several.
            ContractViolationError: It is not what the contract says.
            UnsupportedValueError: The contract allows it and this package can't hold it.
            BluejayError: What the recorded call raised.
        """
        # By name, because the replay of a recording is the work of a client, which imports this module.
        saved = import_module("..client.saved_runs", __package__)
        run: SimulationRun = saved.run_in(Path(path).read_bytes(), str(path), on_violation)
        return run

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

    def __repr__(self) -> str:
        state = "settled" if self.is_settled else "not settled"
        return f"<SimulationRun {self.id} {self.status}, {state}, {len(self.results)} results>"

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
        """The exact bytes received, with each record that was read singly in place of the listed one.

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

    @cached_property
    def results(self) -> tuple[SimulationResult, ...]:
        """The conversations as listed, in that order; empty when there are none yet.

        A conversation that the service lists twice is twice in here. Counts and rates take each id once: see
        `conversations`.
        """
        received = self.response.simulation_results or []
        return tuple(
            SimulationResult(each, self, index, tuple(self._violations_by_place.get(place, ())))
            for index, (place, each) in enumerate(zip(self.places, received, strict=True))
        )

    @cached_property
    def copies(self) -> dict[int, tuple[SimulationResult, ...]]:
        """All listed copies of each conversation, by its id: almost always one."""
        return copies_by_id(self.results)

    @cached_property
    def conversations(self) -> tuple[SimulationResult, ...]:
        """The conversations, each id once, in the order in which each is listed first.

        Of one that is listed more than once this is the copy with the worst outcome.
        """
        return tuple(worst_copy(each) for each in self.copies.values())

    @cached_property
    def doubts(self) -> dict[int, str]:
        """Why each doubtful conversation may have failed, by id; see `SimulationResult.doubt`."""
        return doubts(self.copies, {each.id for each in self.incomplete}, self.context.doubts)

    @cached_property
    def doubtful(self) -> tuple[SimulationResult, ...]:
        """The conversations that may have failed although nothing received says so.

        Conversations that are missing from the list are doubtful too: `missing_count`.
        """
        return tuple(each for each in self.conversations if each.doubt)

    @cached_property
    def missing_count(self) -> int:
        """How many conversations the run counts or was queued with, and doesn't list."""
        return max(self.expected_count - len(self.conversations), len(self.missing_ids), 0)

    @cached_property
    def results_by_outcome(self) -> dict[Outcome, tuple[SimulationResult, ...]]:
        """The conversations grouped by outcome, each id once; every outcome is a key."""
        grouped: dict[Outcome, list[SimulationResult]] = {outcome: [] for outcome in Outcome}
        for result in self.conversations:
            grouped[result.outcome].append(result)
        return {outcome: tuple(results) for outcome, results in grouped.items()}

    @cached_property
    def has_ended(self) -> bool:
        """Whether the run's own status is an end; its scores may still be to come.

        A run whose status is null or new has ended when it counts at least one conversation, lists all
        that it counts, and each of them has ended.
        """
        where = run_phase(self.status)
        if where is not Phase.UNKNOWN:
            return where is Phase.ENDED
        if self._fields_violated & _HIDES_END:
            return False
        total = self.expected_count
        return 0 < total <= len(self.copies) and all(result.has_ended for result in self.results)

    @property
    def missing_ids(self) -> tuple[str, ...]:
        """The results that were queued with the run and that it does not list."""
        queued = self.context.queued_ids
        listed = {str(each.id) for each in self.results} if queued else set()
        return tuple(each for each in queued if each not in listed)

    @property
    def _waits_for_missing(self) -> bool:
        return self.missing_count > 0 and self.context.grace.run_left > 0

    @cached_property
    def incomplete(self) -> tuple[SimulationResult, ...]:
        """The conversations that can't be judged yet.

        Those whose tool calls may still arrive, and those in which the list may have left them out and which
        were not read singly: `wait`, and `retrieve` with `complete=True`, do that.
        """
        read = self.context.read_singly
        gaps = {each.id for each in to_read_singly(self.results) if str(each.id) not in read}
        return tuple(each for each in self.conversations if each.id in gaps or each.is_awaited)

    @cached_property
    def by_digital_human(self) -> tuple[DigitalHuman, ...]:
        """The conversations by the digital human that led them, in the order in which each is listed first.

        A conversation without a digital human stands for itself.
        """
        return by_digital_human(self.conversations)

    @cached_property
    def latency_unit(self) -> LatencyUnit | None:
        """The unit of the run's latencies, read from their size; None where that does not tell.

        Upstream does not document it (source: domain facts).
        """
        return unit_of(each.latency_received.average for each in self.results)

    @property
    def is_settled(self) -> bool:
        """Whether the run has ended, no conversation is under way and none is missing from the list.

        A conversation is under way by its status, or because its tool calls may still arrive: they land one
        to two minutes later (source: domain facts). In a run that ended INCOMPLETED or INSUFFICIENT_FUNDS,
        and for what is missing, only a wait gives that time. A conversation whose status is hidden by a
        violation may be under way.
        """
        if not self.has_ended or self._fields_violated & _HIDES_PROGRESS or self._waits_for_missing:
            return False
        return not self.results_by_outcome[Outcome.UNDER_WAY]

    @property
    def pass_rate(self) -> float | None:
        """Conversations passed by conversations in the run, 0 to 1, by the run's own counters.

        None where there is no rate: a counter is null, the total is 0, or the two make no sense together.
        It moves until the run is settled.
        """
        run = self.response.simulation_run
        passed, total = run.tests_passed, run.total_tests
        if passed is None or not total or not 0 <= passed <= total:
            return None
        return passed / total

    @property
    def judged_pass_rate(self) -> float | None:
        """Conversations passed by conversations judged (passed or failed), 0 to 1; None when none was judged.

        It moves until the run is settled.
        """
        passed, failed = (len(self.results_by_outcome[each]) for each in (Outcome.PASSED, Outcome.FAILED))
        return passed / (passed + failed) if passed + failed else None

    @cached_property
    def contradictions(self) -> tuple[str, ...]:
        """Where the counters of a settled run contradict its conversations, one line per contradiction.

        `tests_passed` may count conversations that skipped tools, and any that are not listed. A null counter
        contradicts nothing. Nothing is compared if the body breaks the contract.
        """
        if not self.is_settled or self.violations:
            return ()
        return tuple(contradictions(self.response.simulation_run, self.conversations))

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What to know before trusting the numbers, a line each.

        Another run than was requested, violations, contradictions, conversations that are counted and not
        listed, or listed twice, statuses and fields that the contract doesn't know. It quotes what was
        received.
        """
        found = []
        if self.requested_id not in {None, self.id} and self.id is not None:  # a violation makes the id None
            found.append(f"this is run {self.id}; run {self.requested_id} was requested")
        if self.violations:
            found.append(f"violations of the contract: {len(self.violations)}; the counters were not checked")
        elif self.is_settled:
            found += [*self.contradictions, *unlisted(self.expected_count, self.conversations)]
        found += [*listed_twice(self.copies), *negative_latencies(self.results), *self.context.notes]
        return (*found, *not_in_contract(self.status, self.results, self.unknown_fields))

    @cached_property
    def raw_results(self) -> tuple[bytes, ...]:
        """The exact bytes of each result, in the order of `results`."""
        if not self.results:
            return ()
        items = msgspec.json.decode(self.raw, type=_RawResults).simulation_results or []
        return tuple(bytes(items[place]) for place in self.places)

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


@frozen
class _RawResults:
    simulation_results: list[msgspec.Raw] | None = None
