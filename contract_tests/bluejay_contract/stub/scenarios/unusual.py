"""Documents that `run` doesn't build: unusual forms, missing or undocumented fields, missing tool calls."""

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from .builder import run
from .conversation import Document, event, samples, tool
from .run_document import response

_OBJECTS: Mapping[str, tuple[set[str], Document]] = {
    "simulation_run": (
        {"id", "simulation_id", "created_at"},
        {"retried_runs": ["48212"], "triggered_by": {"kind": "ci", "attempt": 2}},
    ),
    "simulation_results": ({"id"}, {"needs_review": True, "retries": 0, "region": "eu-central-1"}),
    "events": ({"title", "start_offset_ms"}, {"confidence": 0.93}),
    "evaluations": (
        {"agent_speak_percentage", "avg_agent_latency"},
        {"is_final": False, "judge": {"model": "judge-7", "votes": [True, True, False]}},
    ),
    "latency": (set(), {"p999_agent_latency": 1_640}),
    "filler_ignored_latency": (set(), {"max_filler_ignored_latency": 1_800}),
    "custom_metrics": ({"name", "description", "response_type", "response_value"}, {"weight": 0.5}),
    "tool_calls": ({"name"}, {"matched": None}),
    "expected": (set(), {"required": True}),
    "actual": (set(), {"duration_ms": 412, "error": None}),
}
"""The fields that are always present and the undocumented fields, by an object's key in the document."""
_NULLABLE = {"agent_speak_percentage", "avg_agent_latency"}
"""Fields that are always present, but null if they were not measured."""
_NEVER_NULL = {"id", "created_at", "expected", "actual"}
_LEVELS = (
    {"latency", "filler_ignored_latency", "custom_metrics", "events", "expected", "actual"},
    {"evaluations", "tool_calls"},
    {"simulation_results"},
)
"""The objects whose optional fields are missing from the first, the second and the third result."""

_Change: TypeAlias = Callable[[str, Document], Document]


def mapped(change: _Change, node: Any, key: str, keys: Collection[str] = _OBJECTS) -> Any:
    """Change each object under one of these keys in a document, innermost first."""
    if isinstance(node, list):
        return [mapped(change, item, key, keys) for item in node]
    if not isinstance(node, dict):
        return node
    node = {name: mapped(change, value, name, keys) for name, value in node.items()}
    return change(key, node) if key in keys else node


def reference(_run_id: str) -> list[Document]:
    """The example in the public API reference."""
    return [json.loads(Path(__file__).with_name("reference.json").read_bytes())]


def null_results(run_id: str) -> list[Document]:
    """Return a run that has ended, in which everything else is null."""
    run = response(run_id, "733", "COMPLETED", [])["simulation_run"]
    known = {"id", "simulation_id", "created_at", "status"}
    nulls = {key: value if key in known else None for key, value in run.items()}
    return [{"simulation_run": nulls, "simulation_results": None}]


def left_out(run_id: str) -> list[Document]:
    """A run with no results, then with three; each lacks the optional fields of one nesting level."""
    whole = _reduced(
        run_id, lambda key, value: {name: value[name] for name in value if name in _OBJECTS[key][0]}
    )
    del whole["status"]
    return [{"simulation_run": whole["simulation_run"]}, whole]


def nulls(run_id: str) -> list[Document]:
    """A run with null wherever the contract allows it."""

    def blank(key: str, value: Document) -> Document:
        always = _OBJECTS[key][0] - _NULLABLE | _NEVER_NULL
        return {name: inner if name in always else None for name, inner in value.items()}

    return [_reduced(run_id, blank)]


def _reduced(run_id: str, reduce: _Change) -> Document:
    """Remove a run's optional fields at each level: small parts, evaluations, tools, and a result."""
    applause = event("Applause", 30_000, 32_000, tag="sound", volume=3)
    whole = run(passed=[{"events": [applause]}] * 3, id=run_id, simulation_id="735")
    whole["simulation_run"] = reduce("simulation_run", whole["simulation_run"])
    listed = whole["simulation_results"]
    listed[0]["evaluations"][0]["custom_evals"] = {"quiz_started": True}
    for index, keys in enumerate(_LEVELS):
        listed[index] = mapped(reduce, listed[index], "simulation_results", keys)
    return whole


