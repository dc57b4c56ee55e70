"""The rule about the pass rate: a run on each side of each boundary."""

import pytest
from bluejay_results import SimulationRun
from bluejay_results.gate import Obstacle, Rules, RuleVerdict, gate
from bluejay_results.gate.judge import pass_rate_of

from .findings import finding
from .runs import PASSED, callers, conversations, run_of

KEPT, BROKEN, UNSURE = RuleVerdict.KEPT, RuleVerdict.BROKEN, RuleVerdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("run", "limit", "expected"),
    [
        (conversations(80, 20), 80, KEPT),
        (conversations(79, 21), 80, BROKEN),
        (conversations(57, 43), 57, KEPT),  # 0.57 * 100 is 56.99… as a double
        (conversations(4, 1, void=1), 80, KEPT),
        # Kept only if the rate is high enough even if the unknown conversation failed.
        (conversations(16, 3, unknown=1), 80, KEPT),
        (conversations(15, 3, unknown=1), 80, UNSURE),
        # Broken only if the rate is too low even if the unknown conversation passed.
        (conversations(7, 2, unknown=1), 80, UNSURE),
        (conversations(7, 3, unknown=1), 80, BROKEN),
        # A missing conversation is unknown too.
        (run_of(*[PASSED] * 5, total_tests=6), 83, KEPT),
        (run_of(*[PASSED] * 5, total_tests=6), 84, UNSURE),
    ],
)
def test_a_rule_holds_only_if_it_holds_for_failed_and_for_passed_unknown_conversations(
    run: SimulationRun, limit: float, expected: RuleVerdict
) -> None:
    assert finding(run, "min-pass-rate", min_pass_rate=limit).verdict is expected


def test_the_default_minimum_is_80_percent_and_0_turns_the_rule_off() -> None:
    assert gate(conversations(4, 1))
    assert not gate(conversations(3, 1))
    assert [each.rule for each in gate(conversations(3, 1), Rules(min_pass_rate=0)).rules] == [
        "max-always-failing"
    ]


def test_an_inconclusive_finding_names_the_unknown_conversations_and_a_broken_one_the_failed_ones() -> None:
    unsure = finding(conversations(7, 2, unknown=1), "min-pass-rate")
    assert (unsure.obstacle, unsure.conversations) == (Obstacle.UNKNOWN_CONVERSATIONS, (10,))
    broken = finding(conversations(1, 2, unknown=1), "min-pass-rate")
    assert (broken.obstacle, broken.conversations) == (None, (2, 3))


def test_the_numbers_of_a_finding_are_percentages() -> None:
    found = finding(conversations(15, 3, unknown=1), "min-pass-rate")
    assert (found.lowest, found.highest) == pytest.approx((1500 / 19, 1600 / 19))
    assert (found.limit, found.sample, found.total) == (80, 18, 19)


FOURTEEN = callers(*[(1, 0)] * 14)


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (FOURTEEN, KEPT),
        (callers(*[(1, 0)] * 13), UNSURE),
        (callers(*[(9, 0)] * 10), UNSURE),  # repeated conversations don't count as more callers
        (callers(*[(1, 0)] * 14, (0, 0, 1)), UNSURE),  # the lower end counts the unknown as failed
        (callers(*[(0, 1)] * 9), BROKEN),
        (callers(*[(0, 1)] * 9, *[(0, 0, 1)] * 40), UNSURE),  # the upper end counts the unknown as passed
    ],
)
def test_confident_judges_the_ends_of_the_interval(run: SimulationRun, expected: RuleVerdict) -> None:
    found = finding(run, "min-pass-rate", confident=True)
    assert found.verdict is expected, found
    assert found.obstacle is (Obstacle.FEW_CALLERS if expected is UNSURE else None)


def test_with_confident_a_lower_end_at_the_minimum_is_enough() -> None:
    lowest = finding(FOURTEEN, "min-pass-rate", confident=True).lowest
    assert lowest
    for limit, expected in ((lowest, KEPT), (lowest + 1e-9, UNSURE)):
        judged = finding(FOURTEEN, "min-pass-rate", confident=True, min_pass_rate=limit)
        assert judged.verdict is expected


def test_each_missing_conversation_is_a_caller_of_its_own() -> None:
    missing, unknown = run_of(*[PASSED] * 5, total_tests=7), conversations(passed=5, unknown=2)
    found = [finding(each, "min-pass-rate", confident=True) for each in (missing, unknown)]
    ends = {(each.lowest, each.highest) for each in found}
    assert len(ends) == 1


def test_the_printed_interval_leaves_out_unknown_conversations() -> None:
    known, unknown = pass_rate_of(conversations(9, 3)), pass_rate_of(conversations(9, 3, unknown=5))
    assert known.interval == unknown.interval
    assert (unknown.lowest, unknown.highest) == pytest.approx((900 / 17, 1400 / 17))


def test_the_mean_of_callers_is_given_only_if_callers_have_different_numbers_of_conversations() -> None:
    assert pass_rate_of(callers((2, 0), (0, 2))).mean_of_callers is None
    uneven = pass_rate_of(callers((3, 0), (0, 1)))
    assert (uneven.value, uneven.mean_of_callers) == (75, 50)
