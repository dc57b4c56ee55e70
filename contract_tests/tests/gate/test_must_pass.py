"""The `must-pass` rule: across all runs, a caller passes at least once and never fails."""

from typing import Any

import pytest
from bluejay_results import SimulationRun
from bluejay_results.gate import Decision, Finding, Obstacle, Rules, RuleVerdict, gate

from .. import builders
from .runs import FAILED, PASSED, UNKNOWN, VOID, run_of

KEPT, BROKEN, UNSURE = RuleVerdict.KEPT, RuleVerdict.BROKEN, RuleVerdict.INCONCLUSIVE
OUTCOMES = {"P": PASSED, "F": FAILED, "U": UNKNOWN, "V": VOID}


def run(of_57: str, id_: str = "1", **fields: Any) -> SimulationRun:
    """A run with 20 callers that pass, and caller 57 with these outcomes."""
    others = [{"digital_human_id": each} for each in range(100, 120)]
    return run_of(*(OUTCOMES[each] | {"digital_human_id": 57} for each in of_57), *others, id=id_, **fields)


def found(*runs: SimulationRun, caller: int = 57) -> Finding:
    [finding] = gate(runs, Rules(must_pass=(caller,), min_pass_rate=0)).findings
    return finding


@pytest.mark.parametrize(
    ("of_57", "verdict", "obstacle", "opened"),
    [
        ("P", KEPT, None, ()),
        ("PV", KEPT, None, (2,)),
        ("PF", BROKEN, None, (2,)),
        ("FU", BROKEN, None, (1,)),
        ("PU", UNSURE, Obstacle.UNKNOWN_CONVERSATIONS, (2,)),
        ("U", UNSURE, Obstacle.UNKNOWN_CONVERSATIONS, (1,)),
        ("V", UNSURE, Obstacle.NOTHING_PASSED, (1,)),
        ("", UNSURE, Obstacle.NOTHING_PASSED, ()),
    ],
)
def test_a_caller_must_pass_once_and_must_not_fail(
    of_57: str, verdict: RuleVerdict, obstacle: Obstacle | None, opened: tuple[int, ...]
) -> None:
    finding = found(run(of_57))
    assert (finding.subject, finding.verdict, finding.obstacle) == ("57", verdict, obstacle)
    assert finding.conversations == opened


def test_a_missing_conversation_does_not_count_for_the_caller() -> None:
    assert found(run("P", total_tests=22)).verdict is KEPT


def test_a_caller_may_pass_in_one_run_and_be_void_in_another() -> None:
    assert found(run("V", "1"), run("P", "2")).verdict is KEPT
    assert found(run("P", "1"), run("F", "2")).verdict is BROKEN


@pytest.mark.parametrize("fields", [{"status": "RUNNING"}, {"total_tests": None}])
def test_only_settled_measurements_are_considered(fields: dict[str, Any]) -> None:
    assert found(run("P", "1"), run("F", "2", **fields)).verdict is KEPT
    [unsure] = gate(run("F", **fields), Rules(must_pass=(57,))).findings
    assert (unsure.verdict, unsure.total) == (UNSURE, 0)


@pytest.mark.parametrize(
    ("of_57", "decision"),
    [("P", Decision.SHIP), ("F", Decision.DONT_SHIP), ("U", Decision.INCONCLUSIVE)],
)
def test_a_must_pass_caller_decides_even_if_the_run_alone_would_ship(of_57: str, decision: Decision) -> None:
    verdict = gate(run(of_57), Rules(must_pass=(57,)))
    assert verdict.runs[0].ships
    assert verdict.decision is decision


def test_must_pass_counts_as_an_applicable_rule() -> None:
    """Without `must_pass`, no rule would apply, so the decision would be inconclusive."""
    run = builders.saved_run(builders.result(1, digital_human_id=1), total_tests=1)
    assert gate(run, Rules(min_pass_rate=0, must_pass=(1,)))
