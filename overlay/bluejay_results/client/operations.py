"""The operations of the service: how to send each one, and how to read its response."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Generic, TypeVar
from urllib.parse import quote
from uuid import UUID

import msgspec
from attrs import evolve, frozen
from bluejay_api.api.simulation_results import retrieve_simulation_result, retrieve_simulation_results
from bluejay_api.api.simulation_runs import get_simulation_runs, queue_simulation_run
from bluejay_api.client import AsyncClient, Client
from bluejay_api.decoding import convert
from bluejay_api.encoding import encode
from bluejay_api.errors import InvalidBody
from bluejay_api.models import (
    GetSimulationRunsResponse,
    QueueSimulationRunRequest,
    SimulationResultsResponse,
    SimulationRunResponse,
    SingleSimulationResultResponse,
)
from bluejay_api.types import Response

from ..errors import (
    ConfigurationError,
    NotFoundError,
    RunNotFoundError,
    UsageError,
)
from ..reading.body import OnViolation, read_body
from ..results.context import RunContext
from ..results.queued import QueuedRun
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from ..results.simulation_runs import SimulationRuns
from ..results.single import read_result

T = TypeVar("T", covariant=True)

AnyResponse = Response[Any] | InvalidBody
"""A response that the generated code returned, or the error that it raised because of an invalid body."""

RUNS_PATH, RESULTS_PATH = retrieve_simulation_results.PATH, retrieve_simulation_result.PATH
SIMULATIONS_PATH = get_simulation_runs.PATH


@frozen
class BoundOperation(Generic[T]):
    """An operation bound to its arguments.

    Attributes:
        sync: Sends the request; takes the generated client and the key.
        asyncio: The same as `sync`, as a coroutine.
        path: The requested path, after the base URL.
        read: Makes the user's result from the model of a 200 and the response. The model is None if the body
            breaks the contract.
        noun: The name of what the operation reads, for messages.
        model: The generated model of a valid 200; None if any body is valid.
        run_id: The id of the requested run; None if it is not known.
        not_found: The error class for a 404.
        is_repeatable: Whether the request may be sent again if the first one may have arrived.
        has_organization: Whether the request may name an organization.
    """

    sync: Callable[..., Response[Any]]
    asyncio: Callable[..., Awaitable[Response[Any]]]
    path: str
    read: Callable[[Any, AnyResponse], T]
    noun: str
    model: type | None = None
    run_id: str | None = None
    not_found: type[NotFoundError] = NotFoundError
    is_repeatable: bool = True
    has_organization: bool = False


def retrieve_run(
    run_id: str, on_violation: OnViolation, context: RunContext
) -> BoundOperation[SimulationRun]:
    """Read a run with all of its conversations."""

    def read(model: SimulationResultsResponse | None, response: AnyResponse) -> SimulationRun:
        seen = evolve(context, requested_id=run_id, headers=response.headers)
        if model:
            return SimulationRun(model, response.content, context=seen)
        return evolve(SimulationRun.from_bytes(response.content, on_violation=on_violation), context=seen)

    return BoundOperation(
        lambda **by: retrieve_simulation_results.sync(run_id, **by),
        lambda **by: retrieve_simulation_results.asyncio(run_id, **by),
        RUNS_PATH.format(simulation_run_id=_quoted(run_id)),
        read,
        "run",
        model=SimulationResultsResponse,
        run_id=run_id,
        not_found=RunNotFoundError,
        has_organization=True,
    )


def retrieve_result(result_id: str, on_violation: OnViolation) -> BoundOperation[SimulationResult]:
    """Fetch the full record of one conversation by id."""

    def read(model: SingleSimulationResultResponse | None, response: AnyResponse) -> SimulationResult:
        return read_result(model, response.content, on_violation, RunContext(headers=response.headers))

    return BoundOperation(
        lambda **by: retrieve_simulation_result.sync(result_id, **by),
        lambda **by: retrieve_simulation_result.asyncio(result_id, **by),
        RESULTS_PATH.format(test_result_id=_quoted(result_id)),
        read,
        "result",
        model=SingleSimulationResultResponse,
        has_organization=True,
    )


def list_runs(simulation_id: str, on_violation: OnViolation) -> BoundOperation[SimulationRuns]:
    """List the runs of a simulation."""

    def read(model: GetSimulationRunsResponse | None, response: AnyResponse) -> SimulationRuns:
        if model:
            runs = SimulationRuns.checked(model, response.content)
        else:
            runs = SimulationRuns.from_bytes(response.content, on_violation=on_violation)
        return evolve(runs, requested_id=simulation_id, headers=response.headers)

    return BoundOperation(
        lambda **by: get_simulation_runs.sync(simulation_id, **by),
        lambda **by: get_simulation_runs.asyncio(simulation_id, **by),
        SIMULATIONS_PATH.format(simulation_id=_quoted(simulation_id)),
        read,
        "simulation",
        model=GetSimulationRunsResponse,
    )


def queue_run(simulation_id: str, **options: Any) -> BoundOperation[QueuedRun]:
    """Queue a run; raise UsageError for options that the contract doesn't allow."""
    body = _queue_request({"simulation_id": simulation_id, **options})

    def read(model: SimulationRunResponse | None, response: AnyResponse) -> QueuedRun:
        model = model or read_body(response.content, SimulationRunResponse, "raise")[0]
        return QueuedRun(simulation_id, model, response.content, response.headers)

    return BoundOperation(
        lambda **by: queue_simulation_run.sync(body=body, **by),
        lambda **by: queue_simulation_run.asyncio(body=body, **by),
        queue_simulation_run.PATH,
        read,
        "simulation",
        model=SimulationRunResponse,
        is_repeatable=False,
    )


