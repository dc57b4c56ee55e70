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
    """The state of the run in its life cycle. In a COMPLETED run, any number of conversations may have failed, and scores and tool calls may still be missing."""

    total_tests: int | None = None
    """Conversations in the run (count). If it is 0 or null, there is no pass rate."""

    tests_passed: int | None = None
    """Conversations that passed (count)."""

    tests_failed: int | None = None
    """Conversations that failed (count)."""

    tests_completed: int | None = None
    """Conversations that were completed (count)."""

    tests_incompleted: int | None = None
    """Conversations that were not completed (count)."""
