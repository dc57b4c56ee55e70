"""Scenario: a bank tests its phone service, which sends values that the contract doesn't document."""

from collections.abc import Callable, Mapping
from typing import Any

from .builder import run
from .parts import Document, event, metric

_SIMULATION = "732"
_TIMES = {"created_at", "start_time", "end_time"}

_UNDOCUMENTED: Mapping[str, Document] = {
    "simulation_run": {"retried_runs": ["48212"], "triggered_by": {"kind": "ci", "attempt": 2}},
    "simulation_results": {"needs_review": True, "retries": 0, "region": "eu-central-1"},
    "events": {"confidence": 0.93},
    "evaluations": {"is_final": False, "judge": {"model": "judge-7", "votes": [True, True, False]}},
    "latency": {"p999_agent_latency": 1_640},
    "filler_ignored_latency": {"max_filler_ignored_latency": 1_800},
    "custom_metrics": {"weight": 0.5},
    "tool_calls": {"matched": None},
    "expected": {"required": True},
    "actual": {"duration_ms": 412, "error": None},
}


def unknown_status(run_id: str) -> list[Document]:
    """A run and conversations in statuses that are not documented."""
    others = [{"status": "TRANSFERRED"}, {"status": "awaiting review"}]
    return [run(passed=1, under_way=others, id=run_id, simulation_id=_SIMULATION, status="FINALIZING")]


def unknown_fields(run_id: str) -> list[Document]:
    """A run with an undocumented field in every object."""
    return [{**_mapped(_extended, _completed(run_id)), "region": "eu-central-1"}]


def zoneless_times(run_id: str) -> list[Document]:
    """A run whose times do not say that they are UTC."""
    return [_mapped(_zoneless, _completed(run_id))]


def _completed(run_id: str) -> Document:
    """A run with the types of metrics that no other scenario has."""
    blocked = [metric("card_blocked_first", True), metric("call_reason", "other")]
    balance = [
        metric("card_blocked_first", "not applicable"),
        metric("amounts_named", '{"balance": 1204.55}'),
        metric("balance_tool_called", True),
    ]
    passed = [
        {"evaluation": {"custom_metrics": scores}, "events": [event("Tool called", 24_900, tag="tool")]}
        for scores in (blocked, balance)
    ]
    return run(passed=passed, failed=1, id=run_id, simulation_id=_SIMULATION)


def _mapped(change: Callable[[str, Any], Any], node: Any, key: str = "") -> Any:
    """Apply a change to every value in a document, the innermost first."""
    if isinstance(node, dict):
        node = {name: _mapped(change, value, name) for name, value in node.items()}
    elif isinstance(node, list):
        return [_mapped(change, item, key) for item in node]
    return change(key, node)


def _extended(key: str, value: Any) -> Any:
    return value | _UNDOCUMENTED.get(key, {}) if isinstance(value, dict) else value


def _zoneless(key: str, value: Any) -> Any:
    return value.removesuffix("Z") if key in _TIMES else value
