# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from attrs import define


@define(weakref_slot=False)
class SimulationRunResponse:
    """A queued run."""

    simulation_run_id: str
    """Identifier of the run."""

    simulation_result_ids: list[str]
    """Identifiers of the results, one per conversation; strings here, but integers in the results."""

    agent_id: str
    """Identifier of the agent under test."""

    status: str = "success"
    """The status of the request, not the status of the run."""
