"""The operations of the service: how each is sent, and what its answer is read as."""

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

Answer = Response[Any] | InvalidBody
"""What a generated operation makes of a response."""

RUNS_PATH, RESULTS_PATH = retrieve_simulation_results.PATH, retrieve_simulation_result.PATH
SIMULATIONS_PATH = get_simulation_runs.PATH


@frozen
class Operation(Generic[T]):
    """An operation with its arguments.

    Attributes:
        sync: Sends it; takes the generated client and the key.
        asyncio: The same as a coroutine.
        path: What is asked for, after the base URL.
        read: Makes of a 200 what the user gets: of the model, None if the body is broken, and the response.
        noun: What it is about, for messages.
        model: What the generated code makes of a sound 200; None if any body is sound.
        run_id: The run that it is about; None where that is not known.
        not_found: What a 404 raises.
        is_repeatable: Whether it may be sent again although it may have arrived.
    """

    sync: Callable[..., Response[Any]]
    asyncio: Callable[..., Awaitable[Response[Any]]]
    path: str
    read: Callable[[Any, Answer], T]
    noun: str
    model: type | None = None
    run_id: str | None = None
    not_found: type[NotFoundError] = NotFoundError
    is_repeatable: bool = True


def retrieve_run(run_id: str, on_violation: OnViolation, context: RunContext) -> Operation[SimulationRun]:
    """Read a run with all of its conversations."""

    def read(model: SimulationResultsResponse | None, answer: Answer) -> SimulationRun:
        seen = evolve(context, requested_id=run_id, headers=answer.headers)
        if model:
            return SimulationRun(model, answer.content, context=seen)
        return evolve(SimulationRun.from_bytes(answer.content, on_violation=on_violation), context=seen)

    return Operation(
        lambda **by: retrieve_simulation_results.sync(run_id, **by),
        lambda **by: retrieve_simulation_results.asyncio(run_id, **by),
        RUNS_PATH.format(simulation_run_id=_quoted(run_id)),
        read,
        "run",
        model=SimulationResultsResponse,
        run_id=run_id,
        not_found=RunNotFoundError,
    )


def retrieve_result(result_id: str, on_violation: OnViolation) -> Operation[SimulationResult]:
    """Read one conversation in full."""

    def read(model: SingleSimulationResultResponse | None, answer: Answer) -> SimulationResult:
        return read_result(model, answer.content, on_violation, RunContext(headers=answer.headers))

    return Operation(
        lambda **by: retrieve_simulation_result.sync(result_id, **by),
        lambda **by: retrieve_simulation_result.asyncio(result_id, **by),
        RESULTS_PATH.format(test_result_id=_quoted(result_id)),
        read,
        "result",
        model=SingleSimulationResultResponse,
    )


def list_runs(simulation_id: str, on_violation: OnViolation) -> Operation[SimulationRuns]:
    """List the runs of a simulation."""

    def read(model: GetSimulationRunsResponse | None, answer: Answer) -> SimulationRuns:
        if model:
            runs = SimulationRuns.checked(model, answer.content)
        else:
            runs = SimulationRuns.from_bytes(answer.content, on_violation=on_violation)
        return evolve(runs, requested_id=simulation_id, headers=answer.headers)

    return Operation(
        lambda **by: get_simulation_runs.sync(simulation_id, **by),
        lambda **by: get_simulation_runs.asyncio(simulation_id, **by),
        SIMULATIONS_PATH.format(simulation_id=_quoted(simulation_id)),
        read,
        "simulation",
        model=GetSimulationRunsResponse,
    )


def queue_run(simulation_id: str, **options: Any) -> Operation[QueuedRun]:
    """Queue a run; raise UsageError for options that the contract does not allow."""
    body = _queue_request({"simulation_id": simulation_id, **options})

    def read(model: SimulationRunResponse | None, answer: Answer) -> QueuedRun:
        model = model or read_body(answer.content, SimulationRunResponse, "raise")[0]
        return QueuedRun(simulation_id, model, answer.content, answer.headers)

    return Operation(
        lambda **by: queue_simulation_run.sync(body=body, **by),
        lambda **by: queue_simulation_run.asyncio(body=body, **by),
        queue_simulation_run.PATH,
        read,
        "simulation",
        model=SimulationRunResponse,
        is_repeatable=False,
    )


def any_request(method: str, path: str, document: Any) -> Operation[Response[Any]]:
    """Call what has no operation here; raise ConfigurationError if it can't be sent."""
    if not method.isalpha():
        raise ConfigurationError(f"method must be an HTTP method such as GET, got {method!r}.")
    request: dict[str, Any] = {"method": method.upper()}
    headers = {}
    if document is not None:
        try:
            request["content"] = json.dumps(document, allow_nan=False).encode()
        except (RecursionError, TypeError, ValueError) as error:
            raise ConfigurationError(f"json must be what JSON can hold: {error}.") from None
        headers["Content-Type"] = "application/json"

    def options(client: Client | AsyncClient, x_api_key: str) -> dict[str, Any]:
        return {"url": client.base_url + path, "headers": {**headers, "X-API-Key": x_api_key}, **request}

    def sync(client: Client, x_api_key: str) -> Response[Any]:
        received = client.http.request(**options(client, x_api_key))
        return Response(received.status_code, received.headers, received.content, None)

    async def asyncio(client: AsyncClient, x_api_key: str) -> Response[Any]:
        received = await client.http.request(**options(client, x_api_key))
        return Response(received.status_code, received.headers, received.content, None)

    def read(_model: None, answer: Answer) -> Response[Any]:
        return Response(answer.status_code, answer.headers, answer.content, None)

    is_repeatable = request["method"] in {"GET", "HEAD"}
    return Operation(sync, asyncio, path, read, "path", is_repeatable=is_repeatable)


def _queue_request(fields: Mapping[str, Any]) -> QueueSimulationRunRequest:
    given = {name: value for name, value in fields.items() if value is not None}
    if {"phone_number", "sip_uri"} <= given.keys():
        raise UsageError("phone_number and sip_uri can't be combined. Give one of them.")
    if isinstance(ids := given.get("digital_human_ids"), tuple | list):
        given["digital_human_ids"] = [str(each) if type(each) is int else each for each in ids]
    for name, value in given.items():
        if value in ("", []) or (isinstance(value, list) and "" in value):
            raise UsageError(f"{name} is empty. Give a value or leave it out.")
    try:
        body = convert(
            {name: str(each) if isinstance(each, UUID) else each for name, each in given.items()},
            QueueSimulationRunRequest,
        )
        encode(body, QueueSimulationRunRequest)
    except (msgspec.DecodeError, ValueError) as error:
        raise UsageError(_refused_field(str(error))) from None
    return body


def _refused_field(said: str) -> str:
    """Write `prompt_id: Invalid UUID.` for `Invalid UUID - at `$.prompt_id``."""
    reason, at, place = said.partition(" - at `$.")
    return f"{place.rstrip('`')}: {reason}." if at else f"The run can't be queued like this: {said}."


def _quoted(value: str) -> str:
    return quote(value, safe="")
