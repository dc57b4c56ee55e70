"""A second implementation of answers and their corrections, written only from the definitions."""

from typing import Any, NamedTuple

from .outcomes import Json, last_evaluations

QUESTIONS = {
    "goal reached": ("goal_success", "goal_"),
    "hallucination": ("hallucination", "hallucination_"),
    "redundancy": ("redundancy", "redundancy_"),
    "pronunciation": ("pronunciation_score", "pronunciation_"),
}
"""For each question, the field with the judge's answer, and the start of its reasoning's names."""


class Answer(NamedTuple):
    """An answer that counts, with its reasoning and, if a reviewer corrected it, what the judge had said."""

    question: str
    answer: Any
    reasoning: str | None
    judge: tuple[Any, str | None] | None


def answer_to(question: str, document: Json, field: str, about: str) -> Answer:
    """Return an answer; the judge's reasoning belongs only to the judge's answer."""
    by_judge, by_reviewer = document.get(field), document.get(f"human_{field}")
    said = by_judge, document.get(f"{about}reasoning")
    if by_reviewer is None or by_reviewer == by_judge:
        return Answer(question, *said, None)
    reasoning = document.get(f"human_{about}reasoning") or document.get(f"override_{about}notes")
    return Answer(question, by_reviewer, reasoning, said)


def answers(conversation: Json) -> list[Answer]:
    """Return the answers in the evaluation that counts: the last of those that might be the latest."""
    found = []
    for each in last_evaluations(conversation)[-1:]:
        found += [answer_to(question, each, *fields) for question, fields in QUESTIONS.items()]
        found = [answer for answer in found if answer.answer is not None]
        for metric in each.get("custom_metrics") or []:
            found.append(answer_to(metric["name"], metric, "response_value", ""))
    return found


def goal(conversation: Json) -> Answer | None:
    """Return the answer about the goal in the evaluation that counts."""
    [*found] = (each for each in answers(conversation) if each.question == "goal reached")
    return found[0] if found else None
