"""A simulation run: its conversations, and what users compute from them."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from os import PathLike
from pathlib import Path

import msgspec
from attrs import define, frozen

from ..reading.body import OnViolation
from .copies import copies_by_id, worst_copy
from .digital_human import DigitalHuman, by_digital_human
from .doubt import doubts
from .incomplete import to_read_singly
from .latency import LatencyUnit, unit_of
from .notes import (
    contradictions,
    listed_twice,
    negative_latencies,
    not_in_contract,
    unlisted,
)
from .pass_rate import pass_rate
from .received_run import ReceivedRun
from .result import Outcome, SimulationResult
from .status import Phase, run_phase

_HIDES_PROGRESS = {"$.simulation_results", "$.simulation_results[]", "$.simulation_results[].status"}
_HIDES_END = _HIDES_PROGRESS | {"$.simulation_run.status", "$.simulation_run.total_tests"}


@define(frozen=True, eq=False)
class SimulationRun(ReceivedRun):
    """One run of a simulation with all of its conversations.

    Attributes:
        response: The generated model, in full.
        raw_list: The exact bytes of the list as received, whatever was fetched by id later.
        violations: What in them breaks the contract or can't be held by this package. Empty unless they
            were read with `on_violation="collect"`: a field that is listed is then None, whatever its type
            says, and an item that is listed is not in its list.
        context: How the run came to be read.
    """

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

    def __repr__(self) -> str:
        state = "settled" if self.is_settled else "not settled"
        return f"<SimulationRun {self.id} {self.status}, {state}, {len(self.results)} results>"

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
        were not fetched by id: `wait`, and `retrieve` with `complete=True`, do that.
        """
        read = self.context.read_singly
        gaps = {each.id for each in to_read_singly(self.results) if str(each.id) not in read}
        return tuple(each for each in self.conversations if each.id in gaps or each.is_awaited)

    @cached_property
    def by_digital_human(self) -> tuple[DigitalHuman, ...]:
        """The conversations by the digital human that led them, in the order in which each is listed first.

        A conversation without a digital human stands for itself.
        """
        return by_digital_human(self.conversations, self.copies)

    @cached_property
    def latency_unit(self) -> LatencyUnit | None:
        """The unit of the run's latencies, read from their size; None where that does not tell.

        Upstream does not document it (source: domain facts).
        """
        return unit_of(each.latency_received for each in self.results)

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
        return pass_rate(run.tests_passed, run.total_tests)

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
        return (*found, *not_in_contract([self.status], self.unknown_fields, self.results))

    @cached_property
    def raw_results(self) -> tuple[bytes, ...]:
        """The exact bytes of each result, in the order of `results`."""
        if not self.results:
            return ()
        items = msgspec.json.decode(self.raw, type=_RawResults).simulation_results or []
        return tuple(bytes(items[place]) for place in self.places)


@frozen
class _RawResults:
    simulation_results: list[msgspec.Raw] | None = None
