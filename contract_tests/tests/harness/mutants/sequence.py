"""Changes to the later of two responses: those that contradict the earlier one, and those that don't."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve
from bluejay_contract.operations import RESULTS, Operation

from .case import Case, encoded, sound
from .change import ITEM, Change, Changes, changed, evaluation, result, results, run, whole

READS: Changes = {
    "run-status-moves-forward:running": run(status="RUNNING"),
    "run-status-moves-forward:initializing": run(status="INITIALIZING"),
    "run-status-moves-forward:another-end": run(status="INCOMPLETED"),
    "run-status-moves-forward:null": run(status=None),
    "run-identity-unchanged:created_at": run(created_at="2026-11-19T16:04:05Z"),
    "run-identity-unchanged:simulation_id": run(simulation_id="732"),
    "run-identity-unchanged:id": run(id="48214"),
    "run-identity-unchanged:total": run(total_tests=4),
    "counters-never-decrease:passed": run(tests_passed=0, tests_failed=3),
    "counters-never-decrease:failed": run(tests_failed=1),
    "counters-never-decrease:completed": run(tests_completed=1, tests_incompleted=2),
    "counters-never-decrease:completed-null": run(tests_completed=None),
    "counters-never-decrease:incompleted": run(tests_incompleted=0, tests_completed=3),
    "counters-never-decrease:more-than-corrected": run(tests_failed=0).with_(
        evaluation(human_goal_success=False)
    ),
    "results-not-removed:gone": results(0, 1),
    "results-not-removed:another-id": result(1, id=910199).found("simulation_results"),
    "result-status-moves-forward:evaluating": result(status="EVALUATING"),
    "result-status-moves-forward:of-no-answer": result(2, status="QUEUED"),
    "result-identity-unchanged:caller": result(digital_human_id=99),
    "result-identity-unchanged:start": result(start_time="2026-11-19T16:04:11Z"),
    "evaluations-not-removed:gone": result(evaluations=[]),
    "evaluations-not-removed:null": result(evaluations=None),
}
_REORDERED = whole(simulation_results=lambda document: document["simulation_results"][::-1])
READS_KEPT: Changes = {
    "run-status-moves-forward:same": run(),
    "run-identity-unchanged:summary": run(summary="Another one."),
    "counters-never-decrease:more": run(
        tests_passed=2, tests_failed=3, tests_completed=3, tests_incompleted=2
    ),
    "counters-never-decrease:as-many-as-corrected": run(tests_failed=1).with_(
        evaluation(human_goal_success=False)
    ),
    "results-not-removed:reordered": _REORDERED,
    "results-not-removed:no-run": whole(simulation_run=None),
    "result-status-moves-forward:another-end": result(status="FAILED"),
    "result-identity-unchanged:end": result(end_time="2026-11-19T16:05:45Z"),
    "evaluations-not-removed:more": result(evaluations=[{"id": "1"}, {"id": "2"}]),
}
"""Later reads that don't contradict the earlier one; the rule may find nothing."""
EARLIER: dict[str, tuple[Change, Change]] = {
    "run-status-moves-forward:initializing-first": (run(status="INITIALIZING"), run(status="RUNNING")),
    "run-status-moves-forward:ended-without-status": (run(status=None), run(status="COMPLETED")),
    "run-status-moves-forward:new-status-stays": (run(status="MOVED"), run(status="MOVED")),
    "run-status-moves-forward:not-ended-yet": (
        run(status=None).with_(result(status="QUEUED")),
        run(status="RUNNING"),
    ),
    "run-identity-unchanged:total-was-0": (run(total_tests=0), run()),
    "run-identity-unchanged:created_at-was-empty": (run(created_at=""), run()),
    "counters-never-decrease:was-0": (run(tests_passed=0), run(tests_passed=None)),
    "results-not-removed:was-empty": (results(), run()),
    "result-status-moves-forward:was-under-way": (result(status="IN_PROGRESS"), run()),
    "result-identity-unchanged:was-null": (result(start_time=None, digital_human_id=None), run()),
    "evaluations-not-removed:was-null": (result(evaluations=None), run()),
}
"""An earlier and a later read that don't contradict each other."""
EARLIER_BROKEN: dict[str, tuple[Change, Change]] = {
    "run-status-moves-forward:back-to-initializing": (run(status="RUNNING"), run(status="INITIALIZING")),
    "run-status-moves-forward:from-no-status": (run(status=None), run(status="RUNNING")),
    "run-status-moves-forward:from-a-new-status": (run(status="MOVED"), run(status="PENDING")),
}
PAGES: Changes = {
    "pages-of-one-run:simulation_id": run(simulation_id="732").with_(results()),
    "pages-of-one-run:created_at": run(created_at="2026-11-19T16:04:05Z").with_(results()),
    "pages-of-one-run:id": run(id="48214").with_(results()),
    "results-on-one-page:repeated": results(2).found(*ITEM, "id"),
}
"""Changes to the second of two pages."""
PAGES_KEPT: Changes = {
    "pages-of-one-run:total": run(total_tests=9).with_(results()),
    "results-on-one-page:another": result(id=910104).with_(results(0)),
}
ONE, TWO = "limit=3", "limit=3&offset=3"
"""The queries for two pages."""


def cases(operation: Operation) -> Iterator[Case]:
    """Yield cases of pages, and of two responses: a read, and a later read or page."""
    if operation is not RESULTS:
        return
    first = sound(operation)
    earlier = encoded(first)
    for changes, is_kept in ((READS, False), (READS_KEPT, True)):
        for each in changed(changes, operation, is_kept=is_kept):
            yield evolve(each, earlier=earlier)
    for changes, is_kept in ((PAGES, False), (PAGES_KEPT, True)):
        for each in changed(changes, operation, is_kept=is_kept):
            yield evolve(each, earlier=earlier, earlier_query=ONE, query=TWO)
    for name, (before, after) in (EARLIER | EARLIER_BROKEN).items():
        path = "$.simulation_run.status" if name in EARLIER_BROKEN else ""
        bodies = [encoded(each.made(first, operation)) for each in (before, after)]
        yield Case(name, operation, bodies[1], path, earlier=bodies[0])
    under_way = encoded(run(status="RUNNING").made(first, operation))
    for each in changed({"results-on-one-page:moved": results(2)}, operation, is_kept=True):
        yield evolve(each, earlier=under_way, earlier_query=ONE, query=TWO)
    for each in changed({"results-not-removed:smaller-page": results(0)}, operation, is_kept=True):
        yield evolve(each, earlier=earlier, query="limit=1")
    none_passed = encoded(run(tests_passed=0).made(first, operation))
    rule, at = "counters-match-results", "$.simulation_run.tests_passed"
    yield Case(f"{rule}:full-page-of-all", operation, none_passed, at, query="limit=3")
    none_passed = encoded(run(tests_passed=0, total_tests=4).made(first, operation))
    yield Case(f"{rule}:full-page-of-more", operation, none_passed, query="limit=3")
    yield Case(f"{rule}:second-page", operation, none_passed, query="offset=3")
    of_four = encoded(run(total_tests=4).made(first, operation))
    fewer = run(tests_passed=0, total_tests=4)
    for each in changed({"counters-never-decrease:on-another-page": fewer}, operation, is_kept=True):
        yield evolve(each, earlier=of_four, query="limit=3", earlier_query="limit=3")
