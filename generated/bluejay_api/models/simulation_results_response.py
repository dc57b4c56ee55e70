# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from attrs import define

from ..models.simulation_result_response import SimulationResultResponse
from ..models.simulation_run_result_response import SimulationRunResultResponse


@define(weakref_slot=False)
class SimulationResultsResponse:
    """A simulation run and one page of its results."""

    simulation_run: SimulationRunResultResponse
    """The run itself and its counters."""

    simulation_results: list[SimulationResultResponse] | None = None
    """The simulated conversations in the page, oldest first; null or absent if there are none yet."""

    status: str = "200"
    """The HTTP status as a string, not the status of the run."""
