"""Which answers of judges and reviewers count, as docs/definitions.md says (Outcomes)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from attrs import frozen

from .document import Object, objects, time


@frozen
class Verdict:
    """The answer to the question whether a conversation reached its goal.

    Attributes:
        value: The answer that counts; None if it is missing or uncertain.
        judged: The judge's answer, which a reviewer may have corrected; None if it is missing or uncertain.
        is_given: Whether there is an answer, even an uncertain one.
        created_at: When the last evaluation was created; None if no evaluation has a time.
    """

    value: bool | None
    judged: bool | None
    is_given: bool
    created_at: datetime.datetime | None

    @property
    def is_corrected(self) -> bool:
        """Whether a reviewer's answer differs from the judge's."""
        return self.value is not self.judged


def answer(holder: Object, name: str) -> tuple[str, Any]:
    """Return the field with the answer that counts, and the answer: the reviewer's, unless it is null.

    Args:
        holder: An evaluation or a custom metric.
        name: The field with the judge's answer.
    """
    corrected = f"human_{name}"
    field = name if holder.get(corrected) is None else corrected
    return field, holder.get(field)


def verdict_of(result: Object) -> Verdict:
    """Return the verdict of the evaluation created last.

    An evaluation without a time may be the last one. If evaluations that may be the last one disagree, the
    verdict is uncertain.
    """
    evaluations = [(each, time(each, "created_at")) for _, each in objects(result, "evaluations", "")]
    created_at = max((at for _, at in evaluations if at), default=None)
    last = [each for each, at in evaluations if at in {None, created_at}]
    values = [answer(each, "goal_success")[1] for each in last]
    judged = [each.get("goal_success") for each in last]
    is_given = any(isinstance(each, bool) for each in values)
    return Verdict(_agreed(values), _agreed(judged), is_given, created_at)


def _agreed(answers: Sequence[object]) -> bool | None:
    first = answers[0] if answers else None
    return first if isinstance(first, bool) and all(each is first for each in answers) else None
