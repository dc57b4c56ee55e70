# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from uuid import UUID

from attrs import define

from ..models.free_form_object import FreeFormObject


@define(weakref_slot=False)
class QueueSimulationRunRequest:
    """The simulation to run, and options for the run."""

    simulation_id: str
    """The simulation to run."""

    agent_version_id: UUID | None = None
    """The id of the agent version to test."""

    prompt_id: UUID | None = None
    """Deprecated: use `agent_version_id`, which has the same meaning. Two different ids result in a 400."""

    knowledge_base_id: UUID | None = None
    """The id of the knowledge base that the agent uses."""

    digital_human_ids: list[str] | None = None
    """The digital humans that call, once per entry; by default, all of the simulation's digital humans."""

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
    """The ElevenLabs agent to call instead of the configured one."""

    retell_agent_id: str | None = None
    """The Retell agent to call instead of the configured one."""

    vapi_assistant_id: str | None = None
    """The Vapi assistant to call instead of the configured one."""

    runs_per_digital_human: int | None = None
    """How many conversations each digital human has in this run. Defaults to the simulation's setting, or else to 1."""
