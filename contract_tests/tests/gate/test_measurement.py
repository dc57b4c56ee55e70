"""A run is judged only if it is a measurement: a run on each side of each condition."""

from typing import Any

import pytest
from bluejay_results import SimulationRun
from bluejay_results.gate import Rules, gate

from .. import builders
from .runs import FAILED, PASSED, UNKNOWN, VOID, conversations, run_of

SKIPPED_ONE_TOOL = {"tool_calls": [builders.tool_calls("find"), builders.tool_calls("book", actual=0)]}


@pytest.mark.parametrize(
    ("name", "run", "rules", "is_met"),
    [
        # Only conversations that passed or failed count for the minimum.
        ("min-conversations", conversations(4, 1), {"min_conversations": 5}, True),
        ("min-conversations", conversations(4, 0, unknown=9, void=1), {"min_conversations": 5}, False),
        ("min-conversations", run_of(*[PASSED] * 4, total_tests=5), {"min_conversations": 5}, False),
        ("min-conversations", conversations(0, 1), {}, True),
        ("min-conversations", conversations(unknown=1), {}, False),
        # The share is that of the listed and missing conversations.
        ("max-void", conversations(8, void=2), {}, True),
        ("max-void", conversations(7, void=2), {}, False),
        ("max-void", run_of(*[PASSED] * 8, total_tests=10), {}, True),
        ("max-void", run_of(*[PASSED] * 7, VOID, total_tests=10), {}, False),
        ("max-void", conversations(1, unknown=99), {}, True),
        ("max-void", conversations(1, void=1), {"max_void": 50}, True),
        ("max-void", conversations(1, void=1), {"max_void": 49.9}, False),
        ("total-tests", run_of(PASSED, total_tests=1), {}, True),
        ("total-tests", run_of(PASSED, total_tests=0), {}, False),
        ("total-tests", run_of(PASSED, total_tests=None), {}, False),
        ("counters", run_of(PASSED, PASSED, total_tests=2), {}, True),
        ("counters", run_of(PASSED, PASSED, total_tests=1), {}, False),
        ("counters", run_of(PASSED, FAILED, tests_passed=1, tests_failed=1), {}, True),
        ("counters", run_of(PASSED, FAILED, tests_passed=1, tests_failed=2), {}, False),
        ("counters", run_of(PASSED, PASSED, tests_passed=1), {}, False),
        ("counters", run_of(PASSED, FAILED, tests_passed=2), {}, False),
        # An unknown or missing conversation may have passed.
        ("counters", run_of(PASSED, UNKNOWN, tests_passed=2), {}, True),
        ("counters", run_of(PASSED, total_tests=2, tests_passed=2), {}, True),
        ("counters", run_of(PASSED, VOID, tests_passed=2), {}, False),
        # The service may count a conversation as passed although it skipped a tool.
        ("counters", run_of(PASSED, SKIPPED_ONE_TOOL, tests_passed=1), {}, True),
        ("counters", run_of(PASSED, SKIPPED_ONE_TOOL, tests_passed=2), {}, True),
        ("counters", run_of(PASSED, SKIPPED_ONE_TOOL, tests_passed=0), {}, False),
        ("counters", run_of(PASSED, FAILED, tests_passed=None, tests_failed=None), {}, True),
    ],
)
def test_a_condition_is_met_at_its_limit_and_unmet_beyond(
    name: str, run: SimulationRun, rules: dict[str, Any], is_met: bool
) -> None:
    [found] = [each for each in gate(run, Rules(**rules)).measurement if each.name == name]
    assert found.is_met is is_met


def test_counters_are_not_compared_if_the_condition_is_off() -> None:
    verdict = gate(run_of(PASSED, PASSED, tests_passed=0), Rules(no_counters=True))
    assert "counters" not in [each.name for each in verdict.measurement]
    assert verdict.ships
