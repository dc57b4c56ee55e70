"""The answers about a conversation: a reviewer's answer replaces the judge's.

Only this module reads both. See `docs/definitions.md`, Outcomes.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Set
from enum import StrEnum
from typing import Any, TypeVar

from attrs import evolve, frozen
from bluejay_api.models import CustomMetric, Evaluation, SimulationResultResponse

Model = TypeVar("Model", Evaluation, CustomMetric)


class Question(StrEnum):
    """What a judge was asked."""

    GOAL = "goal reached"
    """Was the goal reached?"""
    HALLUCINATION = "hallucination"
    """Did the agent say something without a source?"""
    REDUNDANCY = "redundancy"
    """Did the agent repeat itself?"""
    PRONUNCIATION = "pronunciation"
    """How good was the pronunciation?"""
    SENTIMENT = "sentiment"
    """What was the caller's sentiment?"""
    METRIC = "metric"
    """The question of a custom metric."""


@frozen
class Correction:
    """What the judge had answered before a reviewer corrected the answer.

    Attributes:
        judge_answer: The judge's answer; None if the judge gave none.
        judge_explanation: The judge's reasoning.
        reviewer: The id of the last reviewer of the evaluation or metric; None if it is unknown.
        corrected_at: When this reviewer made the last change; None if that is unknown.
    """

    judge_answer: bool | float | str | None
    judge_explanation: str | None
    reviewer: str | None
    corrected_at: datetime.datetime | None


@frozen
class Answer:
    """An answer that counts: the reviewer's if there is one, otherwise the judge's.

    Attributes:
        question: The question.
        metric: The name of the custom metric; None for other questions.
        answer: The answer as received; None without one, or if a reviewer's answer breaks the contract.
        explanation: The reasoning; for a corrected answer, the reviewer's or else the notes of the reviewer.
        correction: What the judge had answered; None if no reviewer gave another answer.
        evaluated_at: When the evaluation was created; None for the evaluation that counts.
        is_current: Whether the evaluation counts.
    """

    question: Question
    metric: str | None
    answer: bool | float | str | None
    explanation: str | None
    correction: Correction | None = None
    evaluated_at: datetime.datetime | None = None
    is_current: bool = True


@frozen
class _Fields:
    """The names of the fields that contain one answer. A reviewer can't correct an answer without `human`."""

    judge: str
    reasoning: str
    human: str
    human_reasoning: str
    notes: str


_IN_EVALUATION = {
    question: _Fields(
        judge, f"{name}_reasoning", f"human_{judge}", f"human_{name}_reasoning", f"override_{name}_notes"
    )
    for question, judge, name in (
        (Question.GOAL, "goal_success", "goal"),
        (Question.HALLUCINATION, "hallucination", "hallucination"),
        (Question.REDUNDANCY, "redundancy", "redundancy"),
        (Question.PRONUNCIATION, "pronunciation_score", "pronunciation"),
    )
}
_IN_METRIC = _Fields(
    "response_value", "reasoning", "human_response_value", "human_reasoning", "override_notes"
)


def answers(evaluation: Evaluation, violated: Set[str] = frozenset()) -> Iterator[Answer]:
    """Yield the answers that count, without questions that have no answer.

    `violated` has the names of the fields in evaluations that break the contract.
    """
    for question in _IN_EVALUATION:
        found = answer_to(question, evaluation, violated)
        if found.answer is not None:
            yield found
    if evaluation.sentiment_label is not None:
        yield Answer(Question.SENTIMENT, None, evaluation.sentiment_label, None)
    for metric in evaluation.custom_metrics or ():
        yield metric_answer(metric, violated)


def answer_to(question: Question, evaluation: Evaluation, violated: Set[str] = frozenset()) -> Answer:
    """Return the answer to a question that a reviewer can correct; the answer itself may be None."""
    return _answer(question, None, evaluation, _IN_EVALUATION[question], violated)


def metric_answer(metric: CustomMetric, violated: Set[str] = frozenset()) -> Answer:
    """Return the answer of a custom metric, which is None if it breaks the contract."""
    return _answer(Question.METRIC, metric.name, metric, _IN_METRIC, violated)


def effective(evaluation: Evaluation, violated: Set[str] = frozenset()) -> Evaluation:
    """Return an evaluation in which a reviewer's answers and reasonings have replaced the judge's.

    An evaluation without a correction is returned itself.
    """
    received = evaluation.custom_metrics or []
    metrics = [_with(each, _IN_METRIC, metric_answer(each, violated)) for each in received]
    if any(new is not old for new, old in zip(metrics, received, strict=True)):
        evaluation = evolve(evaluation, custom_metrics=metrics)
    for question, fields in _IN_EVALUATION.items():
        evaluation = _with(evaluation, fields, answer_to(question, evaluation, violated))
    return evaluation


def uncorrected(response: SimulationResultResponse) -> SimulationResultResponse:
    """Return a conversation as if no reviewer had corrected the judge's verdict about the goal."""
    evaluations = [evolve(each, human_goal_success=None) for each in response.evaluations or ()]
    return evolve(response, evaluations=evaluations)


def _answer(
    question: Question,
    metric: str | None,
    model: Evaluation | CustomMetric,
    fields: _Fields,
    violated: Set[str],
) -> Answer:
    judge, human = getattr(model, fields.judge), getattr(model, fields.human)
    if human is None and fields.human in violated:
        return Answer(question, metric, None, None)
    judge_explanation = getattr(model, fields.reasoning)
    if human is None or human == judge:
        return Answer(question, metric, judge, judge_explanation)
    explanation = getattr(model, fields.human_reasoning) or getattr(model, fields.notes)
    correction = Correction(judge, judge_explanation, model.last_edited_by, model.last_edited_at)
    return Answer(question, metric, human, explanation, correction)


def _with(model: Model, fields: _Fields, found: Answer) -> Model:
    """Return a model with the answer that counts."""
    if found.answer == getattr(model, fields.judge):
        return model
    changes: dict[str, Any] = {fields.judge: found.answer, fields.reasoning: found.explanation}
    return evolve(model, **changes)
