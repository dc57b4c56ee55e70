"""Decides when a run has ended and settled, and which conversations passed; see docs/definitions.md.

This module uses no client code, so it doesn't repeat the client's mistakes.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from attrs import frozen

from bluejay_contract.exchange import Exchange

from . import statuses
from .document import Object, now_of, number, objects, results_of, run_of, text, time

GRACE = datetime.timedelta(seconds=180)
"""How long tool calls can still arrive after a conversation has ended."""


@frozen
class Verdict:
    """Whether a conversation reached its goal.

    `value` is the answer that counts. `judged` is the judge's answer, which a reviewer might have corrected.
    Either is None if it is missing or uncertain; `is_given` is true for any answer, even an uncertain one.
    `created_at` is when the latest evaluation was created.
    """

    value: bool | None
    judged: bool | None
    is_given: bool
    created_at: datetime.datetime | None


def answer(holder: Object, name: str) -> tuple[str, Any]:
    """Return the answer that counts and its field: the reviewer's answer or, if it is null, the judge's."""
    corrected = f"human_{name}"
    field = name if holder.get(corrected) is None else corrected
    return field, holder.get(field)


def verdict_of(result: Object) -> Verdict:
    """Return the latest evaluation's verdict.

    An evaluation without a time might be the latest. If several evaluations might be the latest and they
    disagree, the verdict is uncertain.
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


def has_ended(exchange: Exchange) -> bool:
    """Whether the run has ended.

    A run with a null or unknown status has ended if it lists every conversation that it counts, and all of
    them have ended.
    """
    run = run_of(exchange)
    status, total = statuses.normalized(text(run, "status")), number(run, "total_tests") or 0
    if status in statuses.RUN_ENDED | statuses.UNDER_WAY:
        return status in statuses.RUN_ENDED
    ended = [_has_ended(result) for _, result in results_of(exchange)]
    return 0 < total <= len(ended) and all(ended)


def _has_ended(result: Object) -> bool:
    status = _status(result)
    return status in statuses.ENDED or (status not in statuses.UNDER_WAY and verdict_of(result).is_given)


def has_results_under_way(exchange: Exchange) -> bool:
    """Whether a conversation is under way: by its status, or because its tool calls can still arrive."""
    return any(
        _status(result) in statuses.UNDER_WAY or _is_awaited(exchange, result)
        for _, result in results_of(exchange)
    )


def _is_awaited(exchange: Exchange, result: Object) -> bool:
    to_call, called = _tools(result)
    if not to_call or called or _status(result) in statuses.UNDER_WAY | statuses.NOT_SCORED:
        return False
    ended = time(result, "end_time") or verdict_of(result).created_at
    is_saved = exchange.request.id is None  # a saved file gets no further tool calls
    return not is_saved and ended is not None and now_of(exchange)[1] - ended < GRACE


def is_settled(exchange: Exchange) -> bool:
    """Whether the run has settled: it has ended, and no conversation can change any more."""
    is_cut_short = statuses.normalized(text(run_of(exchange), "status")) in statuses.RUN_CUT_SHORT
    return has_ended(exchange) and (is_cut_short or not has_results_under_way(exchange))


def is_under_way(exchange: Exchange) -> bool:
    """Whether the response contains a run that has not settled."""
    return bool(run_of(exchange)) and not is_settled(exchange)


def passed_range(exchange: Exchange) -> tuple[int, int]:
    """Return the minimum and maximum number of listed conversations that the service can count as passed.

    It is not documented whether the service counts the judge's answer or a reviewer's correction.
    """
    low = high = 0
    for _, result in results_of(exchange):
        verdict = verdict_of(result)
        goals = (verdict.value, verdict.judged)
        low += all(_must_count_as_passed(result, goal) for goal in goals)
        high += any(_may_count_as_passed(result, goal) for goal in goals)
    return low, high


def _must_count_as_passed(result: Object, goal: bool | None) -> bool:
    to_call, called = _tools(result)
    can_pass = (
        _status(result) not in statuses.NEVER_PASSED | statuses.UNDER_WAY | statuses.LISTED_AMONG_FAILURES
    )
    return can_pass and goal is True and to_call <= called


def _may_count_as_passed(result: Object, goal: bool | None) -> bool:
    """Whether a conversation passed, is unknown, or reached its goal without calling all its tools."""
    status = _status(result)
    to_call, called = _tools(result)
    has_lost_its_calls = bool(to_call) and not called
    is_undecided = status in statuses.NOT_SCORED | statuses.UNDER_WAY or has_lost_its_calls or goal is None
    return status not in statuses.VOID and (is_undecided or goal is True)


def _tools(result: Object) -> tuple[set[str | None], set[str | None]]:
    """Return the names of the expected tools, and of the tools that were called."""
    groups = [group for _, group in objects(result, "tool_calls", "")]
    to_call, called = (
        {text(group, "name") for group in groups if group.get(side)} for side in ("expected", "actual")
    )
    return to_call, called


def _status(result: Object) -> str:
    return statuses.normalized(text(result, "status"))
