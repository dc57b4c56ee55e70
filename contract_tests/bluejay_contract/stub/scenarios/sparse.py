"""Scenario: a quiz service whose runs leave out every optional field, or have null where it is allowed."""

from collections.abc import Callable, Mapping
from typing import Any

from .builder import run
from .parts import Document, event

_EVENTS = [event("Applause", 30_000, 32_000, tag="sound", volume=3)]
_REQUIRED: Mapping[str, frozenset[str]] = {
    "simulation_run": frozenset({"id", "simulation_id", "created_at"}),
    "simulation_results": frozenset({"id"}),
    "evaluations": frozenset({"agent_speak_percentage", "avg_agent_latency"}),
    "latency": frozenset(),
    "filler_ignored_latency": frozenset(),
    "custom_metrics": frozenset({"name", "description", "response_type", "response_value"}),
    "events": frozenset({"title", "start_offset_ms"}),
    "tool_calls": frozenset({"name"}),
    "expected": frozenset(),
    "actual": frozenset(),
}
"""The fields that an object always has, by the object's key in the document."""

_NULLABLE = frozenset({"agent_speak_percentage", "avg_agent_latency"})
"""Fields that are always present, and null if they were not measured."""

_NEVER_NULL = frozenset({"id", "created_at", "expected", "actual"})

_INNER = ("latency", "filler_ignored_latency", "custom_metrics", "events", "expected", "actual")


def left_out(run_id: str) -> list[Document]:
    """A run without results, then with three results, each without the optional fields of one level."""

    def bare(key: str, value: Document) -> Document:
        return {name: inner for name, inner in value.items() if name in _REQUIRED[key]}

    whole = _reduced(run_id, bare)
    shown = bare("simulation_run", whole["simulation_run"])
    return [
        {"simulation_run": shown},
        {"simulation_run": shown, "simulation_results": whole["simulation_results"]},
    ]


def nulls(run_id: str) -> list[Document]:
    """A run with null wherever the contract allows it."""

    def blank(key: str, value: Document) -> Document:
        always = _REQUIRED[key] - _NULLABLE | _NEVER_NULL
        return {name: inner if name in always else None for name, inner in value.items()}

    whole = _reduced(run_id, blank)
    return [whole | {"simulation_run": blank("simulation_run", whole["simulation_run"])}]


def _reduced(run_id: str, reduce: Callable[[str, Document], Document]) -> Document:
    """Return a run with optional fields removed at each level: small parts, evaluations, tools, a result."""
    whole = run(passed=[{"events": _EVENTS}] * 3, id=run_id, simulation_id="735")
    first, second, third = whole["simulation_results"]
    first["evaluations"][0]["custom_evals"] = {"quiz_started": True}
    return whole | {
        "simulation_results": [
            _within(first, _INNER, reduce),
            _within(second, ("evaluations", "tool_calls"), reduce),
            reduce("simulation_results", third),
        ]
    }


def _within(
    node: Any, keys: tuple[str, ...], reduce: Callable[[str, Document], Document], key: str = ""
) -> Any:
    if isinstance(node, list):
        return [_within(item, keys, reduce, key) for item in node]
    if not isinstance(node, dict):
        return node
    inner = {name: _within(value, keys, reduce, name) for name, value in node.items()}
    return reduce(key, inner) if key in keys else inner
