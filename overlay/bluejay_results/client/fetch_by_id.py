"""Fetches conversations by id: the list of a large run leaves out tool calls, and some arrive late."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from ..errors import BluejayError, RateLimitError
from ..results.page import Record
from .call import Call
from .retry import Retries
from .steps import FATAL, SendAll, Sleep, Steps, retries_of

AT_ONCE = 8
"""The maximum number of conversations that are fetched at the same time."""

MakeCall: TypeAlias = Callable[[str], Call[Record]]
Outcomes: TypeAlias = Mapping[str, Record | BluejayError]


def fetch_by_id(
    ids: Sequence[str], make_call: MakeCall, on_retry: Callable[[BluejayError], None] | None = None
) -> Steps[Outcomes]:
    """Fetch conversations by id, up to eight at a time; return each conversation's record or error.

    After a 429, half as many conversations are fetched at a time; without a 429, the number grows again.
    `on_retry` is called with each error before a retry.

    Raises:
        ContractViolationError: A record breaks the contract.
        UsageError: The client was closed.
    """
    at_once, waiting, outcomes = AT_ONCE, list(ids), dict[str, Record | BluejayError]()
    retries: dict[str, Retries] = {}
    while waiting:
        calls = [make_call(each) for each in waiting]
        answers: dict[int, Record | BluejayError] = yield SendAll(calls, at_once)
        pause, is_limited = 0.0, False
        left = [each for place, each in enumerate(waiting) if place not in answers]
        for place, answer in answers.items():
            if isinstance(answer, FATAL):
                raise answer
            result_id, call = waiting[place], calls[place]
            outcomes[result_id] = answer
            if not isinstance(answer, BluejayError):
                continue
            is_limited |= isinstance(answer, RateLimitError)
            pacing = retries.setdefault(result_id, retries_of(call))
            if (again := _pause_after(pacing, answer)) is not None:
                pause = max(pause, again)
                left.append(result_id)
                if on_retry:
                    on_retry(answer)
        at_once = max(1, at_once // 2) if is_limited else min(AT_ONCE, at_once * 2)
        waiting = left
        if pause:
            yield Sleep(pause)
    return outcomes


def _pause_after(pacing: Retries, error: BluejayError) -> float | None:
    try:
        return pacing.pause_after(error)
    except BluejayError:
        return None
