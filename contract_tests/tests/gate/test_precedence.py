"""If several causes apply, which one decides the verdict; and the exit code for each cause."""

from typing import Any

import pytest
from bluejay_results import SimulationRun, UsageError
from bluejay_results.gate import Cause, Decision, Rules, gate

from .. import builders
from .runs import FAILED, PASSED, VOID, callers, conversations, run_of

RUNNING = run_of(FAILED, status="RUNNING")
BROKEN_BODY = builders.saved_run(builders.result(duration="long"), status="RUNNING")
UNSURE = ["mean(none) >= 1"]
REPEATED = callers((5, 0), (4, 1))


@pytest.mark.parametrize(
    ("run", "rules", "cause", "decision", "code"),
    [
        # The next line's cause also applies to each run, so only the order of the causes decides.
        (BROKEN_BODY, {}, Cause.VIOLATION, Decision.INCONCLUSIVE, 5),
        (RUNNING, {}, Cause.NOT_SETTLED, Decision.INCONCLUSIVE, 4),
        (run_of(FAILED, VOID), {}, Cause.NOT_A_MEASUREMENT, Decision.INCONCLUSIVE, 6),
        (conversations(1, 4), {"require": UNSURE}, Cause.BROKEN, Decision.DONT_SHIP, 1),
        (REPEATED, {"require": UNSURE}, Cause.UNDECIDED, Decision.INCONCLUSIVE, 6),
        (conversations(1), {"min_pass_rate": 0}, Cause.NO_RULE, Decision.INCONCLUSIVE, 6),
        (REPEATED, {"min_pass_rate": 0}, Cause.KEPT, Decision.SHIP, 0),
    ],
)
def test_the_first_cause_that_applies_decides_the_verdict(
    run: SimulationRun, rules: dict[str, Any], cause: Cause, decision: Decision, code: int
) -> None:
    verdict = gate(run, Rules(**rules))
    [judged] = verdict.runs
    assert (judged.cause, verdict.decision, verdict.exit_code) == (cause, decision, code)
    assert bool(verdict) == (code == 0)
    if cause in {Cause.VIOLATION, Cause.NOT_SETTLED}:
        assert (judged.findings, judged.measurement) == ((), ())  # rules don't judge such a run


@pytest.mark.parametrize("rules", [{}, 0, "", []])
def test_the_rules_argument_must_be_a_rules_object(rules: Any) -> None:
    with pytest.raises(UsageError, match="Rules"):
        gate(run_of(PASSED), rules)
