"""Retrieving many runs: each id is yielded with its run or error. See also `test_parallel.py`."""

import pytest
from bluejay_contract.stub import Stub
from bluejay_results import (
    BluejayClient,
    RateLimitError,
    RequestTimeoutError,
    SimulationRun,
)
from bluejay_results.client.retries import RateLimit
from bluejay_results.client.sync_client import run_blocking

from .. import builders
from ..faults._connection import Connection, Script
from ..faults._http import response
from ..faults._server import FaultServer
from ..virtual import HTTP_CLIENTS, InProcess
from .conftest import MakeReader, ManualClock


def _slow(clock: ManualClock, seconds: float, *headers: str) -> Script:
    """Respond to the request for the run `limited` with a 429, and to other requests after these seconds."""

    def script(connection: Connection) -> None:
        while connection.read_request():
            if connection.run_id == "limited":
                connection.send(response(b"", *headers, status=429))
            else:
                clock.time += seconds
                body = builders.response(builders.result(), id=connection.run_id)
                connection.send(response(builders.encoded(body)))

    return script


@pytest.mark.parametrize(("timeout", "kind"), [(8, SimulationRun), (4, RequestTimeoutError)])
def test_each_calls_timeout_starts_with_its_first_request(
    make_reader: MakeReader, clock: ManualClock, timeout: float, kind: type
) -> None:
    """Each call takes 5 s. The last one starts after 45 s, or later because of the pause after the 429."""
    with FaultServer(_slow(clock, 5, "Retry-After: 50")) as server:
        reader = make_reader(base_url=server.url, retries=0)
        came = reader.retrieve_many(["limited", *map(str, range(10))], concurrency=1, timeout=timeout)
    assert {type(each) for each in came.values()} == {RateLimitError, kind}


def _limited(retry_after: float) -> RateLimitError:
    return RateLimitError("429: slower", status_code=429, retry_after=retry_after)


@pytest.mark.parametrize(("timeout", "slept"), [(60, 50), (20, 19)])
def test_a_call_shortens_the_pause_after_a_429_to_meet_its_timeout(
    stub: Stub, clock: ManualClock, timeout: float, slept: float
) -> None:
    """After the pause, at least a second of the timeout is left for the request."""
    rate_limit = RateLimit(clock, 60)
    rate_limit.note(_limited(50))
    rate_limit.note(_limited(5))
    http = HTTP_CLIENTS[BluejayClient](transport=InProcess(stub))
    with http, BluejayClient("test-key", stub.url, clock=clock, http_client=http) as client:
        run_blocking(client._retrieve("48213", False, 0, timeout, "raise", rate_limit=rate_limit))
    assert clock.slept == [slept]
