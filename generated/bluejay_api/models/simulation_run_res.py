# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from attrs import define

from ..models.simulation_run_status import SimulationRunStatus
from ..types import DateTime


@define(weakref_slot=False)
class SimulationRunRes:
    """A run without its conversations. Here, ids are integers; in the run's results, strings."""

    id: int
    """Identifier of the run."""

    experiment_id: int
    """Identifier of the simulation that the run belongs to."""

    created_at: DateTime
    """When the run was created."""

    status: SimulationRunStatus
    """The states of a run. INCOMPLETED and INSUFFICIENT_FUNDS are final, like COMPLETED."""

    summary: str | None = None
    """A summary of the run, as text."""

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

    curr_step_id: int | None = None
    """Identifier of the run's current step. Not documented further."""

    phone_number: str | None = None
    """The number that the run calls instead of the agent's number."""
