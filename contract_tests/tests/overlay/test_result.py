"""A conversation's outcome, which depends on its verdict and its tool calls, and its other properties."""

import datetime
from typing import Any

import pytest
from bluejay_results import Outcome, SimulationResult
from bluejay_results.results.reason import Why

from .. import builders
from ..runs import run_of

BOOK, PAY = (builders.tool_calls(name, actual=0) for name in ("book", "pay"))
FIND = builders.tool_calls("find")


def _result(**fields: Any) -> SimulationResult:
    return run_of(builders.result(**fields)).results[0]


def _scored(**fields: Any) -> dict[str, Any]:
    return {"evaluations": [builders.evaluation(**fields)]}


MISSED = _scored(goal_success=False)
NO_VERDICT = _scored(goal_success=None)


@pytest.mark.parametrize(
    ("fields", "outcome", "why", "tools"),
    [
        ({"evaluations": None}, Outcome.UNKNOWN, Why.NO_VERDICT, ()),
        (NO_VERDICT | {"tool_calls": [BOOK]}, Outcome.UNKNOWN, Why.NO_VERDICT, ()),
        ({"tool_calls": [BOOK, PAY]}, Outcome.UNKNOWN, Why.NO_CALLS, ("book", "pay")),
        (MISSED | {"tool_calls": [BOOK]}, Outcome.UNKNOWN, Why.NO_CALLS, ("book",)),
        (MISSED | {"tool_calls": [BOOK, FIND]}, Outcome.FAILED, Why.GOAL_MISSED, ("book",)),
        (MISSED | {"status": "ERROR"}, Outcome.FAILED, Why.GOAL_MISSED, ()),
        ({"status": "FAILED", "tool_calls": [BOOK, FIND]}, Outcome.UNKNOWN, Why.STATUS_ERROR, ()),
        ({"tool_calls": [BOOK, PAY, FIND]}, Outcome.FAILED, Why.TOOLS_NOT_CALLED, ("book", "pay")),
        ({"tool_calls": [builders.tool_calls(expected=2)]}, Outcome.PASSED, Why.GOAL_REACHED, ()),
        ({"tool_calls": [builders.tool_calls(expected=0)]}, Outcome.PASSED, Why.GOAL_REACHED, ()),
    ],
)
def test_the_verdict_and_then_the_tool_calls_decide_the_outcome(
    fields: dict[str, Any], outcome: Outcome, why: Why, tools: tuple[str, ...]
) -> None:
    result = _result(**fields)
    assert (result.outcome, result.reason.why, result.reason.tools) == (outcome, why, tools)


@pytest.mark.parametrize("goal", [True, False])
def test_the_reason_for_an_outcome_is_the_explanation_in_the_evaluation(goal: bool) -> None:
    result = _result(**_scored(goal_success=goal, goal_reasoning="All\n asked. "))
    assert str(result.reason) == "All asked."


EARLY, LATE = "2026-11-19T16:00:00Z", "2026-11-19T17:00:00+00:30"


@pytest.mark.parametrize(
    ("times", "last", "why", "current"),
    [
        ([EARLY, LATE], False, Why.GOAL_MISSED, 1),
        ([LATE, EARLY], False, Why.GOAL_REACHED, 0),
        ([EARLY, LATE, "2026-11-19T16:20:00"], False, Why.GOAL_REACHED, 1),  # without a zone: UTC
        ([EARLY, EARLY, LATE], False, Why.GOAL_MISSED, 2),
        ([EARLY, LATE], None, Why.NO_VERDICT, 1),
        ([EARLY, "2026-11-19T17:00:00+01:00"], False, Why.VERDICTS_DISAGREE, 1),
        ([EARLY, EARLY], None, Why.VERDICTS_DISAGREE, 1),
        ([EARLY, None], False, Why.VERDICTS_DISAGREE, 0),
        ([None, None], True, Why.GOAL_REACHED, 1),
    ],
)
def test_all_evaluations_must_agree_if_none_is_clearly_the_latest(
    times: list[str | None], last: bool | None, why: Why, current: int
) -> None:
    """All evaluations except the last in the list say that the goal was reached."""
    goals = [*[True] * (len(times) - 1), last]
    result = _result(
        evaluations=[
            builders.evaluation(id=str(number), goal_success=goal) | ({"created_at": time} if time else {})
            for number, (goal, time) in enumerate(zip(goals, times, strict=True))
        ]
    )
    assert result.reason.why is why
    assert result.goal_success is {Why.GOAL_REACHED: True, Why.GOAL_MISSED: False}.get(why)
    assert result.evaluation
    assert result.evaluation.id == str(current)


def test_a_conversation_with_a_null_status_has_ended_if_its_evaluations_disagree() -> None:
    evaluations = [builders.evaluation(goal_success=each) for each in (True, False)]
    run = run_of(builders.result(status=None, evaluations=evaluations), status=None, total_tests=1)
    assert run.results[0].outcome is Outcome.UNKNOWN
    assert run.is_settled


def test_expected_tools_and_called_tools_are_compared_by_name() -> None:
    calls = [
        builders.tool_calls("find", expected=1, actual=2),
        builders.tool_calls("book", expected=1, actual=0),
        builders.tool_calls("greet", expected=0, actual=1),
    ]
    result = _result(tool_calls=calls)
    assert result.expected_tools == ("find", "book")
    assert result.actual_tools == ("find", "greet")
    assert result.missing_tools == ("book",)


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        ("2026-11-19T16:04:10Z", "2026-11-19T17:05:44+01:00", 94),
        ("2026-11-19T16:04:10Z", "2026-11-19T16:04:10Z", 0),
        ("2026-11-19T16:04:10Z", None, None),
        ("2026-11-19T16:04:10Z", "2026-11-19T16:04:09Z", None),
    ],
)
def test_a_conversations_duration_is_its_end_time_minus_its_start_time(
    start: str, end: str | None, seconds: int | None
) -> None:
    """The field `duration` isn't used, because its unit can be seconds or milliseconds."""
    duration = _result(start_time=start, end_time=end, duration=7).duration
    assert duration == (None if seconds is None else datetime.timedelta(seconds=seconds))
