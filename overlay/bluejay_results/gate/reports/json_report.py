"""A verdict as JSON."""

from __future__ import annotations

from typing import Any

from ...judging.worst_first import worst_first
from ...results.result import SimulationResult
from ...results.run import SimulationRun
from ...writing.view import document
from ..verdict import Finding, Verdict

FORMAT = "bluejay-results/gate"
VERSION = 1


def report_json(verdict: Verdict) -> bytes:
    """Return a verdict as JSON, in ASCII."""
    run = verdict.run
    kinds = {"validity": verdict.validity, "quality": verdict.quality}
    return document(
        {
            "format": FORMAT,
            "version": VERSION,
            "decision": verdict.decision.name.lower(),
            "exit_code": verdict.exit_code,
            "reason": verdict.reason,
            "run": _run(run),
            "rules": [_rule(kind, each) for kind, findings in kinds.items() for each in findings],
            "notes": verdict.notes,
            "doubtful": [_doubtful(each) for each in run.doubtful],
            "not_passed": [_result(each, run.app_url) for each in worst_first(run)],
        }
    )


def _run(run: SimulationRun) -> dict[str, Any]:
    return {
        "id": run.id,
        "simulation_id": run.simulation_id,
        "app_url": run.app_url,
        "status": run.status,
        "outcomes": {
            outcome.name.lower(): len(results) for outcome, results in run.results_by_outcome.items()
        },
        "pass_rate": run.pass_rate,
        "judged_pass_rate": run.judged_pass_rate,
    }


def _rule(kind: str, finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "kind": kind,
        "threshold": finding.threshold,
        "value": finding.value,
        "sample": finding.sample,
        "verdict": finding.verdict.name.lower(),
        "explanation": finding.explanation,
        "broken_by": [each.id for each in finding.broken_by],
        "doubtful": [each.id for each in finding.doubtful],
    }


def _doubtful(result: SimulationResult) -> dict[str, Any]:
    return {"id": result.id, "outcome": result.outcome.name.lower(), "doubt": result.doubt}


def _result(result: SimulationResult, url: str | None) -> dict[str, Any]:
    return {
        "id": result.id,
        "digital_human_id": result.digital_human_id,
        "outcome": result.outcome.name.lower(),
        "reason": result.reason,
        "owner": result.owner,
        "missing_tools": result.missing_tools,
        "url": url,
    }
