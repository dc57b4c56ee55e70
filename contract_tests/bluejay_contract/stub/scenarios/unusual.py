"""Documents that `run` doesn't build: unusual forms, missing and undocumented fields, lost calls."""

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Any

from .builder import run
from .conversation import Document, event, metric, moment, samples, stamp, tool
from .run_document import CREATED_AT, response, results

_REQUIRED: Mapping[str, set[str]] = {
    "simulation_run": {"id", "simulation_id", "created_at"},
    "simulation_results": {"id"},
    "evaluations": {"agent_speak_percentage", "avg_agent_latency"},
    "latency": set(),
    "filler_ignored_latency": set(),
    "custom_metrics": {"name", "description", "response_type", "response_value"},
    "events": {"title", "start_offset_ms"},
    "tool_calls": {"name"},
    "expected": set(),
    "actual": set(),
}
"""The fields that an object always has, by the object's key in the document."""
_NULLABLE = {"agent_speak_percentage", "avg_agent_latency"}
"""Fields that are always present, and null if they were not measured."""
_NEVER_NULL = {"id", "created_at", "expected", "actual"}
_LEVELS = (
    {"latency", "filler_ignored_latency", "custom_metrics", "events", "expected", "actual"},
    {"evaluations", "tool_calls"},
    {"simulation_results"},
)
"""The objects that the first, the second and the third result have without their optional fields."""

