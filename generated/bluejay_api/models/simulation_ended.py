# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from attrs import define

from ..types import DateTime


@define(weakref_slot=False)
class SimulationEnded:
    """A conversation ended. Its evaluation follows later, so this event doesn't show whether it passed."""

    type: str
    """Type of the event, simulation_ended."""

    id: int
    """Identifier of the result."""

    digital_human_id: int
    """The digital human (simulated caller) in the conversation."""

    simulation_run_id: int
    """Identifier of the run."""

    status: str | None = None
    """The state of the conversation in its life cycle; any string, not an enum."""

    created_at: DateTime | None = None
    """When the result was created."""

    start_time: DateTime | None = None
    """When the conversation started."""

    end_time: DateTime | None = None
    """When the conversation ended."""

    duration: int | None = None
    """The length of the conversation; in seconds in the public example."""
