"""The deliveries of webhooks that a stub sends."""

import json
from collections.abc import Iterator

import httpx
import pytest
from bluejay_contract.stub import Answer, Stub
from contract_kit.serve.loopback import Loopback
from fastapi import FastAPI, Request

from .. import builders

Received = list[bytes]


@pytest.fixture
def received() -> Received:
    return []


@pytest.fixture
def url(received: Received) -> Iterator[str]:
    """The URL of a receiver that keeps each body."""
    app = FastAPI()

    @app.post("/")
    async def receive(request: Request) -> None:
        received.append(await request.body())

    with Loopback(app, name="receiver") as server:
        yield f"{server.url}/"


def test_a_queued_run_that_nobody_has_read_is_delivered_as_a_complete_run(
    stub: Stub, api: httpx.Client, url: str, received: Received
) -> None:
    queued = api.post("queue-simulation-run", json={"simulation_id": "740"}).json()
    assert set(stub.deliver(url, "secret", queued["simulation_run_id"])) == {200}
    evaluated = [each for each in map(json.loads, received) if each["type"] == "simulation_result_evaluated"]
    assert [str(each["id"]) for each in evaluated] == queued["simulation_result_ids"]
    assert {each["status"] for each in evaluated} == {"COMPLETED"}


def test_the_duration_of_an_event_is_in_seconds(stub: Stub, url: str, received: Received) -> None:
    stub.serve("48300", Answer.json(builders.response(builders.result(duration=61_500), id="48300")))
    stub.deliver(url, "secret", "48300")
    assert [json.loads(each)["duration"] for each in received] == [61, 61]


def test_an_unknown_fault_is_refused_with_the_known_faults(stub: Stub) -> None:
    message = "fault must be one of none, twice, out of order, forged, cut, got 'late'"
    with pytest.raises(ValueError, match=message):
        stub.deliver("http://127.0.0.1:9/", "secret", "48213", fault="late")
