# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
"""Get Simulation Runs"""

from typing import Any
from urllib.parse import quote

import msgspec

from ...client import AsyncClient, Client, HTTPResponse
from ...decoding import decode
from ...errors import InvalidBody
from ...models.get_simulation_runs_response import GetSimulationRunsResponse
from ...models.http_validation_error import HTTPValidationError
from ...types import Response

METHOD = "GET"
PATH = "/v1/get-simulation-runs/{simulation_id}"


def build_request(
    simulation_id: str,
    *,
    base_url: str,
    x_api_key: str,
) -> dict[str, Any]:
    """Return the arguments for sending the request with an HTTP client such as `httpx.Client`."""
    url = base_url + PATH.format(
        simulation_id=quote(str(simulation_id), safe=""),
    )
    headers = {
        "X-API-Key": x_api_key,
    }
    return {"method": METHOD, "url": url, "headers": headers}


def read_response(response: HTTPResponse) -> Response[GetSimulationRunsResponse | HTTPValidationError]:
    """Return a received response with its body decoded.

    Raises:
        InvalidBody: The status is documented, but the body breaks the contract.
    """
    try:
        parsed = _parse(response.status_code, response.content)
    except msgspec.DecodeError as error:
        raise InvalidBody(str(error), response.status_code, response.headers, response.content) from None
    return Response(response.status_code, response.headers, response.content, parsed)


def _parse(status_code: int, content: bytes) -> GetSimulationRunsResponse | HTTPValidationError | None:
    if status_code == 200:
        return decode(content, GetSimulationRunsResponse)
    if status_code == 422:
        return decode(content, HTTPValidationError)
    return None


def sync(
    simulation_id: str,
    *,
    client: Client,
    x_api_key: str,
) -> Response[GetSimulationRunsResponse | HTTPValidationError]:
    """Returns all runs of a simulation, without their conversations. The order is not documented, and
    there are no documented parameters for pagination or for filtering by time.

    Raises:
        InvalidBody: The status is documented, but the body breaks the contract.
    """
    return read_response(
        client.http.request(
            **build_request(
                simulation_id,
                base_url=client.base_url,
                x_api_key=x_api_key,
            )
        )
    )


async def asyncio(
    simulation_id: str,
    *,
    client: AsyncClient,
    x_api_key: str,
) -> Response[GetSimulationRunsResponse | HTTPValidationError]:
    """The asynchronous version of `sync`."""
    return read_response(
        await client.http.request(
            **build_request(
                simulation_id,
                base_url=client.base_url,
                x_api_key=x_api_key,
            )
        )
    )
