"""Small valid documents, in which a test changes only the part that it tests."""

import json
from typing import Any

from bluejay_results import SimulationRun

Document = dict[str, Any]


def run(**fields: Any) -> Document:
    """The `simulation_run` object of a response: required fields, and these fields."""
    return {"id": "48213", "simulation_id": "731", "created_at": "2026-11-19T16:04:00Z"} | fields


def response(*results: Document, **run_fields: Any) -> Document:
    """A complete response with a run and its results; by default, the run has ended."""
    return {
        "simulation_run": run(**({"status": "COMPLETED"} | run_fields)),
        "simulation_results": list(results),
        "status": "200",
    }


def result(id_: int = 1, **fields: Any) -> Document:
    """A conversation that has ended and passed."""
    return {"id": id_, "status": "COMPLETED", "evaluations": [evaluation()]} | fields


def evaluation(**fields: Any) -> Document:
    """An evaluation whose goal was reached."""
    return {"agent_speak_percentage": 50, "avg_agent_latency": 800, "goal_success": True} | fields


def tool_calls(name: str = "book", *, expected: int = 1, actual: int = 1) -> Document:
    return {"name": name, "expected": [{}] * expected, "actual": [{}] * actual}


def encoded(document: Any) -> bytes:
    return json.dumps(document).encode()


def saved_run(*results: Document, **run_fields: Any) -> SimulationRun:
    """The run read from a saved `response` with these results and fields; violations are collected."""
    return SimulationRun.from_bytes(encoded(response(*results, **run_fields)), on_violation="collect")
