"""Decides the outcome of a conversation; see `docs/definitions.md`, Outcomes.

A conversation's status is a free-form string. Its case and spelling differ between versions of the service,
and new values appear. The meanings come from public descriptions.
"""

from __future__ import annotations

import functools
import re
from enum import StrEnum
from functools import cached_property
from typing import cast

from attrs import field, frozen
from bluejay_api.models import SimulationResultResponse

from ..errors import Violation
from .answers import Evaluations
from .reason import Reason, Why
from .run_state import RunState
from .valid_parts import without_indexes


class Outcome(StrEnum):
    """How a conversation ended."""

    PASSED = "passed"
    """The goal was reached, and every expected tool was called."""
    FAILED = "failed"
    """The goal was missed, or an expected tool was not called."""
    UNKNOWN = "unknown"
    """The conversation might have passed or failed; the data doesn't show which."""
    VOID = "void"
    """The account, the platform or a person stopped the conversation, so it doesn't count."""
    UNDER_WAY = "under way"
    """The conversation is running or being scored, or its scores or tool calls can still arrive."""


class Phase(StrEnum):
    """Whether a run or a conversation has ended."""

    UNDER_WAY = "under way"
    ENDED = "ended"
    UNKNOWN = "unknown"


class Owner(StrEnum):
    """Who has to act on a conversation."""

    AGENT = "the agent"
    """The agent."""
    CONFIGURATION = "the agent's configuration"
    """The agent's configuration."""
    LINE = "the agent or its line"
    """The agent or its phone line."""
    ACCOUNT = "the account"
    """The account."""
    PLATFORM = "the platform"
    """The platform."""
    CANCELLER = "whoever cancelled it"
    """Whoever cancelled the conversation."""


RUN_CUT_SHORT = frozenset({"INCOMPLETED", "INSUFFICIENT_FUNDS"})
"""Final run statuses after which conversations might stay under way forever."""
RUN_ENDED = RUN_CUT_SHORT | {"COMPLETED"}

UNDER_WAY = frozenset(
    {
        "INITIALIZING",
        "QUEUED",
        "READY",
        "DISPATCHED",
        "RUNNING",
        "IN_PROGRESS",
        "PENDING",
        "EVALUATION_PENDING",
        "EVALUATING",
        "CONVERSATION_ENDED",  # not final: the conversation has no scores yet
    }
)
VOID = frozenset({"OUT_OF_FUNDS", "INSUFFICIENT_FUNDS", "SYSTEM_ERROR", "CANCELLED"})
"""The account, the platform or a person stopped the conversation."""
INCONCLUSIVE = frozenset({"NO_CONNECTION", "NO_ANSWER", "REJECTED", "INCOMPLETED", "CUSTOM_ERROR"})
"""No conversation took place, or the simulation itself failed, and the agent might be the cause."""
ERRORS = frozenset({"ERROR", "FAILED"})
"""After these errors, a conversation can fail, but never passes."""
SCORED = frozenset({"COMPLETED", "CALL_DROPPED"})
"""The statuses with which a conversation can pass; it also can if the status is null."""
ENDED = VOID | INCONCLUSIVE | ERRORS | SCORED
PHASES = dict.fromkeys(UNDER_WAY, Phase.UNDER_WAY) | dict.fromkeys(ENDED, Phase.ENDED)
"""Whether a conversation with this status has ended."""
OWNERS = {
    "NO_CONNECTION": Owner.CONFIGURATION,
    "NO_ANSWER": Owner.LINE,
    "REJECTED": Owner.LINE,
    "CALL_DROPPED": Owner.LINE,
    "OUT_OF_FUNDS": Owner.ACCOUNT,
    "INSUFFICIENT_FUNDS": Owner.ACCOUNT,
    "SYSTEM_ERROR": Owner.PLATFORM,
    "CANCELLED": Owner.CANCELLER,
}
"""Who has to act on a conversation with this status."""


@functools.lru_cache(256)
def normalized(status: str | None) -> str:
    """Normalize a status: `no-answer` becomes NO_ANSWER, and None becomes an empty string."""
    name = re.sub(r"[\s_-]+", "_", (status or "").strip()).upper()
    return "CANCELLED" if name == "CANCELED" else name


@functools.lru_cache(256)
def run_phase(status: str | None) -> Phase:
    """Return whether a run with this status has ended. Runs use only a few of the conversation statuses."""
    name = normalized(status)
    if name in UNDER_WAY:
        return Phase.UNDER_WAY
    return Phase.ENDED if name in RUN_ENDED else Phase.UNKNOWN


_HIDES_STATUS = frozenset({"$.status"})
_HIDES_TOOLS = frozenset(
    {"$.tool_calls", "$.tool_calls[]", "$.tool_calls[].name"}
    | {f"$.tool_calls[].{side}{item}" for side in ("expected", "actual") for item in ("", "[]")}
)
_HIDES_GOAL = frozenset({"$.evaluations[].goal_success", "$.evaluations[].human_goal_success"})


