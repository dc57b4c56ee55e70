"""One simulated conversation and its outcome."""

from __future__ import annotations

from functools import cached_property

from attrs import define

from .outcome import Outcome, Reason, Why
from .received_result import ReceivedResult
from .status import (
    ERRORS,
    NOT_CONNECTED,
    OWNERS,
    RUN_CUT_SHORT,
    VOID,
    Phase,
    normalized,
    phase,
)

_HIDES_TOOLS = frozenset(
    {"$.tool_calls", "$.tool_calls[]", "$.tool_calls[].name"}
    | {f"$.tool_calls[].{side}{item}" for side in ("expected", "actual") for item in ("", "[]")}
)

_HIDES_GOAL = frozenset({"$.evaluations[].goal_success"})


@define(frozen=True, eq=False, slots=False)
class SimulationResult(ReceivedResult):
    """One simulated conversation.

    Attributes:
        response: The generated model with all fields.
        records: The records of the conversation in pages and fetches by id, in the order of their arrival.
    """

    def __repr__(self) -> str:
        return f"<SimulationResult {self.id} {self.outcome.value}>"

    @property
    def has_ended(self) -> bool:
        """Whether the conversation has ended: its status is final, or unclear with a verdict."""
        where = phase(self.status)
        return where is Phase.ENDED or (where is Phase.UNKNOWN and self._has_verdict)

    @property
    def lacks_something(self) -> bool:
        """Whether the conversation has no verdict, or an expected tool has no recorded call."""
        return not self._has_verdict or bool(self.missing_tools)

    @property
    def is_decided_by_status(self) -> bool:
        """Whether the status alone decides the outcome, so that no verdict and no tool call can change it."""
        where = phase(self.status)
        is_unclear = where is Phase.UNKNOWN and not self._has_verdict and not self._run.has_ended
        return where is Phase.UNDER_WAY or is_unclear or self.status in VOID | NOT_CONNECTED

    @property
    def is_awaited(self) -> bool:
        """Whether the conversation lacks a verdict or calls that may still arrive."""
        return self.outcome is Outcome.UNDER_WAY and not self.is_decided_by_status

    @property
    def grace_left(self) -> float:
        """How many seconds are left in which the verdict and the tool calls may still arrive.

        A conversation that has not ended, in a run that has ended, has the grace of its run.
        """
        grace = self._run.grace
        if not self.has_ended and grace.run_seen is not None:
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
    def owner(self) -> str | None:
        """Who has to act, such as `the account`; None if nobody has to, or nobody is known."""
        if self.outcome is Outcome.FAILED:
            return OWNERS.get(self.status or "", "the agent")
        return OWNERS.get(self.status or "") if self.status in VOID | NOT_CONNECTED else None

    @cached_property
    def _judgement(self) -> tuple[Outcome, Reason]:
        return self._by_status() or self._by_verdict()

    def _by_status(self) -> tuple[Outcome, Reason] | None:
        """Apply the first three lines of the definitions."""
        status, received, where = self.status, self.response.status, phase(self.status)
        if status in VOID:
            return Outcome.VOID, Reason(Why.STOPPED, received)
        if hidden := self._hidden_by(frozenset({"$.status"})):
            found = f"{hidden.message} at {hidden.path}"
            return Outcome.UNKNOWN, Reason(Why.FIELD_HIDDEN, explanation=found)
        if where is Phase.UNDER_WAY and self._is_cut_short:
            return Outcome.UNKNOWN, Reason(Why.CUT_SHORT, received)
        if status in NOT_CONNECTED:
            return Outcome.UNKNOWN, Reason(Why.NOT_CONNECTED, received)
        if self.is_decided_by_status:
            return Outcome.UNDER_WAY, Reason(Why.STATUS_UNDER_WAY, received)
        return None

    @property
    def _is_cut_short(self) -> bool:
        """Whether the run ended early, and the grace is over."""
        return normalized(self._run.status) in RUN_CUT_SHORT and not self._run.grace.run_left

    def _by_verdict(self) -> tuple[Outcome, Reason]:
        """Apply the other lines of the definitions."""
        received, missing, goal = self.response.status, self.missing_tools, self.goal_success
        explanation = self.evaluation.goal_reasoning if self.evaluation else None
        hides = _HIDES_TOOLS | self._hides_current | (_HIDES_GOAL if goal is None else frozenset())
        if hidden := self._hidden_by(hides):
            found = f"{hidden.message} at {hidden.path}"
            return Outcome.UNKNOWN, Reason(Why.FIELD_HIDDEN, received, explanation=found)
        if self.lacks_something and self.grace_left > 0:
            why = Why.CALLS_AWAITED if self._has_verdict else Why.VERDICT_AWAITED
            return Outcome.UNDER_WAY, Reason(why, received, missing)
        if goal is None:
            why = Why.VERDICTS_DISAGREE if self.has_disagreeing_verdicts else Why.NO_VERDICT
            return Outcome.UNKNOWN, Reason(why, received)
        if self.expected_tools and not self.actual_tools:
            return Outcome.UNKNOWN, Reason(Why.NO_CALLS, received, self.expected_tools)
        if not goal:
            return Outcome.FAILED, Reason(Why.GOAL_MISSED, received, missing, explanation)
        if self.status in ERRORS:
            return Outcome.UNKNOWN, Reason(Why.STATUS_ERROR, received)
        if missing:
            return Outcome.FAILED, Reason(Why.TOOLS_NOT_CALLED, received, missing, explanation)
        return Outcome.PASSED, Reason(Why.GOAL_REACHED, received, (), explanation)
