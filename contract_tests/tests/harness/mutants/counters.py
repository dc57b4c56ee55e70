"""Mutants of a run's counters, and of the conversations that they count."""

from .change import Changes, both, evaluation, listed, result, results, run, whole

CHANGES: Changes = {
    "counters-not-negative:total": ("the total is negative", run(total_tests=-3, tests_passed=None)),
    "counters-not-negative:completed": (
        "a counter is negative",
        run(tests_completed=-1, tests_incompleted=None),
    ),
    "counters-not-negative:failed": (
        "a counter is negative",
        run(tests_failed=-2, tests_passed=5),
        "$.simulation_run.tests_failed",
    ),
    "counters-not-negative:listed": (
        "a counter of a listed run is negative",
        listed(1, total_tests=-2, tests_passed=None),
    ),
    "passed-within-total:and-failed-negative": (
        "more conversations passed than there are",
        run(tests_passed=4, tests_failed=-1),
    ),
    "passed-within-total:while-running": (
        "more conversations passed than there are, and the run is still running",
        run(status="RUNNING", tests_passed=4, tests_failed=None),
        "$.simulation_run.tests_passed",
    ),
    "passed-within-total:listed": (
        "in a listed run, more conversations passed than there are",
        listed(tests_passed=4, tests_failed=None),
    ),
    "passed-and-failed-add-up:listed": (
        "the sum of passed and failed in a listed run exceeds the total",
        listed(tests_failed=3),
        "$.simulation_runs[0].tests_passed",
    ),
    "passed-and-failed-add-up:too-few": (
        "the sum of passed and failed is below the total",
        run(tests_failed=1),
        "$.simulation_run.tests_passed",
    ),
    "passed-and-failed-add-up:too-many": (
        "the sum of passed and failed exceeds the total",
        run(tests_failed=3),
        "$.simulation_run.tests_passed",
    ),
    "completed-and-incompleted-add-up:too-few": (
        "the sum of completed and incompleted is below the total",
        run(tests_completed=1),
    ),
    "completed-and-incompleted-add-up:too-many": (
        "the sum of completed and incompleted exceeds the total",
        run(tests_incompleted=2),
        "$.simulation_run.tests_completed",
    ),
    "completed-and-incompleted-add-up:listed": (
        "the sum of completed and incompleted in a listed run exceeds the total",
        listed(tests_completed=3),
    ),
    "completed-run-has-results:none": ("a completed run lists no results", whole(simulation_results=[])),
    "results-match-total:one-missing": ("a result is missing", results(0, 1)),
    "results-match-total:one-too-many": ("there are more results than conversations", results(0, 1, 2, 2)),
    "results-match-total:another-total": (
        "the total is not the number of results",
        run(total_tests=4, tests_failed=3, tests_completed=3),
        "$.simulation_results",
    ),
    "counters-match-results:more-passed": (
        "3 of 3 conversations count as passed, although the platform stopped one of them",
        both(run(tests_passed=3, tests_failed=0), result(2, status="SYSTEM_ERROR")),
    ),
    "counters-match-results:fewer-passed": (
        "no conversation counts as passed, although one passed",
        run(tests_passed=0, tests_failed=3),
    ),
    "counters-match-results:goal-missed": (
        "3 of 3 conversations count as passed, although one missed its goal",
        both(run(tests_passed=3, tests_failed=0), evaluation(goal_success=False)),
    ),
    "counters-match-results:total-below": (
        "fewer conversations are counted than listed",
        run(status=None, total_tests=2, tests_failed=1, tests_completed=1),
        "$.simulation_run.total_tests",
    ),
    "no-completions-while-initializing:all": (
        "an initializing run has a completed conversation",
        run(status="INITIALIZING"),
        "$.simulation_run.tests_completed",
    ),
    "no-completions-while-initializing:listed": (
        "a listed initializing run has a completed conversation",
        listed(status="INITIALIZING"),
        "$.simulation_runs[0].tests_completed",
    ),
}
