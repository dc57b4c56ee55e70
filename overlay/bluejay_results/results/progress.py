"""The state of a run under way, which `wait` reports after each poll."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen
from bluejay_api.models import SimulationRunResultResponse, SimulationRunStatus

if TYPE_CHECKING:
    from .run import SimulationRun


@frozen
class RunProgress:
    """The status and the counters of a run at one poll of `wait`.

    Attributes:
        response: The generated model with all fields of the run, without its conversations.
        run: The run with its conversations. None while the run is under way, because `wait` then reads only
            the status and the counters.
    """

    response: SimulationRunResultResponse = field(repr=False)
    run: SimulationRun | None = None

    @property
    def status(self) -> SimulationRunStatus | None:
        """The state of the run in its life cycle."""
        return self.response.status

    @property
    def total(self) -> int | None:
        """The number of conversations, from the run's own counter; None if it is null or absent."""
        return self.response.total_tests

    @property
    def ended(self) -> int | None:
        """The number of conversations that have ended, from the run's own counters; None if they are null."""
        completed, incompleted = self.response.tests_completed, self.response.tests_incompleted
        return None if completed is None and incompleted is None else (completed or 0) + (incompleted or 0)

    @property
    def passed(self) -> int | None:
        """The number of passed conversations, from the run's own counter; None if it is null or absent."""
        return self.response.tests_passed
