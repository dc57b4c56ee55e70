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
from bluejay_contract.exchange import Key
from hypothesis import given
from hypothesis import strategies as st

from ..invalid_bodies import broken_bodies
from ..strategies import bodies
from .exchanges import CONTRACT, answered

BROKEN = {status: broken_bodies(CONTRACT, status) for status in (200, 422)}
MODELS = {200: SimulationResultsResponse, 422: HTTPValidationError}


def _validator_accepts(body: bytes, status: int) -> bool:
    found = check(CONTRACT, answered(body, status, Key.MISSING if status == 422 else Key.VALID))
    return not any(failure.rule in {"response-schema-conformance", "json-body"} for failure in found)


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


@given(document=bodies(CONTRACT), data=st.data())
def test_validator_and_client_agree_on_broken_bytes(document: Any, data: st.DataObject) -> None:
    """A byte is dropped, doubled or swapped for another."""
    body = json.dumps(document, ensure_ascii=False).encode()
    at = data.draw(st.integers(0, len(body) - 1))
    other = data.draw(st.sampled_from([b"", body[at : at + 1] * 2, b"\xff", b"\x00", b'"', b",", b"}", b"0"]))
    broken = body[:at] + other + body[at + 1 :]
    assert _client_decodes(broken, 200) is _validator_accepts(broken, 200)
