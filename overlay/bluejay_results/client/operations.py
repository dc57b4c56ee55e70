"""The operations of the service: how to send each one, and how to read its response."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Generic, TypeVar

from attrs import frozen
from bluejay_api.api.simulation_results import retrieve_simulation_result, retrieve_simulation_results
from bluejay_api.api.simulation_runs import get_simulation_runs, queue_simulation_run
from bluejay_api.models import (
    GetSimulationRunsResponse,
    QueueSimulationRunRequest,
    SimulationResultsResponse,
    SimulationRunResponse,
    SingleSimulationResultResponse,
)
from bluejay_api.types import Response

from ..reading.body import OnViolation, read_body
from ..recording.exchange import Exchange
from ..results.page import PAGE_SIZE, Page, Record, read_page, read_record
from ..results.queued import QueuedRun
from ..results.simulation_runs import SimulationRuns

T = TypeVar("T", covariant=True)


@frozen
class BoundOperation(Generic[T]):
    """An operation bound to its arguments.

    Attributes:
        send: Takes the generated client and the key; sends the request.
        read: Takes the model of a 200 response, and the exchange; returns the result for the user. The model
            is None if the body breaks the contract.
        noun: The name of what the operation reads, for messages.
        run_id: The id of the requested run; None if it is not known.
        is_repeatable: Whether the client can repeat the request even if the service may have received it.
        has_organization: Whether the request can name an organization.
    """

    send: Callable[..., Awaitable[Response[Any]]]
    read: Callable[[Any, Exchange], T]
    noun: str
    run_id: str | None = None
    is_repeatable: bool = True
    has_organization: bool = False


def retrieve_page(
    run_id: str, offset: int, limit: int, on_violation: OnViolation, simulation_id: str | None = None
) -> BoundOperation[Page]:
    """Read one page of a run: at most `limit` results, after the first `offset` results.

    If `simulation_id` is given, a run of another simulation is refused.
    """

    def read(model: SimulationResultsResponse | None, answer: Exchange) -> Page:
        return read_page(answer, offset // PAGE_SIZE + 1, on_violation, model, run_id, simulation_id)

    return BoundOperation(
        partial(retrieve_simulation_results.asyncio, run_id, limit=limit, offset=offset),
        read,
        "run",
        run_id=run_id,
        has_organization=True,
    )


def retrieve_record(result_id: str, on_violation: OnViolation) -> BoundOperation[Record]:
    """Fetch the full record of one conversation by id; the record of another conversation is refused."""

    def read(model: SingleSimulationResultResponse | None, answer: Exchange) -> Record:
        return read_record(answer, result_id, on_violation, model)

    return BoundOperation(
        partial(retrieve_simulation_result.asyncio, result_id),
        read,
        "result",
        has_organization=True,
    )


def list_runs(simulation_id: str, on_violation: OnViolation) -> BoundOperation[SimulationRuns]:
    """List the runs of a simulation."""

    def read(model: GetSimulationRunsResponse | None, answer: Exchange) -> SimulationRuns:
        return SimulationRuns.received(answer, on_violation, model)

    return BoundOperation(
        partial(get_simulation_runs.asyncio, simulation_id),
        read,
        "simulation",
    )


def queue_run(request: QueueSimulationRunRequest) -> BoundOperation[QueuedRun]:
    """Queue a run."""

    def read(model: SimulationRunResponse | None, answer: Exchange) -> QueuedRun:
        read, _ = read_body(answer.body, SimulationRunResponse, "raise", decoded=model)
        return QueuedRun(request.simulation_id, read, answer.body)

    return BoundOperation(
        partial(queue_simulation_run.asyncio, body=request),
        read,
        "simulation",
        is_repeatable=False,
    )
