"""A run and its counters, computed the way the service computes them."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from .conversation import Conversation, result
from .parts import Document, moment, stamp

CREATED_AT = datetime(2026, 11, 19, 16, 4, tzinfo=UTC)
_NOT_YET_HELD = {"INITIALIZING", "QUEUED", "READY", "DISPATCHED", "RUNNING", "IN_PROGRESS", "PENDING"}
_NOT_YET_SCORED = {"CONVERSATION_ENDED", "EVALUATION_PENDING", "EVALUATING"}
_NOT_HELD = {
    "NO_CONNECTION", "NO_ANSWER", "REJECTED", "INCOMPLETED", "CALL_DROPPED", "ERROR", "FAILED",
    "CUSTOM_ERROR", "OUT_OF_FUNDS", "INSUFFICIENT_FUNDS", "SYSTEM_ERROR", "CANCELLED",
}  # fmt: skip


def results(
    run_id: str, conversations: Sequence[Conversation], created_at: datetime = CREATED_AT
) -> list[Document]:
    """The results of a run that was created at this time, in the order in which its conversations started."""
    starts = (created_at + timedelta(seconds=10.481337 + 7 * index) for index in range(len(conversations)))
    return [
        result(conversation, int(run_id) * 10_000 + number, start)
        for number, (conversation, start) in enumerate(zip(conversations, starts, strict=True), 1)
    ]


def response(
    run_id: str,
    simulation_id: str,
    status: str,
    listed: list[Document],
    created_at: datetime = CREATED_AT,
) -> Document:
    """The whole response, with counters computed from the results."""
    counters = _counters(listed)
    return {
        "simulation_run": {
            "id": run_id,
            "simulation_id": simulation_id,
            "created_at": stamp(created_at),
            "summary": _summary(status, counters),
            "status": status,
            **counters,
        },
        "simulation_results": listed,
        "status": "200",
    }


def _summary(status: str, counters: Mapping[str, int]) -> str | None:
    if status in {"INITIALIZING", "RUNNING"}:
        return None
    return f"{counters['tests_passed']} of {counters['total_tests']} callers reached their goal."


def _counters(listed: Sequence[Document]) -> dict[str, int]:
    counts = Counter(map(_counted, listed))
    return {
        "total_tests": len(listed),
        "tests_passed": counts["passed"],
        # The service counts a conversation as failed if it wasn't held, was dropped or skipped its tools.
        "tests_failed": counts["failed"] + counts["not held"],
        "tests_completed": counts["passed"] + counts["failed"] + counts["not scored"],
        "tests_incompleted": counts["not held"],
    }


def _counted(document: Document) -> Literal["passed", "failed", "not scored", "not held", "not yet held"]:
    """Return what the service counts a conversation as."""
    status = re.sub(r"[\s-]", "_", f"{document['status']}").upper()
    if status in _NOT_HELD:
        return "not held"
    if status in _NOT_YET_HELD:
        return "not yet held"
    goal = _goal(document)
    if goal is None and status != "COMPLETED" and status not in _NOT_YET_SCORED:
        return "not yet held"  # a status that isn't documented
    if goal is None or status in _NOT_YET_SCORED:
        return "not scored"
    return "passed" if goal and _called_its_tools(document) else "failed"


def _goal(document: Document) -> bool | None:
    """Return the last answer about the goal, a reviewer's rather than the judge's; None if there is none."""
    evaluations = _objects(document.get("evaluations"))
    last = max(evaluations, key=lambda each: moment(each.get("created_at"), CREATED_AT), default={})
    answers = (last.get(name) for name in ("human_goal_success", "goal_success"))
    return next((each for each in answers if isinstance(each, bool)), None)


def _called_its_tools(document: Document) -> bool:
    groups = _objects(document.get("tool_calls"))
    expected, called = (
        [each.get("name") for each in groups if each.get(side)] for side in ("expected", "actual")
    )
    return all(name in called for name in expected)


def _objects(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects in a list; a test may have replaced the list by anything."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
