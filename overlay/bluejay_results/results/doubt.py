"""Finds doubtful conversations, which may have failed although they don't count as failed.

See `docs/definitions.md`, Doubt.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from .result import Outcome, SimulationResult
from .status import NOT_MEASURED

PERHAPS_NOT_ANSWERED = frozenset({"NO_ANSWER", "REJECTED"})
"""Statuses that make a conversation void, although the agent itself may be the cause."""


def doubts(results: Iterable[SimulationResult], incomplete: Collection[int] = ()) -> dict[int, str]:
    """Return why each doubtful conversation may have failed, by its id.

    Args:
        results: The conversations.
        incomplete: The ids of the conversations whose tool calls may not all be listed.
    """
    found = {each.id: _doubt(each, is_incomplete=each.id in incomplete) for each in results}
    return {id_: doubt for id_, doubt in found.items() if doubt}


def _doubt(result: SimulationResult, *, is_incomplete: bool) -> str:
    if result.outcome is Outcome.VOID:
        is_by_status = result.status in NOT_MEASURED
        return "" if is_by_status and result.status not in PERHAPS_NOT_ANSWERED else result.reason
    if is_incomplete:
        return "the list may have left out its tool calls"
    if _hides_the_latest_verdict(result):
        return "its evaluations disagree, and their times don't show which one is the latest"
    return ""


def _hides_the_latest_verdict(result: SimulationResult) -> bool:
    """Whether the verdict depends on which evaluation is the latest, and the times leave this open."""
    evaluations = result.response.evaluations or ()
    if len(evaluations) < 2:
        return False
    times = [each.created_at for each in evaluations if each.created_at is not None]
    latest = max(times, default=None)
    candidates = [each for each in evaluations if each.created_at in {None, latest}]
    return len({each.goal_success for each in candidates}) > 1
