"""A simulation run: its conversations, and the numbers computed from them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import cache, cached_property, partial
from os import PathLike
from pathlib import Path
from typing import Any, Self

from attrs import define, evolve, field
from bluejay_api.decoding import PausedCollector
from bluejay_api.models import SimulationResultsResponse, SimulationRunStatus

from ..errors import UsageError, Violation
from ..recording.exchange import Exchange
from ..recording.har import save, to_har
from .app_url import page_of_run
from .latency import LatencyUnit, agent_latency_figure, unit_of
from .outcome import VOID, Outcome, Phase, run_phase
from .page import Parts
from .pass_rates import Caller, callers, percentage, service_pass_rate
from .replay import saved_parts
from .responses import OnViolation, naming_file
from .result import SimulationResult, never_requested
from .run_state import Grace, RunState, grace_after

_HIDES_PROGRESS = {"$.simulation_results", "$.simulation_results[]", "$.simulation_results[].status"}
_HIDES_END = _HIDES_PROGRESS | {"$.simulation_run.status", "$.simulation_run.total_tests"}


# This class has no slots, so that `help` shows the docstrings of cached properties.
@define(frozen=True, eq=False, slots=False)
class SimulationRun:
    """One run of a simulation with all of its conversations.

    Attributes:
        parts: The responses that the run was built from.
    """

    parts: Parts = field(repr=False)
    _latency_unit: LatencyUnit | None = field(default=None, repr=False, kw_only=True)

    @classmethod
    def from_bytes(cls, data: bytes | Sequence[bytes], *, on_violation: OnViolation = "raise") -> Self:
        """Read a recording, a response body, or the bodies of several pages of a run.

        From a recording, you get the run exactly as the client returned it, with the same grace period and
        notes.

        Args:
            data: The recording, the body, or the pages in order.
            on_violation: `collect` keeps the valid parts of a body that breaks the contract, and lists the
                violations in `violations`.

        Raises:
            ContractViolationError: A body breaks the contract, or the pages belong to different runs. The
                error's `body` has the bytes. With `collect`, raised only if a body is not JSON or contains no
                valid run, or if the pages belong to different runs.
            UnsupportedValueError: The contract allows the body, but this package can't represent it. With
                `collect`, raised only if the body is nested too deeply or contains a lone surrogate.
            UsageError: The list of pages is empty, or the file is a HAR that contains no run, or several.
            ConfigurationError: `on_violation` is neither `raise` nor `collect`.
            BluejayError: The error that the recorded call raised.
        """
        with PausedCollector():  # otherwise each saved run would start the garbage collector
            return cls(saved_parts(data, on_violation))

    @classmethod
    def from_file(cls, path: str | PathLike[str], *, on_violation: OnViolation = "raise") -> Self:
        """Read a recording (a HAR file that `save` or `record=` wrote) or a saved body.

        Raises:
            OSError: The file can't be read.
            BluejayError: As in `from_bytes`; the message starts with the path.
        """
        data = Path(path).read_bytes()
        with naming_file(str(path)):
            return cls.from_bytes(data, on_violation=on_violation)

    def save(self, path: str | PathLike[str]) -> None:
        """Write a recording (HAR 1.2) that contains every response that the run was built from.

        The file contains signed URLs as they were received, but never the API key. Only this user can read
        the file.

        Raises:
            UsageError: The run was read from a bare body, so its responses are unknown.
            OSError: The file can't be written.
        """
        if self.parts.recording is None:
            raise UsageError(
                "This run was parsed from a response body, so it can't be saved. "
                "Only runs fetched by a client or loaded from a recording can."
            )
        save(self.parts.recording, path)

    @property
    def responses(self) -> tuple[Exchange, ...]:
        """The responses that the run was built from, in the order they arrived.

        These are the last response for each page, and every response to a fetch by id. A response's `body`
        has its exact bytes.
        """
        return self.parts.responses

    @property
    def response(self) -> SimulationResultsResponse:
        """The generated model with all fields: the run from the last page read, and all conversations."""
        return self.parts.response

    @property
    def grace(self) -> Grace:
        """How much longer verdicts, tool calls and missing conversations can arrive."""
        return self._state.grace()

    @property
    def id(self) -> str:
        """The run's id."""
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
        """The run's status. A COMPLETED run is not always settled."""
        return self.response.simulation_run.status

    @property
    def summary(self) -> str | None:
        """The service's summary of the run, as text."""
        return self.response.simulation_run.summary

    @property
    def app_url(self) -> str | None:
        """The URL of the run's page in the app; None if an id in the URL breaks the contract."""
        if self.parts.fields_violated & {"$.simulation_run.id", "$.simulation_run.simulation_id"}:
            return None
        return page_of_run(self.simulation_id, self.id)

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """The values that break the contract or that this package can't represent.

        Empty unless the run was read with `on_violation="collect"`. A field listed here is None whatever its
        type, and an item listed here is omitted from its list. From the second page on, paths start with the
        page, as in `page 2: $.simulation_results[0].id`. Paths in a conversation that was fetched by id start
        with the conversation's id.
        """
        return tuple(violation for violation, _ in self.parts.located())

    def __repr__(self) -> str:
        state = "settled" if self.is_settled else "not settled"
        return f"<SimulationRun {self.id} {self.status}, {state}, {len(self.results)} results>"

    @cached_property
    def results(self) -> tuple[SimulationResult, ...]:
        """The conversations, oldest first; empty if there are none yet. Each id occurs once.

        If a conversation occurs in several responses, its evaluations and tool calls are merged; every other
        field comes from the response that was read last.
        """
        return _results_in(self.parts, self._state)

    @cached_property
    def _state(self) -> RunState:
        """The state that the results share.

        The state refers to the parts instead of the run because only the garbage collector can free reference
        cycles, and reading many runs would trigger it again and again.
        """
        failed = {each.exchange.resource.id: each.reason for each in self.parts.failed_fetches}
        grace = cache(partial(_grace, self.parts))
        alone = RunState(self.id, self.status, self.has_ended, grace, failed_fetches=failed)
        unit = partial(_latency_unit, self.parts, self._latency_unit)
        ids = partial(_incomplete_ids, self.parts, alone)
        return evolve(alone, latency_unit=cache(unit), incomplete=cache(ids))

    def result(self, id_: int | str) -> SimulationResult:
        """Return the conversation with this id; raise UsageError if the run doesn't list it."""
        found = next((each for each in self.results if str(each.id) == str(id_)), None)
        if found is None:
            raise UsageError(
                f"Conversation {id_} is not one of the {len(self.results)} conversations in run {self.id}. "
                "If it belongs to another run, fetch it by id, without the run."
            )
        return found

    @property
    def passed(self) -> tuple[SimulationResult, ...]:
        """The conversations that passed."""
        return self.results_by_outcome[Outcome.PASSED]

    @property
    def failed(self) -> tuple[SimulationResult, ...]:
        """The conversations that failed."""
        return self.results_by_outcome[Outcome.FAILED]

    @property
    def unknown(self) -> tuple[SimulationResult, ...]:
        """The conversations that might have passed or failed, excluding those in `missing_count`."""
        return self.results_by_outcome[Outcome.UNKNOWN]

    @property
    def void(self) -> tuple[SimulationResult, ...]:
        """The conversations that don't count because something other than the agent stopped them."""
        return self.results_by_outcome[Outcome.VOID]

    @property
    def under_way(self) -> tuple[SimulationResult, ...]:
        """The conversations that are running or being scored, or whose scores or calls can still arrive."""
        return self.results_by_outcome[Outcome.UNDER_WAY]

    @property
    def outcomes(self) -> dict[Outcome, int]:
        """The number of conversations with each outcome."""
        return {outcome: len(results) for outcome, results in self.results_by_outcome.items()}

    @cached_property
    def not_passed(self) -> tuple[SimulationResult, ...]:
        """The conversations that did not pass, by outcome: failed, unknown, void, under way.

        Among conversations with the same outcome, the slowest comes first.
        """
        return tuple(
            result
            for outcome in (Outcome.FAILED, Outcome.UNKNOWN, Outcome.VOID, Outcome.UNDER_WAY)
            for result in sorted(self.results_by_outcome[outcome], key=_slowness, reverse=True)
        )

    @property
    def awaited_count(self) -> int:
        """The number of conversations under way whose verdict or tool calls can still arrive."""
        return sum(each.is_awaited for each in self.under_way)

    @property
    def missing_count(self) -> int:
        """The number of conversations that were counted or queued but aren't listed; each is unknown."""
        return self.parts.missing_count

    @cached_property
    def results_by_outcome(self) -> dict[Outcome, tuple[SimulationResult, ...]]:
        """The conversations by outcome; each id occurs once, and every outcome is a key."""
        found: dict[Outcome, list[SimulationResult]] = {outcome: [] for outcome in Outcome}
        for result in self.results:
            found[result.outcome].append(result)
        return {outcome: tuple(results) for outcome, results in found.items()}

    @cached_property
    def has_ended(self) -> bool:
        """Whether the run's own status is final. Some scores can still be missing.

        A run with a null or unknown status has ended once it has at least one counted or queued conversation,
        all of these are listed, and every listed conversation has ended.
        """
        where = run_phase(self.status)
        if where is not Phase.UNKNOWN:
            return where is Phase.ENDED
        if self.parts.fields_violated & _HIDES_END:
            return False
        total = self.parts.expected_count
        alone = _results_in(self.parts, RunState())  # `has_ended` doesn't depend on the run here
        return 0 < total <= len(alone) and all(each.has_ended for each in alone)

    @cached_property
    def incomplete(self) -> tuple[SimulationResult, ...]:
        """The conversations whose outcome might still change.

        Their verdicts or tool calls can still arrive, or might only be missing from the run's list. In the
        second case, `wait` and `retrieve(..., complete=True)` fetch the conversations by id.
        """
        return tuple(each for each in self.results if each.is_incomplete)

    @cached_property
    def callers(self) -> tuple[Caller, ...]:
        """The outcomes of each caller's listed conversations."""
        return callers((each.digital_human_id, each.outcome) for each in self.results)

    @property
    def latency_unit(self) -> LatencyUnit | None:
        """The unit of the run's latencies, inferred from their values; None if it can't be inferred.

        The service doesn't document the unit. See `docs/definitions.md`, Rules about figures.
        """
        return self._state.latency_unit()

    def in_unit(self, unit: LatencyUnit | None) -> SimulationRun:
        """Return the same run with latencies in this unit; if `unit` is None, the unit is inferred."""
        return self if unit in {None, self.latency_unit} else evolve(self, latency_unit=unit)

    @property
    def is_settled(self) -> bool:
        """Whether the run has ended, no conversation is under way, and none is missing from the list.

        A conversation is under way if its status says so, or while its tool calls can still arrive, which
        takes one to two minutes. Only `wait` also grants this time to missing conversations, and to
        conversations still under way when a run ends INCOMPLETED or INSUFFICIENT_FUNDS. See
        `docs/definitions.md`, Settled.
        """
        if self.parts.fields_violated & _HIDES_PROGRESS:
            return False
        waits_for_missing = self.missing_count > 0 and self.grace.run_left > 0
        return self.has_ended and not waits_for_missing and not self.under_way

    @property
    def pass_rate(self) -> float | None:
        """Passed conversations as a percentage of passed and failed ones; None if there are none.

        The rate changes until the run is settled.
        """
        return percentage(len(self.passed), len(self.passed) + len(self.failed))

    @property
    def pass_rate_lowest(self) -> float | None:
        """The pass rate in percent if every unknown and missing conversation failed.

        None if no conversation counts. Conversations that are void or under way don't count.
        """
        return percentage(len(self.passed), self._counted)

    @property
    def pass_rate_highest(self) -> float | None:
        """The pass rate in percent if every unknown and missing conversation passed.

        None if no conversation counts. Conversations that are void or under way don't count.
        """
        return percentage(self._counted - len(self.failed), self._counted)

    @property
    def _counted(self) -> int:
        return len(self.passed) + len(self.failed) + len(self.unknown) + self.missing_count

    @property
    def service_pass_rate(self) -> float | None:
        """The percentage of conversations that passed, according to the run's own counters.

        None if a counter is null, the total is 0, or the counters contradict each other.
        """
        run = self.response.simulation_run
        return service_pass_rate(run.tests_passed, run.total_tests)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle and copy only the run's responses, without the API key."""
        read = partial(type(self).from_bytes, on_violation="collect")
        recording = self.parts.recording
        data = to_har(recording) if recording else [each.exchange.body for each in self.parts.pages]
        return read, (data,), {"_latency_unit": self._latency_unit}


def _results_in(parts: Parts, state: RunState) -> tuple[SimulationResult, ...]:
    return tuple(SimulationResult(model, state, records) for model, records in parts.conversations)


def _grace(parts: Parts) -> Grace:
    return grace_after(parts.responses, parts.settings, parts.seen)


def _latency_unit(parts: Parts, chosen: LatencyUnit | None) -> LatencyUnit | None:
    measured = (each.evaluation for each in _results_in(parts, RunState()) if each.status not in VOID)
    return chosen or unit_of(agent_latency_figure(each, "average") for each in measured if each)


def _incomplete_ids(parts: Parts, state: RunState) -> frozenset[int]:
    results = _results_in(parts, state)
    awaited = (each for each in results if each.is_awaited)
    return frozenset(each.id for each in (*never_requested(results), *awaited))


def _slowness(result: SimulationResult) -> float:
    return result.latency.p95 or result.latency.average or 0.0
