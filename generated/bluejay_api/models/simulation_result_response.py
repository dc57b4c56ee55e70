# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from typing import Any

from attrs import define

from ..models.evaluation import Evaluation
from ..models.event import Event
from ..models.free_form_object import FreeFormObject
from ..models.tool_call_comparison_group import ToolCallComparisonGroup
from ..types import DateTime


@define(weakref_slot=False)
class SimulationResultResponse:
    """One simulated conversation."""

    id: int
    """Identifier of the result."""

    digital_human_id: int | None = None
    """The digital human (simulated caller) in the conversation. The reference requires it; a newer public client treats it as optional and nullable."""

    result: FreeFormObject | None = None
    """Free-form result of the conversation."""

    duration: int | None = None
    """Length of the conversation, documented as milliseconds; public examples look like seconds. If both times are present, use end_time - start_time instead."""

    start_time: DateTime | None = None
    """When the conversation started."""

    end_time: DateTime | None = None
    """When the conversation ended."""

    custom_metrics: FreeFormObject | list[Any] | None = None
    """The conversation's custom metrics, as an object or an array."""

    status: str | None = None
    """The state of the conversation in its life cycle; any string, not an enum."""

    latency: FreeFormObject | list[Any] | None = None
    """The conversation's latency figures, as an object or an array. The unit is undocumented."""

    events: list[Event] | None = None
    """The events during the conversation."""

    transcript_url: str | None = None
    """The signed URL of the transcript, which is a secret while it is valid."""

    audio_url: str | None = None
    """The signed URL of the recording, which is a secret while it is valid."""

    evaluations: list[Evaluation] | None = None
    """The judges' evaluations. The most recently created one is the current one."""

    tool_calls: list[ToolCallComparisonGroup] | None = None
    """The expected and actual tool calls, grouped by tool name."""

    trace_ids: list[str] | None = None
    """Identifiers of the conversation's traces."""
