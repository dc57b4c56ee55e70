"""Builds runs with chosen properties, to test code that reads runs."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import timedelta
from itertools import cycle
from typing import Any, TypeAlias

from .conversation import DELIVERY, Document, conversation, moment, stamp
from .run_document import CREATED_AT, response, results

Group: TypeAlias = int | Sequence[Mapping[str, Any]]
"""How many conversations to build, or the fields to change in each conversation."""

_SAMPLES: Mapping[str, Sequence[Document]] = {
    "passed": [each for each in DELIVERY if each["goal"]],
    "failed": [each for each in DELIVERY if "hallucination" in each],
    "unknown": [conversation(status="NO_ANSWER")],
    "void": [conversation(status="SYSTEM_ERROR")],
    "under_way": [each | {"status": "QUEUED"} for each in DELIVERY],
}
_RUN_ID = "48300"
_FIRST_CALLER = 101

_TOPICS = {
    "goal_success": "goal",
    "hallucination": "hallucination",
    "redundancy": "redundancy",
    "pronunciation_score": "pronunciation",
}
"""The answers that a reviewer can correct, each with the topic that its other fields are named after."""
_EDITED = ("human_edited", "last_edited_by", "last_edited_at")
_OF_A_REVIEW = (
    *(f"human_{name}" for name in _TOPICS),
    *(f"human_{topic}_reasoning" for topic in _TOPICS.values()),
    *(f"override_{topic}_reason_code" for topic in _TOPICS.values()),
    *(f"override_{topic}_notes" for topic in _TOPICS.values()),
    *_EDITED,
)
"""The evaluation fields that only a reviewer sets."""
_OF_A_METRICS_REVIEW = (
    "human_response_value",
    "human_reasoning",
    "override_reason_code",
    "override_notes",
    *_EDITED,
)
_JUDGES_REASONING = "Decided from the last turn alone."
_NOTES = "The judge overlooked the turns before the last one."


def run(
    passed: Group = 0,
    failed: Group = 0,
    unknown: Group = 0,
    void: Group = 0,
    under_way: Group = 0,
    **fields: Any,
) -> Document:
    """Return a plausible response with this many conversations for each outcome, in this order.

    For `Answer.json`: `stub.serve("48300", Answer.json(run(passed=3, failed=1, unknown=1)))`. Ids and times
    are consistent, and the same arguments always give the same run. The counters match the conversations
    after the change. As in the service, `tests_failed` also counts CALL_DROPPED conversations that passed,
    and those that never took place. The run is COMPLETED, or RUNNING if `under_way` is given.

    Args:
        passed: How many passed; or a list with the changed fields of each conversation that passed, such as
            `[{"digital_human_id": 7}, {}]`. The key `evaluation` changes fields of the conversation's
            evaluation. The key `latency`, such as `{"p95": 900}`, also changes the evaluation because clients
            read latencies from there. The key `corrected_from`, such as `{"goal_success": False}` or
            `{"politeness": "2"}`, means that the judge gave these answers, and that a reviewer corrected
            them: the conversation still passed, and counts as passed. With another `status`, the conversation
            keeps its evaluation; `"evaluations": None` removes it.
        failed: How many missed the goal; or a list of changed fields, as for `passed`. With `corrected_from`,
            such as `{"goal_success": True}`, a reviewer failed the conversation.
        unknown: How many callers got no answer; or a list, such as `[{"status": "NO_CONNECTION"}]`.
        void: How many the platform stopped; or a list, such as `[{"status": "CANCELLED"}]`.
        under_way: How many are queued; or a list, such as `[{"status": "EVALUATING"}]`.
        **fields: Fields of the run to change, such as `id` (default: "48300"), `created_at`, `status` or
            `total_tests`. Any value is accepted, even if it breaks the contract.

    Raises:
        TypeError: A field or an answer to change does not exist, or an argument has the wrong type.
        ValueError: A count of conversations is negative, or an evaluation to change does not exist.
    """
    groups = {"passed": passed, "failed": failed, "unknown": unknown, "void": void, "under_way": under_way}
    chosen = [
        pair
        for name, group in groups.items()
        for pair in zip(_changes(name, group), cycle(_SAMPLES[name]), strict=False)
    ]
    conversations = [
        sample | {"caller": caller, "status": _status(sample, changes)}
        for caller, (changes, sample) in enumerate(chosen, _FIRST_CALLER)
    ]
    run_id = _text(fields, "id", _RUN_ID)
    created_at = moment(fields.get("created_at"), CREATED_AT)
    built = results(run_id if run_id.isdecimal() else _RUN_ID, conversations, created_at)
    listed = [_changed_result(each, changes) for each, (changes, _) in zip(built, chosen, strict=True)]
    status = _text(fields, "status", "RUNNING" if under_way else "COMPLETED")
    document = response(run_id, "733", status, listed)
    document["simulation_run"] = _changed(document["simulation_run"], fields)
    return deepcopy(document)  # so that a test that changes the document doesn't change the samples


def _changes(name: str, group: Group) -> Sequence[Mapping[str, Any]]:
    if isinstance(group, int):
        if group < 0:
            raise ValueError(f"{name} must be 0 or more, got {group}")
        return [{}] * group
    if not isinstance(group, list | tuple) or not all(isinstance(each, Mapping) for each in group):
        raise TypeError(f"{name} must be a number or a list of dicts with fields to change, got {group!r}")
    return group


def _text(fields: Mapping[str, Any], name: str, default: str) -> str:
    value = fields.get(name, default)
    return value if isinstance(value, str) else default


def _status(sample: Document, changes: Mapping[str, Any]) -> str:
    """Return the status that decides which fields of a conversation are known.

    A conversation that passed or failed keeps everything, such as its evaluation, in any other status.
    """
    status: str = sample["status"]
    return status if status == "COMPLETED" else _text(changes, "status", status)


def _changed(document: Document, changes: Any, *others: str) -> Document:
    """Return a document with changed fields. It must have these fields, unless they are among `others`."""
    known = [*document, *others]
    if unknown := _fields("evaluation", changes).keys() - {*known}:
        raise TypeError(f"no such field: {', '.join(sorted(unknown))}; the fields are {', '.join(known)}")
    return {**document, **changes}


def _fields(name: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} must be a dict with fields to change, got {value!r}")
    return value


def _changed_result(result: Document, changes: Mapping[str, Any]) -> Document:
    fields = dict(changes)
    of_evaluation = {name: fields.pop(name) for name in ("evaluation", "corrected_from") if name in fields}
    if of_evaluation and not result["evaluations"]:
        raise ValueError(f"a conversation with the status {result['status']} has no evaluation to change")
    if result["evaluations"]:
        [scored] = result["evaluations"]
        if isinstance(fields.get("latency"), Mapping):
            scored = _with_latency(scored, fields["latency"])
        scored = _changed(scored, of_evaluation.get("evaluation", {}), *_OF_A_REVIEW)
        if "corrected_from" in of_evaluation:
            scored = _corrected(scored, _fields("corrected_from", of_evaluation["corrected_from"]))
        result = {**result, "evaluations": [scored]}
    return _changed(result, fields, "trace_ids", "evaluation", "corrected_from")


def _with_latency(evaluation: Document, figures: Mapping[str, Any]) -> Document:
    """Return an evaluation with these latencies. A key is a short name: `p95` for `p95_agent_latency`."""
    named = {f"{name}_agent_latency": value for name, value in figures.items()}
    changed = {name: value for name, value in named.items() if name in evaluation["latency"]}
    average = changed.get("avg_agent_latency", evaluation["avg_agent_latency"])
    return {**evaluation, "latency": {**evaluation["latency"], **changed}, "avg_agent_latency": average}


def _corrected(evaluation: Document, judged: Mapping[str, Any]) -> Document:
    """Make an evaluation's answers a reviewer's; `judged` are the judge's answers, by field or metric."""
    names = [each["name"] for each in evaluation["custom_metrics"]]
    if unknown := judged.keys() - {*_TOPICS, *names}:
        answers = ", ".join([*_TOPICS, *names])
        raise TypeError(f"no such answer: {', '.join(sorted(unknown))}; the answers are {answers}")
    edited_at = stamp(moment(evaluation["created_at"], CREATED_AT) + timedelta(hours=2))
    edited: Document = dict(zip(_EDITED, (True, "user-17", edited_at), strict=True))
    changes = dict(edited)
    for name, topic in _TOPICS.items():
        if name in judged:
            changes |= {
                name: judged[name],
                f"{topic}_reasoning": _JUDGES_REASONING,
                f"human_{name}": evaluation[name],
                f"human_{topic}_reasoning": evaluation[f"{topic}_reasoning"],
                f"override_{topic}_reason_code": "other",
                f"override_{topic}_notes": _NOTES,
            }
    metrics = [_corrected_metric(each, judged, edited) for each in evaluation["custom_metrics"]]
    return {**evaluation, **dict.fromkeys(_OF_A_REVIEW), **changes, "custom_metrics": metrics}


def _corrected_metric(metric: Document, judged: Mapping[str, Any], edited: Document) -> Document:
    if metric["name"] not in judged:
        return metric | dict.fromkeys(_OF_A_METRICS_REVIEW)
    return metric | {
        "response_value": judged[metric["name"]],
        "reasoning": _JUDGES_REASONING,
        "human_response_value": metric["response_value"],
        "human_reasoning": metric["reasoning"],
        "override_reason_code": "other",
        "override_notes": _NOTES,
        **edited,
    }
