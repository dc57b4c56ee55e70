"""A run and its counters, computed the way the service computes them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from .conversation import Conversation, result
from .parts import Document, stamp

CREATED_AT = datetime(2026, 11, 19, 16, 4, tzinfo=UTC)
_HELD = {"COMPLETED", "CONVERSATION_ENDED", "EVALUATION_PENDING", "EVALUATING"}
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
    statuses = [document["status"].upper().replace(" ", "_") for document in listed]
    passed = sum(map(_passed, listed))
    not_held = sum(status in _NOT_HELD for status in statuses)
    return {
        "total_tests": len(listed),
        "tests_passed": passed,
        # The service counts a conversation as failed if it never took place or skipped its tools.
        "tests_failed": statuses.count("COMPLETED") - passed + not_held,
        "tests_completed": sum(status in _HELD for status in statuses),
        "tests_incompleted": not_held,
    }


def _passed(document: Document) -> bool:
    evaluations = document.get("evaluations") or ()
    if document["status"] != "COMPLETED" or not evaluations:
        return False
    current = max(evaluations, key=lambda evaluation: datetime.fromisoformat(evaluation["created_at"]))
    tools = document.get("tool_calls") or ()
    return current["goal_success"] is True and all(tool["actual"] for tool in tools if tool["expected"])
