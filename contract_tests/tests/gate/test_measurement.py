"""A run is judged only if it is a measurement: a run on each side of each condition."""

from typing import Any

import pytest
from bluejay_results import SimulationRun
from bluejay_results.gate import Cause, Decision, Rules, gate

from .. import builders
from .findings import is_met
from .runs import FAILED, PASSED, UNKNOWN, VOID, conversations, run_of

SKIPPED_ONE_TOOL = {"tool_calls": [builders.tool_calls("find"), builders.tool_calls("book", actual=0)]}


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (conversations(4, 1), True),
        (conversations(4, 0, void=1), False),
        (conversations(4, 0, unknown=9), False),
        (run_of(*[PASSED] * 4, total_tests=5), False),
    ],
)
def test_only_conversations_that_passed_or_failed_count_for_the_minimum(
    run: SimulationRun, expected: bool
) -> None:
    assert is_met(run, "min-conversations", min_conversations=5) is expected


def test_one_conversation_that_passed_or_failed_is_enough_by_default() -> None:
    assert is_met(conversations(0, 1), "min-conversations")
    assert not is_met(conversations(unknown=1), "min-conversations")


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (conversations(8, void=2), True),
        (conversations(7, void=2), False),
        (run_of(*[PASSED] * 8, total_tests=10), True),
        (run_of(*[PASSED] * 7, VOID, total_tests=10), False),
        (conversations(1, unknown=99), True),
    ],
)
def test_at_most_20_percent_of_the_listed_and_missing_conversations_may_be_void_or_missing(
    run: SimulationRun, expected: bool
) -> None:
    assert is_met(run, "max-void") is expected


def test_the_option_max_void_changes_the_limit() -> None:
    assert is_met(conversations(1, void=1), "max-void", max_void=50)
    assert not is_met(conversations(1, void=1), "max-void", max_void=49.9)


@pytest.mark.parametrize(("total", "expected"), [(1, True), (0, False), (None, False)])
def test_total_tests_may_be_neither_null_nor_0(total: int | None, expected: bool) -> None:
    assert is_met(run_of(PASSED, total_tests=total), "total-tests") is expected


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (run_of(PASSED, PASSED, total_tests=2), True),
        (run_of(PASSED, PASSED, total_tests=1), False),
        (run_of(PASSED, FAILED, tests_passed=1, tests_failed=1), True),
        (run_of(PASSED, FAILED, tests_passed=1, tests_failed=2), False),
        (run_of(PASSED, PASSED, tests_passed=1), False),
        (run_of(PASSED, FAILED, tests_passed=2), False),
        # An unknown or missing conversation may have passed.
        (run_of(PASSED, UNKNOWN, tests_passed=2), True),
        (run_of(PASSED, total_tests=2, tests_passed=2), True),
        (run_of(PASSED, VOID, tests_passed=2), False),
        # The service may count a conversation as passed although it skipped a tool.
        (run_of(PASSED, SKIPPED_ONE_TOOL, tests_passed=1), True),
        (run_of(PASSED, SKIPPED_ONE_TOOL, tests_passed=2), True),
        (run_of(PASSED, SKIPPED_ONE_TOOL, tests_passed=0), False),
        (run_of(PASSED, FAILED, tests_passed=None, tests_failed=None), True),
    ],
)
def test_the_counters_must_not_contradict_the_conversations(run: SimulationRun, expected: bool) -> None:
    assert is_met(run, "counters") is expected


def test_counters_are_not_compared_if_the_condition_is_off() -> None:
    verdict = gate(run_of(PASSED, PASSED, tests_passed=0), Rules(no_counters=True))
    assert "counters" not in [each.name for each in verdict.measurement]
    assert verdict.ships


@pytest.mark.parametrize(
    ("run", "rules"),
    [
        (conversations(0, 4), {"min_conversations": 5}),
        (conversations(0, 1, void=1), {}),
        (run_of(FAILED, total_tests=None), {}),
        (run_of(FAILED, tests_passed=1), {}),
    ],
)
def test_an_unmet_condition_makes_the_run_inconclusive_even_if_a_rule_is_broken(
    run: SimulationRun, rules: dict[str, Any]
) -> None:
    verdict = gate(run, Rules(**rules))
    assert verdict.cause is Cause.NOT_A_MEASUREMENT
    assert verdict.decision is Decision.INCONCLUSIVE
    assert verdict.exit_code == 6
    assert len(verdict.unmet) == 1
