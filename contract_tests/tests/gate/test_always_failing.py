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
    ("limit", "bad", "expected"),
    [
        (0, [(0, 5)], BROKEN),
        (0, [(1, 4)], KEPT),
        (0, [(0, 4)], KEPT),  # with four conversations, the caller is not counted
        # Void conversations count among the five; at least four must have failed.
        (0, [(0, 4, 0, 1)], BROKEN),
        (0, [(0, 3, 0, 2)], UNSURE),
        # With an unknown conversation, the caller may always fail, but not certainly.
        (0, [(0, 5, 1)], UNSURE),
        (0, [(0, 0, 5)], UNSURE),
        (0, [(0, 0, 0, 5)], KEPT),  # none of them failed or may have failed
        (1, [(0, 5)], KEPT),
        (1, [(0, 5), (0, 5)], BROKEN),
        (1, [(0, 5), (0, 4, 1)], UNSURE),
        (2, [(0, 5), (0, 4, 1)], KEPT),
    ],
)
def test_a_caller_always_fails_if_it_has_five_conversations_and_none_passed(
    limit: int, bad: list[tuple[int, ...]], expected: RuleVerdict
) -> None:
    assert finding(callers(*GOOD, *bad), NAME, max_always_failing=limit).verdict is expected


def test_the_rule_does_not_apply_if_no_caller_has_five_conversations() -> None:
    """Conversations without a digital human are callers of their own."""
    for run in (callers(*[(4, 0)] * 9, (0, 4)), conversations(0, 9)):
        found = finding(run, NAME)
        assert (found.verdict, found.obstacle) == (OFF, Obstacle.NO_REPEATED_CALLER)


@pytest.mark.parametrize(
    ("bad", "details", "first", "ends"),
    [([(0, 5), (0, 4, 1)], ("109",), 46, (1, 2)), ([(0, 4, 1)], ("109",), 46, (0, 1))],
    ids=["broken: those that certainly fail", "inconclusive: those that may fail"],
)
def test_a_finding_names_the_callers_that_decide_and_their_conversations(
    bad: list[tuple[int, ...]], details: tuple[str, ...], first: int, ends: tuple[int, int]
) -> None:
    found = finding(callers(*GOOD, *bad), NAME)
    assert (found.details, (found.lowest, found.highest)) == (details, ends)
    assert found.conversations == tuple(range(first, first + 5))
