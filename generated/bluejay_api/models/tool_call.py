# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from typing import Any

from attrs import define

from ..models.free_form_object import FreeFormObject


@define(weakref_slot=False)
class ToolCall:
    """A tool call that the agent made, in the format of events."""

    name: str
    """Name of the tool."""

    start_offset_ms: int
    """When the call was made, in milliseconds from the start of the conversation."""

    description: str | None = None
    """Details of the call, as text."""

    parameters: FreeFormObject | None = None
    """Arguments of the call."""

    output: Any = None
    """The output of the tool; any value, including null."""
