"""The reason for a conversation's outcome, as data and as one line of text."""

from __future__ import annotations

from enum import StrEnum
from typing import cast

from attrs import frozen

from .answers import Correction


class Why(StrEnum):
    """The kinds of reasons for an outcome."""

    STOPPED = "stopped"
    """According to the status, the account, the platform or a person stopped the conversation."""
    CUT_SHORT = "cut short"
    """The conversation was under way when its run ended early."""
    STATUS_UNDER_WAY = "status under way"
    """According to the status, the conversation is under way.

    Or the status is null or new, there is no verdict, and the run is under way.
    """
    INCONCLUSIVE_STATUS = "inconclusive status"
    """By its status, no conversation took place or the simulation failed, possibly because of the agent."""
    FIELD_HIDDEN = "field breaks the contract"
    """A field that decides the outcome breaks the contract."""
    VERDICT_AWAITED = "verdict may still arrive"
    """There is no verdict yet, but it can still arrive."""
    CALLS_AWAITED = "calls may still arrive"
    """An expected tool has no recorded call yet, but the call can still arrive."""
    VERDICTS_DISAGREE = "verdicts disagree"
    """Evaluations disagree about the goal, and their times don't show which is the latest."""
    NO_VERDICT = "no verdict"
    """There is no verdict."""
    NO_CALLS = "no tool call recorded"
    """Tools were expected, but no call at all is recorded."""
    NOT_FETCHED = "could not be fetched by id"
    """The last fetch by id failed, so nobody has read whether tools were expected."""
    GOAL_MISSED = "goal missed"
    """The goal was missed."""
    STATUS_ERROR = "status of an error"
    """The goal was reached, but the status is an error, or new to this version."""
    TOOLS_NOT_CALLED = "tools not called"
    """The goal was reached, but an expected tool was not called."""
    GOAL_REACHED = "goal reached"
    """The goal was reached, and every expected tool was called."""


_BY_STATUS = frozenset({Why.STOPPED, Why.INCONCLUSIVE_STATUS, Why.STATUS_ERROR})


@frozen
class Reason:
    """The reason for a conversation's outcome, as a kind and its data; `str(reason)` is one line of text.

    Attributes:
        why: The kind of reason.
        status: The status, in its usual spelling if it is known; None if it is null.
        tools: The expected tools that were not called, or that have no recorded call.
        explanation: The reasoning for the goal verdict, how a field breaks the contract, or why the fetch by
            id failed; None if there is none.
        path: The JSON path of the field that breaks the contract; None for other reasons.
        correction: The judge's goal verdict; None if no reviewer corrected it.
    """

    why: Why
    status: str | None = None
    tools: tuple[str, ...] = ()
    explanation: str | None = None
    path: str | None = None
    correction: Correction | None = None

    @property
    def is_status(self) -> bool:
        """Whether the status alone is the reason."""
        return self.why in _BY_STATUS

    def __str__(self) -> str:
        status = "null" if self.status is None else self.status or '""'
        tools = ", ".join(self.tools)
        said = (self.explanation or "").strip()
        missed = (said.rstrip(".") if tools else said) or "goal not reached"
        not_called = f"; tools not called: {tools}" if tools else ""
        text = {
            Why.STOPPED: f"status {status}",
            Why.CUT_SHORT: f"still {status} when the run ended",
            Why.STATUS_UNDER_WAY: f"status {status}, still running or being scored",
            Why.INCONCLUSIVE_STATUS: f"status {status}",
            Why.FIELD_HIDDEN: f"the field at {self.path} is invalid ({self.explanation})",
            Why.VERDICT_AWAITED: "no verdict yet",
            Why.CALLS_AWAITED: f"tool calls not recorded yet: {tools}",
            Why.VERDICTS_DISAGREE: "its evaluations disagree, and their times don't show which is the latest",
            Why.NO_VERDICT: f"status {status}, but no verdict",
            Why.NO_CALLS: f"expected {tools}, but no tool call was recorded",
            Why.NOT_FETCHED: f"expected tools unknown: it could not be fetched by id ({said})",
            Why.GOAL_MISSED: f"{missed}{not_called}",
            Why.STATUS_ERROR: f"status {status}, although the goal was reached",
            Why.TOOLS_NOT_CALLED: f"goal reached without calling {tools}",
            Why.GOAL_REACHED: said or "goal reached",
        }[self.why]
        return " ".join(self._with_correction(text).split())

    def _with_correction(self, text: str) -> str:
        if self.correction is None:
            return text
        answers = {True: "goal reached", False: "goal not reached", None: "nothing about the goal"}
        said = answers[cast("bool | None", self.correction.judge_answer)]
        because = f": {self.correction.judge_explanation}" if self.correction.judge_explanation else ""
        return f"{text.rstrip('.')}; corrected by a reviewer (the judge answered {said}{because})"
