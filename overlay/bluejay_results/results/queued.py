"""A run that was queued."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen
from bluejay_api.models import SimulationRunResponse

from .app_url import page_of_run
from .context import request_id_in


@frozen
class QueuedRun:
    """What the service answered to a queued run; `wait` takes it.

    Attributes:
        simulation_id: The simulation that it is a run of.
        response: The generated model, in full.
        raw: The exact bytes received.
        headers: The headers of the response.
    """

    simulation_id: str
    response: SimulationRunResponse = field(repr=False)
    raw: bytes = field(repr=False)
    headers: Mapping[str, str] = field(factory=dict, repr=False)

    @property
    def run_id(self) -> str:
        """Identifier of the run."""
        return self.response.simulation_run_id

    @property
    def result_ids(self) -> tuple[str, ...]:
        """Identifiers of its results, one for each conversation. They are integers in results."""
        return tuple(self.response.simulation_result_ids)

    @property
    def agent_id(self) -> str:
        """Identifier of the agent under test."""
        return self.response.agent_id

    @property
    def app_url(self) -> str:
        """The run's page in the app (source: domain facts)."""
        return page_of_run(self.simulation_id, self.run_id)

    @property
    def request_id(self) -> str | None:
        """The service's own id of the request, for its support; None if it gave none."""
        return request_id_in(self.headers)
