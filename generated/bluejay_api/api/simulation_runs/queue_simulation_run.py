# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
"""Queue Simulation Run"""

from typing import Any

import msgspec

from ...client import AsyncClient, Client, HTTPResponse
from ...decoding import decode
from ...encoding import encode
from ...errors import InvalidBody
from ...models.http_validation_error import HTTPValidationError
from ...models.queue_simulation_run_request import QueueSimulationRunRequest
from ...models.simulation_run_response import SimulationRunResponse
from ...types import Response

METHOD = "POST"
PATH = "/v1/queue-simulation-run"


def build_request(
    *,
    base_url: str,
    x_api_key: str,
    body: QueueSimulationRunRequest,
) -> dict[str, Any]:
    """Return the arguments for sending the request with an HTTP client such as `httpx.Client`.

    Raises:
        ValueError: The contract doesn't allow `body`.
    """
    url = base_url + PATH
    headers = {
        "X-API-Key": x_api_key,
    }
    content = encode(body, QueueSimulationRunRequest)
    headers["Content-Type"] = "application/json"
    return {"method": METHOD, "url": url, "headers": headers, "content": content}


def read_response(response: HTTPResponse) -> Response[HTTPValidationError | SimulationRunResponse]:
    """Return a received response with its body decoded.

    Raises:
        InvalidBody: The status is documented, but the body breaks the contract.
    """
    try:
        parsed = _parse(response.status_code, response.content)
    except msgspec.DecodeError as error:
        raise InvalidBody(str(error), response.status_code, response.headers, response.content) from None
    return Response(response.status_code, response.headers, response.content, parsed)


def _parse(status_code: int, content: bytes) -> HTTPValidationError | SimulationRunResponse | None:
    if status_code == 200:
        return decode(content, SimulationRunResponse)
    if status_code == 422:
        return decode(content, HTTPValidationError)
    return None


def sync(
    *,
    client: Client,
    x_api_key: str,
    body: QueueSimulationRunRequest,
) -> Response[HTTPValidationError | SimulationRunResponse]:
    """Queues a run of a simulation. Not idempotent: a request that might have arrived must not be retried.
    If `prompt_id` and `agent_version_id` are both sent and differ, the service responds with a 400,
    whose body isn't documented.

    Raises:
        InvalidBody: The status is documented, but the body breaks the contract.
        ValueError: The contract doesn't allow `body`; nothing was sent.
    """
    return read_response(
        client.http.request(
            **build_request(
                base_url=client.base_url,
                x_api_key=x_api_key,
                body=body,
            )
        )
    )


async def asyncio(
    *,
    client: AsyncClient,
    x_api_key: str,
    body: QueueSimulationRunRequest,
) -> Response[HTTPValidationError | SimulationRunResponse]:
    """The asynchronous version of `sync`."""
    return read_response(
        await client.http.request(
            **build_request(
                base_url=client.base_url,
                x_api_key=x_api_key,
                body=body,
            )
        )
    )
