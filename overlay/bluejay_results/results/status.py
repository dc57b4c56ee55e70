"""What the statuses of HTTP responses, runs and conversations mean.

A conversation's status is a free string. Its letter case and spelling differ between versions of the service,
and new values appear. The meanings come from public descriptions; see `docs/definitions.md`, Outcomes.
"""

import functools
import re
from enum import StrEnum


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
    """The agent or its line."""
    ACCOUNT = "the account"
    """The account."""
    PLATFORM = "the platform"
    """The platform."""
    CANCELLER = "whoever cancelled it"
    """Whoever cancelled the conversation."""


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
    """Return a status in a uniform spelling: `no-answer` becomes NO_ANSWER, and None an empty string."""
    name = re.sub(r"[\s_-]+", "_", (status or "").strip()).upper()
    return "CANCELLED" if name == "CANCELED" else name


@functools.lru_cache(256)
def run_phase(status: str | None) -> Phase:
    """Return whether a run with this status has ended."""
    name = normalized(status)
    if name in RUN_UNDER_WAY:
        return Phase.UNDER_WAY
    return Phase.ENDED if name in RUN_ENDED else Phase.UNKNOWN
