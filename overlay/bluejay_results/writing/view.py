"""The JSON that `--json` and `--jsonl` write; docs/command.md describes the fields."""

import json
from collections.abc import Iterable
from typing import Any

import attrs

from bluejay_results.reading.body import VIEW_FORMAT
from bluejay_results.results.digital_human import DigitalHuman
from bluejay_results.results.latency import LatencySummary
from bluejay_results.results.notes import Note
from bluejay_results.results.queued import QueuedRun
from bluejay_results.results.result import SimulationResult
from bluejay_results.results.run import SimulationRun
from bluejay_results.results.simulation_runs import ListedRun

from .safe_text import masked

VERSION = 1


def view(run: SimulationRun) -> bytes:
    """Return the view of a run as JSON."""
    return document(
        {
            "format": VIEW_FORMAT,
            "version": VERSION,
            "run": _run(run),
            "digital_humans": [_digital_human(each) for each in run.by_digital_human],
            "results": [_result(each) for each in run.results],
        }
    )


def lines_view(run: SimulationRun) -> bytes:
    """Return the results in the view of a run as JSON, one result per line."""
    return b"".join(result_line(each) for each in run.results)


def result_line(result: SimulationResult) -> bytes:
    """Return one result in the view of a run as one line of JSON."""
    return _encoded(_result(result))


def result_view(result: SimulationResult) -> bytes:
    """Return one result in the view of a run as JSON."""
    return document(_result(result))


def queued_view(queued: QueuedRun) -> bytes:
    """Return the view of a queued run as JSON."""
    return document(
        {
            "format": "bluejay-results/queued",
            "version": VERSION,
            "run_id": queued.run_id,
            "simulation_id": queued.simulation_id,
            "agent_id": queued.agent_id,
            "result_ids": queued.result_ids,
            "app_url": queued.app_url,
        }
    )


def runs_view(simulation_id: str | None, runs: Iterable[ListedRun], notes: Iterable[Note]) -> bytes:
    """Return the view of a simulation's runs as JSON."""
    return document(
        {
            "format": "bluejay-results/runs",
            "version": VERSION,
            "simulation_id": simulation_id,
            "runs": [_listed_run(each) for each in runs],
            "notes": [str(each) for each in notes],
        }
    )


def listed_run_line(run: ListedRun) -> bytes:
    """Return one run in the view of a simulation's runs as one line of JSON."""
    return _encoded(_listed_run(run))


def document(fields: dict[str, Any]) -> bytes:
    """Return fields as JSON in ASCII, which contains no terminal commands; keys and signatures are masked."""
    return _encoded(fields, indent=2)


def _encoded(fields: dict[str, Any], indent: int | None = None) -> bytes:
    # In a log, GitHub and Azure read `##[` or `##vso[` as a command anywhere in a line.
    return json.dumps(_masked(fields), indent=indent).replace("##", "#\\u0023").encode() + b"\n"


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
        "pass_rate_bounds": run.pass_rate_bounds,
        "missing": run.missing_count,
        "outcomes": {outcome.name.lower(): len(results) for outcome, results in counts},
        "incomplete": [each.id for each in run.incomplete],
        "notes": [str(each) for each in run.notes],
    }


def _listed_run(run: ListedRun) -> dict[str, Any]:
    return {
        "id": run.id,
        "simulation_id": run.simulation_id,
        "created_at": run.created_at.isoformat(),
        "status": run.status,
        "has_ended": run.has_ended,
        "total_tests": run.total,
        "tests_passed": run.passed,
        "pass_rate": run.pass_rate,
        "summary": run.summary,
        "app_url": run.app_url,
    }


def _digital_human(human: DigitalHuman) -> dict[str, Any]:
    return {
        "id": human.id,
        "conversations": len(human.results),
        "passed": human.passed,
        "failed": human.failed,
        "unknown": human.unknown,
        "void": human.void,
    }


def _result(result: SimulationResult) -> dict[str, Any]:
    return {
        "id": result.id,
        "digital_human_id": result.digital_human_id,
        "status": result.status,
        "outcome": result.outcome.name.lower(),
        "reason": str(result.reason),
        "owner": result.owner,
        "goal_success": result.goal_success,
        "duration_seconds": None if result.duration is None else result.duration.total_seconds(),
        "latency": attrs.asdict(result.latency),
        "latency_ms": _figures(result.latency.in_milliseconds()),
        "expected_tools": result.expected_tools,
        "actual_tools": result.actual_tools,
        "missing_tools": result.missing_tools,
    }


def _figures(latency: LatencySummary | None) -> dict[str, Any] | None:
    if latency is None:
        return None
    return attrs.asdict(latency, filter=lambda field, _: field.name != "unit")


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {key: _masked(each) for key, each in value.items()}
    return [_masked(each) for each in value] if isinstance(value, list | tuple) else value
