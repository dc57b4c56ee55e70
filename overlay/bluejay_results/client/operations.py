"""The operations of the service: how to request each one, and how to read its response."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeVar

from attrs import frozen
from bluejay_api.api.simulation_results import retrieve_simulation_result, retrieve_simulation_results
from bluejay_api.api.simulation_runs import get_simulation_runs, queue_simulation_run
from bluejay_api.models import QueueSimulationRunRequest

from ..reading.body import OnViolation
from ..recording.exchange import Exchange, Resource
from ..results.page import Page, Record, read_page, read_record
from ..results.queued import QueuedRun
from ..results.simulation_runs import SimulationRuns

T = TypeVar("T", covariant=True)


@frozen
class Operation(Generic[T]):
    """An operation bound to its arguments.

    Attributes:
        resource: What is requested.
        build_request: Takes the base URL and the key; returns the arguments for the HTTP client.
        read: Returns the result of an exchange, or raises its error. A replay uses the same function.
        is_repeatable: Whether the client can repeat the request even if the service may have received it.
        has_organization: Whether the request can name an organization.
    """

    resource: Resource
    build_request: Callable[..., dict[str, Any]]
    read: Callable[[Exchange], T]
    is_repeatable: bool = True
    has_organization: bool = False


def retrieve_page(
    run_id: str, offset: int, limit: int, on_violation: OnViolation, simulation_id: str | None = None
) -> Operation[Page]:
    """Read one page of a run: at most `limit` results, after the first `offset` results.

    If `simulation_id` is given, a run of another simulation is refused.
    """
    return Operation(
        Resource("page", run_id, offset),
        partial(retrieve_simulation_results.build_request, run_id, limit=limit, offset=offset),
        partial(read_page, on_violation=on_violation, simulation_id=simulation_id),
        has_organization=True,
    )


def retrieve_record(result_id: str, on_violation: OnViolation) -> Operation[Record]:
    """Fetch the full record of one conversation by id; the record of another conversation is refused."""
    return Operation(
        Resource("conversation", result_id),
        partial(retrieve_simulation_result.build_request, result_id),
        partial(read_record, on_violation=on_violation),
        has_organization=True,
    )


def list_runs(simulation_id: str, on_violation: OnViolation) -> Operation[SimulationRuns]:
    """List the runs of a simulation."""
    return Operation(
        Resource("runs", simulation_id),
        partial(get_simulation_runs.build_request, simulation_id),
        partial(SimulationRuns.received, on_violation=on_violation),
    )


def queue_run(request: QueueSimulationRunRequest) -> Operation[QueuedRun]:
    """Queue a run."""
    return Operation(
        Resource("queue", request.simulation_id),
        partial(queue_simulation_run.build_request, body=request),
        QueuedRun.received,
        is_repeatable=False,
    )