def unknown_fields(run_id: str) -> list[Document]:
    """A run with an undocumented field in every object."""
    extended = mapped(lambda key, value: value | _OBJECTS[key][1], _bank(run_id), "")
    return [extended | {"region": "eu-central-1"}]


def zoneless_times(run_id: str) -> list[Document]:
    """A run whose times have no time zone."""
    times = {"created_at", "start_time", "end_time"}

    def zoneless(_: str, value: Document) -> Document:
        return value | {name: value[name].removesuffix("Z") for name in times & value.keys()}

    return [mapped(zoneless, _bank(run_id), "")]


def _bank(run_id: str) -> Document:
    """A run for a bank's phone service, with the metric types that no other scenario has."""
    passed = [
        {"evaluation": {"custom_metrics": each["metrics"]}, "events": each["events"]}
        for each in samples("bank")
    ]
    return run(passed=passed, failed=1, id=run_id, simulation_id="732")


def large(run_id: str) -> list[Document]:
    """1,000 conversations, most of them 7 kB: 768 passed, 189 failed, 20 are unknown and 23 void."""
    scores = samples("large")[0]["metrics"]
    turns = [
        event("Agent speaks", 2_000 * turn, 2_000 * turn + 1_200, tag="turn", speaker="agent", turn=turn)
        for turn in range(1, 24)
    ]
    listed = {each["name"]: each["response_value"] for each in scores}

    def scored(**verdict: object) -> Document:
        evaluation = {"custom_metrics": scores, **verdict}
        return {"custom_metrics": listed, "events": turns, "evaluation": evaluation}

    def missed(reasoning: str) -> Document:
        return scored(goal_reasoning=reasoning, hallucination=False, hallucination_reasoning=None)

    parcel = {"number": "JX-400171"}
    calls = [tool("track_parcel", parcel, {"depot": "Nord"}, 12_800), tool("redirect", parcel)]
    failed = [
        *[scored()] * 47,
        *[missed("The agent confirmed the old address.")] * 47,
        *[missed("The agent apologised but opened no claim.")] * 47,
        *[missed("The line was dead before the caller had an answer.") | {"status": "CALL_DROPPED"}] * 10,
        *[scored(goal_success=True) | {"tool_calls": calls}] * 38,
    ]
    unknown: list[Document] = [{}] * 9 + [{"status": "NO_CONNECTION"}] * 11
    void: list[Document] = [{}] * 9 + [{"status": "CANCELLED"}] * 14
    return [run([scored()] * 768, failed, unknown, void, id=run_id, simulation_id="734")]


def without_calls(result: Document) -> Document:
    """Return a copy of a result that keeps its expected tools but has none of their calls."""
    tools = result["tool_calls"] and [tool | {"actual": []} for tool in result["tool_calls"]]
    return result | {"tool_calls": tools}


def late_tools_singly(run_id: str) -> list[Document]:
    """Six conversations fetched by id: the calls of the first three have arrived by the third fetch."""
    return [*silent(slice(3), passed=6)(run_id) * 2, run(passed=6, id=run_id)]


def gaps_singly(run_id: str) -> list[Document]:
    """The conversations of `gaps` fetched by id: each has its tool calls."""
    return [run(passed=150, failed=30, id=run_id)]


def silent(which: slice, **arguments: Any) -> Callable[[str], list[Document]]:
    """Build a run with these arguments to `run`; the results in `which` lack their recorded tool calls."""

    def build(run_id: str) -> list[Document]:
        whole = run(**arguments, id=run_id)
        whole["simulation_results"][which] = map(without_calls, whole["simulation_results"][which])
        return [whole]

    return build


def gaps(run_id: str) -> list[Document]:
    """180 conversations; the list lacks the tool calls of the last 49, in three forms that rotate.

    In the first form, the calls are missing from `tool_calls`; in the second, `tool_calls` is empty; in the
    third, it is null.
    """
    [whole] = gaps_singly(run_id)
    listed = whole["simulation_results"]
    for index, each in enumerate(listed[-49:], -49):
        ways = without_calls(each), each | {"tool_calls": []}, each | {"tool_calls": None}
        listed[index] = ways[(index + 49) % 3]
    return [whole]
