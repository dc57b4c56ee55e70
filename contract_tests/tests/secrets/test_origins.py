"""The key is sent only to the service."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import AsyncBluejayClient, BluejayClient, BluejayError

from ..faults._http import response
from ..faults._scripts import answers
from ..faults._server import FaultServer
from ..passed_in import library
from .canary import KEY, leaks

REDIRECTS = (301, 302, 303, 307, 308)


@pytest.fixture
def elsewhere() -> Iterator[Stub]:
    """Another origin, which must not receive the key."""
    with Stub(api_key=KEY) as running:
        yield running


def _ours(url: str) -> None:
    with BluejayClient(KEY, url) as client:
        client.retrieve("48213")


def _theirs(url: str) -> None:
    with library.Client(follow_redirects=True) as own, BluejayClient(KEY, url, http_client=own) as client:
        client.retrieve("48213")


def _asynchronous(url: str) -> None:
    async def retrieve() -> None:
        async with library.AsyncClient(follow_redirects=True) as own:
            await AsyncBluejayClient(KEY, url, http_client=own).retrieve("48213")

    asyncio.run(retrieve())


@pytest.mark.parametrize("call", [_ours, _theirs, _asynchronous])
@pytest.mark.parametrize("status", REDIRECTS)
def test_no_redirect_sends_the_key_to_another_origin(
    stub: Stub, elsewhere: Stub, status: int, call: Callable[[str], None]
) -> None:
    stub.serve(
        "48213", Answer(b"", status, {"location": f"{elsewhere.url}/v1/retrieve-simulation-results/48213"})
    )
    with pytest.raises(BluejayError):
        call(stub.url)
    assert elsewhere.requests == []


def test_the_check_of_origins_detects_a_client_that_follows_redirects(stub: Stub, elsewhere: Stub) -> None:
    target = f"{elsewhere.url}/v1/retrieve-simulation-results/48213"
    stub.serve("48213", Answer(b"", 307, {"location": target}, authenticated=False))
    with library.Client(follow_redirects=True) as own:
        own.get(f"{stub.url}/v1/retrieve-simulation-results/48213", headers={"X-API-Key": KEY})
    assert [request.key_accepted for request in elsewhere.requests] == [True]


def test_a_proxy_of_an_https_service_never_sees_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(answers(response(b"", status=502))) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with BluejayClient(KEY, "https://service.invalid", retries=0) as client, pytest.raises(BluejayError):
            client.retrieve("48213")
    assert [(request[:8], leaks(request)) for request in proxy.log.requests] == [(b"CONNECT ", [])]
