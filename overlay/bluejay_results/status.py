"""What the status of a run or of a conversation means.

A conversation's status is a free string whose case and spelling differ between versions of the service,
and new values appear (source: the project's domain facts, from public descriptions).
"""

import functools
import re
from enum import StrEnum


class Phase(StrEnum):
    """How far along a run or a conversation is."""

    UNDER_WAY = "under way"
    ENDED = "ended"
    UNKNOWN = "unknown"


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
        "CONVERSATION_ENDED",  # reads like an end; the scores are still to come
    }
)
NOT_MEASURED = {
    "NO_CONNECTION": "the agent's configuration",
    "NO_ANSWER": "the agent or its line",
    "OUT_OF_FUNDS": "the account",
    "SYSTEM_ERROR": "the platform",
    "CANCELLED": "whoever cancelled it",
}
"""Statuses of a conversation that never took place or was not the agent's to finish, and who must act."""

BROKEN_OFF = {
    "CALL_DROPPED": "the agent or its line",
    "ERROR": "unknown",
    "FAILED": "unknown",
}
"""Statuses of a conversation that took place and ended badly, and who must act."""

NEVER_CONNECTED = frozenset({"NO_CONNECTION", "NO_ANSWER", "OUT_OF_FUNDS"})
ENDED = frozenset({"COMPLETED", "INCOMPLETED", "INSUFFICIENT_FUNDS", *NOT_MEASURED, *BROKEN_OFF})


@functools.lru_cache(256)  # asked five times a conversation: a fifth of `show` of 100,000
def normalized(status: str | None) -> str:
    """Return a status in one spelling: `No Answer` and `no-answer` are NO_ANSWER; null is empty."""
    name = re.sub(r"[\s_-]+", "_", (status or "").strip()).upper()
    return "CANCELLED" if name == "CANCELED" else name


def phase(status: str | None) -> Phase:
    """Return how far along `status` says that something is.

    A status that is on no list and reads as an activity, such as TRANSCRIBING, is under way: a wait that
    took it for an end would read half a score.
    """
    name = normalized(status)
    if name in UNDER_WAY or (name not in ENDED and name.endswith("ING")):
        return Phase.UNDER_WAY
    return Phase.ENDED if name in ENDED else Phase.UNKNOWN
