"""A second implementation of outcomes, written only from the definitions.

This module imports nothing from the product: it reads the JSON documents that the service sends.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal

Json = dict[str, Any]
Outcome = Literal["passed", "failed", "unknown", "void", "under way"]

VOID = {"OUT_OF_FUNDS", "INSUFFICIENT_FUNDS", "SYSTEM_ERROR", "CANCELLED"}
UNDER_WAY = {
    *("INITIALIZING", "QUEUED", "READY", "DISPATCHED", "RUNNING", "IN_PROGRESS", "PENDING"),
    *("EVALUATION_PENDING", "EVALUATING", "CONVERSATION_ENDED"),
}
NOT_SCORED = {"NO_CONNECTION", "NO_ANSWER", "REJECTED", "INCOMPLETED", "CUSTOM_ERROR"}
KNOWN = VOID | UNDER_WAY | NOT_SCORED | {"COMPLETED", "CALL_DROPPED", "ERROR", "FAILED"}
ENDED_EARLY = {"INCOMPLETED", "INSUFFICIENT_FUNDS"}
ENDS_OF_RUNS = {"COMPLETED", *ENDED_EARLY}
OWNERS = {
    **dict.fromkeys(("OUT_OF_FUNDS", "INSUFFICIENT_FUNDS"), "the account"),
    **dict.fromkeys(("NO_ANSWER", "REJECTED"), "the agent or its line"),
    "NO_CONNECTION": "the agent's configuration",
    "SYSTEM_ERROR": "the platform",
    "CANCELLED": "whoever cancelled it",
}
"""Who has to act about a conversation in this status, whatever its outcome."""


@dataclass(frozen=True)
class Reading:
    """A run: each conversation with its outcome, and how many conversations are missing.

    In `outcomes`, the reviewer's answers replace the judge's; `by_judge` follows only the judge's answers.
    `reasons` are those of `outcomes`. `ended` is whether the run has ended.
    """

    run: Json
    conversations: Sequence[Json]
    outcomes: Sequence[Outcome]
    reasons: Sequence[str]
    by_judge: Sequence[Outcome]
    missing: int
    ended: bool
    settled: bool

    def count(self, *outcomes: Outcome) -> int:
        """Return how many conversations have one of these outcomes; missing ones count as unknown."""
        listed = sum(each in outcomes for each in self.outcomes)
        return listed + (self.missing if "unknown" in outcomes else 0)

    def callers(self) -> dict[tuple[str, int], list[Outcome]]:
        """Return the outcomes of each caller's conversations, including void ones."""
        callers: dict[tuple[str, int], list[Outcome]] = {}
        for conversation, result in zip(self.conversations, self.outcomes, strict=True):
            human = conversation.get("digital_human_id")
            key = ("no id", conversation["id"]) if human is None else ("id", human)
            callers.setdefault(key, []).append(result)
        return callers | {("missing", number): ["unknown"] for number in range(self.missing)}


def moment(text: str) -> datetime:
    """Parse a time; a time without a zone is in UTC."""
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


@cache
def spelled(status: str | None) -> str | None:
    """Return a status in its normalized spelling."""
    letters = re.sub("[^A-Z0-9]", "", (status or "").upper())
    return next((known for known in KNOWN if known.replace("_", "") == letters), status)


def answer_in(document: Json, name: str, *, by_judge: bool = False) -> Any:
    """Return an answer in an evaluation or a metric: the reviewer's if there is one, else the judge's."""
    human = None if by_judge else document.get(f"human_{name}")
    return document.get(name) if human is None else human


def as_read_last(evaluations: Sequence[Json]) -> list[Json]:
    """Return each evaluation once: of those with the same id, the first one, because it was read last."""
    ids = [each.get("id") for each in evaluations]
    return [each for n, each in enumerate(evaluations) if ids[n] is None or ids[n] not in ids[:n]]


def combined(records: Sequence[Json]) -> list[Json]:
    """Return one conversation per id, with the evaluations and tool calls from all of its records."""
    found: dict[int, Json] = {}
    for record in records:
        earlier = found.get(record["id"], {})
        evaluations, calls = (
            [*(record.get(name) or []), *earlier.get(name, [])] for name in ("evaluations", "tool_calls")
        )
        found[record["id"]] = record | {"evaluations": as_read_last(evaluations), "tool_calls": calls}
    return list(found.values())


