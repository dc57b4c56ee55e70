"""A simulation run: its conversations, and the numbers computed from them."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from os import PathLike
from pathlib import Path

from attrs import define

from ..errors import UsageError
from ..reading.body import OnViolation
from .digital_human import DigitalHuman, by_digital_human
from .incomplete import to_fetch_by_id
from .latency import LatencyUnit, unit_of
from .notes import contradictions, failed_fetches, left_out, missing, not_in_contract, unusual_end
from .outcome import Outcome
from .pass_rate import pass_rate
from .received_run import ReceivedRun
from .result import SimulationResult
from .status import Phase, run_phase

_HIDES_PROGRESS = {"$.simulation_results", "$.simulation_results[]", "$.simulation_results[].status"}
_HIDES_END = _HIDES_PROGRESS | {"$.simulation_run.status", "$.simulation_run.total_tests"}


@define(frozen=True, eq=False, slots=False)
class SimulationRun(ReceivedRun):
    """One run of a simulation with all of its conversations.

    Attributes:
        pages: The pages of the run, each as it was read last, in the order of their offsets.
        earlier: Earlier readings of pages, which show when conversations or the run had first ended.
        fetched: The records of conversations that were fetched by id, in the order of their arrival.
        failed_fetches: The conversations that could not be fetched by id.
        settings: How a client read the run; None if the run was read from bytes.
    """

    @classmethod
    def from_file(cls, path: str | PathLike[str], *, on_violation: OnViolation = "raise") -> SimulationRun:
        """Read a recording (a HAR file that `save` or `--har` wrote) or a saved body.

        From a recording, you get the run exactly as the client returned it, with the same grace period and
        notes. For a body, see `from_bytes`.

        Raises:
            OSError: The file can't be read.
            UsageError: The file is the output of `--json`, or a HAR file without a run or with several runs.
            ContractViolationError: The body breaks the contract.
            UnsupportedValueError: The contract allows the body, but this package can't represent it.
            BluejayError: The error that the recorded call raised.
        """
        # Imported by name, because the client replays recordings and imports this module.
        saved = import_module("..client.saved_runs", __package__)
        run: SimulationRun = saved.run_in(Path(path).read_bytes(), str(path), on_violation)
        return run

    def __repr__(self) -> str:
        state = "settled" if self.is_settled else "not settled"
        return f"<SimulationRun {self.id} {self.status}, {state}, {len(self.results)} results>"

    @cached_property
    def results(self) -> tuple[SimulationResult, ...]:
        """The conversations, oldest first; empty if there are none yet. Each id occurs once.

        A conversation that occurs in several responses has the evaluations and the tool calls of all of them;
        every other field is from the response that was read last.
        """
        models = self.response.simulation_results or []
        return tuple(
            SimulationResult(model, self, tuple(records))
            for model, records in zip(models, self._groups, strict=True)
        )

    def result(self, result_id: int | str) -> SimulationResult:
        """Return the conversation with this id.

        Raises:
            UsageError: The run doesn't list this id.
        """
        for each in self.results:
            if str(each.id) == str(result_id):
                return each
        raise UsageError(f"Run {self.id} lists no conversation {result_id}. Use an id from run.results.")

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
        """The conversations that may have passed or failed; `missing_count` counts those without a record."""
        return self.results_by_outcome[Outcome.UNKNOWN]

    @property
    def void(self) -> tuple[SimulationResult, ...]:
        """The conversations that say nothing about the agent."""
        return self.results_by_outcome[Outcome.VOID]

    @property
    def under_way(self) -> tuple[SimulationResult, ...]:
        """The conversations that are running or being scored, or whose scores or calls may still arrive."""
        return self.results_by_outcome[Outcome.UNDER_WAY]

    @cached_property
    def missing_count(self) -> int:
        """The number of conversations that were counted or queued but aren't listed; each is unknown."""
        return max(self.expected_count - len(self.results), len(self.missing_ids), 0)

    @cached_property
    def results_by_outcome(self) -> dict[Outcome, tuple[SimulationResult, ...]]:
        """The conversations by outcome; each id occurs once, and every outcome is a key."""
        grouped: dict[Outcome, list[SimulationResult]] = {outcome: [] for outcome in Outcome}
        for result in self.results:
            grouped[result.outcome].append(result)
        return {outcome: tuple(results) for outcome, results in grouped.items()}

    @cached_property
    def has_ended(self) -> bool:
        """Whether the run's own status is final; its scores may not be complete yet.

        A run with a null or unknown status has ended if it counts at least one conversation, lists all of the
        conversations that it counts, and each of these has ended.
        """
        where = run_phase(self.status)
        if where is not Phase.UNKNOWN:
            return where is Phase.ENDED
        if self._fields_violated & _HIDES_END:
            return False
        total = self.expected_count
        return 0 < total <= len(self.results) and all(result.has_ended for result in self.results)

    @property
    def missing_ids(self) -> tuple[str, ...]:
        """The ids of the results that were queued with the run, but that it does not list."""
        queued = self._queued_ids
        listed = {str(each.id) for each in self.results} if queued else set()
        return tuple(each for each in queued if each not in listed)

    @property
    def _waits_for_missing(self) -> bool:
        return self.missing_count > 0 and self.grace.run_left > 0

    @cached_property
    def incomplete(self) -> tuple[SimulationResult, ...]:
        """The conversations that can't be judged yet.

        Either their tool calls may still arrive, or the list may have left out their tool calls and they were
        not fetched by id. `wait`, and `retrieve` with `complete=True`, fetch them by id.
        """
        gaps = {each.id for each in to_fetch_by_id(self.results) if not each.was_fetched_by_id}
        return tuple(each for each in self.results if each.id in gaps or each.is_awaited)

    @cached_property
    def by_digital_human(self) -> tuple[DigitalHuman, ...]:
        """The conversations of each digital human, in the order of their first appearance in the list.

        A conversation without a digital human is a separate group.
        """
        return by_digital_human(self.results)

    @cached_property
    def latency_unit(self) -> LatencyUnit | None:
        """The unit of the run's latencies, inferred from their size; None if the size doesn't show it.

        The service doesn't document the unit. See `docs/definitions.md`, Rules about figures.
        """
        measured = (each for each in self.results if each.outcome is not Outcome.VOID)
        return unit_of(each.latency_received for each in measured)

    @property
    def is_settled(self) -> bool:
        """Whether the run has ended, no conversation is under way, and none is missing from the list.

        A conversation is under way if its status says so, or if its tool calls may still arrive, which takes
        one to two minutes. Only `wait` also allows this time for missing conversations, and after a run ended
        INCOMPLETED or INSUFFICIENT_FUNDS. See `docs/definitions.md`, Settled.
        """
        if self._fields_violated & _HIDES_PROGRESS:
            return False
        return self.has_ended and not self._waits_for_missing and not self.under_way

    @property
    def pass_rate(self) -> float | None:
        """The share of the run's conversations that passed, 0 to 1, from the run's own counters.

        None if a counter is null, the total is 0, or the counters contradict each other. The rate changes
        until the run is settled.
        """
        run = self.response.simulation_run
        return pass_rate(run.tests_passed, run.total_tests)

    @property
    def judged_pass_rate(self) -> float | None:
        """The share of the conversations with a known outcome that passed, 0 to 1; None without any.

        This is passed / (passed + failed). The rate changes until the run is settled.
        """
        known = len(self.passed) + len(self.failed)
        return len(self.passed) / known if known else None

    @property
    def pass_rate_bounds(self) -> tuple[float, float] | None:
        """The lowest and the highest possible pass rate, 0 to 1; None without any conversation that counts.

        The lowest counts every unknown or missing conversation as failed, the highest as passed.
        """
        unknown, passed = len(self.unknown) + self.missing_count, len(self.passed)
        total = passed + len(self.failed) + unknown
        return (passed / total, (passed + unknown) / total) if total else None

    @cached_property
    def contradictions(self) -> tuple[str, ...]:
        """The contradictions between the counters and the conversations of a settled run, one line each.

        See `docs/definitions.md`, Ship or not. A null counter contradicts nothing. If the body breaks the
        contract, nothing is compared.
        """
        if not self.is_settled or self.violations:
            return ()
        return tuple(contradictions(self.response.simulation_run, self.results, self.missing_count))

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """Notes to read before trusting the numbers, one line each.

        They report violations, an unusual end of the run, how many conversations are unknown, void or missing
        and why, contradictions, failed fetches by id, and statuses and fields that the contract doesn't list.
        The notes quote received text.
        """
        found = []
        if self.violations:
            found.append(f"violations of the contract: {len(self.violations)}; the counters were not checked")
        found += [
            *unusual_end(self.status),
            *left_out("unknown", self.unknown),
            *left_out("void", self.void),
            *missing(self.missing_count),
            *self.contradictions,
            *failed_fetches(self.failed_fetches),
        ]
        return (*found, *not_in_contract([self.status], self.unknown_fields, self.results))
