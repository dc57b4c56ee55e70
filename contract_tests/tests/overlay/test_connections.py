"""Connections: they are used again, without cookies; and the error of a connection that fails."""

import asyncio
import inspect
import ssl
from typing import Any

import httpx
import pytest
from bluejay_results import (
    AsyncBluejayClient,
    BluejayClient,
    ConnectionFailedError,
    RequestTimeoutError,
    TLSError,
)
from bluejay_results.client.http_clients import connection_error

from .. import builders
from ..faults._http import response
from ..faults._scripts import answers
from ..faults._server import FaultServer
from ..passed_in import HTTP_CLIENTS, library
from .conftest import Reader

BODY = builders.encoded(builders.response(id="48213"))


@pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient])
def test_a_connection_is_used_again_and_cookies_are_not_sent_back(kind: Any) -> None:
    async def read_twice(url: str) -> None:
        client = kind("key", url, retries=0)
        for _ in range(2):
            run = client.retrieve("48213")
            await run if inspect.isawaitable(run) else run
        await client.aclose() if kind is AsyncBluejayClient else client.close()

    with FaultServer(answers(response(BODY, "Set-Cookie: session=1; Path=/"))) as server:
        asyncio.run(read_twice(server.url))
    assert server.log.accepted == 1
    assert [b"cookie" in each.lower() for each in server.log.requests] == [False, False]


class _Busy(library.BaseTransport, library.AsyncBaseTransport):
    def handle_request(self, _request: library.Request) -> library.Response:
        raise library.PoolTimeout("busy")

    async def handle_async_request(self, _request: library.Request) -> library.Response:
        raise library.PoolTimeout("busy")


@pytest.mark.parametrize("kind", HTTP_CLIENTS.items())
def test_a_call_that_gets_no_connection_in_time_advises_fewer_calls(kind: Any) -> None:
    http = kind[1](transport=_Busy())
    with pytest.raises(RequestTimeoutError, match="Make fewer calls at once") as caught:
        Reader(kind[0], http_client=http, retries=0).queue("731")
    assert not caught.value.was_sent
    assert not caught.value.run_may_exist


@pytest.mark.parametrize(
    ("reason", "kind", "advice"),
    [
        ("CERTIFICATE_VERIFY_FAILED", TLSError, "Set SSL_CERT_FILE to"),
        ("WRONG_VERSION_NUMBER", TLSError, "The server does not use TLS: "),
        ("RECORD_LAYER_FAILURE", TLSError, "The server does not use TLS: "),
        ("UNEXPECTED_EOF", ConnectionFailedError, "Check the base URL, "),
    ],
)
@pytest.mark.parametrize("link", ["__cause__", "__context__"])
def test_the_reason_that_openssl_reports_decides_the_error_and_its_advice(
    reason: str, kind: type[ConnectionFailedError], advice: str, link: str
) -> None:
    of_openssl = ssl.SSLError()
    of_openssl.reason = reason
    of_httpx = httpx.ConnectError("failed")
    setattr(of_httpx, link, of_openssl)
    error = connection_error(of_httpx, str)
    assert type(error) is kind
    assert str(error).startswith(f"ConnectError: failed. {advice}")