def any_request(method: str, path: str, document: Any) -> BoundOperation[Response[Any]]:
    """Call any other operation; raise ConfigurationError if its request can't be sent."""
    if not method.isalpha():
        raise ConfigurationError(f"method must be an HTTP method such as GET, got {method!r}.")
    request: dict[str, Any] = {"method": method.upper()}
    headers = {}
    if document is not None:
        try:
            request["content"] = json.dumps(document, allow_nan=False).encode()
        except (RecursionError, TypeError, ValueError) as error:
            raise ConfigurationError(f"json can't be serialized as JSON: {error}.") from None
        headers["Content-Type"] = "application/json"

    def options(client: Client | AsyncClient, x_api_key: str) -> dict[str, Any]:
        return {"url": client.base_url + path, "headers": {**headers, "X-API-Key": x_api_key}, **request}

    def sync(client: Client, x_api_key: str) -> Response[Any]:
        received = client.http.request(**options(client, x_api_key))
        return Response(received.status_code, received.headers, received.content, None)

    async def asyncio(client: AsyncClient, x_api_key: str) -> Response[Any]:
        received = await client.http.request(**options(client, x_api_key))
        return Response(received.status_code, received.headers, received.content, None)

    def read(_model: None, response: AnyResponse) -> Response[Any]:
        return Response(response.status_code, response.headers, response.content, None)

    is_repeatable = request["method"] in {"GET", "HEAD"}
    return BoundOperation(sync, asyncio, path, read, "path", is_repeatable=is_repeatable)


def _queue_request(fields: Mapping[str, Any]) -> QueueSimulationRunRequest:
    given = {name: value for name, value in fields.items() if value is not None}
    if {"phone_number", "sip_uri"} <= given.keys():
        raise UsageError("phone_number and sip_uri can't be combined. Give one of them.")
    if isinstance(ids := given.get("digital_human_ids"), tuple | list):
        given["digital_human_ids"] = [str(each) if type(each) is int else each for each in ids]
    for name, value in given.items():
        if value in ("", []) or (isinstance(value, list) and "" in value):
            raise UsageError(f"{name} is empty. Pass a value or omit it.")
    try:
        body = convert(
            {name: str(each) if isinstance(each, UUID) else each for name, each in given.items()},
            QueueSimulationRunRequest,
        )
        encode(body, QueueSimulationRunRequest)
    except (msgspec.DecodeError, ValueError) as error:
        raise UsageError(_refused_field(str(error))) from None
    if body.prompt_id and body.agent_version_id not in (None, body.prompt_id):
        raise UsageError("prompt_id and agent_version_id differ. Omit prompt_id, which is deprecated.")
    return body


def _refused_field(message: str) -> str:
    """Rewrite `Invalid UUID - at `$.prompt_id`` as `prompt_id: Invalid UUID.`."""
    reason, at, path = message.partition(" - at `$.")
    return f"{path.rstrip('`')}: {reason}." if at else f"The options of the run are invalid: {message}."


def _quoted(value: str) -> str:
    return quote(value, safe="")
