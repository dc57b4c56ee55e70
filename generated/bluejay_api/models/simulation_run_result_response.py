# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from attrs import define

from ..models.simulation_run_status import SimulationRunStatus
from ..types import DateTime


@define
class SimulationRunResultResponse:
    """The run itself and its counters."""

    id: str
    """Identifier of the run."""

    simulation_id: str
    """Identifier of the simulation that the run belongs to."""

    created_at: DateTime
    """When the run was created."""

    summary: str | None = None
    """The run in prose."""

    status: SimulationRunStatus | None = None
    """Where the run is in its life cycle. COMPLETED does not mean that any conversation passed, nor that every score and tool call is there."""

    total_tests: int | None = None
    """Conversations in the run (count). 0 or null means that there is no pass rate."""

    tests_passed: int | None = None
    """Conversations that passed (count)."""

    tests_failed: int | None = None
    """Conversations that failed (count)."""

    tests_completed: int | None = None
    """Conversations that were completed (count)."""

    tests_incompleted: int | None = None
    """Conversations that were not completed (count)."""