@frozen(slots=False, eq=False)
class Evidence:
    """The data that decides a conversation's outcome.

    Attributes:
        response: The generated model with all fields.
        violations: The violations of the contract in the conversation; their paths start at its record.
        run: What is known about the conversation's run.
        status: The normalized status if it is known, such as NO_ANSWER; otherwise the status as received.
        evaluations: The conversation's evaluations.
    """

    response: SimulationResultResponse
    violations: tuple[Violation, ...]
    run: RunState
    status: str | None = field(init=False)
    evaluations: Evaluations = field(init=False)

    @status.default
    def _spelled_status(self) -> str | None:
        received = self.response.status
        return spelled if (spelled := normalized(received)) in PHASES else received

    @evaluations.default
    def _all_evaluations(self) -> Evaluations:
        return Evaluations(self.response.evaluations or (), self.violations)

    @property
    def phase(self) -> Phase:
        """Whether the conversation has ended, according to its status."""
        return PHASES.get(self.status or "", Phase.UNKNOWN)

    @cached_property
    def expected_tools(self) -> tuple[str, ...]:
        """The names of the tools that the agent was expected to call, in order."""
        return self._tools("expected")

    @cached_property
    def actual_tools(self) -> tuple[str, ...]:
        """The names of the tools that the agent called, in order."""
        return self._tools("actual")

    def _tools(self, side: str) -> tuple[str, ...]:
        named = [group.name for group in self.response.tool_calls or () if getattr(group, side)]
        # A name that breaks the contract is None.
        return tuple(dict.fromkeys(name for name in named if cast("str | None", name) is not None))

    @property
    def missing_tools(self) -> tuple[str, ...]:
        """The names of the expected tools that have no recorded call."""
        called = set(self.actual_tools)
        return tuple(name for name in self.expected_tools if name not in called)

    @property
    def has_ended(self) -> bool:
        """Whether the conversation has ended, according to its status.

        A conversation with a null or new status has ended if it has a verdict, or if its run has ended.
        """
        return self.phase is not Phase.UNDER_WAY and not self._is_unclear

    @property
    def _is_unclear(self) -> bool:
        """Whether the status is null or new, and nothing else shows that the conversation has ended."""
        return self.phase is Phase.UNKNOWN and not (self.run.has_ended or self.evaluations.have_verdict)

    @property
    def is_decided_by_status(self) -> bool:
        """Whether the status alone decides the outcome, so no verdict or tool call can change it."""
        return self.phase is Phase.UNDER_WAY or self._is_unclear or self.status in VOID | INCONCLUSIVE

    @cached_property
    def lacks_something(self) -> bool:
        """Whether the conversation has no verdict, or an expected tool has no recorded call."""
        return not self.evaluations.have_verdict or bool(self.missing_tools)

    @property
    def grace_left(self) -> float:
        """The seconds left for the verdict and the tool calls to arrive.

        If the run has ended but the conversation hasn't, these are the seconds left for the conversation to
        end.
        """
        grace = self.run.grace()
        if not self.has_ended and grace.seen and grace.seen.run is not None:
            return grace.run_left
        return grace.left(self.response.id, self.response.end_time)

    @cached_property
    def outcome_and_reason(self) -> tuple[Outcome, Reason]:
        """The outcome and its reason."""
        return self._by_status() or self._by_verdict()

    def _by_status(self) -> tuple[Outcome, Reason] | None:
        """Apply lines 1 to 3 of `docs/definitions.md`, Outcomes; return None if they don't decide."""
        status = self.status
        if status in VOID:
            return Outcome.VOID, Reason(Why.STOPPED, status)
        if hidden := self._hidden_by(_HIDES_STATUS):
            return Outcome.UNKNOWN, hidden
        is_cut_short = normalized(self.run.status) in RUN_CUT_SHORT and not self.run.grace().run_left
        if self.phase is Phase.UNDER_WAY and is_cut_short:
            return Outcome.UNKNOWN, Reason(Why.CUT_SHORT, status)
        if status in INCONCLUSIVE:
            return Outcome.UNKNOWN, Reason(Why.INCONCLUSIVE_STATUS, status)
        if self.is_decided_by_status:
            return Outcome.UNDER_WAY, Reason(Why.STATUS_UNDER_WAY, status)
        return None

    def _by_verdict(self) -> tuple[Outcome, Reason]:
        """Apply lines 4 to 10 of `docs/definitions.md`, Outcomes."""
        status, missing, goal = self.status, self.missing_tools, self.evaluations.goal_success
        verdict = self.evaluations.verdict
        said = (verdict.explanation, None, verdict.correction) if verdict else ()
        goal_hides = _HIDES_GOAL if goal is None else frozenset[str]()
        if hidden := self._hidden_by(_HIDES_TOOLS | self.evaluations.hiding | goal_hides, status):
            return Outcome.UNKNOWN, hidden
        if self.lacks_something and self.grace_left > 0:
            why = Why.CALLS_AWAITED if self.evaluations.have_verdict else Why.VERDICT_AWAITED
            return Outcome.UNDER_WAY, Reason(why, status, missing)
        if goal is None:
            why = Why.VERDICTS_DISAGREE if self.evaluations.disagree else Why.NO_VERDICT
            return Outcome.UNKNOWN, Reason(why, status)
        if self.expected_tools and not self.actual_tools:
            return Outcome.UNKNOWN, Reason(Why.NO_CALLS, status, self.expected_tools)
        failure = self.run.failed_fetches.get(str(self.response.id))
        if failure is not None and not self.response.tool_calls:
            return Outcome.UNKNOWN, Reason(Why.NOT_FETCHED, status, (), failure.rstrip("."))
        if not goal:
            return Outcome.FAILED, Reason(Why.GOAL_MISSED, status, missing, *said)
        if status is not None and status not in SCORED:
            return Outcome.UNKNOWN, Reason(Why.STATUS_ERROR, status)
        if missing:
            return Outcome.FAILED, Reason(Why.TOOLS_NOT_CALLED, status, missing, *said)
        return Outcome.PASSED, Reason(Why.GOAL_REACHED, status, (), *said)

    def _hidden_by(self, fields: frozenset[str], status: str | None = None) -> Reason | None:
        """Return the reason if any of these fields breaks the contract."""
        found = (each for each in self.violations if without_indexes(each.path) in fields)
        reasons = (Reason(Why.FIELD_HIDDEN, status, (), each.message, each.path) for each in found)
        return next(reasons, None)
