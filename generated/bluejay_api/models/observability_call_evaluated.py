# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from attrs import define


@define(weakref_slot=False)
class ObservabilityCallEvaluated:
    """A production call was evaluated. The event has no run. Its other fields, such as recording_url and participants, describe the call."""

    type: str
    """Type of the event, observability_call_evaluated."""

    id: int | str
    """Identifier of the call, documented as a string."""

    agent_id: int | str
    """Identifier of the agent, documented as a string, but a number in the public example."""
