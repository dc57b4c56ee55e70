"""Decides which conversations passed, as docs/definitions.md says, without the client's code."""

from __future__ import annotations

import datetime

from bluejay_contract.exchange import Exchange

from .document import Object, objects, results_of, text, time
from .statuses import NEVER_PASSED, NOT_SCORED, UNDER_WAY, VOID, normalized

_OLDEST = datetime.datetime.min.replace(tzinfo=datetime.UTC)


def passed_range(exchange: Exchange) -> tuple[int, int]:
    """Return how many listed conversations passed, and how many the service may have counted as passed."""
    results = [result for _, result in results_of(exchange)]
    return sum(map(_passed, results)), sum(map(_may_count_as_passed, results))


def current_evaluation(result: Object) -> Object | None:
    """Return the evaluation created last.

    An evaluation without a time counts as the oldest. Of two evaluations with the same time, the
    later in the list counts.
    """
    later_first = [evaluation for _, evaluation in objects(result, "evaluations", "")][::-1]
    return max(later_first, key=lambda each: time(each, "created_at") or _OLDEST, default=None)


def has_verdict(result: Object) -> bool:
    """Whether the current evaluation has a goal verdict."""
    return isinstance((current_evaluation(result) or {}).get("goal_success"), bool)


def tools_of(result: Object) -> tuple[set[str | None], set[str | None]]:
    """Return the names of the expected tools, and of the tools that were called."""
    groups = [group for _, group in objects(result, "tool_calls", "")]
    to_call, called = (
        {text(group, "name") for group in groups if group.get(side)} for side in ("expected", "actual")
    )
    return to_call, called


def _passed(result: Object) -> bool:
    to_call, called = tools_of(result)
    is_scored = normalized(text(result, "status")) not in NEVER_PASSED | UNDER_WAY
    return is_scored and _verdict(result) is True and to_call <= called


def _may_count_as_passed(result: Object) -> bool:
    """Whether a conversation passed, is unknown, or reached its goal without calling all its tools."""
    status = normalized(text(result, "status"))
    to_call, called = tools_of(result)
    has_lost_its_calls = bool(to_call) and not called
    is_undecided = status in NOT_SCORED | UNDER_WAY or has_lost_its_calls or _verdict(result) is None
    return status not in VOID and (is_undecided or _verdict(result) is True)


def _verdict(result: Object) -> bool | None:
    """Return the goal verdict of the evaluation created last; None if the verdict is missing or uncertain.

    The verdict is uncertain if evaluations that may be the last one disagree. An evaluation without a time
    may be the last one.
    """
    evaluations = [(each, time(each, "created_at")) for _, each in objects(result, "evaluations", "")]
    last = max((at for _, at in evaluations if at), default=None)
    verdicts = [each.get("goal_success") for each, at in evaluations if at in {None, last}]
    is_certain = len(verdicts) > 0 and all(each is verdicts[0] for each in verdicts)
    return verdicts[0] if is_certain and isinstance(verdicts[0], bool) else None
