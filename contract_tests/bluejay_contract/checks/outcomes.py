"""Decides which conversations passed, as docs/definitions.md says, without the client's code."""

from __future__ import annotations

import datetime

from bluejay_contract.exchange import Exchange

from .document import Object, objects, results_of, text, time
from .statuses import NEVER_PASSED, UNDER_WAY, normalized

_OLDEST = datetime.datetime.min.replace(tzinfo=datetime.UTC)


def passed_range(exchange: Exchange) -> tuple[int, int]:
    """Return how many conversations passed by goal and tools, and how many by goal alone."""
    reached = [result for _, result in results_of(exchange) if _reached_its_goal(result)]
    return sum(map(_called_its_tools, reached)), len(reached)


def current_evaluation(result: Object) -> Object | None:
    """Return the evaluation created last.

    An evaluation without a time counts as the oldest. Of two with the same time, the later in the list
    counts.
    """
    later_first = [evaluation for _, evaluation in objects(result, "evaluations", "")][::-1]
    return max(later_first, key=lambda each: time(each, "created_at") or _OLDEST, default=None)


def has_verdict(result: Object) -> bool:
    """Whether the current evaluation has a goal verdict."""
    return isinstance((current_evaluation(result) or {}).get("goal_success"), bool)


def tools_of(result: Object) -> tuple[set[str | None], set[str | None]]:
    """Return the names of the tools to call, and of the tools that were called."""
    groups = [group for _, group in objects(result, "tool_calls", "")]
    to_call, called = (
        {text(group, "name") for group in groups if group.get(side)} for side in ("expected", "actual")
    )
    return to_call, called


def _reached_its_goal(result: Object) -> bool:
    evaluation = current_evaluation(result) or {}
    is_scored = normalized(text(result, "status")) not in NEVER_PASSED | UNDER_WAY
    return is_scored and evaluation.get("goal_success") is True


def _called_its_tools(result: Object) -> bool:
    to_call, called = tools_of(result)
    return to_call <= called
