"""Properties of all rules: they report no false positives, and don't crash."""

import json
from typing import Any

import msgspec
import pytest
from bluejay_api.decoding import decode
from bluejay_api.models import HTTPValidationError, SimulationResultsResponse
from bluejay_contract.checks import check, check_sequence
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request
from bluejay_contract.failure import Severity
from bluejay_contract.operations import Operation
from hypothesis import given
from hypothesis import strategies as st

from ..invalid_bodies import broken_bodies
from ..strategies import bodies
from .findings import answered
from .mutants import CONTRACT


@given(
    valid=st.one_of(
        [st.tuples(st.just(each), bodies(CONTRACT, operation=each)) for each in CONTRACT.operations]
    )
)
def test_no_valid_body_is_reported_as_a_violation(valid: tuple[str, Any]) -> None:
    operation, document = valid
    request = Request(operation=Operation(operation))
    found = check(CONTRACT, Exchange(request, 200, JSON_HEADERS, json.dumps(document).encode()))
    assert [failure for failure in found if failure.severity is Severity.VIOLATION] == []


@given(body=st.binary(max_size=50), status=st.integers(100, 599), key=st.sampled_from(Key))
def test_no_rule_crashes_on_arbitrary_bytes(body: bytes, status: int, key: Key) -> None:
    found = check(CONTRACT, Exchange(Request("r", key, secret="test-key"), status, {}, body))
    assert all(failure.expected and failure.severity for failure in found)


BROKEN = {status: broken_bodies(CONTRACT, status) for status in (200, 422)}
MODELS = {200: SimulationResultsResponse, 422: HTTPValidationError}


@pytest.mark.parametrize(("status", "key"), [(200, Key.VALID), (422, Key.MISSING)])
@given(data=st.data())
def test_a_body_breaks_the_schema_if_and_only_if_the_client_cannot_decode_it(
    status: int, key: Key, data: st.DataObject
) -> None:
    """The client accepts unknown enum values and times without a zone, which other rules find."""
    body, is_decoded = json.dumps(data.draw(BROKEN[status])).encode(), True
    try:
        decode(body, MODELS[status])
    except msgspec.DecodeError:
        is_decoded = False
    read = answered(body, status, key)
    found = check(CONTRACT, read)
    assert any(each.rule == "response-schema-conformance" for each in found) is not is_decoded
    found += check_sequence(read, answered(data.draw(BROKEN[status])))
    assert all(each.expected and each.received for each in found)
