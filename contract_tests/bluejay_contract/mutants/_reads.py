"""Mutants of a later read of a run that contradicts an earlier one."""

from ._change import Changes, result, results, run

CHANGES: Changes = {
    "run-goes-forward:running": ("a completed run is running again", run(status="RUNNING")),
    "run-goes-forward:initializing": ("a completed run is initializing again", run(status="INITIALIZING")),
    "run-goes-forward:another-end": ("a completed run has become incompleted", run(status="INCOMPLETED")),
    "run-identity-kept:created_at": (
        "the run was created at another time",
        run(created_at="2026-11-19T16:04:05Z"),
    ),
    "run-identity-kept:simulation_id": ("the run belongs to another simulation", run(simulation_id="732")),
    "counters-grow:passed": ("fewer passed than before", run(tests_passed=0, tests_failed=3)),
    "counters-grow:completed-null": ("a counter became null", run(tests_completed=None)),
    "results-stay:gone": ("a result disappeared", results(0, 1)),
    "results-stay:another-id": ("a result has another id", result(1, id=910199)),
    "result-goes-forward:evaluating": (
        "an ended conversation is being scored again",
        result(status="EVALUATING"),
    ),
    "result-identity-kept:caller": ("a conversation has another digital human", result(digital_human_id=99)),
    "result-identity-kept:start": (
        "a conversation started at another time",
        result(start_time="2026-11-19T16:04:11Z"),
    ),
    "evaluations-stay:gone": ("an evaluation disappeared", result(evaluations=[])),
    "evaluations-stay:null": ("the evaluations became null", result(evaluations=None)),
}
