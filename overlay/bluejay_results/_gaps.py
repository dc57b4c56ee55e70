"""In which conversations the list of a run may have left out tool calls: it does so in large runs' tails.

Source: domain facts and the project's definitions.
"""

from __future__ import annotations

from collections import defaultdict
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
    of_caller: dict[int | None, list[SimulationResult]] = defaultdict(list)
    for each in results:
        of_caller[each.digital_human_id].append(each)
    with_tools = sum(bool(each.expected_tools) for each in results)
    for each in results:
        if each.response.tool_calls:
            continue
        siblings = of_caller[each.digital_human_id] if each.digital_human_id is not None else [each]
        others = len(siblings) > 1
        if any(sibling.expected_tools for sibling in siblings) if others else with_tools:
            yield each


def _can_change(result: SimulationResult) -> bool:
    return result.is_over and result.status not in NOT_MEASURED