def last_evaluations(conversation: Json) -> list[Json]:
    """Return the evaluations that might be the latest; evaluations without a time come first."""
    evaluations: list[Json] = conversation.get("evaluations") or []
    untimed = [each for each in evaluations if not each.get("created_at")]
    timed = [(moment(each["created_at"]), each) for each in evaluations if each.get("created_at")]
    return untimed + [each for time, each in timed if time == max(time for time, _ in timed)]


def goals(conversation: Json, *, by_judge: bool = False) -> set[bool | None]:
    """Return the answers about the goal in the evaluations that might be the latest; None for no answer."""
    return {answer_in(each, "goal_success", by_judge=by_judge) for each in last_evaluations(conversation)}


def tools(conversation: Json) -> tuple[list[str], set[str]]:
    """Return the expected tools that were not called, in order, and the names of all called tools."""
    groups = conversation.get("tool_calls") or []
    called = {each["name"] for each in groups if each.get("actual")}
    expected = dict.fromkeys(each["name"] for each in groups if each.get("expected"))
    return [name for name in expected if name not in called], called


def has_ended(conversation: Json, run: Json) -> bool:
    """Return whether a conversation has ended."""
    status = spelled(conversation.get("status"))
    if status in KNOWN:
        return status not in UNDER_WAY
    return spelled(run.get("status")) in ENDS_OF_RUNS or not goals(conversation) <= {None}


def decided(
    result: Json, run: Json, *, run_ended: bool, is_unread: bool = False, by_judge: bool = False
) -> tuple[Outcome, str]:
    """Return a conversation's outcome and why; the first applicable line of the definitions decides."""
    status, verdicts = spelled(result.get("status")), goals(result, by_judge=by_judge)
    no_verdict = verdicts <= {None}
    not_called, called = tools(result)
    if status in VOID:
        return "void", "stopped"
    if status in UNDER_WAY and spelled(run.get("status")) in ENDED_EARLY:
        return "unknown", "cut short"
    if status in UNDER_WAY or (status not in KNOWN and no_verdict and not run_ended):
        return "under way", "status under way"
    if status in NOT_SCORED:
        return "unknown", "inconclusive status"
    if len(verdicts) > 1:
        return "unknown", "verdicts disagree"
    if no_verdict:
        return "unknown", "no verdict"
    if not_called and not called:
        return "unknown", "no tool call recorded"
    if is_unread and not result.get("tool_calls"):
        return "unknown", "could not be fetched by id"
    if verdicts == {False}:
        return "failed", "goal missed"
    if status not in {None, "COMPLETED", "CALL_DROPPED"}:
        return "unknown", "status of an error"
    return ("failed", "tools not called") if not_called else ("passed", "goal reached")


def owner(conversation: Json, outcome: Outcome) -> str | None:
    """Return who has to act; None if nobody is known."""
    status = spelled(conversation.get("status"))
    if outcome == "failed":
        return "the agent or its line" if status == "CALL_DROPPED" else "the agent"
    return OWNERS.get(status or "")


def read(
    document: Json,
    *,
    fetched: Sequence[Json] = (),
    queued: Sequence[str] = (),
    unread: Collection[int] = (),
) -> Reading:
    """Return the outcomes of a run whose graces are over.

    `fetched` has the results that were fetched by id after the pages, and `unread` the ids of the
    conversations whose last request by id failed. The model in ../models says when `wait` sends requests.
    """
    run = document["simulation_run"]
    conversations = combined([*(document.get("simulation_results") or []), *fetched])
    listed = {str(each["id"]) for each in conversations}
    missing = max((run.get("total_tests") or 0) - len(listed), len(set(queued) - listed), 0)
    status = spelled(run.get("status"))
    ended = status in ENDS_OF_RUNS
    if status not in ENDS_OF_RUNS | UNDER_WAY:
        counts = (run.get("total_tests") or 0) > 0 or bool(queued)
        ended = counts and not missing and all(has_ended(each, run) for each in conversations)
    found, by_judge = (
        [
            decided(each, run, run_ended=ended, is_unread=each["id"] in unread, by_judge=by_judge)
            for each in conversations
        ]
        for by_judge in (False, True)
    )
    outcomes, reasons = [outcome for outcome, _ in found], [reason for _, reason in found]
    settled = ended and "under way" not in outcomes
    return Reading(
        run, conversations, outcomes, reasons, [each for each, _ in by_judge], missing, ended, settled
    )
