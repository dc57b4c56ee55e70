"""A run that was queued."""

from __future__ import annotations

from typing import Self

from attrs import field, frozen
from bluejay_api.models import SimulationRunResponse

from ..recording.exchange import Exchange
from .app_url import page_of_run
from .ids import check_ids
from .responses import read_response


@frozen
class QueuedRun:
    """A queued run, as the service confirmed it; pass it to `wait`.

    Attributes:
        simulation_id: The id of the simulation that was queued.
        response: The generated model with all fields.
        raw: The exact bytes received.
    """

    simulation_id: str
    response: SimulationRunResponse = field(repr=False)
    raw: bytes = field(repr=False)

    @classmethod
    def received(cls, exchange: Exchange) -> Self:
        """Return the run that a response confirms; raise the same errors as `read_response`.

        An id that isn't usable is rejected too.
        """
        response, _ = read_response(exchange, SimulationRunResponse, "raise")
        check_ids(exchange, "run", [("$.simulation_run_id", response.simulation_run_id)])
        results = response.simulation_result_ids
        paths = (f"$.simulation_result_ids[{place}]" for place in range(len(results)))
        check_ids(exchange, "result", zip(paths, results, strict=True))
        return cls(exchange.resource.id, response, exchange.body)

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self.response.simulation_run_id

    @property
    def result_ids(self) -> tuple[str, ...]:
        """The ids of the run's results as strings, one per conversation. In a run, they are integers."""
        return tuple(self.response.simulation_result_ids)

    @property
    def agent_id(self) -> str:
        """The id of the agent under test."""
        return self.response.agent_id

    @property
    def app_url(self) -> str:
        """The URL of the run's page in the app."""
        return page_of_run(self.simulation_id, self.run_id)
