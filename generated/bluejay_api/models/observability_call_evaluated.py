# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from typing import Any

from attrs import define


@define
class ObservabilityCallEvaluated:
    """A call in production was evaluated. The event has no run; further fields are undocumented."""

    type: str
    """Type of the event, observability_call_evaluated."""

    id: Any = None
    """Identifier of the call; the type is undocumented."""

    agent_id: Any = None
    """Identifier of the agent; the type is undocumented."""
