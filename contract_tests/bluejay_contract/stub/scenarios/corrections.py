"""A reviewer's corrections of a judge's answers."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from .parts import Document, stamp

_TOPICS = MappingProxyType(
    {
        "goal_success": "goal",
        "hallucination": "hallucination",
        "redundancy": "redundancy",
        "pronunciation_score": "pronunciation",
    }
)
"""The answers of an evaluation, and the topics in the names of the fields about them."""

_EDITED = ("human_edited", "last_edited_by", "last_edited_at")
FIELDS_OF_A_REVIEW = (
    *(f"human_{name}" for name in _TOPICS),
    *(f"human_{topic}_reasoning" for topic in _TOPICS.values()),
    *(f"override_{topic}_reason_code" for topic in _TOPICS.values()),
    *(f"override_{topic}_notes" for topic in _TOPICS.values()),
    *_EDITED,
)
"""The fields that an evaluation has only because of a reviewer."""

_OF_A_METRIC = ("human_response_value", "human_reasoning", "override_reason_code", "override_notes", *_EDITED)
_LATER = timedelta(hours=2)
_JUDGES_REASONING = "Decided from the last turn alone."
_CODE, _NOTES = "other", "The judge overlooked the turns before the last one."


def corrected(evaluation: Document, judged: Mapping[str, Any]) -> Document:
    """Return an evaluation in which a reviewer's answers replace the judge's.

    Args:
        evaluation: The evaluation before; its answers and their reasons become the reviewer's.
        judged: The judge's answers, by the name of a field or of a custom metric.

    Raises:
        TypeError: The evaluation has no such answer.
    """
    names = [each["name"] for each in evaluation["custom_metrics"]]
    if unknown := judged.keys() - _TOPICS.keys() - {*names}:
        answers = ", ".join([*_TOPICS, *names])
        raise TypeError(f"no such answer: {', '.join(sorted(unknown))}; the answers are {answers}")
    edited_at = stamp(datetime.fromisoformat(evaluation["created_at"]) + _LATER)
    edited = dict(zip(_EDITED, (True, "user-17", edited_at), strict=True))
    changes = dict(edited)
    for name in judged.keys() & _TOPICS.keys():
        changes |= _of_an_answer(evaluation, name, _TOPICS[name], judged[name])
    metrics = [
        each | _of_a_metric(each, judged[each["name"]]) | edited
        if each["name"] in judged
        else each | dict.fromkeys(_OF_A_METRIC)
        for each in evaluation["custom_metrics"]
    ]
    return {**evaluation, **dict.fromkeys(FIELDS_OF_A_REVIEW), **changes, "custom_metrics": metrics}


def _of_an_answer(evaluation: Document, name: str, topic: str, judged: Any) -> Document:
    return {
        name: judged,
        f"{topic}_reasoning": _JUDGES_REASONING,
        f"human_{name}": evaluation[name],
        f"human_{topic}_reasoning": evaluation[f"{topic}_reasoning"],
        f"override_{topic}_reason_code": _CODE,
        f"override_{topic}_notes": _NOTES,
    }


def _of_a_metric(metric: Document, judged: Any) -> Document:
    return {
        "response_value": judged,
        "reasoning": _JUDGES_REASONING,
        "human_response_value": metric["response_value"],
        "human_reasoning": metric["reasoning"],
        "override_reason_code": _CODE,
        "override_notes": _NOTES,
    }