_UNDOCUMENTED: Mapping[str, Document] = {
    "": {"region": "eu-central-1"},
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


def mapped(change: Callable[[str, Any], Any], node: Any, key: str = "") -> Any:
    """Apply a change to every value in a document, the innermost first; items have the key of their list."""
    if isinstance(node, list):
        return [mapped(change, item, key) for item in node]
    if isinstance(node, dict):
        node = {name: mapped(change, value, name) for name, value in node.items()}
    return change(key, node)


def settled(run_id: str) -> list[Document]:
    """Fifteen callers, three of whom reach their goal. Some results have unusual forms."""
    listed = results(run_id, samples("dental"))
    by_caller = {each["digital_human_id"]: each for each in listed}

    times = [820, 900, 1_240, 760, 880]
    by_turn = [{"turn": turn, "agent_latency": time} for turn, time in enumerate(times, 1)]
    by_caller[56] |= {"latency": by_turn, "duration": 71}  # in seconds

    scores = [{"name": name, "value": value} for name, value in by_caller[57]["custom_metrics"].items()]
    with_offset = by_caller[57]["start_time"].replace("Z", "+00:00")
    by_caller[57] |= {"custom_metrics": scores, "start_time": with_offset}

    [first] = by_caller[61]["evaluations"]
    last = _judged_again(first, 3, "The number was not read back, so the reminder goes to the old one.")
    by_caller[61]["evaluations"] += [
        last | {"goal_success": False},
        _judged_again(first, 2, "A reminder was promised."),
    ]

    by_caller[62]["end_time"] = by_caller[62]["end_time"].replace("Z", "250Z")  # with nanoseconds
    by_caller[65]["evaluations"] = []
    for name in by_caller[66].keys() - {"id", "digital_human_id", "status"}:
        del by_caller[66][name]
    return [response(run_id, "731", "COMPLETED", listed)]


def _judged_again(evaluation: Document, number: int, reasoning: str) -> Document:
    created_at = stamp(moment(evaluation["created_at"], CREATED_AT) + timedelta(minutes=4 * number))
    evaluation_id = evaluation["id"].removesuffix("1") + str(number)
    return {**evaluation, "id": evaluation_id, "created_at": created_at, "goal_reasoning": reasoning}


def left_out(run_id: str) -> list[Document]:
    """A run without results, then with three results, each without the optional fields of one level."""

    def bare(key: str, value: Document) -> Document:
        return {name: inner for name, inner in value.items() if name in _REQUIRED[key]}

    whole = _reduced(run_id, bare)
    del whole["status"]
    return [{"simulation_run": whole["simulation_run"]}, whole]


def nulls(run_id: str) -> list[Document]:
    """A run with null wherever the contract allows it."""

    def blank(key: str, value: Document) -> Document:
        always = _REQUIRED[key] - _NULLABLE | _NEVER_NULL
        return {name: inner if name in always else None for name, inner in value.items()}

    return [_reduced(run_id, blank)]


def _reduced(run_id: str, reduce: Callable[[str, Document], Document]) -> Document:
    """Return a run with optional fields removed at each level: small parts, evaluations, tools, a result."""
    applause = event("Applause", 30_000, 32_000, tag="sound", volume=3)
    whole = run(passed=[{"events": [applause]}] * 3, id=run_id, simulation_id="735")
    whole["simulation_results"][0]["evaluations"][0]["custom_evals"] = {"quiz_started": True}

    def within(keys: Collection[str], node: Any, key: str) -> Any:
        return mapped(
            lambda key, value: reduce(key, value) if key in keys and isinstance(value, dict) else value,
            node,
            key,
        )

    pairs = zip(_LEVELS, whole["simulation_results"], strict=True)
    listed = [within(keys, each, "simulation_results") for keys, each in pairs]
    return whole | {
        "simulation_run": reduce("simulation_run", whole["simulation_run"]),
        "simulation_results": listed,
    }


def unknown_fields(run_id: str) -> list[Document]:
    """A run with an undocumented field in every object."""
    return [
        mapped(
            lambda key, value: value | _UNDOCUMENTED.get(key, {}) if isinstance(value, dict) else value,
            _bank(run_id),
        )
    ]


def zoneless_times(run_id: str) -> list[Document]:
    """A run whose times do not say that they are UTC."""
    times = {"created_at", "start_time", "end_time"}
    return [mapped(lambda key, value: value.removesuffix("Z") if key in times else value, _bank(run_id))]


def _bank(run_id: str) -> Document:
    """A run of a bank's phone service, with the types of metrics that no other scenario has."""
    blocked = [metric("card_blocked_first", True), metric("call_reason", "other")]
    balance = [
        metric("card_blocked_first", "not applicable"),
        metric("amounts_named", '{"balance": 1204.55}'),
        metric("balance_tool_called", True),
    ]
    events = [event("Tool called", 24_900, tag="tool")]
    passed = [{"evaluation": {"custom_metrics": each}, "events": events} for each in (blocked, balance)]
    return run(passed=passed, failed=1, id=run_id, simulation_id="732")


def large(run_id: str) -> list[Document]:
    """1,000 conversations, most of them of 7 kB: 768 passed, 189 failed, 20 are unknown and 23 void."""
    scores = [
        metric("politeness", 4, "Friendly at the start and at the end, brisk in the middle."),
        metric("identity_checked", True, "Name and number were compared with the record."),
        metric("call_reason", "question", "The caller said at once what it is about."),
        metric("next_step", "Written confirmation within a day", "Promised before the end."),
        metric("details_captured", 80, "Counted against the form of this kind of call."),
    ]
    turns = [
        event("Agent speaks", 2_000 * turn, 2_000 * turn + 1_200, tag="turn", speaker="agent", turn=turn)
        for turn in range(1, 24)
    ]
    listed = {each["name"]: each["response_value"] for each in scores}

    def scored(**verdict: object) -> Document:
        return {
            "custom_metrics": listed,
            "events": turns,
            "evaluation": {"custom_metrics": scores, **verdict},
        }

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


def reviewed(run_id: str, **counters: Any) -> list[Document]:
    """Ten conversations, eight of which passed; a reviewer corrected goals, flags and metrics both ways."""
    passed: list[Document] = [
        {"corrected_from": {"goal_success": False, "politeness": "2"}},
        {"corrected_from": {"goal_success": False, "identity_checked": "fail"}},
        {"corrected_from": {"hallucination": True}},
        {"corrected_from": {"details_captured": "60"}},
        {"corrected_from": {"politeness": "5"}},
        *[{}] * 3,
    ]
    failed: list[Document] = [
        {"corrected_from": {"goal_success": True}},
        {"corrected_from": {"hallucination": False}},
    ]
    traced = [
        each | {"trace_ids": [f"4bf92f3577b34da6a3ce929d0e0e47{number:02}"]}
        for number, each in enumerate([*passed, *failed])
    ]
    return [run(traced[:8], traced[8:], id=run_id, simulation_id="738", **counters)]


def without_calls(result: Document) -> Document:
    """Return a copy of a result that keeps its expected tools but has none of their calls."""
    tools = result["tool_calls"] and [tool | {"actual": []} for tool in result["tool_calls"]]
    return result | {"tool_calls": tools}


def silent(which: slice, **arguments: Any) -> Callable[[str], list[Document]]:
    """A run that `run` builds with these arguments, in which these results lack the calls that they made."""

    def build(run_id: str) -> list[Document]:
        whole = run(**arguments, id=run_id)
        whole["simulation_results"][which] = map(without_calls, whole["simulation_results"][which])
        return [whole]

    return build


def gaps(run_id: str) -> list[Document]:
    """180 conversations; the list leaves out the tool calls of the last 49 in three ways, which take turns.

    In the first, the calls are missing from `tool_calls`; in the second, `tool_calls` is empty; in the third,
    it is null.
    """
    whole = run(passed=150, failed=30, id=run_id)
    listed = whole["simulation_results"]
    for index, each in enumerate(listed[-49:], -49):
        ways = without_calls(each), each | {"tool_calls": []}, each | {"tool_calls": None}
        listed[index] = ways[(index + 49) % 3]
    return [whole]
