"""The parts of findings other than verdicts, values and intervals, which the tests in ../oracle check."""

import pytest
from bluejay_results import SimulationRun
from bluejay_results.gate import Obstacle, PassRate, RuleVerdict, gate

from .runs import PASSED, callers, conversations, finding, judged, run_of

KEPT, BROKEN, UNSURE = RuleVerdict.KEPT, RuleVerdict.BROKEN, RuleVerdict.INCONCLUSIVE
GOOD = [(5, 0)] * 9


def test_min_pass_rate_is_80_percent_by_default() -> None:
    assert gate(conversations(4, 1))
    assert not gate(conversations(3, 1))
    assert [each.rule.name for each in judged(conversations(3, 1), min_pass_rate=0).findings] == [
        "max-always-failing"
    ]


def test_a_rule_is_kept_if_the_rate_equals_the_minimum_despite_rounding_errors() -> None:
    """0.57 * 100 is less than 57 as a double."""
    assert finding(conversations(57, 43), "min-pass-rate", min_pass_rate=57).verdict is KEPT


def test_an_inconclusive_rule_names_the_unknown_conversations() -> None:
    unsure = finding(conversations(7, 2, unknown=1), "min-pass-rate")
    assert (unsure.obstacle, unsure.conversations) == (Obstacle.UNKNOWN_CONVERSATIONS, (10,))
    assert (unsure.limit, unsure.sample, unsure.total) == (80, 9, 10)
    broken = finding(conversations(1, 2, unknown=1), "min-pass-rate")
    assert (broken.obstacle, broken.conversations) == (None, (2, 3))


def test_confident_requires_the_lower_end_of_the_interval_to_be_at_least_the_minimum() -> None:
    run = callers(*[(1, 0)] * 14)
    lowest = finding(run, "min-pass-rate", confident=True).lowest
    assert lowest
    for limit, expected, obstacle in (
        (lowest, KEPT, None),
        (lowest + 1e-9, UNSURE, Obstacle.FEW_CALLERS),
    ):
        found = finding(run, "min-pass-rate", confident=True, min_pass_rate=limit)
        assert (found.verdict, found.obstacle) == (expected, obstacle)


def test_the_callers_mean_is_omitted_if_all_have_the_same_number_of_conversations() -> None:
    assert PassRate.of(callers((2, 0), (0, 2))).mean_of_callers is None
    uneven = PassRate.of(callers((3, 0), (0, 1)))
    assert (uneven.value, uneven.mean_of_callers) == (75, 50)


def test_max_always_failing_needs_a_caller_with_five_conversations() -> None:
    """Each conversation without a caller id counts as a separate caller."""
    for run in (callers(*[(4, 0)] * 9, (0, 4)), conversations(0, 9)):
        found = finding(run, "max-always-failing")
        assert (found.verdict, found.obstacle) == (RuleVerdict.NOT_APPLICABLE, Obstacle.NO_REPEATED_CALLER)


@pytest.mark.parametrize(
    ("bad", "verdict", "obstacle"),
    [
        ([(0, 5), (0, 4, 1)], BROKEN, None),
        ([(0, 4, 1)], UNSURE, Obstacle.UNKNOWN_CONVERSATIONS),
    ],
    ids=["those that certainly fail", "those that may fail"],
)
def test_max_always_failing_lists_the_callers_that_fail(
    bad: list[tuple[int, ...]], verdict: RuleVerdict, obstacle: Obstacle | None
) -> None:
    found = finding(callers(*GOOD, *bad), "max-always-failing")
    assert (found.verdict, found.obstacle, found.details) == (verdict, obstacle, ("109",))
    assert found.conversations == tuple(range(46, 51))


@pytest.mark.parametrize(
    ("run", "name", "is_met"),
    [
        (conversations(8, void=2), "max-void", True),
        (run_of(*[PASSED] * 7, total_tests=9), "max-void", False),
        (conversations(unknown=1), "min-conversations", False),
        (run_of(PASSED, status=None), "run-status", True),
        (run_of(PASSED, status="ARCHIVED"), "run-status", False),
        (run_of(PASSED, total_tests=None), "total-tests", False),
        (run_of(PASSED, total_tests=0), "total-tests", False),
        (run_of(PASSED, PASSED, total_tests=1), "counters", False),
        (run_of(PASSED, tests_passed=0), "counters", False),
    ],
)
def test_a_run_must_meet_five_conditions_by_default(run: SimulationRun, name: str, is_met: bool) -> None:
    found = {each.name: each.is_met for each in judged(run).measurement}
    assert [*found] == ["min-conversations", "max-void", "run-status", "total-tests", "counters"]
    assert found[name] is is_met


@pytest.mark.parametrize(
    "counter", ["total_tests", "tests_passed", "tests_failed", "tests_completed", "tests_incompleted"]
)
def test_a_run_with_a_negative_counter_is_no_measurement_even_without_a_comparison(counter: str) -> None:
    verdict = judged(run_of(PASSED, **{counter: -1}), no_counters=True)
    assert [(each.name, each.negative) for each in verdict.unmet] == [("total-tests", (counter,))]
