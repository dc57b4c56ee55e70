"""Runs that `run` builds: whole runs, the counters for each status and evaluation, and refused arguments."""

from collections.abc import Iterator
from typing import Any

from bluejay_contract.checks import check
from bluejay_contract.exchange import Exchange
from bluejay_contract.stub import Answer, run
from bluejay_results import SimulationRun
from bluejay_results.results.notes import contradictions, notes

from ... import builders
from ...harness.mutants import CONTRACT
from .matrices import SPELLINGS
from .rules import told
from .talk import pretty

CORRECTED = {"corrected_from": {"goal_success": False, "politeness": "2", "hallucination": True}}
RUNS: tuple[dict[str, Any], ...] = (
    {},
    {"passed": 3, "failed": 2, "unknown": 1, "void": 1, "under_way": 1},
    {"under_way": 2, "id": "mine", "created_at": "2027-01-01T00:00:00+02:00", "simulation_id": "9"},
    {"passed": [CORRECTED], "failed": [{"corrected_from": {"redundancy": True, "pronunciation_score": 1}}]},
    {"passed": [{"latency": {"p95": 900, "avg": 3, "p42": 1}, "trace_ids": ["4bf9"], "digital_human_id": 7}]},
    {"failed": [{"evaluation": {"num_turns": 7}, "tool_calls": None}], "total_tests": 9},
    {"unknown": [{"status": "NO_CONNECTION"}], "void": [{"status": "CANCELLED"}, {"status": "COMPLETED"}]},
    {
        "passed": [{"status": "ERROR", "evaluations": None}, {"id": None, "end_time": []}],
        "id": 7,
        "status": [],
    },
)
GROUPS = ("passed", "failed", "unknown", "void", "under_way")
CHANGES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "goal missed": {"evaluation": {"goal_success": False}},
    "missed by the reviewer": {"evaluation": {"human_goal_success": False}},
    "reached by the reviewer": {"evaluation": {"goal_success": False, "human_goal_success": True}},
    "no goal": {"evaluation": {"goal_success": None}},
    "null evaluations": {"evaluations": None},
    "no evaluations": {"evaluations": []},
    "no tools": {"tool_calls": None},
    "a tool skipped": {"tool_calls": [builders.tool_calls(actual=0)]},
    "called elsewhere": {"tool_calls": [builders.tool_calls(actual=0), builders.tool_calls(expected=0)]},
}
COUNTERS = ("total_tests", "tests_passed", "tests_failed", "tests_completed", "tests_incompleted")


def runs() -> Iterator[str]:
    """Yield whole runs, what the rules find in them, and the client's outcomes."""
    for asked in RUNS:
        document = run(**asked)
        body = Answer.json(document).body
        yield f"== {asked}"
        yield from pretty(document)
        read = SimulationRun.from_bytes(body, on_violation="collect")
        yield f"the rules find: {told(check(CONTRACT, Exchange.saved(body)))}"
        outcomes = [each.outcome.value for each in read.results]
        yield f"the client reads: {outcomes}, settled: {read.is_settled}, {notes(read)}"
        document["simulation_results"].clear()
        assert Answer.json(run(**asked)).body == body, "another run was changed"


def counters() -> Iterator[str]:
    """Yield a run's counters, for each status of its conversation, each group and each change."""
    yield f"== {', '.join(COUNTERS)}"
    for status in SPELLINGS:
        for group in GROUPS:
            counted = dict[str, list[str]]()
            for name, change in CHANGES.items():
                if "evaluation" not in change or group in {"passed", "failed"}:
                    counted.setdefault(_counted(**{group: [{"status": status, **change}]}), []).append(name)
            cells = (f"{counts} {', '.join(names)}" for counts, names in counted.items())
            yield f"{status!r} {group} => {'; '.join(cells)}"


def _counted(**asked: Any) -> str:
    document = run(**asked)
    body = Answer.json(document).body
    read = SimulationRun.from_bytes(body)
    counts = "/".join(f"{document['simulation_run'][name]}" for name in COUNTERS)
    contradicted = " contradicted" * bool(contradictions(read))
    found = {each.rule for each in check(CONTRACT, Exchange.saved(body))} - {"unknown-conversation-status"}
    return f"{counts} {read.results[0].outcome.value}{contradicted} {' '.join(sorted(found))}".rstrip()
