"""Finds the conversations to fetch by id: the list of a large run leaves out tool calls.

See `docs/definitions.md`, What a run is read from.
"""

from __future__ import annotations

from collections.abc import Sequence

from .result import SimulationResult


def to_fetch_by_id(results: Sequence[SimulationResult]) -> tuple[SimulationResult, ...]:
    """Return the conversations to fetch by id, in the order of the list.

    These are the conversations that lack a verdict or a call of an expected tool, and those without any tool
    if another conversation of the run expects tools. A conversation whose status decides its outcome is not
    fetched.
    """
    expects_tools = any(each.expected_tools for each in results)
    return tuple(
        each
        for each in results
        if not each.is_decided_by_status and (each.lacks_something or (expects_tools and not each.tool_calls))
    )
