# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from attrs import define

from ..models.simulation_result_response import SimulationResultResponse


@define(weakref_slot=False)
class SingleSimulationResultResponse:
    """One simulated conversation, fetched by id."""

    simulation_result: SimulationResultResponse
    """One simulated conversation."""

    status: str = "200"
    """The HTTP status as a string, not the status of the conversation."""
