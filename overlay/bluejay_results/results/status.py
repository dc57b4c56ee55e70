"""What the statuses of HTTP responses, runs and conversations mean, and whether a conversation has ended.

A conversation's status is a free string. Its letter case and spelling differ between versions of the service,
and new values appear. The meanings come from public descriptions; see `docs/definitions.md`, Outcomes.
"""

import functools
import re
from enum import StrEnum

from bluejay_api.models import Evaluation, SimulationResultResponse


class Phase(StrEnum):
    """Whether a run or a conversation has ended."""

    UNDER_WAY = "under way"
    ENDED = "ended"
    UNKNOWN = "unknown"


RETRIED_STATUSES = frozenset({429, 500, 502, 503, 504})
"""HTTP statuses after which the same request is sent again."""

RUN_UNDER_WAY = frozenset({"INITIALIZING", "RUNNING"})
RUN_CUT_SHORT = frozenset({"INCOMPLETED", "INSUFFICIENT_FUNDS"})
"""Final statuses of a run that may leave conversations under way forever."""
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
NOT_CONNECTED = frozenset({"NO_CONNECTION", "NO_ANSWER", "REJECTED", "INCOMPLETED"})
"""No conversation took place, and the agent may be the cause."""
ERRORS = frozenset({"ERROR", "FAILED"})
"""With these statuses, a conversation never passes."""
ENDED = VOID | NOT_CONNECTED | ERRORS | {"COMPLETED", "CALL_DROPPED"}
OWNERS = {
    "NO_CONNECTION": "the agent's configuration",
    "NO_ANSWER": "the agent or its line",
    "REJECTED": "the agent or its line",
    "CALL_DROPPED": "the agent or its line",
    "OUT_OF_FUNDS": "the account",
    "INSUFFICIENT_FUNDS": "the account",
    "SYSTEM_ERROR": "the platform",
    "CANCELLED": "whoever cancelled it",
}
"""Who has to act on a conversation with this status."""


@functools.lru_cache(256)
def normalized(status: str | None) -> str:
    """Return a status in a uniform spelling: `no-answer` becomes NO_ANSWER, and None an empty string."""
    name = re.sub(r"[\s_-]+", "_", (status or "").strip()).upper()
    return "CANCELLED" if name == "CANCELED" else name


@functools.lru_cache(256)
def phase(status: str | None) -> Phase:
    """Return whether a conversation with this status has ended."""
    return _phase(status, UNDER_WAY, ENDED)


@functools.lru_cache(256)
def run_phase(status: str | None) -> Phase:
    """Return whether a run with this status has ended."""
    return _phase(status, RUN_UNDER_WAY, RUN_ENDED)


def _phase(status: str | None, under_way: frozenset[str], ended: frozenset[str]) -> Phase:
    name = normalized(status)
    if name in under_way:
        return Phase.UNDER_WAY
    return Phase.ENDED if name in ended else Phase.UNKNOWN


def has_ended(result: SimulationResultResponse) -> bool:
    """Whether a conversation has ended: its status is final, or unclear with a verdict."""
    where = phase(result.status)
    return where is Phase.ENDED or (where is Phase.UNKNOWN and has_verdict(result))


def has_verdict(result: SimulationResultResponse) -> bool:
    """Whether an evaluation that may be the last one says whether the goal was reached."""
    return any(each.goal_success is not None for each in last_evaluations(result))


def last_evaluations(result: SimulationResultResponse) -> tuple[Evaluation, ...]:
    """Return the evaluations that may be the one created last: with the latest time, or without a time."""
    evaluations = result.evaluations or []
    latest = max((each.created_at for each in evaluations if each.created_at), default=None)
    untimed = [each for each in evaluations if each.created_at is None]
    return (*untimed, *(each for each in evaluations if each.created_at and each.created_at == latest))
