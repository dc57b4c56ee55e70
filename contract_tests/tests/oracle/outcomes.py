"""The outcomes of a run, written a second time, from the definitions alone.

This module imports nothing of the product: it reads the JSON documents that the service sends.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any, Literal

Json = dict[str, Any]
Outcome = Literal["passed", "failed", "unknown", "void", "under way"]

VOID = {"OUT_OF_FUNDS", "INSUFFICIENT_FUNDS", "SYSTEM_ERROR", "CANCELLED"}
UNDER_WAY = {
    *("INITIALIZING", "QUEUED", "READY", "DISPATCHED", "RUNNING", "IN_PROGRESS", "PENDING"),
    *("EVALUATION_PENDING", "EVALUATING", "CONVERSATION_ENDED"),
}
NOT_SCORED = {"NO_CONNECTION", "NO_ANSWER", "REJECTED", "INCOMPLETED"}
KNOWN = VOID | UNDER_WAY | NOT_SCORED | {"COMPLETED", "CALL_DROPPED", "ERROR", "FAILED"}
ENDED_EARLY = {"INCOMPLETED", "INSUFFICIENT_FUNDS"}


@dataclass(frozen=True)
class Watch:
    """What `wait` knows about time, in seconds; a run read from a saved body has no watch."""

    now: Fraction
    run_ended: Fraction | None = None
    conversation_ended: Mapping[int, Fraction] = field(default_factory=dict)
    grace: Fraction = Fraction(180)


@dataclass(frozen=True)
class Reading:
    """A run: each conversation with its outcome, and how many conversations are missing."""

    run: Json
    conversations: Sequence[Json]
    outcomes: Sequence[Outcome]
    missing: int
    settled: bool

    def count(self, outcome: Outcome) -> int:
        """Return how many conversations have this outcome; missing ones are unknown."""
        return self.outcomes.count(outcome) + (self.missing if outcome == "unknown" else 0)

    def callers(self) -> dict[tuple[str, int], list[Outcome]]:
        """Return the outcomes of each caller's conversations, including void ones."""
        callers: dict[tuple[str, int], list[Outcome]] = {}
        for conversation, result in zip(self.conversations, self.outcomes, strict=True):
            human = conversation.get("digital_human_id")
            key = ("no id", conversation["id"]) if human is None else ("id", human)
            callers.setdefault(key, []).append(result)
        return callers | {("missing", number): ["unknown"] for number in range(self.missing)}


def moment(text: str) -> Fraction:
    """Return a time as exact seconds; without a zone, it is in UTC."""
    fraction = re.search(r"\.\d+", text)
    time = datetime.fromisoformat(text.replace(fraction[0], "") if fraction else text)
    time = time if time.tzinfo else time.replace(tzinfo=UTC)
    return int(time.timestamp()) + Fraction(fraction[0] if fraction else 0)


def spelled(status: str | None) -> str | None:
    """Return a status in the spelling that is compared."""
    letters = re.sub("[^A-Z0-9]", "", (status or "").upper())
    return next((known for known in KNOWN if known.replace("_", "") == letters), status)


def combined(records: Sequence[Json]) -> list[Json]:
    """Return one conversation per id, with the evaluations and tool calls of all its records."""
    found: dict[int, Json] = {}
    for record in records:
        earlier = found.get(record["id"], {})
        new = record.get("evaluations") or []
        ids = {evaluation["id"] for evaluation in new if "id" in evaluation}
        kept = [old for old in earlier.get("evaluations", []) if old.get("id") not in ids]
        calls = [*earlier.get("tool_calls", []), *(record.get("tool_calls") or [])]
        found[record["id"]] = {**record, "evaluations": kept + new, "tool_calls": calls}
    return list(found.values())


def last_evaluations(conversation: Json) -> list[Json]:
    """Return the evaluations that may be the one created last."""
    evaluations: list[Json] = conversation.get("evaluations") or []
    times = [moment(each["created_at"]) for each in evaluations if each.get("created_at")]
    return [
        each for each in evaluations if not each.get("created_at") or moment(each["created_at"]) == max(times)
    ]


def goals(conversation: Json) -> set[bool | None]:
    """Return each value that `goal_success` may have; null or nothing is no verdict."""
    return {each.get("goal_success") for each in last_evaluations(conversation)}


def tools(conversation: Json) -> tuple[set[str], set[str]]:
    """Return the names of the expected tools and of the called ones."""
    groups = conversation.get("tool_calls") or []
    return {each["name"] for each in groups if each.get("expected")}, {
        each["name"] for each in groups if each.get("actual")
    }


def has_ended(conversation: Json) -> bool:
    """Return whether a conversation has ended, although its scores and calls may still arrive."""
    status = spelled(conversation.get("status"))
    return status in KNOWN - UNDER_WAY or (status not in KNOWN and not goals(conversation) <= {None})


def outcome(result: Json, run: Json, *, run_ended: bool, grace_over: bool = True) -> Outcome:
    """Return the outcome of a conversation: the first of the ten lines that applies decides."""
    status = spelled(result.get("status"))
    verdicts = goals(result)
    no_verdict = verdicts <= {None}
    expected, called = tools(result)
    if status in VOID:
        return "void"
    if status in UNDER_WAY or (status not in KNOWN and no_verdict and not run_ended):
        return "unknown" if spelled(run.get("status")) in ENDED_EARLY and grace_over else "under way"
    if status in NOT_SCORED:
        return "unknown"
    if (no_verdict or expected - called) and not grace_over:
        return "under way"
    if no_verdict or len(verdicts) > 1 or (expected and not called):
        return "unknown"
    if verdicts == {False}:
        return "failed"
    if status in {"ERROR", "FAILED"}:
        return "unknown"
    return "failed" if expected - called else "passed"


def grace_is_over(conversation: Json, watch: Watch | None) -> bool:
    """Return whether the grace of a conversation is over."""
    if watch is None:
        return True
    if not has_ended(conversation):
        start = watch.run_ended
    elif conversation.get("end_time"):
        start = moment(conversation["end_time"])
    else:
        start = watch.conversation_ended.get(conversation["id"])
    return start is not None and watch.now - start >= watch.grace


def read(
    document: Json, *, fetched: Sequence[Json] = (), queued: Sequence[str] = (), watch: Watch | None = None
) -> Reading:
    """Return the outcomes of a run; `fetched` are the results that were fetched by id after the pages."""
    run = document["simulation_run"]
    conversations = combined([*(document.get("simulation_results") or []), *fetched])
    listed = {str(each["id"]) for each in conversations}
    missing = max((run.get("total_tests") or 0) - len(listed), len(set(queued) - listed), 0)
    status = spelled(run.get("status"))
    if status in {"COMPLETED", *ENDED_EARLY}:
        ended = True
    elif status in {"INITIALIZING", "RUNNING"}:
        ended = False
    else:
        counts = bool(run.get("total_tests") or queued)
        ended = counts and not missing and all(map(has_ended, conversations))
    outcomes = [
        outcome(each, run, run_ended=ended, grace_over=grace_is_over(each, watch)) for each in conversations
    ]
    may_arrive = missing and watch and (watch.run_ended is None or watch.now - watch.run_ended < watch.grace)
    settled = ended and "under way" not in outcomes and not may_arrive
    return Reading(run, conversations, outcomes, missing, settled)
