"""A reviewer's answers replace the judge's in outcomes, answers, metrics, counters and tables."""

from typing import Any

import pytest
from bluejay_results import Outcome, SimulationResult, Why
from bluejay_results.results.answers import Question
from contract_kit.tests.tables import table

from .. import builders
from ..runs import run_of

NOTES = {"last_edited_by": "reviewer-7", "last_edited_at": "2026-11-20T08:00:00Z"}
MISSED = {"goal_success": False, "goal_reasoning": "No slot was offered."}
REACHED = MISSED | {"human_goal_success": True} | NOTES
PAIRS: dict[str, tuple[str, Any, Any]] = {
    "goal": ("goal_success", False, True),
    "hallucination": ("hallucination", True, False),
    "redundancy": ("redundancy", False, True),
    "pronunciation": ("pronunciation_score", 2.5, 4.0),
}
"""Each question with its field, a judge's answer, and a reviewer's different answer."""
QUESTIONS = {
    "goal": Question.GOAL,
    "hallucination": Question.HALLUCINATION,
    "redundancy": Question.REDUNDANCY,
    "pronunciation": Question.PRONUNCIATION,
}


def _result(**evaluation: Any) -> SimulationResult:
    return run_of(builders.result(evaluations=[builders.evaluation(**evaluation)])).results[0]


def _metric(**fields: Any) -> dict[str, Any]:
    named = {"name": "politeness", "description": "", "response_type": "quantitative"}
    return named | {"response_value": "2", "reasoning": "Curt."} | fields


def _answer(result: SimulationResult, question: Question) -> Any:
    return next(each for each in result.answers if each.question is question)


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize(
    ("given", "explanation"),
    [
        ({"human_{}_reasoning": "Mine.", "override_{}_notes": "Notes."}, "Mine."),
        ({"human_{}_reasoning": "", "override_{}_notes": "Notes."}, "Notes."),
        ({}, None),
    ],
)
def test_a_corrected_answer_has_the_reviewers_reasoning_or_notes(
    name: str, given: dict[str, str], explanation: str | None
) -> None:
    field, judge, reviewer = PAIRS[name]
    reasons = {key.format(name): value for key, value in given.items()}
    corrected = {field: judge, f"{name}_reasoning": "The judge's.", f"human_{field}": reviewer}
    result = _result(**corrected | reasons)
    found = _answer(result, QUESTIONS[name])
    assert (found.explanation, found.correction.judge_explanation) == (explanation, "The judge's.")
    assert getattr(result.effective_evaluation, f"{name}_reasoning") == explanation


def test_the_last_correction_is_the_most_recent_one() -> None:
    metric = _metric(human_response_value="4", last_edited_by="reviewer-8")
    times = ["2026-11-20T09:00:00Z", "2026-11-20T07:00:00Z", None]
    results = [_result(**REACHED, custom_metrics=[metric | {"last_edited_at": each}]) for each in times]
    reviewers = [each.last_correction.reviewer for each in results if each.last_correction]
    assert reviewers == ["reviewer-8", "reviewer-7", "reviewer-7"]


@table("called", [0, 1])
def test_a_correction_never_replaces_a_tool_call(called: int) -> None:
    tools = [builders.tool_calls("find", actual=called), builders.tool_calls("book", actual=0)]
    result = run_of(builders.result(evaluations=[builders.evaluation(**REACHED)], tool_calls=tools)).results[
        0
    ]
    assert result.outcome is (Outcome.FAILED if called else Outcome.UNKNOWN)


@table("human, outcome", [(True, Outcome.PASSED), (False, Outcome.UNKNOWN), (None, Outcome.UNKNOWN)])
def test_evaluations_are_compared_by_the_answers_that_count(human: bool | None, outcome: Outcome) -> None:
    evaluations = [builders.evaluation(), builders.evaluation(**MISSED, human_goal_success=human)]
    assert run_of(builders.result(evaluations=evaluations)).results[0].outcome is outcome


def _broken(**evaluation: Any) -> SimulationResult:
    conversation = builders.result(evaluations=[builders.evaluation(**evaluation)])
    return run_of(conversation, on_violation="collect").results[0]


def test_another_evaluations_verdict_is_unknown_if_its_reviewers_verdict_is_invalid() -> None:
    early, late = ({"created_at": f"2026-11-19T1{hour}:00:00Z"} for hour in (6, 7))
    broken = builders.evaluation(**early, human_goal_success="yes")
    result = run_of(
        builders.result(evaluations=[broken, builders.evaluation(**late, human_goal_success=True)]),
        on_violation="collect",
    ).results[0]
    assert [(each.answer, each.is_current) for each in result.all_answers] == [(True, True), (None, False)]


def test_the_outcome_is_unknown_if_the_reviewers_verdict_breaks_the_contract() -> None:
    result = _broken(human_goal_success="no")
    assert (result.outcome, result.reason.why) == (Outcome.UNKNOWN, Why.FIELD_HIDDEN)
    assert result.reason.path == "$.evaluations[0].human_goal_success"


CORRECTED = builders.result(1, evaluations=[builders.evaluation(**REACHED)])
OVERRULED = builders.result(2, evaluations=[builders.evaluation(human_goal_success=False)])
DROPPED = builders.result(3, status="CALL_DROPPED")


@table(
    "conversation, allowed",
    [(CORRECTED, {0, 1}), (OVERRULED, {0, 1}), (DROPPED, {0, 1}), (builders.result(), {1})],
)
def test_the_counters_may_count_a_corrected_conversation_either_way(
    conversation: dict[str, Any], allowed: set[int]
) -> None:
    runs = {count: run_of(conversation, total_tests=1, tests_passed=count) for count in (0, 1)}
    assert {count for count, run in runs.items() if not run.contradictions} == allowed
