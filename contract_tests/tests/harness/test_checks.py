"""Properties of all rules: they report no false positives, and don't crash."""

import json
from typing import Any

from bluejay_contract.checks import check
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request
from bluejay_contract.failure import Severity
from bluejay_contract.operations import Operation
from hypothesis import given
from hypothesis import strategies as st

from ..strategies import bodies
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
