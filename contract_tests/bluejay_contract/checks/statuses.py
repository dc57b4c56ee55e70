"""The meaning of each status, from the public descriptions; see docs/definitions.md, Outcomes.

The client's own tables aren't used here, because they would repeat the client's faults.
"""

from __future__ import annotations

import re

RUN_CUT_SHORT = frozenset({"INCOMPLETED", "INSUFFICIENT_FUNDS"})
"""Final run statuses after which no more data arrives for a conversation under way."""
RUN_ENDED = RUN_CUT_SHORT | {"COMPLETED"}

UNDER_WAY = frozenset({
    "INITIALIZING", "QUEUED", "READY", "DISPATCHED", "RUNNING", "IN_PROGRESS", "PENDING",
    "EVALUATION_PENDING", "EVALUATING", "CONVERSATION_ENDED",
})  # fmt: skip
VOID = frozenset({"OUT_OF_FUNDS", "INSUFFICIENT_FUNDS", "SYSTEM_ERROR", "CANCELLED"})
"""Conversation statuses that say nothing about the agent."""
NOT_SCORED = VOID | {"NO_CONNECTION", "NO_ANSWER", "REJECTED", "INCOMPLETED", "CUSTOM_ERROR"}
"""Conversation statuses that can't be scored."""
NEVER_PASSED = NOT_SCORED | {"ERROR", "FAILED"}
LISTED_AMONG_FAILURES = frozenset({"CALL_DROPPED"})
"""Conversation statuses that the service lists as failures, although the conversation can pass."""
ENDED = NEVER_PASSED | {"COMPLETED"} | LISTED_AMONG_FAILURES


def normalized(status: str | None) -> str:
    """Normalize a status: `No Answer` becomes NO_ANSWER, and null becomes an empty string."""
    name = re.sub(r"[\s_-]+", "_", (status or "").strip()).upper()
    return "CANCELLED" if name == "CANCELED" else name
