"""A reviewer's answers replace the judge's in outcomes, answers, metrics, counters and tables."""

import pickle
from typing import Any

import pytest
from bluejay_results import NoteKind, Outcome, SimulationResult, Why
from bluejay_results.export import to_rows
from bluejay_results.results.answers import Question

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
def test_a_reviewers_answer_replaces_the_judges_answer(name: str) -> None:
    field, judge, reviewer = PAIRS[name]
    result = _result(**{field: judge, f"human_{field}": reviewer})
    found = _answer(result, QUESTIONS[name])
    assert (found.answer, found.correction.judge_answer) == (reviewer, judge)
    assert getattr(result.effective_evaluation, field) == reviewer
    assert getattr(result.evaluation, field) == judge
    assert result.corrections == (found,)


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("is_equal", [True, False])
def test_an_answer_is_corrected_only_if_the_reviewers_answer_differs(name: str, is_equal: bool) -> None:
    field, judge, _ = PAIRS[name]
    given = {f"human_{field}": judge if is_equal else None, f"human_{name}_reasoning": "I agree."}
    result = _result(**{field: judge, f"{name}_reasoning": "The judge's."} | given)
    found = _answer(result, QUESTIONS[name])
    assert (found.answer, found.explanation, result.corrections) == (judge, "The judge's.", ())


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


def test_a_correction_names_the_reviewer_and_the_time() -> None:
    correction = _result(**REACHED).last_correction
    assert correction is not None
    assert (correction.reviewer, str(correction.corrected_at)) == ("reviewer-7", "2026-11-20 08:00:00+00:00")


def test_the_last_correction_is_the_most_recent_one() -> None:
    metric = _metric(human_response_value="4", last_edited_by="reviewer-8")
    times = ["2026-11-20T09:00:00Z", "2026-11-20T07:00:00Z", None]
    results = [_result(**REACHED, custom_metrics=[metric | {"last_edited_at": each}]) for each in times]
    reviewers = [each.last_correction.reviewer for each in results if each.last_correction]
    assert reviewers == ["reviewer-8", "reviewer-7", "reviewer-7"]


def test_a_reviewers_answer_replaces_a_metrics_answer() -> None:
    given = {"human_response_value": "4", "human_reasoning": None, "override_notes": "Kind enough."}
    result = _result(custom_metrics=[_metric(**given), _metric(name="other")])
    first, second = result.metrics
    assert (first.text, first.number, first.explanation) == ("4", 4.0, "Kind enough.")
    assert (first.response.response_value, first.response.reasoning) == ("2", "Curt.")
    assert first.correction is not None
    assert first.correction.judge_answer == "2"
    assert (second.number, second.explanation, second.correction) == (2.0, "Curt.", None)
    assert [each.metric for each in result.corrections] == ["politeness"]


@pytest.mark.parametrize(
    ("evaluation", "outcome", "why"),
    [
        (REACHED, Outcome.PASSED, Why.GOAL_REACHED),
        ({"human_goal_success": False}, Outcome.FAILED, Why.GOAL_MISSED),
        ({"goal_success": None, "human_goal_success": True}, Outcome.PASSED, Why.GOAL_REACHED),
        ({"goal_success": None, "human_goal_success": False}, Outcome.FAILED, Why.GOAL_MISSED),
    ],
)
def test_a_reviewers_verdict_decides_the_outcome(
    evaluation: dict[str, Any], outcome: Outcome, why: Why
) -> None:
    result = _result(**evaluation)
    assert (result.outcome, result.reason.why) == (outcome, why)
    assert result.goal_success is (outcome is Outcome.PASSED)
    assert result.reason.correction is not None


@pytest.mark.parametrize("called", [0, 1])
def test_a_correction_never_replaces_a_tool_call(called: int) -> None:
    tools = [builders.tool_calls("find", actual=called), builders.tool_calls("book", actual=0)]
    result = run_of(builders.result(evaluations=[builders.evaluation(**REACHED)], tool_calls=tools)).results[
        0
    ]
    assert result.outcome is (Outcome.FAILED if called else Outcome.UNKNOWN)


@pytest.mark.parametrize(
    ("human", "outcome"), [(True, Outcome.PASSED), (False, Outcome.UNKNOWN), (None, Outcome.UNKNOWN)]
)
def test_evaluations_are_compared_by_the_answers_that_count(human: bool | None, outcome: Outcome) -> None:
    evaluations = [builders.evaluation(), builders.evaluation(**MISSED, human_goal_success=human)]
    assert run_of(builders.result(evaluations=evaluations)).results[0].outcome is outcome


def _broken(**evaluation: Any) -> SimulationResult:
    conversation = builders.result(evaluations=[builders.evaluation(**evaluation)])
    return run_of(conversation, on_violation="collect").results[0]


