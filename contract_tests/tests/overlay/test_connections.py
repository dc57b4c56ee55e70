"""Connections are reused without cookies, and the log has a safe line for each request and retry."""

import pytest
from bluejay_results import AsyncBluejayClient, BluejayClient

from .. import builders
from ..faults._http import response
from ..faults._scripts import answers
from ..faults._server import FaultServer
from ..virtual import Reader
from .conftest import ManualClock

AWAY = response(b'{"detail": "a\\u001b[31m"}', "x-request-id: a\x1b]8;;b\x07", "retry-after: 7", status=503)
FOUND = response(builders.encoded(builders.response(id="48213")), "Set-Cookie: session=1; Path=/")


@pytest.mark.parametrize("kind", [BluejayClient, AsyncBluejayClient])
def test_connections_are_reused_without_cookies_and_each_request_is_logged(
    kind: type, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "bluejay_results")
    with FaultServer(answers(FOUND, AWAY, FOUND)) as server:
        reader = Reader(kind, base_url=server.url, clock=ManualClock())
        reader.retrieve_many(["48213", "48213"], concurrency=1)
    assert server.log.accepted == 1
    assert [b"cookie" in each.lower() for each in server.log.requests] == [False] * 3
    logged = [each for each in caplog.records if each.name.startswith("bluejay_results")]
    assert [each.levelname for each in logged] == ["DEBUG", "DEBUG", "INFO", "DEBUG"]
    texts = [each.message for each in logged]
    for text, part in zip(texts, (": 200,", ": 503,", "failed, retrying in 7.0 s", ": 200,"), strict=True):
        assert part in text
    assert "request id a\\x1b]8;;b\\x07 in " in texts[1]
    assert texts[2].endswith(": a\\x1b[31m")
