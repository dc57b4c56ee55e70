"""Responses that don't end. `golden/harness` keeps what `bluejay-contract` does with all others."""

import pytest
from bluejay_contract.cli import live
from bluejay_contract.exchange import Key, Request
from bluejay_results.client.config import Config
from bluejay_results.errors import RequestTimeoutError

from ..cli.command import CANARY
from ..faults._connection import Script
from ..faults._scripts import drips, silent
from ..faults._server import FaultServer


def _config(url: str, timeout: float = 30) -> Config:
    return Config.resolve(CANARY, url, request_timeout=timeout, retries=0, max_body_bytes=10**8)


ONE_READ = Request("48213", Key.VALID)
SLOW = drips(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", bytes(9999))


@pytest.mark.parametrize(("script", "timeout"), [(silent, 0.2), (SLOW, 30)], ids=["no answer", "no end"])
def test_a_response_that_does_not_end_in_time_is_a_timeout(
    script: Script, timeout: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bluejay_contract.cli.live.ANSWER_TIMEOUT", 0.2)
    with FaultServer(script) as server, pytest.raises(RequestTimeoutError):
        list(live.sent(_config(server.url, timeout), [ONE_READ], 0))
