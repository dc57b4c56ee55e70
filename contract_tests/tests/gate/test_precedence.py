"""Which of several reasons decides a verdict: the whole table of precedence."""

from typing import Any

import pytest
from bluejay_results import SimulationRun, UsageError
from bluejay_results.gate import Decision, MetricRule, Rules, gate

from .. import builders
from .runs import FAILED, PASSED, VOID, callers, conversations, metrics, run_of

RATE = "min-pass-rate 80 %"
RUNNING = run_of(FAILED, status="RUNNING")
BROKEN_BODY = builders.saved_run(builders.result(duration="long"), status="RUNNING")
UNSURE = MetricRule.parse("none >= 1")
POLITE = {"name": "politeness", "description": "", "response_type": "quantitative", "response_value": "5"}
PARTLY_MEASURED = run_of(*[{"evaluations": [builders.evaluation(custom_metrics=[POLITE])]}] * 3, PASSED)


@pytest.mark.parametrize(
    ("run", "rules", "decision"),
    [
        (BROKEN_BODY, Rules(), Decision.VIOLATION),  # comes before not settled
        (RUNNING, Rules(), Decision.NOT_SETTLED),  # comes before a broken rule
        (run_of(FAILED, VOID), Rules(), Decision.INCONCLUSIVE),  # a validity rule comes before a quality rule
        (run_of(FAILED, total_tests=None), Rules(), Decision.INCONCLUSIVE),
        (run_of(FAILED, tests_passed=1), Rules(), Decision.INCONCLUSIVE),
        (conversations(1, 4), Rules(min_conversations=6), Decision.INCONCLUSIVE),
        (
            conversations(1, 4),
            Rules(metrics=(UNSURE,)),
            Decision.DO_NOT_SHIP,
        ),  # broken comes before inconclusive
        (conversations(9, 1), Rules(metrics=(UNSURE,)), Decision.INCONCLUSIVE),  # before kept rules
        (conversations(9, 1), Rules(min_pass_rate=0), Decision.INCONCLUSIVE),  # no rule applies
        (conversations(9, 1), Rules(), Decision.SHIP),
        (conversations(1, 4), Rules(), Decision.DO_NOT_SHIP),
        (callers(*[(3, 0)] * 20, (0, 3)), Rules(), Decision.DO_NOT_SHIP),  # the default rule about callers
        (metrics("4"), Rules(min_pass_rate=0, metrics=(MetricRule.parse("politeness >= 4"),)), Decision.SHIP),
    ],
)
def test_the_first_matching_row_of_the_precedence_decides(
    run: SimulationRun, rules: Rules, decision: Decision
) -> None:
    assert gate(run, rules).decision is decision


@pytest.mark.parametrize(
    ("run", "rules", "reason"),
    [
        (conversations(9, 1), Rules(), f"ship: {RATE}: 9 of 10 judged conversations passed, 90.0 %"),
        (conversations(1, 4), Rules(), f"don't ship: {RATE}: 1 of 5 judged conversations passed, 20.0 %"),
        (conversations(1, void=1), Rules(), "inconclusive: max-void 20 %: 50.0 % void or missing"),
        # The pass rate has enough digits to differ from the threshold.
        (
            conversations(2, 1),
            Rules(min_pass_rate=66.7),
            "don't ship: min-pass-rate 66.7 %: 2 of 3 judged conversations passed, 66.67 %",
        ),
        # The reason says how many conversations have the figure.
        (
            PARTLY_MEASURED,
            Rules(min_pass_rate=0, metrics=("politeness >= 4",)),
            "ship: metric politeness >= 4: 5.0 (in 3 of 4",
        ),
        (RUNNING, Rules(), "not settled: RUNNING, 0 of 1 conversations under way"),
        (BROKEN_BODY, Rules(), "the run breaks the contract: Expected `int | null`, got `str` at "),
    ],
)
def test_the_reason_is_one_line_and_names_the_rule(run: SimulationRun, rules: Rules, reason: str) -> None:
    said = gate(run, rules).reason
    assert said.startswith(reason)
    assert "\n" not in said


def test_a_verdict_is_true_exactly_if_its_run_ships() -> None:
    assert gate(conversations(9, 1))
    assert not gate(RUNNING)


def test_a_run_cannot_be_its_own_baseline() -> None:
    with pytest.raises(UsageError, match="The baseline is run 48213 itself"):
        gate(run_of(PASSED), Rules(baseline=run_of(FAILED)))


def test_a_baseline_of_another_simulation_is_noted() -> None:
    baseline = callers((3, 0), id="1", simulation_id="9")
    verdict = gate(callers((3, 0)), Rules(baseline=baseline))
    assert "the baseline belongs to simulation 9, the run to 731" in verdict.notes


def test_conversations_whose_tool_calls_may_be_missing_are_noted() -> None:
    gap = {"tool_calls": [builders.tool_calls(actual=0)]}
    called = {"tool_calls": [builders.tool_calls()]}
    verdict = gate(run_of(called, called, called, called, gap))
    assert verdict.notes[1:] == (
        "tool calls of 1 conversation may be missing from the saved body; save with --har: bluejay-results "
        "wait 48213 --har FILE",
    )


@pytest.mark.parametrize("rules", [{}, 0, "", []])
def test_rules_of_another_type_are_refused(rules: Any) -> None:
    with pytest.raises(UsageError, match="rules must be a Rules"):
        gate(run_of(PASSED), rules)
