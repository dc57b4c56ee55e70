"""In which conversations the list of a run may have left out tool calls: it does so in large runs' tails.

Source: domain facts and the project's definitions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from .result import SimulationResult
from .status import NOT_MEASURED


def to_read_singly(results: Sequence[SimulationResult]) -> tuple[SimulationResult, ...]:
    """Return the conversations to read by themselves, in the order of the list.

    Those with tools to call and no call recorded, and those without tools to call whose caller has some in
    another conversation; or whose run has, if the caller has no other. What no tool call can change is left
    out: a conversation that is under way, or void by its status.
    """
    hidden = {id(each) for each in _hidden_gaps(results)}
    return tuple(
        each for each in results if _can_change(each) and (each.lacks_tool_calls or id(each) in hidden)
    )


def _hidden_gaps(results: Sequence[SimulationResult]) -> Iterator[SimulationResult]:
    """Yield the conversations without any tool whose siblings have tools to call."""
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
