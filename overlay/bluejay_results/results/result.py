"""One simulated conversation and its outcome."""

from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from attrs import define

from .received_result import ReceivedResult
from .status import (
    NEVER_PASS,
    NOT_MEASURED,
    OWNERS,
    RUN_CUT_SHORT,
    Phase,
    normalized,
    phase,
)

_HIDES_TOOLS = frozenset(
    {"$.tool_calls", "$.tool_calls[]", "$.tool_calls[].name"}
    | {f"$.tool_calls[].{side}{item}" for side in ("expected", "actual") for item in ("", "[]")}
)


class Outcome(StrEnum):
    """How a conversation ended; see `docs/definitions.md`, Pass, fail and void."""

    PASSED = "passed"
    """The agent reached the goal and called every expected tool."""
    FAILED = "failed"
    """The conversation took place and did not pass."""
    VOID = "void"
    """A failed measurement, neither a pass nor a fail: keep it out of a score."""
    UNDER_WAY = "under way"
    """The conversation is still taking place or being scored."""


class _Judgement(NamedTuple):
    outcome: Outcome
    reason: str
    is_without_calls: bool = False


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
        """Whether the conversation's status is final.

        If the status is null or unknown, a conversation with a goal verdict has ended.
        """
        where = phase(self.status)
        return where is Phase.ENDED or (where is Phase.UNKNOWN and self.goal_success is not None)

    @property
    def is_awaited(self) -> bool:
        """Whether the conversation is over and lacks something that may still arrive."""
        is_measured = self.is_over and self.status not in NOT_MEASURED
        return is_measured and self.lacks_something and self.tool_call_seconds_left > 0

    @property
    def is_over(self) -> bool:
        """Whether the conversation is over.

        It is over if it or its run has ended, and its status doesn't mean that it is under way.
        """
        return phase(self.status) is not Phase.UNDER_WAY and (self.has_ended or self._run.has_ended)

    @property
    def lacks_something(self) -> bool:
        """Whether the conversation has no verdict, or an expected tool has no recorded call."""
        return self.goal_success is None or bool(self.missing_tools)

    @property
    def lacks_tool_calls(self) -> bool:
        """Whether the conversation took place and has expected tools, but no recorded tool call."""
        is_void = self.status in NOT_MEASURED
        return not is_void and bool(self._expected) and not self._actual

    @property
    def tool_call_seconds_left(self) -> float:
        """How many seconds are left in which the verdict and the tool calls may still arrive."""
        return self._run.grace.left(self.id, self.response.end_time)

    @property
    def outcome(self) -> Outcome:
        """How the conversation ended, judged by its status, its goal verdict and its tool calls."""
        return self._judgement.outcome

    @property
    def reason(self) -> str:
        """The reason for `outcome`, in one line."""
        return " ".join(self._judgement.reason.split())

    @property
    def is_void_without_calls(self) -> bool:
        """Whether the conversation is void because it has expected tools and no recorded tool call."""
        return self._judgement.is_without_calls

    @property
    def is_goal_missed(self) -> bool:
        """Whether the conversation failed because the goal was not reached."""
        return self.outcome is Outcome.FAILED and self.goal_success is False

    @property
    def doubt(self) -> str:
        """Why the conversation may have failed although it doesn't count as failed; empty without a doubt.

        The gate and `compare` conclude "ship", "better" or "no meaningful change" only if they conclude the
        same with every doubtful conversation counted as failed.
        """
        return self._run.doubts.get(self.id, "")

    @property
    def owner(self) -> str | None:
        """Who must act on a failed or void conversation, such as `the account`; None for other outcomes.

        The owner of a failed conversation is `the agent`. The owner of a void conversation may be `unknown`.
        """
        if self.outcome is Outcome.FAILED:
            return "the agent"
        return OWNERS.get(self.status or "", "unknown") if self.outcome is Outcome.VOID else None

    @property
    def _hides_outcome(self) -> frozenset[str]:
        """The fields whose violation hides the outcome of a conversation that took place."""
        if self.status in NEVER_PASS:  # no tool call can change the outcome
            return self._hides_current
        return _HIDES_TOOLS | self._hides_current | {"$.status"}

    @cached_property
    def _judgement(self) -> _Judgement:
        status, received = self.status, self.response.status or "null"
        run_status = normalized(self._run.status)
        is_cut_short = run_status in RUN_CUT_SHORT and not self._run.grace.run_left
        if phase(status) is Phase.UNDER_WAY and is_cut_short:
            return _Judgement(Outcome.VOID, f"still {received} when the run ended {run_status}")
        if not self.is_over:
            return _Judgement(Outcome.UNDER_WAY, f"status {received}, still taking place or being scored")
        if status in NOT_MEASURED:
            return _Judgement(Outcome.VOID, f"status {status}; owner: {OWNERS[status or '']}")
        if self.is_awaited:
            missing = ", ".join(self.missing_tools)
            awaited = "no verdict yet" if self.goal_success is None else f"no call recorded yet of {missing}"
            return _Judgement(Outcome.UNDER_WAY, awaited)
        if hidden := self._hidden_by(self._hides_outcome):
            return _Judgement(Outcome.VOID, f"can't be judged: {hidden.message} at {hidden.path}")
        if status in NEVER_PASS:
            if self.goal_success is not False:
                return _Judgement(Outcome.VOID, f"status {status}; owner: {OWNERS[status or '']}")
        elif self.lacks_tool_calls:
            return _Judgement(
                Outcome.VOID,
                f"no tool call recorded, expected {', '.join(self.expected_tools)}",
                is_without_calls=True,
            )
        return self._verdict()

    def _verdict(self) -> _Judgement:
        """Judge a conversation that took place by its goal and its tools."""
        if self._evaluation is None or self.goal_success is None:
            return _Judgement(
                Outcome.VOID, f"status {self.response.status or 'null'}, without a goal verdict"
            )
        reasoning = self._evaluation.goal_reasoning or "no reason given"
        if not self.goal_success:
            return _Judgement(Outcome.FAILED, f"goal not reached: {reasoning}")
        if self.missing_tools:
            return _Judgement(Outcome.FAILED, f"goal reached without calling {', '.join(self.missing_tools)}")
        return _Judgement(Outcome.PASSED, reasoning)