@pytest.mark.parametrize("name", PAIRS)
def test_an_answer_is_unknown_if_the_reviewers_answer_breaks_the_contract(name: str) -> None:
    field, judge, _ = PAIRS[name]
    result = _broken(**{field: judge, f"human_{field}": "true"})
    assert getattr(result.effective_evaluation, field) is None
    assert QUESTIONS[name] not in {each.question for each in result.answers}


def test_another_evaluations_verdict_is_unknown_if_its_reviewers_verdict_is_invalid() -> None:
    early, late = ({"created_at": f"2026-11-19T1{hour}:00:00Z"} for hour in (6, 7))
    broken = builders.evaluation(**early, human_goal_success="yes")
    result = run_of(
        builders.result(evaluations=[broken, builders.evaluation(**late, human_goal_success=True)]),
        on_violation="collect",
    ).results[0]
    assert [(each.answer, each.is_current) for each in result.all_answers] == [(True, True), (None, False)]


def test_a_metric_is_unreadable_if_the_reviewers_answer_breaks_the_contract() -> None:
    [metric] = _broken(custom_metrics=[_metric(human_response_value=4)]).metrics
    assert f"{metric.text}" == "None"  # in spite of its type
    assert metric.number is None


def test_the_outcome_is_unknown_if_the_reviewers_verdict_breaks_the_contract() -> None:
    result = _broken(human_goal_success="no")
    assert (result.outcome, result.reason.why) == (Outcome.UNKNOWN, Why.FIELD_HIDDEN)
    assert result.reason.path == "$.evaluations[0].human_goal_success"


def test_a_reviewers_valid_verdict_counts_even_if_the_judges_breaks_the_contract() -> None:
    assert _broken(goal_success="yes", human_goal_success=False).outcome is Outcome.FAILED


CORRECTED = builders.result(1, evaluations=[builders.evaluation(**REACHED)])
OVERRULED = builders.result(2, evaluations=[builders.evaluation(human_goal_success=False)])
DROPPED = builders.result(3, status="CALL_DROPPED")


@pytest.mark.parametrize(
    ("conversation", "allowed"),
    [(CORRECTED, {0, 1}), (OVERRULED, {0, 1}), (DROPPED, {0, 1}), (builders.result(), {1})],
)
def test_the_counters_may_count_a_corrected_conversation_either_way(
    conversation: dict[str, Any], allowed: set[int]
) -> None:
    runs = {count: run_of(conversation, total_tests=1, tests_passed=count) for count in (0, 1)}
    assert {count for count, run in runs.items() if not run.contradictions} == allowed


def test_a_note_names_the_corrected_conversations() -> None:
    run = run_of(CORRECTED, OVERRULED, builders.result(3))
    notes = [each for each in run.notes if each.kind is NoteKind.CORRECTED]
    assert [each.data["ids"] for each in notes] == [[each.id for each in run.results[:2]]]


def test_a_copy_of_a_run_keeps_its_corrections() -> None:
    run = run_of(CORRECTED)
    assert pickle.loads(pickle.dumps(run)).results[0].corrections == run.results[0].corrections  # noqa: S301 - our own bytes


@pytest.mark.parametrize("name", PAIRS)
def test_tables_show_the_judges_answer_next_to_the_one_that_counts(name: str) -> None:
    field, judge, reviewer = PAIRS[name]
    reasons = {f"{name}_reasoning": "The judge's.", f"human_{name}_reasoning": "Mine."}
    evaluation = builders.evaluation(**{field: judge, f"human_{field}": reviewer} | reasons | NOTES)
    [row] = to_rows(run_of(builders.result(evaluations=[evaluation])), "conversations")
    assert (row[field], row[f"judge_{field}"]) == (reviewer, judge)
    assert (row[f"{name}_reasoning"], row[f"judge_{name}_reasoning"]) == ("Mine.", "The judge's.")
    assert (row["corrections"], row["corrected_by"]) == (1, "reviewer-7")
    assert str(row["corrected_at"]) == "2026-11-20 08:00:00+00:00"


def test_the_metrics_table_shows_the_judges_answer_next_to_the_one_that_counts() -> None:
    metric = _metric(human_response_value="4", human_reasoning="Kind.", **NOTES)
    evaluation = builders.evaluation(custom_metrics=[metric])
    [row] = to_rows(run_of(builders.result(evaluations=[evaluation])), "metrics")
    assert (row["number"], row["text"], row["reasoning"]) == (4.0, "4", "Kind.")
    assert (row["judge_text"], row["judge_reasoning"], row["corrected_by"]) == ("2", "Curt.", "reviewer-7")
