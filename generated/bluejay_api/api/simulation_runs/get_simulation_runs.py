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


def _request(
    client: Client | AsyncClient,
    simulation_id: str,
    x_api_key: str,
) -> dict[str, Any]:
    url = client.base_url + PATH.format(
        simulation_id=quote(str(simulation_id), safe=""),
    )
    headers = {
        "X-API-Key": x_api_key,
    }
    return {"method": METHOD, "url": url, "headers": headers}


def _response(response: HTTPResponse) -> Response[GetSimulationRunsResponse | HTTPValidationError]:
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
    """Returns all runs of a simulation, without their conversations. Neither an order nor parameters for
    paging or filtering by time are documented.

    Raises:
        InvalidBody: The status is documented, but the body breaks the contract.
    """
    return _response(
        client.http.request(
            **_request(
                client,
                simulation_id,
                x_api_key,
            )
        )
    )


async def asyncio(
    simulation_id: str,
    *,
    client: AsyncClient,
    x_api_key: str,
) -> Response[GetSimulationRunsResponse | HTTPValidationError]:
    """The asynchronous form of `sync`."""
    return _response(
        await client.http.request(
            **_request(
                client,
                simulation_id,
                x_api_key,
            )
        )
    )
