# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
"""Retrieve Simulation Results"""

from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from ...client import AsyncClient, Client, HTTPResponse
from ...decoding import decode
from ...errors import InvalidBody
from ...models.http_validation_error import HTTPValidationError
from ...models.simulation_results_response import SimulationResultsResponse
from ...types import Response

METHOD = "GET"
PATH = "/v1/retrieve-simulation-results/{simulation_run_id}"


def build_request(
    simulation_run_id: str,
    *,
    base_url: str,
    limit: int | None = None,
    offset: int | None = None,
    x_api_key: str,
    x_organization_id: str | None = None,
) -> dict[str, Any]:
    """Return the arguments for sending the request with an HTTP client such as `httpx.Client`."""
    url = base_url + PATH.format(
        simulation_run_id=quote(str(simulation_run_id), safe=""),
    )
    query = {
        k: v
        for k, v in {
            "limit": limit,
            "offset": offset,
        }.items()
        if v is not None
    }
    if query:
        url = f"{url}?{urlencode(query, doseq=True)}"
    headers = {
        k: v
        for k, v in {
            "X-API-Key": x_api_key,
            "X-Organization-Id": x_organization_id,
        }.items()
        if v is not None
    }
    return {"method": METHOD, "url": url, "headers": headers}


def read_response(response: HTTPResponse) -> Response[HTTPValidationError | SimulationResultsResponse]:
    """Return a received response with its body decoded.

    Raises:
        InvalidBody: The status is documented, but the body breaks the contract.
    """
    try:
        parsed = _parse(response.status_code, response.content)
    except msgspec.DecodeError as error:
        raise InvalidBody(str(error), response.status_code, response.headers, response.content) from None
    return Response(response.status_code, response.headers, response.content, parsed)


def _parse(status_code: int, content: bytes) -> HTTPValidationError | SimulationResultsResponse | None:
    if status_code == 200:
        return decode(content, SimulationResultsResponse)
    if status_code == 422:
        return decode(content, HTTPValidationError)
    return None


def sync(
    simulation_run_id: str,
    *,
    client: Client,
    limit: int | None = None,
    offset: int | None = None,
    x_api_key: str,
    x_organization_id: str | None = None,
) -> Response[HTTPValidationError | SimulationResultsResponse]:
    """Returns one simulation run and one page of its results, oldest first: the agent's performance in
    each conversation, the judges' evaluations, tool calls and custom metrics. A page with fewer results
    than `limit` is the last page.

    Raises:
        InvalidBody: The status is documented, but the body breaks the contract.
    """
    return read_response(
        client.http.request(
            **build_request(
                simulation_run_id,
                base_url=client.base_url,
                limit=limit,
                offset=offset,
                x_api_key=x_api_key,
                x_organization_id=x_organization_id,
            )
        )
    )


async def asyncio(
    simulation_run_id: str,
    *,
    client: AsyncClient,
    limit: int | None = None,
    offset: int | None = None,
    x_api_key: str,
    x_organization_id: str | None = None,
) -> Response[HTTPValidationError | SimulationResultsResponse]:
    """The asynchronous version of `sync`."""
    return read_response(
        await client.http.request(
            **build_request(
                simulation_run_id,
                base_url=client.base_url,
                limit=limit,
                offset=offset,
                x_api_key=x_api_key,
                x_organization_id=x_organization_id,
            )
        )
    )
