"""Determines which of a conversation's evaluations counts, and applies reviewers' corrections.

Only this module reads both the judge's and the reviewer's answers. See `docs/definitions.md`, Outcomes.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

from attrs import evolve, frozen
from bluejay_api.models import CustomMetric, Evaluation, SimulationResultResponse

from ..errors import Violation
from .valid_parts import without_indexes

Model = TypeVar("Model", Evaluation, CustomMetric)


class Question(StrEnum):
    """A question to the judge."""

    GOAL = "goal reached"
    """Was the goal reached?"""
    HALLUCINATION = "hallucination"
    """Did the agent say something that no source supports?"""
    REDUNDANCY = "redundancy"
    """Did the agent repeat itself?"""
    PRONUNCIATION = "pronunciation"
    """How good was the pronunciation?"""
    SENTIMENT = "sentiment"
    """What was the caller's sentiment?"""
    METRIC = "metric"
    """A custom metric's question."""


@frozen
class Correction:
    """The judge's answer, before a reviewer corrected it.

    Attributes:
        judge_answer: The judge's answer; None if the judge gave none.
        judge_explanation: The judge's reasoning.
        reviewer: The id of the last reviewer of the evaluation or metric; None if unknown.
        corrected_at: When this reviewer made the last change; None if unknown.
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
        answer: The answer as received; None if there is none, or if a reviewer's answer breaks the contract.
        explanation: The reasoning; for a corrected answer, the reviewer's reasoning or else the reviewer's
            notes.
        correction: The judge's answer; None if no reviewer changed it.
        evaluated_at: When the evaluation was created; None for the evaluation that counts.
        is_current: Whether this is from the evaluation that counts.
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
    """The names of the fields that contain one answer. Without `human`, reviewers can't correct it."""

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


_HIDES_EVALUATION = frozenset({"$.evaluations", "$.evaluations[]"})
_HIDES_ORDER = frozenset({"$.evaluations[].created_at"})


@frozen(slots=False, eq=False)
class Evaluations:
    """A conversation's evaluations. The most recently created one counts.

    Attributes:
        received: All evaluations, as received.
        violations: The violations of the contract in the conversation.
    """

    received: Sequence[Evaluation]
    violations: Sequence[Violation]

    @property
    def hiding(self) -> frozenset[str]:
        """The fields that show which evaluation counts; that is unknown if one breaks the contract."""
        return _HIDES_EVALUATION | _HIDES_ORDER if len(self.received) > 1 else _HIDES_EVALUATION

    @cached_property
    def may_be_last(self) -> tuple[Evaluation, ...]:
        """The evaluations that might be the latest: their timestamp is the latest, or is missing."""
        latest = max((each.created_at for each in self.received if each.created_at), default=None)
        untimed = [each for each in self.received if each.created_at is None]
        return (*untimed, *(each for each in self.received if each.created_at and each.created_at == latest))

    @cached_property
    def last(self) -> tuple[Evaluation, ...]:
        """The evaluations that might be the latest, with reviewers' answers applied."""
        return tuple(map(self._effective, self.may_be_last))

    @cached_property
    def current(self) -> Evaluation | None:
        """The evaluation that counts, as received; None if there is none or if it can't be determined."""
        is_hidden = any(without_indexes(each.path) in self.hiding for each in self.violations)
        return self.may_be_last[-1] if self.may_be_last and not is_hidden else None

    @property
    def have_verdict(self) -> bool:
        """Whether any evaluation that might be the latest has a goal verdict."""
        return self.current is not None and any(each.goal_success is not None for each in self.last)

    @property
    def disagree(self) -> bool:
        """Whether evaluations disagree about the goal, and their times don't show which is the latest."""
        return len({each.goal_success for each in self.last}) > 1

    @property
    def goal_success(self) -> bool | None:
        """Whether the goal was reached; None if there is no verdict, or if the verdicts disagree."""
        return None if self.disagree or self.current is None else self.last[-1].goal_success

    @property
    def verdict(self) -> Answer | None:
        """The goal verdict in the evaluation that counts."""
        return None if self.current is None else self._answer_to(Question.GOAL, self.current)

    @cached_property
    def answers(self) -> tuple[Answer, ...]:
        """The answers that count, except for unanswered questions."""
        return () if self.current is None else tuple(self._answers(self.current))

    @property
    def earlier_verdicts(self) -> Iterator[Answer]:
        """The goal verdicts in the other evaluations."""
        for each in self.received:
            if each is not self.current:
                found = self._answer_to(Question.GOAL, each)
                yield evolve(found, evaluated_at=each.created_at, is_current=False)

    def _answers(self, evaluation: Evaluation) -> Iterator[Answer]:
        for question in _IN_EVALUATION:
            found = self._answer_to(question, evaluation)
            if found.answer is not None:
                yield found
        if evaluation.sentiment_label is not None:
            yield Answer(Question.SENTIMENT, None, evaluation.sentiment_label, None)
        for metric in evaluation.custom_metrics or ():
            yield self._answer(Question.METRIC, metric.name, metric, _IN_METRIC)

    def _answer_to(self, question: Question, evaluation: Evaluation) -> Answer:
        """Return the answer to a question that a reviewer can correct; the answer's value can be None."""
        return self._answer(question, None, evaluation, _IN_EVALUATION[question])

    def _answer(
        self, question: Question, metric: str | None, model: Evaluation | CustomMetric, fields: _Fields
    ) -> Answer:
        judge, human = getattr(model, fields.judge), getattr(model, fields.human)
        if human is None and self.violations and fields.human in self._violated:
            return Answer(question, metric, None, None)
        judge_explanation = getattr(model, fields.reasoning)
        if human is None or human == judge:
            return Answer(question, metric, judge, judge_explanation)
        explanation = getattr(model, fields.human_reasoning) or getattr(model, fields.notes)
        correction = Correction(judge, judge_explanation, model.last_edited_by, model.last_edited_at)
        return Answer(question, metric, human, explanation, correction)

    @cached_property
    def _violated(self) -> frozenset[str]:
        """The names of the evaluation fields that break the contract."""
        inside = (each.path for each in self.violations if each.path.startswith("$.evaluations["))
        return frozenset(path.rpartition(".")[2] for path in inside)

    def _effective(self, evaluation: Evaluation) -> Evaluation:
        """Return an evaluation with the reviewer's answers and reasoning instead of the judge's.

        An evaluation without corrections is returned unchanged.
        """
        received = evaluation.custom_metrics or []
        metrics = [self._with(each, _IN_METRIC) for each in received]
        if any(new is not old for new, old in zip(metrics, received, strict=True)):
            evaluation = evolve(evaluation, custom_metrics=metrics)
        for fields in _IN_EVALUATION.values():
            evaluation = self._with(evaluation, fields)
        return evaluation

    def _with(self, model: Model, fields: _Fields) -> Model:
        """Return a model with the answer that counts; without a reviewer's answer, the model is unchanged."""
        is_violated = self.violations and fields.human in self._violated
        if getattr(model, fields.human) is None and not is_violated:
            return model  # nearly always, so no `Answer` is made
        found = self._answer(Question.METRIC, None, model, fields)  # only its answer and reasons are used
        if found.answer == getattr(model, fields.judge):
            return model
        changes: dict[str, Any] = {fields.judge: found.answer, fields.reasoning: found.explanation}
        return evolve(model, **changes)


def uncorrected(response: SimulationResultResponse) -> SimulationResultResponse:
    """Return a conversation without reviewers' corrections of the goal verdict."""
    evaluations = [evolve(each, human_goal_success=None) for each in response.evaluations or ()]
    return evolve(response, evaluations=evaluations)
