"""Properties of every valid body: the client reads it without losing or changing a value."""

import asyncio
import json
import re
from typing import Any

import pytest
from bluejay_api.decoding import decode
from bluejay_api.models import HTTPValidationError, SimulationRunResponse, SingleSimulationResultResponse
from bluejay_contract.contract import Contract
from bluejay_contract.operations import QUEUE, RESULT, RESULTS
from bluejay_contract.stub import Answer, Stub
from bluejay_results import (
    AsyncBluejayClient,
    BluejayClient,
    Outcome,
    RequestRejectedError,
    SimulationRun,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..strategies import bodies
from .comparison import compare

CONTRACT = Contract.load()


def _bytes(document: Any, escaped: bool) -> bytes:
    return json.dumps(document, ensure_ascii=escaped).encode()


@given(bodies(CONTRACT), st.booleans())
def test_every_valid_body_decodes_without_loss(document: Any, escaped: bool) -> None:
    """The validator must accept the body, because only valid bodies are tested here."""
    body = _bytes(document, escaped)
    assert CONTRACT.operations[RESULTS].validator(200).is_valid(json.loads(body))
    run = SimulationRun.from_bytes(body)
    compared = compare(CONTRACT, run.parts.pages[0].response, document)
    assert compared.differences == []
    assert run.responses[0].body == body
    fields = {name for each in run.notes for name in each.data.get("fields", ())}
    assert fields == {re.sub(r"\[\d+\]", "[]", each) for each in compared.unknown}


@given(bodies(CONTRACT))
def test_no_property_of_a_run_raises(document: Any) -> None:
    """A pass rate is from 0 to 1, every result has one outcome, and a settled run has no result under way."""
    run = SimulationRun.from_bytes(_bytes(document, escaped=True))
    assert run.pass_rate is None or 0 <= run.pass_rate <= 1
    assert sum(len(group) for group in run.results_by_outcome.values()) == len(run.results)
    assert not (run.is_settled and run.results_by_outcome[Outcome.UNDER_WAY])
    for result in run.results:
        assert "\n" not in str(result.reason)
        assert set(result.expected_tools) - set(result.actual_tools) == set(result.missing_tools)
        assert 0.0 not in {result.latency.average, result.latency.p50, result.latency.p99}
        assert result.duration is None or result.duration.total_seconds() >= 0


@pytest.mark.parametrize(
    ("operation", "model"), [(RESULT, SingleSimulationResultResponse), (QUEUE, SimulationRunResponse)]
)
@given(data=st.data())
def test_every_valid_result_and_queued_run_decodes_without_loss(
    operation: str, model: type, data: st.DataObject
) -> None:
    document = data.draw(bodies(CONTRACT, operation=operation))
    read: Any = decode(_bytes(document, escaped=True), model)
    assert compare(CONTRACT, read, document, operation=operation).differences == []


@given(bodies(CONTRACT, 422))
def test_a_documented_422_decodes_without_loss(document: Any) -> None:
    body = _bytes(document, escaped=True)
    assert compare(CONTRACT, decode(body, HTTPValidationError), document, 422).differences == []


@given(document=bodies(CONTRACT))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_both_clients_return_the_same_run_for_the_same_response(bluejay_stub: Stub, document: Any) -> None:
    document["simulation_run"]["id"] = "48213"
    body = _bytes(document, escaped=False)
    bluejay_stub.serve("48213", Answer(body=body))

    async def retrieve() -> SimulationRun:
        async with AsyncBluejayClient("test-key", bluejay_stub.url) as client:
            return await client.retrieve("48213")

    with BluejayClient("test-key", bluejay_stub.url) as client:
        sync, other = client.retrieve("48213"), asyncio.run(retrieve())
    assert sync.responses[0].body == other.responses[0].body == body
    assert sync.response == other.response


@given(detail=bodies(CONTRACT, 422) | st.builds(lambda text: {"detail": text}, st.text() | st.none()))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_both_shapes_of_a_422_raise_the_same_error(bluejay_stub: Stub, detail: Any) -> None:
    bluejay_stub.serve("48213", Answer.json(detail, status=422))
    with BluejayClient("test-key", bluejay_stub.url) as client, pytest.raises(RequestRejectedError) as caught:
        client.retrieve("48213")
    said = detail.get("detail")
    assert len(caught.value.errors) == (len(said) if isinstance(said, list) else said is not None)
