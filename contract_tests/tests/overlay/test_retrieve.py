"""Retrieving a run once, over real HTTP: the request, the run, and the errors."""

from functools import partial
from pathlib import Path

import httpx
import pytest
from bluejay_contract.stub import Answer, Stub
from bluejay_results import (
    BluejayClient,
    ContractViolationError,
    RunNotFoundError,
    SimulationRun,
)

from .. import builders
from .answers import listed
from .conftest import Reader


def test_a_run_keeps_the_exact_bytes_of_its_response(either: Reader, stub: Stub) -> None:
    body = b" \r\n" + builders.encoded(builders.response(summary=5)) + b"\n\t "
    stub.serve("48213", Answer(body=body))
    run = either.retrieve("48213", on_violation="collect")
    assert run.responses[0].body == body
    assert [violation.path for violation in run.violations] == ["$.simulation_run.summary"]
    (request,) = stub.requests
    assert request.key_accepted
    assert request.headers["user-agent"].startswith("bluejay-results/")


@pytest.mark.parametrize("run_id", ["../secret", "%2e%2e", "run?x=1#y", "лес", "..."])
def test_a_run_id_is_percent_encoded(reader: Reader, stub: Stub, run_id: str) -> None:
    with pytest.raises(RunNotFoundError):
        reader.retrieve(run_id)
    assert stub.requests[0].run_id == run_id


@pytest.mark.parametrize("method", ["retrieve", "wait"])
def test_a_run_is_refused_if_the_app_url_names_another_simulation(
    reader: Reader, stub: Stub, tmp_path: Path, method: str
) -> None:
    """A recording of the call is refused too."""
    stub.serve("48213", listed(builders.result(), id="48213", simulation_id="733"))
    url, har = "https://app.getbluejay.ai/simulations/{}/runs/48213", tmp_path / "run.har"
    reader.call(method, url.format(733), record=har)
    har.write_text(har.read_text().replace('"simulation_id":"733"', '"simulation_id":"731"'))
    for call in (partial(reader.call, method, url.format(731)), partial(SimulationRun.from_file, har)):
        with pytest.raises(ContractViolationError) as caught:
            call()
        assert caught.value.path == "$.simulation_run.simulation_id"


def test_the_users_own_httpx_client_is_used_and_left_open(bluejay_stub: Stub) -> None:
    with httpx.Client(headers={"x-own": "1"}) as own:
        with BluejayClient("test-key", bluejay_stub.url, http_client=own) as client:
            client.retrieve("48213")
        assert not own.is_closed
    assert bluejay_stub.requests[0].headers["x-own"] == "1"


@pytest.mark.parametrize("method", ["retrieve", "retrieve_result", "runs"])
def test_a_key_that_the_server_sends_back_is_masked(reader: Reader, stub: Stub, method: str) -> None:
    stub.serve("1", listed(id="1", created_at="test-key"))
    stub.serve_result("1", Answer.json({"simulation_result": builders.result(start_time="test-key")}))
    run = {"id": 1, "experiment_id": 1, "created_at": "test-key", "status": "RUNNING"}
    stub.serve_runs("1", Answer.json({"simulation_runs": [run]}))
    (violation,) = reader.call(method, "1", on_violation="collect").violations
    assert violation.message.endswith('got "<redacted>"')
