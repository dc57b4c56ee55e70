# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
"""Retrieve Simulation Result"""

from typing import Any
from urllib.parse import quote

import msgspec

from ...client import AsyncClient, Client, HTTPResponse
from ...decoding import decode
from ...errors import InvalidBody
from ...models.http_validation_error import HTTPValidationError
from ...models.single_simulation_result_response import SingleSimulationResultResponse
from ...types import Response

METHOD = "GET"
PATH = "/v1/retrieve-simulation-result/{test_result_id}"


def build_request(
    test_result_id: str,
    *,
    base_url: str,
    x_api_key: str,
    x_organization_id: str | None = None,
) -> dict[str, Any]:
    """Return the arguments for sending the request with an HTTP client such as `httpx.Client`."""
    url = base_url + PATH.format(
        test_result_id=quote(str(test_result_id), safe=""),
    )
    headers = {
        k: v
        for k, v in {
            "X-API-Key": x_api_key,
            "X-Organization-Id": x_organization_id,
        }.items()
        if v is not None
    }
    return {"method": METHOD, "url": url, "headers": headers}


def read_response(response: HTTPResponse) -> Response[HTTPValidationError | SingleSimulationResultResponse]:
    """Return a received response with its body decoded.

    Raises:
        InvalidBody: The status is documented, but the body breaks the contract.
    """
    try:
        parsed = _parse(response.status_code, response.content)
    except msgspec.DecodeError as error:
        raise InvalidBody(str(error), response.status_code, response.headers, response.content) from None
    return Response(response.status_code, response.headers, response.content, parsed)


def _parse(status_code: int, content: bytes) -> HTTPValidationError | SingleSimulationResultResponse | None:
    if status_code == 200:
        return decode(content, SingleSimulationResultResponse)
    if status_code == 422:
        return decode(content, HTTPValidationError)
    return None


def sync(
    test_result_id: str,
    *,
    client: Client,
    x_api_key: str,
    x_organization_id: str | None = None,
) -> Response[HTTPValidationError | SingleSimulationResultResponse]:
    """Returns the full record of one simulated conversation, including tool calls that the results of a
    large run can lack.

    Raises:
        InvalidBody: The status is documented, but the body breaks the contract.
    """
    return read_response(
        client.http.request(
            **build_request(
                test_result_id,
                base_url=client.base_url,
                x_api_key=x_api_key,
                x_organization_id=x_organization_id,
            )
        )
    )


async def asyncio(
    test_result_id: str,
    *,
    client: AsyncClient,
    x_api_key: str,
    x_organization_id: str | None = None,
) -> Response[HTTPValidationError | SingleSimulationResultResponse]:
    """The asynchronous version of `sync`."""
    return read_response(
        await client.http.request(
            **build_request(
                test_result_id,
                base_url=client.base_url,
                x_api_key=x_api_key,
                x_organization_id=x_organization_id,
            )
        )
    )
