"""The key goes to the service and to nobody else."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Thread

import httpx
import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import AsyncBluejayClient, BluejayClient, BluejayError

from .canary import KEY, leaks

REDIRECTS = (301, 302, 303, 307, 308)


@pytest.fixture
def elsewhere() -> Iterator[Stub]:
    """Another origin, which would take the key gladly."""
    with Stub(api_key=KEY) as running:
        yield running


def _ours(url: str) -> None:
    with BluejayClient(KEY, url) as client:
        client.retrieve("r")


def _theirs(url: str) -> None:
    with httpx.Client(follow_redirects=True) as own, BluejayClient(KEY, url, http_client=own) as client:
        client.retrieve("r")


def _waiting(url: str) -> None:
    with BluejayClient(KEY, url) as client:
        client.wait("r", timeout=1)


def _asynchronous(url: str) -> None:
    async def retrieve() -> None:
        async with httpx.AsyncClient(follow_redirects=True) as own:
            await AsyncBluejayClient(KEY, url, http_client=own).retrieve("r")

    asyncio.run(retrieve())


@pytest.mark.parametrize("call", [_ours, _theirs, _waiting, _asynchronous])
@pytest.mark.parametrize("status", REDIRECTS)
def test_no_redirect_takes_the_key_to_another_origin(
    stub: Stub, elsewhere: Stub, status: int, call: Callable[[str], None]
) -> None:
    stub.serve(
        "r", Answer(b"", status, {"location": f"{elsewhere.url}/v1/retrieve-simulation-results/48213"})
    )
    with pytest.raises(BluejayError):
        call(stub.url)
    assert elsewhere.requests == []


def test_a_client_that_follows_redirects_would_have_been_found(stub: Stub, elsewhere: Stub) -> None:
    target = f"{elsewhere.url}/v1/retrieve-simulation-results/48213"
    stub.serve("r", Answer(b"", 307, {"location": target}, authenticated=False))
    with httpx.Client(follow_redirects=True) as own:
        own.get(f"{stub.url}/v1/retrieve-simulation-results/r", headers={"X-API-Key": KEY})
    assert [request.key_accepted for request in elsewhere.requests] == [True]


@pytest.fixture
def proxy() -> Iterator[tuple[str, list[bytes]]]:
    """A proxy that refuses, and what it was sent."""
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=_refuse, args=(listener, received), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", received
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def _refuse(listener: socket.socket, received: list[bytes]) -> None:
    with suppress(OSError):  # how a listener that was shut down ends
        while True:
            connection, _ = listener.accept()
            with connection:
                received.append(connection.recv(1 << 16))
                connection.sendall(b"HTTP/1.1 502 no\r\ncontent-length: 0\r\n\r\n")


def test_a_proxy_of_an_https_service_is_not_shown_the_key(
    proxy: tuple[str, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, received = proxy
    monkeypatch.setenv("HTTPS_PROXY", url)
    with BluejayClient(KEY, "https://service.invalid", retries=0) as client, pytest.raises(BluejayError):
        client.retrieve("r")
    assert [(request[:8], leaks(request)) for request in received] == [(b"CONNECT ", [])]
