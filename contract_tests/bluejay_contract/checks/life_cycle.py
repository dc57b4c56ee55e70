"""Decides whether a run has ended and settled, as docs/definitions.md says, without the client's code."""

from __future__ import annotations

import datetime

from bluejay_contract.exchange import Exchange

from .document import Object, now_of, number, results_of, run_of, text, time
from .outcomes import tools_of
from .statuses import ENDED, NOT_SCORED, RUN_CUT_SHORT, RUN_ENDED, UNDER_WAY, normalized
from .verdict import verdict_of

GRACE = datetime.timedelta(seconds=180)
"""The time after a conversation's end in which its tool calls may still arrive."""


def has_ended(exchange: Exchange) -> bool:
    """Whether the run has ended.

    A run with a null or unknown status has ended if it lists every conversation that it counts, and each
    has ended.
    """
    run = run_of(exchange)
    status, total = normalized(text(run, "status")), number(run, "total_tests") or 0
    if status in RUN_ENDED | UNDER_WAY:
        return status in RUN_ENDED
    ended = [_has_ended(result) for _, result in results_of(exchange)]
    return 0 < total <= len(ended) and all(ended)


def has_results_under_way(exchange: Exchange) -> bool:
    """Whether a conversation is under way: by its status, or because its tool calls may still arrive."""
    return any(
        normalized(text(result, "status")) in UNDER_WAY or _is_awaited(exchange, result)
        for _, result in results_of(exchange)
    )


def is_settled(exchange: Exchange) -> bool:
    """Whether the run has settled: it has ended, and no conversation can change any more."""
    is_cut_short = normalized(text(run_of(exchange), "status")) in RUN_CUT_SHORT
    return has_ended(exchange) and (is_cut_short or not has_results_under_way(exchange))


def is_under_way(exchange: Exchange) -> bool:
    """Whether the response contains a run that has not settled."""
    return bool(run_of(exchange)) and not is_settled(exchange)


def _has_ended(result: Object) -> bool:
    status = normalized(text(result, "status"))
    return status in ENDED or (status not in UNDER_WAY and verdict_of(result).is_given)


def _is_awaited(exchange: Exchange, result: Object) -> bool:
    to_call, called = tools_of(result)
    if not to_call or called or normalized(text(result, "status")) in UNDER_WAY | NOT_SCORED:
        return False
    ended = time(result, "end_time") or verdict_of(result).created_at
    is_saved = exchange.request.id is None  # a saved file gets no further tool calls
    return not is_saved and ended is not None and now_of(exchange)[1] - ended < GRACE
