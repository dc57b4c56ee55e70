"""The JSON of a comparison that `--json` writes; docs/compare.md describes the fields."""

from __future__ import annotations

from typing import Any

from bluejay_results.compare import (
    Comparison,
    Delta,
    Effect,
    Pair,
    Tally,
    sentence,
)
from bluejay_results.results.run import SimulationRun

from ..writing.view import document

VERSION = 1


def comparison_view(comparison: Comparison, spread: float) -> bytes:
    """Return a comparison as JSON."""
    return document(
        {
            "format": "bluejay-results/comparison",
            "version": VERSION,
            "conclusion": comparison.conclusion.name.lower(),
            "sentence": sentence(comparison),
            "exit_code": comparison.exit_code,
            "margin": comparison.limits.margin,
            "max_drop": comparison.limits.max_drop,
            "max_void": comparison.limits.max_void,
            "drop": comparison.drop,
            "confidence": comparison.limits.confidence,
            "base": [_run(each) for each in comparison.base],
            "new": [_run(each) for each in comparison.new],
            "effect": comparison.effect and _effect(comparison.effect),
            "doubted": comparison.evidence.doubted and _effect(comparison.evidence.doubted),
            "doubtful": [each.id for each in comparison.evidence.doubtful],
            "callers_needed": comparison.callers_needed(spread=spread),
            "worse": [_pair(each) for each in comparison.worse],
            "better": [_pair(each) for each in comparison.better],
            "only_in_base": comparison.only_in_base,
            "only_in_new": comparison.only_in_new,
            "unjudged": comparison.unjudged,
            "deltas": [_delta(each) for each in comparison.deltas],
            "notes": comparison.notes,
        }
    )


def _run(run: SimulationRun) -> dict[str, Any]:
    return {"id": run.id, "simulation_id": run.simulation_id, "app_url": run.app_url}


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "callers": effect.callers,
        "change": float(100 * effect.change),
        "low": 100 * effect.interval.low,
        "high": 100 * effect.interval.high,
        "p": effect.p,
        "flips": 100 * effect.flips,
        "conversations": effect.conversations,
    }


def _pair(pair: Pair) -> dict[str, Any]:
    before, now = pair.tallies
    return {
        "digital_human_id": pair.id,
        "before": _tally(before),
        "now": _tally(now),
        "change": float(100 * pair.change),
        "reason": pair.reason,
    }


def _tally(tally: Tally) -> dict[str, int]:
    return {"passed": tally.passed, "judged": tally.judged}


def _delta(delta: Delta) -> dict[str, Any]:
    return {
        "name": delta.name,
        "unit": delta.unit,
        "before": delta.base,
        "now": delta.new,
        "change": delta.change,
    }
