"""Mutants of two reads of a run: the later read contradicts the earlier read."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve
from bluejay_contract.contract import Contract, Operation
from bluejay_contract.operations import RESULTS

from .case import Case, encoded
from .change import Changes, both, changed, result, results, run
from .derived import sound

CHANGES: Changes = {
    "run-status-moves-forward:running": ("a completed run is running again", run(status="RUNNING")),
    "run-status-moves-forward:initializing": (
        "a completed run is initializing again",
        run(status="INITIALIZING"),
    ),
    "run-status-moves-forward:another-end": (
        "a completed run has become incompleted",
        run(status="INCOMPLETED"),
    ),
    "run-identity-unchanged:created_at": (
        "the run was created at another time",
        run(created_at="2026-11-19T16:04:05Z"),
    ),
    "run-identity-unchanged:simulation_id": (
        "the run belongs to another simulation",
        run(simulation_id="732"),
    ),
    "counters-never-decrease:passed": (
        "fewer conversations passed than before",
        run(tests_passed=0, tests_failed=3),
    ),
    "counters-never-decrease:completed-null": ("a counter became null", run(tests_completed=None)),
    "results-not-removed:gone": ("a result disappeared", results(0, 1)),
    "results-not-removed:another-id": (
        "a result has another id",
        result(1, id=910199),
        "$.simulation_results",
    ),
    "result-status-moves-forward:evaluating": (
        "an ended conversation is being scored again",
        result(status="EVALUATING"),
    ),
    "result-identity-unchanged:caller": (
        "a conversation has another digital human",
        result(digital_human_id=99),
    ),
    "result-identity-unchanged:start": (
        "a conversation started at another time",
        result(start_time="2026-11-19T16:04:11Z"),
    ),
    "evaluations-not-removed:gone": ("an evaluation disappeared", result(evaluations=[])),
    "evaluations-not-removed:null": ("the evaluations became null", result(evaluations=None)),
}

PAGE_CHANGES: Changes = {
    "pages-of-one-run:simulation_id": (
        "the second page belongs to another simulation",
        both(run(simulation_id="732"), results()),
    ),
    "pages-of-one-run:created_at": (
        "the run of the second page was created at another time",
        both(run(created_at="2026-11-19T16:04:05Z"), results()),
    ),
    "results-on-one-page:repeated": (
        "a result is on both pages",
        results(2),
        "$.simulation_results[0].id",
    ),
}
"""Changes to the second of two pages."""


def mutants(contract: Contract, operation: Operation) -> Iterator[Case]:
    """Yield mutants of two responses: a valid read, and a later read or page that contradicts it."""
    if operation.id != RESULTS:
        return
    earlier = encoded(sound(contract, operation))
    for each in changed(CHANGES, contract, operation, "cross-read"):
        yield evolve(each, earlier=earlier)
    for each in changed(PAGE_CHANGES, contract, operation, "cross-read"):
        yield evolve(each, earlier=earlier, earlier_query="limit=3", query="limit=3&offset=3")
