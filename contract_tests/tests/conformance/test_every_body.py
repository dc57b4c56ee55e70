"""Properties of every valid body: the client decodes it without losing or changing a value."""

import json
import re
from typing import Any

import pytest
from bluejay_api.decoding import decode
from bluejay_api.models import (
    GetSimulationRunsResponse,
    HTTPValidationError,
    SimulationRunResponse,
    SingleSimulationResultResponse,
)
from bluejay_contract.contract import Contract
from bluejay_contract.operations import QUEUE, RESULT, RESULTS, RUNS
from bluejay_results import SimulationRun
from bluejay_results.results.notes import notes
from hypothesis import given
from hypothesis import strategies as st

from ..strategies import bodies, run_bodies
from .comparison import compare

CONTRACT = Contract.load()


def _bytes(document: Any, escaped: bool) -> bytes:
    return json.dumps(document, ensure_ascii=escaped).encode()


@given(run_bodies(CONTRACT), st.booleans())
def test_every_valid_body_of_a_run_decodes_without_loss(document: Any, escaped: bool) -> None:
    """The test first checks its own input, which the validator must accept."""
    body = _bytes(document, escaped)
    assert CONTRACT.operations[RESULTS].validator(200).is_valid(json.loads(body))
    run = SimulationRun.from_bytes(body)
    compared = compare(CONTRACT, run.parts.pages[0].response, document)
    assert compared.differences == []
    assert run.responses[0].body == body
    fields = {name for each in notes(run) for name in each.data.get("fields", ())}
    assert fields == {re.sub(r"\[\d+\]", "[]", each) for each in compared.unknown}


@pytest.mark.parametrize(
    ("operation", "status", "model"),
    [
        (RESULT, 200, SingleSimulationResultResponse),
        (QUEUE, 200, SimulationRunResponse),
        (RUNS, 200, GetSimulationRunsResponse),
        (RESULTS, 422, HTTPValidationError),
    ],
)
@given(data=st.data())
def test_every_valid_body_of_the_other_operations_decodes_without_loss(
    operation: str, status: int, model: type, data: st.DataObject
) -> None:
    document = data.draw(bodies(CONTRACT, status, operation))
    read: Any = decode(_bytes(document, escaped=True), model)
    assert compare(CONTRACT, read, document, status, operation).differences == []
