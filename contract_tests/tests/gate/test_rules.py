"""Every rule below, at and above its threshold, and what a finding says."""

from collections.abc import Sequence
from typing import Any

import pytest
from bluejay_results import SimulationRun
from bluejay_results.gate import Rules, RuleVerdict, gate
from bluejay_results.judging.statistics import rate_of_callers

from .. import builders
from .cases import BROKEN, KEPT, LENIENT, OFF, UNSURE, Case, finding_of
from .cases_about_figures import CASES as CASES_ABOUT_FIGURES
from .runs import FAILED, PASSED, VOID, callers, conversations, run_of

UNPAID = {"status": "OUT_OF_FUNDS", "evaluations": None}
"""A conversation that is certainly void: it did not take place."""
SKIPPED_ONE_TOOL = {"tool_calls": [builders.tool_calls("find"), builders.tool_calls("book", actual=0)]}
BROKEN_BASELINE = builders.saved_run(builders.result(status=5), id="1")
_ALWAYS = "max-always-failing"


def _baseline(before: Sequence[tuple[int, int]], **fields: Any) -> dict[str, Any]:
    return {"baseline": callers(*before, **({"id": "1"} | fields))}


RATE: list[Case] = [
    ({"min_pass_rate": 80}, conversations(79, 21), "min-pass-rate", BROKEN),
    ({"min_pass_rate": 80}, conversations(80, 20), "min-pass-rate", KEPT),
    ({"min_pass_rate": 57}, conversations(57, 43), "min-pass-rate", KEPT),  # 0.57 * 100 is 56.99… as a double
    ({"min_pass_rate": 80}, run_of(*[PASSED] * 4, FAILED, *[UNPAID] * 20), "min-pass-rate", KEPT),
    ({"min_pass_rate": 80}, conversations(void=3), "min-pass-rate", UNSURE),
]
INTERVAL: list[Case] = [  # 90 of 100 callers give 82.6 to 94.5 %
    ({"min_pass_rate": 82.5, "confidence": 0.95}, conversations(90, 10), "min-pass-rate", KEPT),
    ({"min_pass_rate": 82.6, "confidence": 0.95}, conversations(90, 10), "min-pass-rate", UNSURE),
    ({"min_pass_rate": 94.4, "confidence": 0.95}, conversations(90, 10), "min-pass-rate", UNSURE),
    ({"min_pass_rate": 94.5, "confidence": 0.95}, conversations(90, 10), "min-pass-rate", BROKEN),
    ({"min_pass_rate": 83, "confidence": 0.9}, conversations(90, 10), "min-pass-rate", KEPT),
    ({"min_pass_rate": 2, "confidence": 0.95}, callers((9, 0)), "min-pass-rate", UNSURE),  # one caller
]
ALWAYS: list[Case] = [
    ({"max_always_failing": 0}, callers(*[(3, 0)] * 20, (0, 3)), _ALWAYS, BROKEN),
    ({"max_always_failing": 1}, callers(*[(3, 0)] * 20, (0, 3)), _ALWAYS, KEPT),
    ({"max_always_failing": 1}, callers(*[(3, 0)] * 40, (0, 3), (0, 3)), _ALWAYS, BROKEN),
    ({"max_always_failing": 0}, callers(*[(3, 0)] * 20, (1, 2)), _ALWAYS, KEPT),
    ({"max_always_failing": 0}, callers(*[(2, 0)] * 20, (0, 2)), _ALWAYS, OFF),
    # At a rate of 75 %, chance makes 1 of 36 callers always fail in 43 % of runs, 2 in 11 % and 3 in 2 %.
    ({"max_always_failing": 0}, callers(*[(3, 0)] * 12, *[(2, 1)] * 21, *[(0, 3)] * 2), _ALWAYS, KEPT),
    ({"max_always_failing": 0}, callers(*[(3, 0)] * 15, *[(2, 1)] * 18, *[(0, 3)] * 3), _ALWAYS, BROKEN),
    # Two callers break a limit of 1 if chance alone is unlikely for each of them.
    ({"max_always_failing": 1}, callers(*[(8, 0)] * 9, (0, 8), (0, 3)), _ALWAYS, BROKEN),
    # Over half of the callers always fail, which breaks the rule even if chance could explain it.
    ({"max_always_failing": 0}, callers(*[(0, 3)] * 5), _ALWAYS, BROKEN),
    ({"max_always_failing": 0}, callers((0, 3), (3, 0)), _ALWAYS, KEPT),  # exactly half
    ({"max_always_failing": 0}, callers((0, 3), (0, 3), (3, 0)), _ALWAYS, BROKEN),
    ({"max_always_failing": 2}, callers((0, 3), (0, 3), (3, 0)), _ALWAYS, KEPT),
    # If chance alone could make all callers always fail, the rule doesn't apply.
    ({"max_always_failing": 0}, callers((1, 2)), _ALWAYS, OFF),
    ({"max_always_failing": 0}, callers((0, 3), (1, 2)), _ALWAYS, OFF),  # half is not over half
    ({"max_always_failing": 0}, callers(*[(3, 0)] * 5), _ALWAYS, KEPT),
]
BASELINE: list[Case] = [
    (_baseline([(3, 0)]), callers((0, 3)), "baseline", BROKEN),
    (_baseline([(3, 0)]), callers((1, 2)), "baseline", KEPT),
    (_baseline([(2, 1)]), callers((0, 3)), "baseline", KEPT),
    (_baseline([(2, 0)]), callers((0, 3)), "baseline", UNSURE),
    (_baseline([(3, 0)]), callers((0, 2)), "baseline", UNSURE),
    (_baseline([(3, 0)], status="RUNNING"), callers((0, 3)), "baseline", UNSURE),
    (_baseline([(3, 0)], total_tests=4) | {"max_void": 20}, callers((3, 0)), "baseline", UNSURE),
    (_baseline([(4, 0)], total_tests=5) | {"max_void": 20}, callers((3, 0)), "baseline", KEPT),
    ({"baseline": run_of(*[PASSED] * 3, id="1")}, run_of(*[FAILED] * 3), "baseline", UNSURE),  # no caller ids
    ({"baseline": BROKEN_BASELINE}, callers((0, 3)), "baseline", UNSURE),
]
VALIDITY: list[Case] = [
    ({"min_conversations": 5}, conversations(4, void=5), "min-conversations", BROKEN),
    ({"min_conversations": 5}, conversations(5), "min-conversations", KEPT),
    ({"max_void": 20}, conversations(8, void=2), "max-void", KEPT),
    ({"max_void": 20}, conversations(7, void=2), "max-void", BROKEN),
    ({"max_void": 20}, run_of(*[PASSED] * 8, total_tests=10), "max-void", KEPT),  # missing counts as void
    ({"max_void": 20}, run_of(*[PASSED] * 7, VOID, total_tests=10), "max-void", BROKEN),
    ({}, run_of(PASSED, total_tests=None), "total-tests", BROKEN),
    ({}, run_of(total_tests=0), "total-tests", BROKEN),
    ({}, run_of(PASSED, tests_failed=-5), "counters", BROKEN),
    ({}, run_of(PASSED, PASSED, tests_passed=2), "counters", KEPT),
    ({}, run_of(PASSED, PASSED, tests_passed=3), "counters", BROKEN),
    ({}, run_of(PASSED, PASSED, total_tests=1), "counters", BROKEN),
    # A conversation that is counted and not listed may have passed.
    ({}, run_of(PASSED, PASSED, total_tests=3, tests_passed=3), "counters", KEPT),
    ({}, run_of(PASSED, PASSED, total_tests=3, tests_passed=4), "counters", BROKEN),
    # A service that ignores skipped tools counts 2 as passed; the rule allows 1 or 2.
    ({}, run_of(PASSED, SKIPPED_ONE_TOOL, tests_passed=2), "counters", KEPT),
    ({}, run_of(PASSED, SKIPPED_ONE_TOOL, tests_passed=1), "counters", KEPT),
    ({}, run_of(PASSED, FAILED, tests_failed=1), "counters", KEPT),
    ({}, run_of(PASSED, FAILED, tests_failed=2), "counters", BROKEN),
    ({}, run_of(PASSED, SKIPPED_ONE_TOOL, tests_passed=2, tests_failed=1), "counters", BROKEN),
    ({}, run_of(PASSED, SKIPPED_ONE_TOOL, tests_passed=1, tests_failed=1), "counters", KEPT),
    ({}, run_of(PASSED, FAILED, tests_passed=None, tests_failed=None), "counters", KEPT),
]
CASES = [*RATE, *INTERVAL, *ALWAYS, *BASELINE, *VALIDITY, *CASES_ABOUT_FIGURES]


