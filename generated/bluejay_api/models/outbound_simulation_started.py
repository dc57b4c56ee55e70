# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from attrs import define

from ..models.outbound_digital_human import OutboundDigitalHuman


@define(weakref_slot=False)
class OutboundSimulationStarted:
    """A run started in which the agent calls the digital humans."""

    type: str
    """Type of the event, outbound_simulation_started."""

    agent_id: int
    """Identifier of the agent under test."""

    simulation_id: int
    """Identifier of the simulation."""

    simulation_run_id: int
    """Identifier of the run."""

    digital_humans: list[OutboundDigitalHuman]
    """The digital humans to call."""
