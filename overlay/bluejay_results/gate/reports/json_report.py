"""A verdict as JSON."""

from __future__ import annotations

from typing import Any

from attrs import asdict

from ...judging.measurement import Condition
from ...results.result import SimulationResult
from ...results.run import SimulationRun
from ...writing.view import document
from ..rule_words import finding_line
from ..verdict import Finding, Verdict
from ..words import not_passed, notes, reason

FORMAT = "bluejay-results/gate"
VERSION = 1


def report_json(verdict: Verdict) -> bytes:
    """Return a verdict as JSON, in ASCII."""
    run = verdict.run
    return document(
        {
            "format": FORMAT,
            "version": VERSION,
            "decision": verdict.decision,
            "cause": verdict.cause.name.lower(),
            "exit_code": verdict.exit_code,
            "reason": reason(verdict),
            "run": _run(run),
            "pass_rate": asdict(verdict.pass_rate),
            "measurement": [_fields(each) for each in verdict.measurement],
            "rules": [_rule(each, verdict) for each in verdict.rules],
            "notes": notes(verdict),
            "not_passed": [_result(each, run.app_url) for each in not_passed(verdict)],
        }
    )


def _run(run: SimulationRun) -> dict[str, Any]:
    counts = run.results_by_outcome.items()
    return {
        "id": run.id,
        "simulation_id": run.simulation_id,
        "app_url": run.app_url,
        "status": run.status,
        "outcomes": {outcome.name.lower(): len(results) for outcome, results in counts},
        "missing": run.missing_count,
    }


def _fields(finding: Condition | Finding) -> dict[str, Any]:
    """Return the fields of a condition or finding, with the ids of its conversations."""
    others = asdict(finding, filter=lambda field, _: field.name not in {"conversations", "figure_rule"})
    return others | {"conversations": [each.id for each in finding.conversations]}


def _rule(finding: Finding, verdict: Verdict) -> dict[str, Any]:
    line = finding_line(finding, verdict)
    return _fields(finding) | {
        "name": finding.rule,
        "rule": line.rule,
        "verdict": finding.verdict.name.lower(),
        "lowest": finding.value if finding.lowest is None else finding.lowest,
        "highest": finding.value if finding.highest is None else finding.highest,
        "obstacle": finding.obstacle and finding.obstacle.name.lower(),
        "remark": line.remark,
    }


def _result(result: SimulationResult, url: str | None) -> dict[str, Any]:
    return {
        "id": result.id,
        "digital_human_id": result.digital_human_id,
        "outcome": result.outcome.name.lower(),
        "reason": str(result.reason),
        "owner": result.owner,
        "missing_tools": result.missing_tools,
        "url": url,
    }
