"""The rule about callers that always fail: a run on each side of each boundary."""

import pytest
from bluejay_results.gate import Obstacle, RuleVerdict

from .findings import finding
from .runs import callers, conversations

KEPT, BROKEN, UNSURE, OFF = (
    RuleVerdict.KEPT,
    RuleVerdict.BROKEN,
    RuleVerdict.INCONCLUSIVE,
    RuleVerdict.NOT_APPLICABLE,
)
GOOD = [(5, 0)] * 9
NAME = "max-always-failing"


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        ((0, 5), BROKEN),
        ((1, 4), KEPT),
        ((0, 4), KEPT),  # with four conversations, the caller is not counted
        # Void conversations count among the five; at least four must have failed.
        ((0, 4, 0, 1), BROKEN),
        ((0, 3, 0, 2), UNSURE),
        # With an unknown conversation, the caller may always fail, but not certainly.
        ((0, 5, 1), UNSURE),
        ((0, 0, 5), UNSURE),
        ((1, 3, 1), KEPT),
        ((0, 0, 0, 5), KEPT),  # none of them failed or may have failed
    ],
)
def test_a_caller_always_fails_if_it_has_five_conversations_and_none_passed(
    caller: tuple[int, ...], expected: RuleVerdict
) -> None:
    assert finding(callers(*GOOD, caller), NAME).verdict is expected


@pytest.mark.parametrize(
    ("limit", "bad", "expected"),
    [
        (1, [(0, 5)], KEPT),
        (1, [(0, 5), (0, 5)], BROKEN),
        (1, [(0, 5), (0, 4, 1)], UNSURE),
        (2, [(0, 5), (0, 4, 1)], KEPT),
    ],
)
def test_the_limit_is_compared_with_the_callers_that_may_and_that_certainly_always_fail(
    limit: int, bad: list[tuple[int, ...]], expected: RuleVerdict
) -> None:
    assert finding(callers(*GOOD, *bad), NAME, max_always_failing=limit).verdict is expected


def test_the_rule_does_not_apply_if_no_caller_has_five_conversations() -> None:
    found = finding(callers(*[(4, 0)] * 9, (0, 4)), NAME)
    assert found.verdict is OFF
    assert found.obstacle is Obstacle.NO_REPEATED_CALLER
    assert finding(callers(*[(4, 0)] * 9, (0, 4, 0, 1)), NAME).verdict is BROKEN


def test_conversations_without_a_caller_are_callers_of_their_own() -> None:
    assert finding(conversations(0, 9), NAME).verdict is OFF


def test_a_broken_rule_names_the_callers_that_certainly_always_fail_and_their_conversations() -> None:
    found = finding(callers((1, 0), (0, 5), (0, 4, 1)), NAME)
    assert found.details == ("101",)
    assert [*found.conversations] == [2, 3, 4, 5, 6]
    assert (found.lowest, found.highest) == (1, 2)


def test_an_inconclusive_rule_names_the_callers_that_may_always_fail() -> None:
    found = finding(callers(*GOOD, (0, 4, 1)), NAME)
    assert found.details == ("109",)
    assert [*found.conversations] == [46, 47, 48, 49, 50]
