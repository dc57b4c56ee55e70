# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from uuid import UUID

from attrs import define

from ..models.free_form_object import FreeFormObject


@define
class QueueSimulationRunRequest:
    """Which simulation to run, and how."""

    simulation_id: str
    """The simulation to run."""

    agent_version_id: UUID | None = None
    """The id of the agent version to test."""

    prompt_id: UUID | None = None
    """Deprecated: the same id as `agent_version_id`, which replaces it. The service refuses a request with two different ids."""

    knowledge_base_id: UUID | None = None
    """The id of the knowledge base that the agent uses."""

    digital_human_ids: list[str] | None = None
    """The digital humans that call, once per entry. By default, all digital humans of the simulation call."""

    phone_number: str | None = None
    """The number to call instead of the agent's number."""

    sip_uri: str | None = None
    """The SIP address to call instead of the agent's address."""

    livekit_agent_name: str | None = None
    """The LiveKit agent to dispatch."""

    livekit_metadata: FreeFormObject | None = None
    """Metadata for the LiveKit agent."""

    pipecat_agent_name: str | None = None
    """The Pipecat agent to start."""

    pipecat_agent_configuration: FreeFormObject | None = None
    """Configuration of the Pipecat agent."""

    pipecat_room_properties: FreeFormObject | None = None
    """Properties of the Pipecat room."""
