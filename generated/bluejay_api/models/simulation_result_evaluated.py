# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from typing import Any

from attrs import define

from ..models.evaluation import Evaluation
from ..models.event import Event
from ..models.free_form_object import FreeFormObject
from ..models.tool_call import ToolCall
from ..types import DateTime


@define(weakref_slot=False)
class SimulationResultEvaluated:
    """A conversation was evaluated. The API might already return newer data."""

    type: str
    """Type of the event, simulation_result_evaluated."""

    id: int
    """Identifier of the result."""

    digital_human_id: int
    """The digital human (simulated caller) in the conversation."""

    simulation_run_id: int
    """Identifier of the run."""

    simulation_id: int
    """Identifier of the simulation."""

    agent_id: int
    """Identifier of the agent under test."""

    status: str | None = None
    """The state of the conversation in its life cycle; any string, not an enum."""

    folder_id: str | None = None
    """Identifier of the folder. Not documented further."""

    result: FreeFormObject | None = None
    """Free-form result of the conversation."""

    custom_metrics: list[Any] | None = None
    """The conversation's custom metrics."""

    evaluations: list[Evaluation] | None = None
    """The judges' evaluations. The most recently created one is the current one."""

    events: list[Event] | None = None
    """The events during the conversation."""

    tool_calls: list[ToolCall] | None = None
    """The tool calls that the agent made, as a flat list. Expected calls are not included."""

    latency: list[Any] | None = None
    """The conversation's latency figures. The unit is undocumented."""

    tags: list[str] | None = None
    """Labels of the result."""

    metadata: FreeFormObject | None = None
    """Free-form details."""

    created_at: DateTime | None = None
    """When the result was created."""

    start_time: DateTime | None = None
    """When the conversation started."""

    end_time: DateTime | None = None
    """When the conversation ended."""

    duration: int | None = None
    """The length of the conversation; in seconds in the public example."""
