"""Connections are reused without cookies, and connection failures raise typed errors."""

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
from bluejay_results.client.http_clients import failure_of

from .. import builders
from ..faults._http import response
from ..faults._scripts import answers
from ..faults._server import FaultServer

BODY = builders.encoded(builders.response(id="48213"))


@pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient])
def test_connections_are_reused_and_cookies_are_not_sent_back(kind: Any) -> None:
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


@pytest.mark.parametrize(
    ("error", "kind", "was_sent"),
    [
        (httpx.PoolTimeout, RequestTimeoutError, False),
        (httpx.ConnectTimeout, RequestTimeoutError, False),
        (httpx.ReadTimeout, RequestTimeoutError, True),
        (httpx.ProxyError, ConnectionFailedError, False),
        (httpx.ConnectError, ConnectionFailedError, False),
        (httpx.UnsupportedProtocol, ConnectionFailedError, False),
        (httpx.WriteError, ConnectionFailedError, True),
    ],
)
def test_each_httpx_exception_becomes_one_of_our_errors(
    error: type[httpx.RequestError], kind: type[ConnectionFailedError], was_sent: bool
) -> None:
    found = failure_of(error("failed"), str)
    assert (found.error, found.was_sent) == (kind.__name__, was_sent)
    assert found.reason.startswith(f"{error.__name__}: ")


@pytest.mark.parametrize(
    ("reason", "kind", "advice"),
    [
        ("CERTIFICATE_VERIFY_FAILED", TLSError, "SSL_CERT_FILE"),
        ("WRONG_VERSION_NUMBER", TLSError, "http://"),
        ("RECORD_LAYER_FAILURE", TLSError, "http://"),
        ("UNEXPECTED_EOF", ConnectionFailedError, "base URL"),
    ],
)
@pytest.mark.parametrize("link", ["__cause__", "__context__"])
def test_an_openssl_error_becomes_our_error_with_advice(
    reason: str, kind: type[ConnectionFailedError], advice: str, link: str
) -> None:
    of_openssl = ssl.SSLError()
    of_openssl.reason = reason
    of_httpx = httpx.ConnectError("failed")
    setattr(of_httpx, link, of_openssl)
    failure = failure_of(of_httpx, str)
    assert failure.error == kind.__name__
    assert advice in failure.reason
