# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from uuid import UUID

from attrs import define

from ..models.free_form_object import FreeFormObject


@define(weakref_slot=False)
class QueueSimulationRunRequest:
    """Which simulation to run, and how."""

    simulation_id: str
    """The simulation to run."""

    agent_version_id: UUID | None = None
    """The id of the agent version to test."""

    prompt_id: UUID | None = None
    """Deprecated: the same id as `agent_version_id`, which replaces it. Two different ids are a 400."""

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

    eleven_labs_agent_id: str | None = None
    """The ElevenLabs agent to call instead of the agent's own."""

    retell_agent_id: str | None = None
    """The Retell agent to call instead of the agent's own."""

    vapi_assistant_id: str | None = None
    """The Vapi assistant to call instead of the agent's own."""

    runs_per_digital_human: int | None = None
    """How many conversations each digital human has in this run. Without it, the simulation's setting applies, then 1."""
