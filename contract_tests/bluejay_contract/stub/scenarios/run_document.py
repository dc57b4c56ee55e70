"""The documents that list results and runs, with counters computed like the service's."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

from .conversation import Document, moment, result, stamp

CREATED_AT = datetime(2026, 11, 19, 16, 4, tzinfo=UTC)
HISTORY = "731"
"""The simulation that has its own phone number, and runs that are earlier than its scenario's run."""

_NOT_YET_HELD = {"INITIALIZING", "QUEUED", "READY", "DISPATCHED", "RUNNING", "IN_PROGRESS", "PENDING"}
_NOT_YET_SCORED = {"CONVERSATION_ENDED", "EVALUATION_PENDING", "EVALUATING"}
_NOT_HELD = {
    "NO_CONNECTION", "NO_ANSWER", "REJECTED", "INCOMPLETED", "CALL_DROPPED", "ERROR", "FAILED",
    "CUSTOM_ERROR", "OUT_OF_FUNDS", "INSUFFICIENT_FUNDS", "SYSTEM_ERROR", "CANCELLED",
}  # fmt: skip


def results(
    run_id: str, conversations: Sequence[Document], created_at: datetime = CREATED_AT
) -> list[Document]:
    """Return the results of a run created at this time, in the order in which its conversations started."""
    return [
        result(each, int(run_id) * 10_000 + index + 1, created_at + timedelta(seconds=10.481337 + 7 * index))
        for index, each in enumerate(conversations)
    ]


def response(
    run_id: str, simulation_id: str, status: str, listed: list[Document], created_at: datetime = CREATED_AT
) -> Document:
    """Return the full response for a run, with counters computed from its results."""
    counts = Counter(map(_counted, listed))
    has_begun = status not in {"INITIALIZING", "RUNNING"}
    summary = f"{counts['passed']} of {len(listed)} callers reached their goal." if has_begun else None
    run = {
        "id": run_id,
        "simulation_id": simulation_id,
        "created_at": stamp(created_at),
        "summary": summary,
        "status": status,
        "total_tests": len(listed),
        "tests_passed": counts["passed"],
        # The service counts conversations that never took place, were dropped or skipped tools as failed.
        "tests_failed": counts["failed"] + counts["not held"],
        "tests_completed": counts["passed"] + counts["failed"] + counts["not scored"],
        "tests_incompleted": counts["not held"],
    }
    return {"simulation_run": run, "simulation_results": listed, "status": "200"}


def _counted(document: Document) -> str:
    """Return the counter in which the service counts a conversation, or "" if it hasn't ended."""
    status = re.sub(r"[\s-]", "_", f"{document['status']}").upper()
    if status in _NOT_HELD:
        return "not held"
    goal = _goal(document)
    is_documented = status in {"COMPLETED", *_NOT_YET_SCORED}
    if status in _NOT_YET_HELD or (goal is None and not is_documented):
        return ""
    if goal is None or status in _NOT_YET_SCORED:
        return "not scored"
    return "passed" if goal and _called_its_tools(document) else "failed"


def _goal(document: Document) -> bool | None:
    """Return the latest evaluation's goal verdict, preferably the reviewer's, or None if there is none."""
    evaluations = _objects(document.get("evaluations"))
    last = max(evaluations, key=lambda each: moment(each.get("created_at"), CREATED_AT), default={})
    answers = (last.get(name) for name in ("human_goal_success", "goal_success"))
    return next((each for each in answers if isinstance(each, bool)), None)


def _called_its_tools(document: Document) -> bool:
    groups = _objects(document.get("tool_calls"))
    called = [each.get("name") for each in groups if each.get("actual")]
    return all(each.get("name") in called for each in groups if each.get("expected"))


def _objects(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects in a list; a test might have replaced the list with any other value."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def run_list(runs: Iterable[Document]) -> Document:
    """Return the list of a simulation's runs.

    The service doesn't document an order, so the list isn't sorted by id or by time.

    Args:
        runs: The response for each run, with its results.
    """
    shuffled = sorted(runs, key=lambda each: crc32(str(each["simulation_run"]["id"]).encode()))
    return {"simulation_runs": [_listed(each["simulation_run"]) for each in shuffled]}


def _listed(run: Document) -> Document:
    status = run.get("status")
    required = {
        "id": int(run["id"]),
        "experiment_id": int(run["simulation_id"]),
        "created_at": run["created_at"],
        "status": status or "COMPLETED",  # the status can be null in the run, but is required in this list
    }
    others = {key: value for key, value in run.items() if key not in {*required, "simulation_id"}}
    if not others and "status" not in run:
        return required
    step = None if status is None else 1 if status in {"INITIALIZING", "RUNNING"} else 4
    number = "+14155550100" if run["simulation_id"] == HISTORY else None
    return {**required, **others, "curr_step_id": step, "phone_number": number}
