# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from typing import Any

from attrs import define

from ..models.free_form_object import FreeFormObject


@define(weakref_slot=False)
class ActualToolCallDetail:
    """A tool call that the agent made."""

    parameters: FreeFormObject | None = None
    """Arguments of the call."""

    output: Any = None
    """The output of the tool; any value, including null."""

    start_offset_ms: int | None = None
    """When the call was made, in milliseconds from the start of the conversation."""
