"""The JSON of a comparison that `compare --json` writes; docs/compare.md describes the fields."""

from __future__ import annotations

from typing import Any

import attrs

from ..judging.pass_rates import Caller, Unknown
from ..results.run import SimulationRun
from ..writing.view import document
from .comparison import Comparison, Pair
from .deltas import Delta
from .words import notes, sentence

VERSION = 1


def comparison_view(comparison: Comparison) -> bytes:
    """Return a comparison as JSON."""
    failed, passed = comparison.if_failed, comparison.if_passed
    return document(
        {
            "format": "bluejay-results/comparison",
            "version": VERSION,
            "change": comparison.change,
            "cause": comparison.cause,
            "sentence": sentence(comparison),
            "exit_code": comparison.exit_code,
            "base": _run(comparison.base),
            "run": _run(comparison.run),
            "if_failed": failed and attrs.asdict(failed),
            "if_passed": passed and attrs.asdict(passed),
            "pairs": [_pair(each) for each in comparison.pairs],
            "left_out": comparison.left_out,
            "deltas": [_delta(each) for each in comparison.deltas],
            "unmet": [{"run_id": run.id, "condition": each.name} for run, each in comparison.unmet],
            "notes": [*notes(comparison)],
        }
    )


def _run(run: SimulationRun) -> dict[str, Any]:
    return {"id": run.id, "simulation_id": run.simulation_id, "app_url": run.app_url}


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "digital_human_id": pair.now.id,
        "before": _counts(pair.before),
        "now": _counts(pair.now),
        "change_if_failed": 100 * pair.change(Unknown.FAILED),
        "change_if_passed": 100 * pair.change(Unknown.PASSED),
    }


def _counts(caller: Caller) -> dict[str, Any]:
    return attrs.asdict(caller, filter=lambda field, _: field.name != "id")


def _delta(delta: Delta) -> dict[str, Any]:
    return {**attrs.asdict(delta), "change": delta.change}
