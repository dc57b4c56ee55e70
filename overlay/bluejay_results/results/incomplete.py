"""Finds the conversations whose tool calls the list of a run may have left out.

The end of a large run's list lacks tool calls. See `docs/definitions.md`, Fetched records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from .result import SimulationResult
from .status import NOT_MEASURED


def to_fetch_by_id(results: Sequence[SimulationResult]) -> tuple[SimulationResult, ...]:
    """Return the conversations to fetch by id, in the order of the list.

    These are the conversations with expected tools and no recorded call. A conversation without any tool is
    fetched too if another conversation of the same caller has expected tools. If the caller has no other
    conversation, any conversation of the run with expected tools is enough. A conversation whose status means
    under way or void is not fetched, because tool calls can't change its outcome.
    """
    hidden = {id(each) for each in _hidden_gaps(results)}
    return tuple(
        each for each in results if _can_change(each) and (each.lacks_tool_calls or id(each) in hidden)
    )


def _hidden_gaps(results: Sequence[SimulationResult]) -> Iterator[SimulationResult]:
    """Yield the conversations without any tool, if other conversations show that tools are expected."""
    of_caller = Counter(each.digital_human_id for each in results)
    with_tools = Counter(each.digital_human_id for each in results if each.expected_tools)
    in_run = with_tools.total()
    for each in results:
        if each.response.tool_calls:
            continue
        caller = each.digital_human_id
        has_siblings = caller is not None and of_caller[caller] > 1
        if with_tools[caller] if has_siblings else in_run:
            yield each


def _can_change(result: SimulationResult) -> bool:
    return result.is_over and result.status not in NOT_MEASURED
