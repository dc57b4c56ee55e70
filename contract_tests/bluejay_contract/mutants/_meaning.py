"""Mutants that every schema allows and no real run has: across fields, across reads, and drift.

Those that the rules of `checks/_counters.py` must find are in `mutants/_counters.py`, and so on.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import attrs

from bluejay_contract.contract import Contract
from bluejay_contract.paths import json_path
from bluejay_contract.stub import Answer

from . import _counters, _measures, _metrics, _reads, _times, _values
from ._change import Change, Changes, Document, result
from ._mutant import Mutant, encoded
from .base import Path, base

EVALUATION = "$.simulation_results[0].evaluations[0]"
LATENCY, FILLER = f"{EVALUATION}.latency", f"{EVALUATION}.filler_ignored_latency"
METRIC = f"{EVALUATION}.custom_metrics[0]"
ACROSS_FIELDS: Changes = {
    key: change
    for subject in (_counters, _values, _times, _measures, _metrics)
    for key, change in subject.CHANGES.items()
}
REPORTED_AT = {
    "cross-field:counters-not-negative:failed": "$.simulation_run.tests_failed",
    "cross-field:counters-match-results:total-below": "$.simulation_run.total_tests",
    "cross-field:passed-within-total:while-running": "$.simulation_run.tests_passed",
    "cross-field:no-completions-while-initializing:all": "$.simulation_run.tests_completed",
    "cross-field:start-after-run-created:minutes": "$.simulation_results[0].start_time",
    "cross-field:start-after-run-created:end": "$.simulation_results[0].end_time",
    "cross-field:evaluation-after-end:before-the-start": f"{EVALUATION}.created_at",
    "cross-field:evaluation-after-end:before-the-run": f"{EVALUATION}.created_at",
    "cross-field:passed-and-failed-add-up:too-few": "$.simulation_run.tests_passed",
    "cross-field:passed-and-failed-add-up:too-many": "$.simulation_run.tests_passed",
    "cross-field:completed-and-incompleted-add-up:too-many": "$.simulation_run.tests_completed",
    "cross-field:results-match-total:another-total": "$.simulation_results",
    "cross-field:percentiles-in-order:p50-p90": f"{LATENCY}.p90_agent_latency",
    "cross-field:percentiles-in-order:p90-p95": f"{LATENCY}.p95_agent_latency",
    "cross-field:percentiles-in-order:p99-max": f"{LATENCY}.max_agent_latency",
    "cross-field:percentiles-in-order:filler-p95-p99": f"{FILLER}.p99_filler_ignored_latency",
    "cross-field:metric-matches-type:pass_fail": f"{METRIC}.response_value",
    "cross-field:metric-matches-type:yes_no": f"{METRIC}.response_value",
    "cross-field:metric-matches-type:json": f"{METRIC}.response_value",
    "cross-field:metric-matches-type:enum": f"{METRIC}.response_value",
    "cross-read:results-not-removed:another-id": "$.simulation_results",
}
"""Where a rule must find a mutant, by its id, when that is not the first value that it changes."""

NEW_STATUSES = ("VOICEMAIL", "Transferred to human", "PASSED", "done", "", "COMPLETE")


def meaning_mutants(contract: Contract) -> Iterator[Mutant]:
    """Yield mutants that only a check which understands the fields can tell from a sound response."""
    sound = base(contract, 200, "settled_with_failures")
    for name, (breaks, change) in ACROSS_FIELDS.items():
        yield _mutant("cross-field", name, breaks, sound, change)
    for name, (breaks, change) in _reads.CHANGES.items():
        mutant = _mutant("cross-read", name, breaks, sound, change)
        yield attrs.evolve(mutant, answers=(Answer(encoded(sound)), *mutant.answers))
    for status in NEW_STATUSES:
        breaks = f"a conversation's status is {status!r}"
        yield _mutant("drift", f"unknown-conversation-status:{status}", breaks, sound, result(status=status))


def _mutant(kind: str, name: str, breaks: str, sound: Document, change: Change) -> Mutant:
    document = copy.deepcopy(sound)
    change(document)
    id_, rule = f"{kind}:{name}", name.partition(":")[0]
    path = REPORTED_AT.get(id_) or json_path(next(_changes(sound, document)))
    return Mutant(id_, kind, breaks, (Answer(encoded(document)),), False, rule, path)


def _changes(before: Any, after: Any, path: Path = ()) -> Iterator[Path]:
    """Yield where two documents differ; a list whose length differs, or any value, as a whole."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before | after:
            yield from _changes(before.get(key), after.get(key), (*path, key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _changes(one, other, (*path, index))
    elif before != after:
        yield path
