"""The meanings of statuses, from their public descriptions; see docs/definitions.md, Outcomes.

The client has its own tables, because a check with the client's tables would repeat the client's faults.
"""

from __future__ import annotations

import re

RUN_CUT_SHORT = frozenset({"INCOMPLETED", "INSUFFICIENT_FUNDS"})
"""Final statuses of a run after which a conversation that is under way gets no further data."""
RUN_ENDED = RUN_CUT_SHORT | {"COMPLETED"}

UNDER_WAY = frozenset({
    "INITIALIZING", "QUEUED", "READY", "DISPATCHED", "RUNNING", "IN_PROGRESS", "PENDING",
    "EVALUATION_PENDING", "EVALUATING", "CONVERSATION_ENDED",
})  # fmt: skip
VOID = frozenset({"OUT_OF_FUNDS", "INSUFFICIENT_FUNDS", "SYSTEM_ERROR", "CANCELLED"})
"""Statuses of conversations that say nothing about the agent."""
NOT_SCORED = VOID | {"NO_CONNECTION", "NO_ANSWER", "REJECTED", "INCOMPLETED", "CUSTOM_ERROR"}
"""Statuses of conversations that can't be scored."""
NEVER_PASSED = NOT_SCORED | {"ERROR", "FAILED"}
LISTED_AMONG_FAILURES = frozenset({"CALL_DROPPED"})
"""Statuses of conversations that can pass, although the service lists the statuses among the failures."""
ENDED = NEVER_PASSED | {"COMPLETED"} | LISTED_AMONG_FAILURES


def normalized(status: str | None) -> str:
    """Return a status in one spelling: `No Answer` is NO_ANSWER; null is empty."""
    name = re.sub(r"[\s_-]+", "_", (status or "").strip()).upper()
    return "CANCELLED" if name == "CANCELED" else name
