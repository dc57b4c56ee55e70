"""Combines a conversation's records from several pages or fetches by id.

The evaluations and tool calls of all records are merged; every other field comes from the record that was
read last.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from attrs import evolve
from bluejay_api.models import Evaluation, SimulationResultResponse, ToolCallComparisonGroup

T = TypeVar("T")


def combined(records: Sequence[SimulationResultResponse]) -> SimulationResultResponse:
    """Return one model for a conversation's records, which are in the order they arrived."""
    model, *others = records
    for newer in others:
        model = evolve(
            newer,
            evaluations=_evaluations(model.evaluations, newer.evaluations),
            tool_calls=_tool_calls(model.tool_calls, newer.tool_calls),
        )
    return model


def _evaluations(older: list[Evaluation] | None, newer: list[Evaluation] | None) -> list[Evaluation] | None:
    """Return the newer evaluations, and older ones whose ids aren't in the newer record."""
    if not older or not newer:
        return newer or older
    known = {each.id for each in newer if each.id}
    return _union([each for each in older if each.id not in known], newer)


def _tool_calls(
    older: list[ToolCallComparisonGroup] | None, newer: list[ToolCallComparisonGroup] | None
) -> list[ToolCallComparisonGroup] | None:
    """For each tool, add the older calls that are missing from the newer record."""
    if not older or not newer:
        return newer or older
    before, now = _by_name(older), _by_name(newer)
    nothing = ToolCallComparisonGroup("", [], [])
    return [
        ToolCallComparisonGroup(
            name,
            _union(before.get(name, nothing).expected or [], now.get(name, nothing).expected or []),
            _union(before.get(name, nothing).actual or [], now.get(name, nothing).actual or []),
        )
        for name in now | before
    ]


def _by_name(groups: list[ToolCallComparisonGroup]) -> dict[str, ToolCallComparisonGroup]:
    found: dict[str, ToolCallComparisonGroup] = {}
    for each in groups:
        group = found.setdefault(each.name, ToolCallComparisonGroup(each.name, [], []))
        group.expected = [*(group.expected or []), *(each.expected or [])]
        group.actual = [*(group.actual or []), *(each.actual or [])]
    return found


def _union(older: list[T], newer: list[T]) -> list[T]:
    """Return the newer items, and the older items that aren't identical to any of them.

    A newer item matches only one of several identical older items.
    """
    unmatched, added = list(newer), []
    for each in older:
        if each in unmatched:
            unmatched.remove(each)
        else:
            added.append(each)
    return [*newer, *added]
