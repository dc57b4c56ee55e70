"""A conversation's outcome, which depends on its verdict and its tool calls, and its other properties."""

import datetime
from typing import Any

from bluejay_results import Outcome, SimulationResult
from contract_kit.tests.tables import table

from .. import builders
from ..runs import run_of


def _result(**fields: Any) -> SimulationResult:
    return run_of(builders.result(**fields)).results[0]


def _scored(**fields: Any) -> dict[str, Any]:
    return {"evaluations": [builders.evaluation(**fields)]}


@table("goal", [True, False])
def test_the_reason_for_an_outcome_is_the_explanation_in_the_evaluation(goal: bool) -> None:
    result = _result(**_scored(goal_success=goal, goal_reasoning="All\n asked. "))
    assert str(result.reason) == "All asked."


def test_a_conversation_with_a_null_status_has_ended_if_its_evaluations_disagree() -> None:
    evaluations = [builders.evaluation(goal_success=each) for each in (True, False)]
    run = run_of(builders.result(status=None, evaluations=evaluations), status=None, total_tests=1)
    assert run.results[0].outcome is Outcome.UNKNOWN
    assert run.is_settled


@table(
    "start, end, seconds",
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
