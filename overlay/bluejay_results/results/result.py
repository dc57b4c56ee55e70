"""One simulated conversation and its outcome."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import cached_property, partial

from attrs import define, evolve, field
from bluejay_api.models import Evaluation, Event, SimulationResultResponse, ToolCallComparisonGroup

from ..errors import Violation
from .answers import Answer, Correction, Evaluations, uncorrected
from .latency import LatencySummary, agent_latency, unit_of
from .outcome import INCONCLUSIVE, OWNERS, VOID, Evidence, Outcome, Owner
from .page import Record
from .reason import Reason, Why
from .run_state import RunState


@define(frozen=True, eq=False, slots=False)
class SimulationResult:
    """One simulated conversation.

    Attributes:
        response: The generated model with all fields.
        records: The records of the conversation from pages and fetches by id, in the order they arrived.
    """

    response: SimulationResultResponse = field(repr=False)
    _run: RunState = field(repr=False)
    records: tuple[Record, ...] = field(repr=False)

    def __repr__(self) -> str:
        return f"<SimulationResult {self.id} {self.outcome.value}>"

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """The violations of the contract in this conversation; their paths start at its record."""
        return tuple(violation for each in self.records for violation in each.violations)

    @property
    def id(self) -> int:
        """The result's id."""
        return self.response.id

    @property
    def run_id(self) -> str | None:
        """The run's id; None if the conversation was fetched without its run."""
        return self._run.id

    @property
    def digital_human_id(self) -> int | None:
        """The simulated caller's id; None if the service sent none."""
        return self.response.digital_human_id

    @cached_property
    def _evidence(self) -> Evidence:
        return Evidence(self.response, self.violations, self._run)

    @property
    def _evaluations(self) -> Evaluations:
        return self._evidence.evaluations

    @property
    def status(self) -> str | None:
        """The status, normalized if it is known (`No Answer` becomes NO_ANSWER), otherwise as received.

        `response.status` is always as received.
        """
        return self._evidence.status

    @cached_property
    def evaluation(self) -> Evaluation | None:
        """The current evaluation, which is the most recently created one, as received.

        It contains both the judge's and the reviewer's answers; `answers` contains the ones that count.

        None if there is no evaluation yet, or if violations hide which one is current. If the timestamps
        don't show which evaluation was created last, the current one is the last item in `last_evaluations`.
        """
        return self._evaluations.current

    @property
    def last_evaluations(self) -> tuple[Evaluation, ...]:
        """The evaluations that might be the latest, with reviewers' answers applied."""
        return self._evaluations.last

    @property
    def effective_evaluation(self) -> Evaluation | None:
        """The current evaluation with a reviewer's answers instead of the judge's."""
        return None if self.evaluation is None else self.last_evaluations[-1]

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers in the current evaluation that count: a reviewer's answer overrides the judge's."""
        return self._evaluations.answers

    @property
    def all_answers(self) -> tuple[Answer, ...]:
        """The answers that count, followed by the goal verdicts from the other evaluations."""
        return (*self.answers, *self._evaluations.earlier_verdicts)

    @property
    def corrections(self) -> tuple[Answer, ...]:
        """The answers that a reviewer corrected; `correction` has the judge's answer."""
        return tuple(each for each in self.answers if each.correction)

    @property
    def last_correction(self) -> Correction | None:
        """The latest correction; any of them if several have the same time or no known time."""
        found = [each.correction for each in self.answers if each.correction]
        first = datetime.datetime.min.replace(tzinfo=datetime.UTC)
        return max(found, key=lambda each: each.corrected_at or first, default=None)

    @property
    def as_judged(self) -> SimulationResult:
        """The same conversation without reviewers' corrections of the goal verdict."""
        if all(each.human_goal_success is None for each in self._evaluations.may_be_last):
            return self
        return evolve(self, response=uncorrected(self.response))

    @property
    def goal_success(self) -> bool | None:
        """Whether the goal was reached, according to the reviewer if there is one, otherwise the judge.

        The judge might overlook tools that the agent skipped. None if there is no verdict yet, or if the
        evaluations that might be the latest disagree.
        """
        return self._evaluations.goal_success

    @property
    def tool_calls(self) -> tuple[ToolCallComparisonGroup, ...]:
        """Each tool's expected and actual calls; empty if there are none."""
        return tuple(self.response.tool_calls or ())

    @property
    def summary(self) -> str | None:
        """The service's summary of the conversation, from the current evaluation; None if there is none."""
        return None if self.evaluation is None else self.evaluation.call_summary

    @property
    def events(self) -> tuple[Event, ...]:
        """The events as received; empty if there are none."""
        return tuple(self.response.events or ())

    @property
    def was_fetched_by_id(self) -> bool:
        """Whether a record of the conversation was fetched by id."""
        return any(each.place is None for each in self.records)

    @property
    def expected_tools(self) -> tuple[str, ...]:
        """The names of the tools that the agent was expected to call, in order."""
        return self._evidence.expected_tools

    @property
    def actual_tools(self) -> tuple[str, ...]:
        """The names of the tools that the agent called, in order."""
        return self._evidence.actual_tools

    @property
    def missing_tools(self) -> tuple[str, ...]:
        """The names of the expected tools that have no recorded call.

        Only in a failed conversation is it certain that the agent didn't call them.
        """
        return self._evidence.missing_tools

    @property
    def latency(self) -> LatencySummary:
        """How long the agent took to respond, in the run's latency unit."""
        return agent_latency(self.evaluation, self._run.latency_unit())

    @property
    def latency_ms(self) -> LatencySummary | None:
        """The latencies in milliseconds; None if the unit is unknown."""
        return self.latency.in_milliseconds()

    @property
    def duration(self) -> datetime.timedelta | None:
        """The time between the conversation's start and end; None if one is unknown or the end comes first.

        `response.duration` isn't used, because its unit can be milliseconds or seconds.
        """
        start, end = self.response.start_time, self.response.end_time
        return end - start if start and end and end >= start else None

    @property
    def has_ended(self) -> bool:
        """Whether the conversation has ended, judging by its status.

        With a null or new status, the conversation has ended if there is a verdict, or if its run has ended.
        """
        return self._evidence.has_ended

    @property
    def is_awaited(self) -> bool:
        """Whether a verdict or tool calls are missing and can still arrive."""
        return self.reason.why in {Why.VERDICT_AWAITED, Why.CALLS_AWAITED}

    @property
    def is_incomplete(self) -> bool:
        """Whether a verdict or tool calls might be missing, as in `SimulationRun.incomplete`."""
        return self.id in self._run.incomplete()

    @property
    def grace_left(self) -> float:
        """The seconds left for the verdict and the tool calls to arrive.

        If the run has ended but the conversation has not, these are the seconds left for the conversation to
        end.
        """
        return self._evidence.grace_left

    @property
    def outcome(self) -> Outcome:
        """How the conversation ended."""
        return self._evidence.outcome_and_reason[0]

    @property
    def reason(self) -> Reason:
        """The reason for the conversation's outcome; `str(reason)` is one line."""
        return self._evidence.outcome_and_reason[1]

    @property
    def owner(self) -> Owner | None:
        """Who has to act, such as the account; None if nobody has to, or if it is unknown."""
        if self.outcome is Outcome.FAILED:
            return OWNERS.get(self.status or "", Owner.AGENT)
        return OWNERS.get(self.status or "") if self.status in VOID | INCONCLUSIVE else None


def result_alone(record: Record) -> SimulationResult:
    """Return the conversation from a record that was fetched without its run."""
    result = SimulationResult(record.response, RunState(), (record,))
    return evolve(result, run=RunState(latency_unit=partial(unit_of, [result.latency.average])))


def never_requested(results: Sequence[SimulationResult]) -> tuple[SimulationResult, ...]:
    """Return the conversations to fetch by id that have not been requested by id so far."""
    return tuple(
        each
        for each in to_fetch_by_id(results)
        if not each.was_fetched_by_id and str(each.id) not in each._run.failed_fetches
    )


def to_fetch_by_id(results: Sequence[SimulationResult]) -> tuple[SimulationResult, ...]:
    """Return the conversations to fetch by id because a large run's list omits tool calls.

    These are the conversations without a verdict or a call to an expected tool and, if any conversation in
    the run expects tools, those without tool calls. A conversation whose status decides its outcome is not
    fetched. See `docs/definitions.md`, What a run is read from.
    """
    expects_tools = any(each.expected_tools for each in results)
    return tuple(
        each
        for each in results
        if not each._evidence.is_decided_by_status
        and (each._evidence.lacks_something or (expects_tools and not each.tool_calls))
    )