@pytest.mark.parametrize(
    ("rules", "run", "name", "expected"), CASES, ids=[f"{name} {expected}" for _, _, name, expected in CASES]
)
def test_each_rule_is_judged_correctly_below_at_and_above_its_threshold(
    rules: dict[str, Any], run: SimulationRun, name: str, expected: RuleVerdict
) -> None:
    finding = finding_of(name, run, **rules)
    assert finding.verdict is expected, finding


def test_a_rule_that_is_off_has_no_finding() -> None:
    assert gate(conversations(1), LENIENT).quality == ()


def test_a_run_ships_if_the_lower_end_of_the_interval_equals_the_threshold() -> None:
    rate = rate_of_callers([(1, 1)] * 90 + [(0, 1)] * 10, 0.95)
    assert rate
    threshold = rate.interval.low * 100
    assert gate(conversations(90, 10), Rules(min_pass_rate=threshold, confidence=0.95)).ships


def test_counters_are_not_compared_if_their_rule_is_off() -> None:
    verdict = gate(run_of(PASSED, PASSED, tests_passed=0), Rules(counters=False))
    assert "counters" not in [each.rule for each in verdict.validity]
    assert verdict.ships


@pytest.mark.parametrize(
    ("name", "run", "rules", "said"),
    [
        (
            _ALWAYS,
            callers(*[(2, 0)] * 20),
            {"max_always_failing": 0},
            "needs at least 3 judged conversations per",
        ),
        (
            _ALWAYS,
            callers((1, 2)),
            {"max_always_failing": 0},
            "chance alone explains callers that fail every",
        ),
        (
            "baseline",
            callers((3, 0)),
            _baseline([(3, 0)], total_tests=4) | {"max_void": 20},
            "25.0 % of the baseline is void or missing",
        ),
        ("baseline", callers((0, 3)), {"baseline": BROKEN_BASELINE}, "the baseline breaks the contract"),
        (
            "min-pass-rate",
            callers((9, 0), (0, 1)),  # 9 of 10 passed: one caller always, one never
            {"min_pass_rate": 80, "confidence": 0.95},
            "callers 50.0 %, ",
        ),
        (
            "min-pass-rate",
            conversations(90, 10),
            {"min_pass_rate": 82.6, "confidence": 0.95},
            "mean of 100 callers 90.0 %, 95 % confidence interval 82.6 to 94.5 %",
        ),
    ],
)
def test_a_finding_has_an_explanation(
    name: str, run: SimulationRun, rules: dict[str, Any], said: str
) -> None:
    assert said in finding_of(name, run, **rules).explanation


def test_a_broken_rule_names_its_conversations() -> None:
    broken = finding_of(_ALWAYS, callers(*[(3, 0)] * 20, (0, 3)), max_always_failing=0)
    assert [each.id for each in broken.broken_by] == [61, 62, 63]


def test_an_agent_that_skips_every_tool_is_inconclusive() -> None:
    skipped = {"tool_calls": [builders.tool_calls(actual=0)]}
    verdict = gate(run_of(skipped, skipped))
    assert verdict.exit_code == 6
    assert "either the recording failed or the agent called no tool; open conversation 1" in verdict.reason
