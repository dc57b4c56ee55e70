"""Changes to the later of two responses, which then contradicts the earlier."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve
from bluejay_contract.contract import Contract, Specified
from bluejay_contract.operations import RESULTS

from .case import Case, encoded
from .change import ITEM, Changes, changed, evaluation, result, results, run
from .derived import sound

READS: Changes = {
    "run-status-moves-forward:running": run(status="RUNNING"),
    "run-status-moves-forward:initializing": run(status="INITIALIZING"),
    "run-status-moves-forward:another-end": run(status="INCOMPLETED"),
    "run-identity-unchanged:created_at": run(created_at="2026-11-19T16:04:05Z"),
    "run-identity-unchanged:simulation_id": run(simulation_id="732"),
    "run-identity-unchanged:id": run(id="48214"),
    "run-identity-unchanged:total": run(total_tests=4),
    "counters-never-decrease:passed": run(tests_passed=0, tests_failed=3),
    "counters-never-decrease:failed": run(tests_failed=1),
    "counters-never-decrease:completed-null": run(tests_completed=None),
    "counters-never-decrease:incompleted": run(tests_incompleted=0, tests_completed=3),
    "counters-never-decrease:more-than-corrected": run(tests_failed=0).with_(
        evaluation(human_goal_success=False)
    ),
    "results-not-removed:gone": results(0, 1),
    "results-not-removed:another-id": result(1, id=910199).found("simulation_results"),
    "result-status-moves-forward:evaluating": result(status="EVALUATING"),
    "result-identity-unchanged:caller": result(digital_human_id=99),
    "result-identity-unchanged:start": result(start_time="2026-11-19T16:04:11Z"),
    "evaluations-not-removed:gone": result(evaluations=[]),
    "evaluations-not-removed:null": result(evaluations=None),
}

PAGES: Changes = {
    "pages-of-one-run:simulation_id": run(simulation_id="732").with_(results()),
    "pages-of-one-run:created_at": run(created_at="2026-11-19T16:04:05Z").with_(results()),
    "pages-of-one-run:id": run(id="48214").with_(results()),
    "results-on-one-page:repeated": results(2).found(*ITEM, "id"),
}
"""Changes to the second of two pages."""


def mutants(contract: Contract, operation: Specified) -> Iterator[Case]:
    """Yield mutants of two responses: a valid read, and a later read or page that contradicts it."""
    if operation.id != RESULTS:
        return
    earlier = encoded(sound(contract, operation))
    for each in changed(READS, contract, operation):
        yield evolve(each, earlier=earlier)
    for each in changed(PAGES, contract, operation):
        yield evolve(each, earlier=earlier, earlier_query="limit=3", query="limit=3&offset=3")
