"""When a run's counters contradict its listed results (docs/definitions.md, Ship or not)."""

from typing import Any

import pytest

from .. import builders
from .findings import answered, found_in

PASSED = builders.result(1)
SKIPPED = builders.tool_calls("book", actual=0)
SKIPPED_A_TOOL = builders.result(2, tool_calls=[builders.tool_calls("find"), SKIPPED])
NO_CALL_RECORDED = builders.result(3, tool_calls=[SKIPPED])
CALLED_LATER_IN_THE_LIST = builders.result(4, tool_calls=[SKIPPED, builders.tool_calls(expected=0)])
VOID = ("OUT_OF_FUNDS", "INSUFFICIENT_FUNDS", "SYSTEM_ERROR", "canceled")
UNKNOWN = ("NO_CONNECTION", "No Answer", "REJECTED", "INCOMPLETED", "CUSTOM_ERROR")
AT, LATER = "2026-11-19T16:06:00Z", "2026-11-19T17:06:01+01:00"


def _broken(*results: Any, **run: Any) -> list[str]:
    found = found_in(answered(builders.response(*results, **run)))
    return [each.path for each in found if each.rule == "counters-match-results"]


def _scored(status: str | None = "COMPLETED", *, goal: bool | None = True) -> Any:
    return builders.result(1, status=status, evaluations=[builders.evaluation(goal_success=goal)])


def _judged(*verdicts: tuple[str | None, bool | None]) -> Any:
    judged = [
        builders.evaluation(goal_success=goal) | ({"created_at": at} if at else {}) for at, goal in verdicts
    ]
    return builders.result(1, evaluations=judged)


def _corrected(*, by_the_judge: bool | None, by_the_reviewer: bool | None) -> Any:
    evaluation = builders.evaluation(goal_success=by_the_judge, human_goal_success=by_the_reviewer)
    return builders.result(1, evaluations=[evaluation])


@pytest.mark.parametrize(
    ("results", "low", "high"),
    [
        ([PASSED], 1, 1),
        ([PASSED, SKIPPED_A_TOOL], 1, 2),
        ([NO_CALL_RECORDED], 0, 1),
        ([CALLED_LATER_IN_THE_LIST], 1, 1),
        ([_scored(goal=False)], 0, 0),
        ([_scored(goal=None)], 0, 1),
        ([builders.result(evaluations=[])], 0, 1),
        ([_scored("CALL_DROPPED")], 0, 1),
        ([_scored("CALL_DROPPED", goal=False)], 0, 0),
        ([_scored("VOICEMAIL")], 1, 1),
        ([_scored(None)], 1, 1),
        ([_scored("ERROR")], 0, 1),
        ([_scored("FAILED", goal=False)], 0, 0),
        *(([_scored(status)], 0, 0) for status in VOID),
        *(([_scored(status, goal=False)], 0, 1) for status in UNKNOWN),
        ([_judged((AT, True), (LATER, False))], 0, 0),
        ([_judged((LATER, True), (AT, False))], 1, 1),
        ([_judged((AT, False), (None, True))], 0, 1),
        ([_judged((AT, False), (AT, True))], 0, 1),
        ([_judged((None, True), (None, True))], 1, 1),
        ([_corrected(by_the_judge=True, by_the_reviewer=False)], 0, 1),
        ([_corrected(by_the_judge=False, by_the_reviewer=True)], 0, 1),
        ([_corrected(by_the_judge=None, by_the_reviewer=True)], 0, 1),
        ([_corrected(by_the_judge=None, by_the_reviewer=False)], 0, 1),
        ([_corrected(by_the_judge=False, by_the_reviewer=False)], 0, 0),
        ([_corrected(by_the_judge=True, by_the_reviewer=True)], 1, 1),
        ([_corrected(by_the_judge=False, by_the_reviewer=True) | {"tool_calls": [SKIPPED]}], 0, 1),
        ([_corrected(by_the_judge=False, by_the_reviewer=True) | {"status": "SYSTEM_ERROR"}], 0, 0),
    ],
)
def test_the_passed_counter_may_include_conversations_that_might_have_passed(
    results: list[Any], low: int, high: int
) -> None:
    counted = [count for count in range(len(results) + 2) if not _broken(*results, tests_passed=count)]
    assert counted == list(range(low, high + 1))


NONE_OF_ONE = {"total_tests": 1, "tests_passed": 0}
TESTS_PASSED, TOTAL_TESTS = "$.simulation_run.tests_passed", "$.simulation_run.total_tests"
QUEUED, EVALUATING = builders.result(2, status="QUEUED"), builders.result(2, status="EVALUATING")


@pytest.mark.parametrize(
    ("others", "run", "paths"),
    [
        *(
            ([], NONE_OF_ONE | {"status": status}, [TESTS_PASSED])
            for status in ("COMPLETED", "INCOMPLETED", "INSUFFICIENT_FUNDS", None, "FINALIZING")
        ),
        ([QUEUED], {"status": "INCOMPLETED", "tests_passed": 0}, [TESTS_PASSED]),
        ([EVALUATING], {"tests_passed": 0}, []),
        ([], NONE_OF_ONE | {"status": "RUNNING"}, []),
        ([], {"status": None, "tests_passed": 0}, []),
        ([], {"status": None, "total_tests": 2, "tests_passed": 0}, []),
        ([], {"total_tests": 1, "tests_passed": None}, []),
        ([], {"total_tests": None, "tests_passed": 1, "tests_failed": 5}, []),
        *(
            ([], {"total_tests": 3, "tests_passed": count}, [] if 1 <= count <= 3 else [TESTS_PASSED])
            for count in range(5)
        ),
        ([SKIPPED_A_TOOL], {"total_tests": 1}, [TOTAL_TESTS]),
        ([PASSED], {"total_tests": 1}, []),
    ],
)
def test_counters_are_not_compared_with_the_results_if_the_run_is_not_settled(
    others: list[Any], run: dict[str, Any], paths: list[str]
) -> None:
    """A counted conversation that isn't listed might have passed. A conversation listed twice counts once."""
    assert _broken(PASSED, *others, **run) == paths


def test_an_unknown_conversation_need_not_count_as_passed_or_as_failed() -> None:
    unknown = builders.result(2, status="NO_ANSWER", evaluations=[])
    document = builders.response(PASSED, unknown, total_tests=2, tests_passed=1, tests_failed=0)
    assert found_in(answered(document)) == []
