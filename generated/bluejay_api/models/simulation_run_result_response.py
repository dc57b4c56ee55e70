# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from attrs import define

from ..models.simulation_run_status import SimulationRunStatus
from ..types import DateTime


@define(weakref_slot=False)
class SimulationRunResultResponse:
    """The run itself and its counters."""

    id: str
    """Identifier of the run."""

    simulation_id: str
    """Identifier of the simulation that the run belongs to."""

    created_at: DateTime
    """When the run was created."""

    summary: str | None = None
    """A summary of the run, as text."""

    status: SimulationRunStatus | None = None
    """The state of the run in its life cycle. In a COMPLETED run, any number of conversations can have failed, and scores and tool calls can still be missing."""

    total_tests: int | None = None
    """The number of conversations in the run. If it is 0 or null, there is no pass rate."""

    tests_passed: int | None = None
    """The number of conversations that passed."""

    tests_failed: int | None = None
    """The number of conversations that failed."""

    tests_completed: int | None = None
    """The number of conversations that were completed."""

    tests_incompleted: int | None = None
    """The number of conversations that were not completed."""
