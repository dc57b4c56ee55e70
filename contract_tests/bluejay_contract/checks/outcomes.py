"""Decides which conversations passed, as docs/definitions.md says, without the client's code."""

from __future__ import annotations

from bluejay_contract.exchange import Exchange

from .document import Object, objects, results_of, text
from .statuses import NEVER_PASSED, NOT_SCORED, UNDER_WAY, VOID, normalized
from .verdict import verdict_of

_LISTED_AMONG_FAILURES = frozenset({"CALL_DROPPED"})
"""Statuses of conversations that can pass, although the service lists the statuses among the failures."""


def passed_range(exchange: Exchange) -> tuple[int, int]:
    """Return the least and the greatest number of listed conversations that the service may count as passed.

    Nothing says whether the service counts a corrected conversation by the judge's answer or the reviewer's.
    """
    ranges = [_range(result) for _, result in results_of(exchange)]
    return sum(must for must, _ in ranges), sum(may for _, may in ranges)


def tools_of(result: Object) -> tuple[set[str | None], set[str | None]]:
    """Return the names of the expected tools, and of the tools that were called."""
    groups = [group for _, group in objects(result, "tool_calls", "")]
    to_call, called = (
        {text(group, "name") for group in groups if group.get(side)} for side in ("expected", "actual")
    )
    return to_call, called


def _range(result: Object) -> tuple[bool, bool]:
    """Return whether the service must count a conversation as passed, and whether it may."""
    verdict = verdict_of(result)
    goals = (verdict.value, verdict.judged)
    must = all(_must_count_as_passed(result, goal) for goal in goals)
    return must, any(_may_count_as_passed(result, goal) for goal in goals)


def _must_count_as_passed(result: Object, goal: bool | None) -> bool:
    status = normalized(text(result, "status"))
    to_call, called = tools_of(result)
    can_pass = status not in NEVER_PASSED | UNDER_WAY | _LISTED_AMONG_FAILURES
    return can_pass and goal is True and to_call <= called


def _may_count_as_passed(result: Object, goal: bool | None) -> bool:
    """Whether a conversation passed, is unknown, or reached its goal without calling all its tools."""
    status = normalized(text(result, "status"))
    to_call, called = tools_of(result)
    has_lost_its_calls = bool(to_call) and not called
    is_undecided = status in NOT_SCORED | UNDER_WAY or has_lost_its_calls or goal is None
    return status not in VOID and (is_undecided or goal is True)
