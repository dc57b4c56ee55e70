# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from attrs import define

from ..models.actual_tool_call_detail import ActualToolCallDetail
from ..models.expected_tool_call_detail import ExpectedToolCallDetail
from ..types import MayBeAbsent


@define(weakref_slot=False)
class ToolCallComparisonGroup:
    """The expected and the actual calls to one tool."""

    name: str
    """Name of the tool."""

    expected: MayBeAbsent[list[ExpectedToolCallDetail]] = None
    """Calls that the scenario required."""

    actual: MayBeAbsent[list[ActualToolCallDetail]] = None
    """Calls that the agent made."""
