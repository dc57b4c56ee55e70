"""A builder of runs with chosen properties, for tests of code that reads runs."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from itertools import cycle
from typing import Any, TypeAlias

from .conversation import Conversation
from .corrections import FIELDS_OF_A_REVIEW, corrected
from .delivery import CONVERSATIONS
from .parts import Document, moment
from .run_document import CREATED_AT, response, results

Group: TypeAlias = int | Sequence[Mapping[str, Any]]
"""A number of conversations, or the changed fields of each conversation."""

_PASSED = [each for each in CONVERSATIONS if each.goal]
_FAILED = [each for each in CONVERSATIONS if each.hallucination]
_UNKNOWN = [Conversation(caller=0, status="NO_ANSWER")]
_VOID = [Conversation(caller=0, status="SYSTEM_ERROR")]
_UNDER_WAY = [replace(each, status="QUEUED") for each in CONVERSATIONS]
_OF_AN_EVALUATION = ("evaluation", "corrected_from")
"""The keys that change a conversation's evaluation."""
_RUN_ID = "48300"
_SIMULATION = "733"
_FIRST_CALLER = 101


def run(
    passed: Group = 0,
    failed: Group = 0,
    unknown: Group = 0,
    void: Group = 0,
    under_way: Group = 0,
    **fields: Any,
) -> Document:
    """Return a believable response with these numbers of conversations for each outcome, in this order.

    For `Answer.json`: `stub.serve("48300", Answer.json(run(passed=3, failed=1, unknown=1)))`. Ids and times
    are consistent, and the same arguments always give the same run. The counters count the conversations as
    changed. As in the service, `tests_failed` also counts CALL_DROPPED conversations that passed, and those
    that never took place. The run is COMPLETED, or RUNNING if `under_way` is given.

    Args:
        passed: How many passed; or a list with the changed fields of each conversation that passed, such as
            `[{"digital_human_id": 7}, {}]`. The key `evaluation` changes fields of the conversation's
            evaluation. The key `latency`, such as `{"p95": 900}`, also changes the evaluation, because
            clients read latencies from there. The key `corrected_from`, such as `{"goal_success": False}`
            or `{"politeness": "2"}`, says that the judge gave these answers, and that a reviewer corrected
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
    groups = {
        "passed": (passed, _PASSED),
        "failed": (failed, _FAILED),
        "unknown": (unknown, _UNKNOWN),
        "void": (void, _VOID),
        "under_way": (under_way, _UNDER_WAY),
    }
    chosen = [
        pair
        for name, (group, samples) in groups.items()
        for pair in zip(_changes(name, group), cycle(samples), strict=False)
    ]
    conversations = [
        replace(sample, caller=caller, status=_status(sample, changes))
        for caller, (changes, sample) in enumerate(chosen, _FIRST_CALLER)
    ]
    run_id = _text(fields, "id", _RUN_ID)
    created_at = moment(fields.get("created_at"), CREATED_AT)
    samples = results(run_id if run_id.isdecimal() else _RUN_ID, conversations, created_at)
    listed = [_changed_result(result, changes) for result, (changes, _) in zip(samples, chosen, strict=True)]
    status = _text(fields, "status", "RUNNING" if under_way else "COMPLETED")
    document = response(run_id, _SIMULATION, status, listed)
    document["simulation_run"] = _changed(document["simulation_run"], fields)
    return deepcopy(document)  # so that a test that changes the document doesn't change the samples


def all_passed(run_id: str) -> list[Document]:
    """A settled run in which every conversation passed."""
    return [run(passed=6, id=run_id)]


def paged(run_id: str) -> list[Document]:
    """250 conversations: on the first two pages, 190 of 200 passed; on the last page, none of 50."""
    return [run(passed=190, failed=60, id=run_id)]


def repeats(run_id: str) -> list[Document]:
    """Four callers with three conversations each: they fail always, sometimes or never, or get no answer."""
    always, sometimes, never, unknown = ({"digital_human_id": caller} for caller in range(101, 105))
    return [run([sometimes] * 2 + [never] * 3, [always] * 3 + [sometimes], [unknown] * 3, id=run_id)]


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


def _status(sample: Conversation, changes: Mapping[str, Any]) -> str:
    """Return the status that decides what is known of a conversation.

    A conversation that passed or failed keeps everything, such as its evaluation, in any other status.
    """
    return sample.status if sample.status == "COMPLETED" else _text(changes, "status", sample.status)


def _changed(document: Document, changes: Any, *others: str) -> Document:
    """Return a document with changed fields: those that it has, and `others`, which it may have."""
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
    if isinstance(fields.get("latency"), Mapping) and result["evaluations"]:
        [scored] = result["evaluations"]
        result = {**result, "evaluations": [_with_latency(scored, fields["latency"])]}
    of_evaluation = {name: fields.pop(name) for name in _OF_AN_EVALUATION if name in fields}
    if of_evaluation:
        if not result["evaluations"]:
            raise ValueError(f"a conversation with the status {result['status']} has no evaluation to change")
        scored = _changed(result["evaluations"][0], of_evaluation.get("evaluation", {}), *FIELDS_OF_A_REVIEW)
        if "corrected_from" in of_evaluation:
            scored = corrected(scored, _fields("corrected_from", of_evaluation["corrected_from"]))
        result = {**result, "evaluations": [scored]}
    return _changed(result, fields, "trace_ids", *_OF_AN_EVALUATION)


def _with_latency(evaluation: Document, figures: Mapping[str, Any]) -> Document:
    """Return an evaluation with these latencies. A key is a short name: `p95` for `p95_agent_latency`."""
    named = {f"{name}_agent_latency": value for name, value in figures.items()}
    changed = {name: value for name, value in named.items() if name in evaluation["latency"]}
    average = changed.get("avg_agent_latency", evaluation["avg_agent_latency"])
    latency = {**evaluation["latency"], **changed}
    return {**evaluation, "latency": latency, "avg_agent_latency": average}
