"""The validator accepts a body exactly when the client decodes it.

Two differences are intended, and the rule about the schema knows both: the client accepts an unknown value of
an enum and a time without a zone. The strategies avoid two more: the schema allows the year 0000 and integers
of over 4,300 digits, but Python can't represent them.
"""

import json
from typing import Any

import msgspec
import pytest
from bluejay_api.decoding import decode
from bluejay_api.models import HTTPValidationError, SimulationResultsResponse
from bluejay_contract.checks import check
from bluejay_contract.contract import Contract
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request
from bluejay_contract.operations import RESULTS
from hypothesis import given
from hypothesis import strategies as st

from ..invalid_bodies import broken_bodies, json_documents
from ..strategies import bodies

CONTRACT = Contract.load()
BROKEN = {status: broken_bodies(CONTRACT, status) for status in (200, 422)}
MODELS = {200: SimulationResultsResponse, 422: HTTPValidationError}


def _validator_accepts(body: bytes, status: int) -> bool:
    exchange = Exchange(Request(key=Key.MISSING if status == 422 else Key.VALID), status, JSON_HEADERS, body)
    return not any(
        failure.rule in {"response-schema-conformance", "json-body"} for failure in check(CONTRACT, exchange)
    )


def _client_decodes(body: bytes, status: int) -> bool:
    try:
        decode(body, MODELS[status])
    except msgspec.DecodeError:
        return False
    return True


@pytest.mark.parametrize("status", [200, 422])
@given(data=st.data())
def test_validator_and_client_agree_on_broken_bodies(status: int, data: st.DataObject) -> None:
    body = json.dumps(data.draw(BROKEN[status])).encode()
    assert _client_decodes(body, status) is _validator_accepts(body, status)


@pytest.mark.parametrize("status", [200, 422])
@given(document=json_documents())
def test_validator_and_client_agree_on_any_json(status: int, document: Any) -> None:
    body = json.dumps(document).encode()
    assert _client_decodes(body, status) is _validator_accepts(body, status)


@given(document=bodies(CONTRACT), data=st.data())
def test_validator_and_client_agree_on_broken_bytes(document: Any, data: st.DataObject) -> None:
    """A byte is dropped, doubled or swapped for another."""
    body = json.dumps(document, ensure_ascii=False).encode()
    at = data.draw(st.integers(0, len(body) - 1))
    other = data.draw(st.sampled_from([b"", body[at : at + 1] * 2, b"\xff", b"\x00", b'"', b",", b"}", b"0"]))
    broken = body[:at] + other + body[at + 1 :]
    assert _client_decodes(broken, 200) is _validator_accepts(broken, 200)


@pytest.mark.parametrize(
    ("document", "accepted"),
    [
        pytest.param(
            {"id": "1", "simulation_id": "1", "created_at": "0000-01-01T00:00:00Z"},
            (True, False),
            id="year 0",
        ),
        pytest.param(
            {"id": "1", "simulation_id": "1", "created_at": "2026-11-19T16:04:00"}, (False, True), id="zone"
        ),
    ],
)
def test_every_listed_difference_exists(document: Any, accepted: tuple[bool, bool]) -> None:
    body = json.dumps({"simulation_run": document}).encode()
    valid = CONTRACT.operations[RESULTS].validator(200).is_valid(json.loads(body))
    assert (valid, _client_decodes(body, 200)) == accepted
