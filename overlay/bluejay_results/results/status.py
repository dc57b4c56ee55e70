"""What a status means: of an HTTP answer, of a run or of a conversation.

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


RETRIED_STATUSES = frozenset({429, 500, 502, 503, 504})
"""HTTP statuses after which the same request is sent again."""

RUN_UNDER_WAY = frozenset({"INITIALIZING", "RUNNING"})
RUN_CUT_SHORT = frozenset({"INCOMPLETED", "INSUFFICIENT_FUNDS"})
"""Ends of a run after which conversations may stay under way forever."""
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
        "CONVERSATION_ENDED",  # not an end: it has no scores yet
    }
)
NOT_MEASURED = {
    "NO_CONNECTION": "the agent's configuration",
    "NO_ANSWER": "the agent or its line",
    "REJECTED": "the agent or its line",
    "OUT_OF_FUNDS": "the account",
    "INSUFFICIENT_FUNDS": "the account",
    "SYSTEM_ERROR": "the platform",
    "CANCELLED": "whoever cancelled it",
    "INCOMPLETED": "unknown",
}
"""Statuses that make a conversation void, and the owner: who has to act."""

NEVER_PASS = {"ERROR": "unknown", "FAILED": "unknown"}
"""Statuses that never pass: failed if the goal was not reached, else void; and the owner."""

OWNERS = {**NOT_MEASURED, **NEVER_PASS, "CALL_DROPPED": "the agent or its line"}
NEVER_CONNECTED = frozenset({"NO_CONNECTION", "NO_ANSWER", "REJECTED", "OUT_OF_FUNDS", "INSUFFICIENT_FUNDS"})
ENDED = frozenset({"COMPLETED", *OWNERS})


# Called five times a conversation: without the cache it takes a fifth of `show` of 100,000.
@functools.lru_cache(256)
def normalized(status: str | None) -> str:
    """Return a status in one spelling: `No Answer` and `no-answer` are NO_ANSWER; null is empty."""
    name = re.sub(r"[\s_-]+", "_", (status or "").strip()).upper()
    return "CANCELLED" if name == "CANCELED" else name


def phase(status: str | None) -> Phase:
    """Return how far along a conversation with this status is."""
    return _phase(status, UNDER_WAY, ENDED)


def run_phase(status: str | None) -> Phase:
    """Return how far along a run with this status is."""
    return _phase(status, RUN_UNDER_WAY, RUN_ENDED)


def _phase(status: str | None, under_way: frozenset[str], ended: frozenset[str]) -> Phase:
    name = normalized(status)
    if name in under_way:
        return Phase.UNDER_WAY
    return Phase.ENDED if name in ended else Phase.UNKNOWN
