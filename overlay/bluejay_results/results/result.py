"""One simulated conversation and its outcome."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import cached_property, partial
from typing import cast

from attrs import define, evolve, field
from bluejay_api.models import Evaluation, Event, SimulationResultResponse, ToolCallComparisonGroup

from ..errors import Violation
from ..reading.json_path import without_indexes
from .answers import Answer, Correction, Question, answer_to, answers, effective, metric_answer, uncorrected
from .json_output import document
from .latency import LatencySummary, agent_latency, unit_of
from .metrics import Metric
from .outcome import Outcome, Reason, Why
from .page import Record
from .status import (
    ERRORS,
    INCONCLUSIVE,
    OWNERS,
    PHASES,
    RUN_CUT_SHORT,
    VOID,
    Owner,
    Phase,
    RunState,
    normalized,
)

_HIDES_EVALUATION = frozenset({"$.evaluations", "$.evaluations[]"})
_HIDES_ORDER = frozenset({"$.evaluations[].created_at"})
_HIDES_TOOLS = frozenset(
    {"$.tool_calls", "$.tool_calls[]", "$.tool_calls[].name"}
    | {f"$.tool_calls[].{side}{item}" for side in ("expected", "actual") for item in ("", "[]")}
)

_HIDES_GOAL = frozenset({"$.evaluations[].goal_success", "$.evaluations[].human_goal_success"})


@define(frozen=True, eq=False, slots=False)
class SimulationResult:
    """One simulated conversation.

    Attributes:
        response: The generated model with all fields.
        records: The records of the conversation in pages and fetches by id, in the order of their arrival.
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
        """The id of the result."""
        return self.response.id

    @property
    def run_id(self) -> str | None:
        """The id of the run; None if the conversation was fetched without its run."""
        return self._run.id

    @property
    def digital_human_id(self) -> int | None:
        """The id of the simulated caller; None if the service sent none."""
        return self.response.digital_human_id

    @cached_property
    def status(self) -> str | None:
        """A known status in a uniform spelling: `No Answer` becomes NO_ANSWER. Any other status as received.

        `response.status` is always the status as received.
        """
        received = self.response.status
        return spelled if (spelled := normalized(received)) in PHASES else received

    @property
    def _phase(self) -> Phase:
        return PHASES.get(self.status or "", Phase.UNKNOWN)

    @property
    def evaluation(self) -> Evaluation | None:
        """The current evaluation as received: the one that was created last.

        It has both the judge's answers and a reviewer's; `answers` has those that count.

        None if there is no evaluation yet, or if violations leave open which one is current. If times don't
        show which evaluation was created last, the last one in `last_evaluations` is the current evaluation.
        """
        if self._hidden_by(self._hides_current):
            return None
        return self._may_be_last[-1] if self._may_be_last else None

    @cached_property
    def _may_be_last(self) -> tuple[Evaluation, ...]:
        """The evaluations with the latest time or without a time: any of them may have been created last."""
        evaluations = self.response.evaluations or []
        latest = max((each.created_at for each in evaluations if each.created_at), default=None)
        untimed = [each for each in evaluations if each.created_at is None]
        return (*untimed, *(each for each in evaluations if each.created_at and each.created_at == latest))

    @cached_property
    def last_evaluations(self) -> tuple[Evaluation, ...]:
        """The evaluations that may have been created last, with the reviewers' answers."""
        return tuple(effective(each, self._violated) for each in self._may_be_last)

    @property
    def effective_evaluation(self) -> Evaluation | None:
        """The current evaluation with a reviewer's answers instead of the judge's."""
        return None if self.evaluation is None else self.last_evaluations[-1]

    @cached_property
    def answers(self) -> tuple[Answer, ...]:
        """The answers in the current evaluation that count: a reviewer's answer replaces the judge's."""
        return () if self.evaluation is None else tuple(answers(self.evaluation, self._violated))

    @property
    def all_answers(self) -> tuple[Answer, ...]:
        """The answers that count, then the verdicts about the goal of the other evaluations."""
        others = (each for each in self.response.evaluations or () if each is not self.evaluation)
        verdicts = ((answer_to(Question.GOAL, each, self._violated), each.created_at) for each in others)
        return (*self.answers, *(evolve(each, evaluated_at=at, is_current=False) for each, at in verdicts))

    @property
    def corrections(self) -> tuple[Answer, ...]:
        """The answers that a reviewer corrected, each with the judge's answer in its `correction`."""
        return tuple(each for each in self.answers if each.correction)

    @property
    def last_correction(self) -> Correction | None:
        """The correction that was made last: of several at the same or an unknown time, one of these."""
        found = [each.correction for each in self.answers if each.correction]
        first = datetime.datetime.min.replace(tzinfo=datetime.UTC)
        return max(found, key=lambda each: each.corrected_at or first, default=None)

    @property
    def as_judged(self) -> SimulationResult:
        """The same conversation as if no reviewer had corrected the verdict about the goal."""
        if all(each.human_goal_success is None for each in self._may_be_last):
            return self
        return evolve(self, response=uncorrected(self.response))

    @cached_property
    def _has_verdict(self) -> bool:
        """Whether there is a verdict about the goal in one of the evaluations that may be the last."""
        is_known = self.evaluation is not None
        return is_known and any(each.goal_success is not None for each in self.last_evaluations)

    @property
    def _verdicts_disagree(self) -> bool:
        """Whether evaluations disagree about the goal, and their times leave open which one is the last."""
        return len({each.goal_success for each in self.last_evaluations}) > 1

    @property
    def goal_success(self) -> bool | None:
        """Whether the goal was reached, by the reviewer or else by the judge, who may ignore skipped tools.

        None if there is no verdict yet, or if the evaluations that may be the last disagree.
        """
        if self._verdicts_disagree or self.effective_evaluation is None:
            return None
        return self.effective_evaluation.goal_success

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The custom metrics of the current evaluation, with their answers as numbers."""
        received = (self.evaluation and self.evaluation.custom_metrics) or ()
        return tuple(Metric.of(each, metric_answer(each, self._violated)) for each in received)

    @property
    def tool_calls(self) -> tuple[ToolCallComparisonGroup, ...]:
        """The expected and the actual calls of each tool; empty if there are none."""
        return tuple(self.response.tool_calls or ())

    @property
    def summary(self) -> str | None:
        """The service's summary of the conversation, in the current evaluation; None if there is none."""
        return None if self.evaluation is None else self.evaluation.call_summary

    @property
    def events(self) -> tuple[Event, ...]:
        """The events as received; empty if there are none."""
        return tuple(self.response.events or ())

    @property
    def was_fetched_by_id(self) -> bool:
        """Whether a record of the conversation was fetched by id."""
        return any(each.place is None for each in self.records)

    @cached_property
    def expected_tools(self) -> tuple[str, ...]:
        """The names of the tools that the agent had to call, in order."""
        return self._tools("expected")

    @cached_property
    def actual_tools(self) -> tuple[str, ...]:
        """The names of the tools that the agent called, in order."""
        return self._tools("actual")

    @property
    def missing_tools(self) -> tuple[str, ...]:
        """The names of the expected tools that the agent never called."""
        return tuple(name for name in self.expected_tools if name not in self.actual_tools)

    def _tools(self, side: str) -> tuple[str, ...]:
        named = [group.name for group in self.response.tool_calls or () if getattr(group, side)]
        # A name that breaks the contract is None.
        return tuple(dict.fromkeys(name for name in named if cast("str | None", name) is not None))

    @property
    def latency(self) -> LatencySummary:
        """How long the agent took to answer, in the unit of the run."""
        return agent_latency(self.evaluation, self._run.latency_unit())

    @property
    def latency_ms(self) -> LatencySummary | None:
        """The latencies in milliseconds; None if the unit is not known."""
        return self.latency.in_milliseconds()

    @property
    def duration(self) -> datetime.timedelta | None:
        """The end of the conversation minus its start; None if a time is unknown or the end comes first.

        `response.duration` isn't used, because it may be in milliseconds or in seconds.
        """
        start, end = self.response.start_time, self.response.end_time
        return end - start if start and end and end >= start else None

    @cached_property
    def _violated(self) -> frozenset[str]:
        """The names of the fields in evaluations that break the contract."""
        inside = (each.path for each in self.violations if each.path.startswith("$.evaluations["))
        return frozenset(path.rpartition(".")[2] for path in inside)

    @property
    def _hides_current(self) -> frozenset[str]:
        """If one of these fields breaks the contract, it isn't known which evaluation is current."""
        is_one_of_several = len(self.response.evaluations or []) > 1
        return _HIDES_EVALUATION | _HIDES_ORDER if is_one_of_several else _HIDES_EVALUATION

    def _hidden_by(self, fields: frozenset[str]) -> Violation | None:
        return next((each for each in self.violations if without_indexes(each.path) in fields), None)

    @property
    def has_ended(self) -> bool:
        """Whether the conversation has ended, by its status.

        With a null or new status, the conversation has ended if there is a verdict, or if its run has ended.
        """
        is_unclear = self._phase is Phase.UNKNOWN
        return self._phase is Phase.ENDED or (is_unclear and (self._has_verdict or self._run.has_ended))

    @property
    def lacks_something(self) -> bool:
        """Whether the conversation has no verdict, or an expected tool has no recorded call."""
        return not self._has_verdict or bool(self.missing_tools)

    @property
    def is_decided_by_status(self) -> bool:
        """Whether the status alone decides the outcome, so that no verdict and no tool call can change it."""
        where = self._phase
        is_unclear = where is Phase.UNKNOWN and not self._has_verdict and not self._run.has_ended
        return where is Phase.UNDER_WAY or is_unclear or self.status in VOID | INCONCLUSIVE

    @property
    def is_awaited(self) -> bool:
        """Whether the conversation lacks a verdict or calls that may still arrive."""
        return self.outcome is Outcome.UNDER_WAY and not self.is_decided_by_status

    @property
    def is_incomplete(self) -> bool:
        """Whether a verdict or tool calls may be missing, as in `SimulationRun.incomplete`."""
        return self.id in self._run.incomplete()

    @property
    def grace_left(self) -> float:
        """How many seconds are left in which the verdict and the tool calls may still arrive.

        If the run has ended but the conversation has not, this is how long the conversation may still take
        to end.
        """
        grace = self._run.grace
        if not self.has_ended and grace.seen and grace.seen.run is not None:
            return grace.run_left
        return grace.left(self.id, self.response.end_time)

    @property
    def outcome(self) -> Outcome:
        """How the conversation ended."""
        return self._judgement[0]

    @property
    def reason(self) -> Reason:
        """Why the conversation has its outcome; `str` gives one line."""
        return self._judgement[1]

    @property
    def owner(self) -> Owner | None:
        """Who has to act, such as the account; None if nobody has to act, or if that is not known."""
        if self.outcome is Outcome.FAILED:
            return OWNERS.get(self.status or "", Owner.AGENT)
        return OWNERS.get(self.status or "") if self.status in VOID | INCONCLUSIVE else None

    @cached_property
    def _judgement(self) -> tuple[Outcome, Reason]:
        return self._by_status() or self._by_verdict()

    def _by_status(self) -> tuple[Outcome, Reason] | None:
        """Apply lines 1 to 3 of `docs/definitions.md`, Outcomes; return None if these don't decide."""
        status, received, where = self.status, self.response.status, self._phase
        if status in VOID:
            return Outcome.VOID, Reason(Why.STOPPED, received)
        if hidden := self._hidden_by(frozenset({"$.status"})):
            reason = Reason(Why.FIELD_HIDDEN, explanation=hidden.message, path=hidden.path)
            return Outcome.UNKNOWN, reason
        is_cut_short = normalized(self._run.status) in RUN_CUT_SHORT and not self._run.grace.run_left
        if where is Phase.UNDER_WAY and is_cut_short:
            return Outcome.UNKNOWN, Reason(Why.CUT_SHORT, received)
        if status in INCONCLUSIVE:
            return Outcome.UNKNOWN, Reason(Why.INCONCLUSIVE_STATUS, received)
        if self.is_decided_by_status:
            return Outcome.UNDER_WAY, Reason(Why.STATUS_UNDER_WAY, received)
        return None

    def _by_verdict(self) -> tuple[Outcome, Reason]:
        """Apply lines 4 to 10 of `docs/definitions.md`, Outcomes."""
        received, missing, goal = self.response.status, self.missing_tools, self.goal_success
        verdict = answer_to(Question.GOAL, self.evaluation, self._violated) if self.evaluation else None
        said = (verdict.explanation, None, verdict.correction) if verdict else ()
        hides = _HIDES_TOOLS | self._hides_current | (_HIDES_GOAL if goal is None else frozenset())
        if hidden := self._hidden_by(hides):
            reason = Reason(Why.FIELD_HIDDEN, received, explanation=hidden.message, path=hidden.path)
            return Outcome.UNKNOWN, reason
        if self.lacks_something and self.grace_left > 0:
            why = Why.CALLS_AWAITED if self._has_verdict else Why.VERDICT_AWAITED
            return Outcome.UNDER_WAY, Reason(why, received, missing)
        if goal is None:
            why = Why.VERDICTS_DISAGREE if self._verdicts_disagree else Why.NO_VERDICT
            return Outcome.UNKNOWN, Reason(why, received)
        if self.expected_tools and not self.actual_tools:
            return Outcome.UNKNOWN, Reason(Why.NO_CALLS, received, self.expected_tools)
        if not goal:
            return Outcome.FAILED, Reason(Why.GOAL_MISSED, received, missing, *said)
        if self.status in ERRORS:
            return Outcome.UNKNOWN, Reason(Why.STATUS_ERROR, received)
        if missing:
            return Outcome.FAILED, Reason(Why.TOOLS_NOT_CALLED, received, missing, *said)
        return Outcome.PASSED, Reason(Why.GOAL_REACHED, received, (), *said)

    def to_json(self) -> bytes:
        """Return the conversation as JSON, as `show --result --json` writes it."""
        return document("bluejay-results/result", self)


def result_alone(record: Record) -> SimulationResult:
    """Return the conversation of a record that was fetched without its run."""
    result = SimulationResult(record.response, RunState(), (record,))
    return evolve(result, run=RunState(latency_unit=partial(unit_of, [result.latency.average])))


def to_fetch_by_id(results: Sequence[SimulationResult]) -> tuple[SimulationResult, ...]:
    """Return the conversations to fetch by id, because a large run's list leaves out tool calls.

    A conversation that lacks a verdict or a call of an expected tool is fetched. If any conversation of the
    run expects tools, conversations without tool calls are fetched too. A conversation whose status decides
    its outcome is not fetched. See `docs/definitions.md`, What a run is read from.
    """
    expects_tools = any(each.expected_tools for each in results)
    return tuple(
        each
        for each in results
        if not each.is_decided_by_status and (each.lacks_something or (expects_tools and not each.tool_calls))
    )
