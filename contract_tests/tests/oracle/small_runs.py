"""Runs of a few conversations, each with a given outcome."""

from typing import Any

from .outcomes import Json

RUN: Json = {"id": "1", "simulation_id": "1", "created_at": "2026-11-20T09:59:00Z", "status": "COMPLETED"}
END = "2026-11-20T10:00:00Z"


def conversation(number: int, kind: str, human: int | None = None, **fields: Any) -> Json:
    """Return a conversation with this outcome."""
    statuses = {"unknown": "NO_ANSWER", "void": "SYSTEM_ERROR", "under way": "EVALUATING"}
    scores = {"agent_speak_percentage": 50, "avg_agent_latency": 900, "goal_success": kind == "passed"}
    evaluations = [scores] if kind in {"passed", "failed"} else None
    status = statuses.get(kind, "COMPLETED")
    return {"id": number, "digital_human_id": human, "status": status, "evaluations": evaluations} | fields


def run_of(*kinds: str, callers: int | None = None) -> Json:
    """Return a run with one conversation per kind, each with another caller or in turn with `callers`."""
    results = [
        conversation(number, kind, number % (callers or len(kinds))) for number, kind in enumerate(kinds)
    ]
    return {"simulation_run": {**RUN, "total_tests": len(kinds)}, "simulation_results": results}
