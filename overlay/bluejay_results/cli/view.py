"""The view of a run that `--json` writes, for programs; `docs/command.md` describes its fields."""

import json
from typing import Any

import attrs

from bluejay_results.result import SimulationResult
from bluejay_results.run import VIEW_FORMAT, SimulationRun

from .text import masked

VERSION = 1


def view(run: SimulationRun) -> bytes:
    """Return the document, in ASCII, so that no terminal obeys what a server sent."""
    document = {
        "format": VIEW_FORMAT,
        "version": VERSION,
        "run": _run(run),
        "results": [_result(each) for each in run.results],
    }
    return json.dumps(_masked(document), indent=2).encode() + b"\n"


def _run(run: SimulationRun) -> dict[str, Any]:
    counters, counts = run.response.simulation_run, run.results_by_outcome.items()
    return {
        "id": run.id,
        "simulation_id": run.simulation_id,
        "status": run.status,
        "is_settled": run.is_settled,
        "created_at": run.created_at.isoformat(),
        "app_url": run.app_url,
        "summary": run.summary,
        "pass_rate": run.pass_rate,
        "judged_pass_rate": run.judged_pass_rate,
        "total_tests": counters.total_tests,
        "tests_passed": counters.tests_passed,
        "outcomes": {outcome.name.lower(): len(results) for outcome, results in counts},
        "notes": run.notes,
    }


def _result(result: SimulationResult) -> dict[str, Any]:
    return {
        "id": result.id,
        "digital_human_id": result.digital_human_id,
        "status": result.status,
        "outcome": result.outcome.name.lower(),
        "reason": result.reason,
        "owner": result.owner,
        "goal_success": result.goal_success,
        "duration_seconds": None if result.duration is None else result.duration.total_seconds(),
        "latency": attrs.asdict(result.latency),
        "expected_tools": result.expected_tools,
        "actual_tools": result.actual_tools,
        "missing_tools": result.missing_tools,
    }


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {key: _masked(each) for key, each in value.items()}
    return [_masked(each) for each in value] if isinstance(value, list | tuple) else value
