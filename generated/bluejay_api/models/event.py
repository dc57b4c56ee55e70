# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from attrs import define

from ..models.free_form_object import FreeFormObject


@define(weakref_slot=False)
class Event:
    """Something that happened during a conversation."""

    title: str
    """What happened."""

    start_offset_ms: int
    """When the event started, in milliseconds from the start of the conversation."""

    description: str | None = None
    """Details of the event, as text."""

    end_offset_ms: int | None = None
    """When the event ended, in milliseconds from the start of the conversation."""

    tags: list[str] | None = None
    """Labels of the event."""

    metadata: FreeFormObject | None = None
    """Free-form details."""
