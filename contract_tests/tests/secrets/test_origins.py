"""The key is sent only to the service."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import AsyncBluejayClient, BluejayClient, BluejayError
from contract_kit.tests.tables import table

from ..faults._http import response
from ..faults._scripts import answers
from ..faults._server import FaultServer
from ..overlay.conftest import Reader
from ..virtual import HTTP_CLIENTS
from .canary import KEY, leaks

PATH = "/v1/retrieve-simulation-results/48213"
both_clients = pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient])


@pytest.fixture
def elsewhere() -> Iterator[Stub]:
    """Another origin, which must not receive the key."""
    with Stub(api_key=KEY) as running:
        yield running


@both_clients
@table("is_ours, status", [(True, 302), (True, 307), (False, 302), (False, 307)])
def test_no_redirect_sends_the_key_to_another_origin(
    stub: Stub, elsewhere: Stub, status: int, kind: Any, is_ours: bool
) -> None:
    stub.serve("48213", Answer(b"", status, {"location": f"{elsewhere.url}{PATH}"}))
    http = None if is_ours else partial(HTTP_CLIENTS[kind], follow_redirects=True)
    with pytest.raises(BluejayError):
        Reader(kind, api_key=KEY, base_url=stub.url, http=http).retrieve("48213")
    assert elsewhere.requests == []


@both_clients
def test_a_proxy_to_an_https_service_never_sees_the_key(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(answers(response(b"", status=502))) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(BluejayError):
            Reader(kind, api_key=KEY, base_url="https://service.invalid", retries=0).retrieve("48213")
    assert [(request[:8], leaks(request)) for request in proxy.log.requests] == [(b"CONNECT ", [])]
