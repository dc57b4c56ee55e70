"""A run that was queued."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from attrs import field, frozen
from bluejay_api.models import SimulationRunResponse

from ._body import read_body
from ._context import request_id_in


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

    @classmethod
    def read(
        cls,
        parsed: SimulationRunResponse | None,
        body: bytes,
        simulation_id: str,
        headers: Mapping[str, str],
    ) -> QueuedRun:
        """Make it of a response; raise ContractViolationError if that is broken."""
        response = parsed or read_body(body, SimulationRunResponse, "raise")[0]
        return cls(simulation_id, response, body, headers)

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
        return app_url(self.simulation_id, self.run_id)

    @property
    def request_id(self) -> str | None:
        """The service's own id of the request, for its support; None if it gave none."""
        return request_id_in(self.headers)


def app_url(simulation_id: str, run_id: str) -> str:
    """Return the URL of a run's page in the app (source: domain facts)."""
    return (
        f"https://app.getbluejay.ai/simulations/{quote(simulation_id, safe='')}/runs/{quote(run_id, safe='')}"
    )
