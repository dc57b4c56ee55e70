# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from attrs import define

from ..models.simulation_run_res import SimulationRunRes
from ..types import MayBeAbsent


@define(weakref_slot=False)
class GetSimulationRunsResponse:
    """The runs of a simulation."""

    simulation_runs: MayBeAbsent[list[SimulationRunRes]] = None
    """The runs, in any order."""
