"""Properties of all rules: they report no false positives, don't crash, and never show a key."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from bluejay_api.decoding import decode
from bluejay_api.models import HTTPValidationError, SimulationResultsResponse
from bluejay_contract.checks import check, check_sequence, pairs
from bluejay_contract.exchange import JSON_HEADERS, WRONG_KEY, Exchange, Key, Request
from bluejay_contract.failure import Severity, shown
from bluejay_contract.operations import QUEUE, Operation, Page
from bluejay_contract.stub import SCENARIOS
from hypothesis import given
from hypothesis import strategies as st

from .. import builders
from ..invalid_bodies import broken_bodies
from ..strategies import bodies
from .findings import CONTRACT, answered

MEANT = {
    "reference": {  # its values are placeholders: valid, but contradictory
        "same-run",
        "unknown-metric-type",
        "valid-urls",
        "percentage-in-range",
        "completed-and-incompleted-add-up",
        "no-completions-while-initializing",
        "unknown-conversation-status",
        "passed-and-failed-within-total",
    },
    "unknown_status": {"unknown-enum-value", "unknown-conversation-status"},
    "unknown_fields": {"unknown-field"},
    "zoneless_times": {"time-without-zone"},
}


def _pages(body: bytes, run_id: str) -> Iterator[Exchange]:
    """Yield the pages of a run, as the service sends them."""
    document = json.loads(body)
    results = document.get("simulation_results")
    for offset in range(0, len(results or ()) or 1, 100):
        request = Request(run_id, Key.VALID, secret="test-key", page=Page(offset=offset))
        page = document | {"simulation_results": results[offset : offset + 100]} if results else document
        yield Exchange(request, 200, JSON_HEADERS, builders.encoded(page))


@pytest.mark.parametrize("name", SCENARIOS)
def test_each_scenario_breaks_exactly_the_rules_that_it_is_meant_to_break(name: str) -> None:
    scenario = SCENARIOS[name]
    reads = [page for body in scenario.bodies for page in _pages(body, scenario.run_id)]
    found = [failure for read in reads for failure in check(CONTRACT, read)]
    found += [each for pair in pairs(reads) for each in check_sequence(*pair)]
    assert {failure.rule for failure in found} == MEANT.get(name, set()), (
        "Correct the rule, or the scenario in contract_tests/bluejay_contract/stub/scenarios/."
    )


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


AT = "http://a/b"
BODY = b'{"simulation_id": "it\'s"}'
SENDS = "-H 'Content-Type: application/json' --data-raw"


@pytest.mark.parametrize(
    ("request_", "command"),
    [
        (
            Request("r", Key.VALID, source="http://a/b?c d"),
            "printf 'X-API-Key: %s\\n' \"$BLUEJAY_API_KEY\" | curl -H @- 'http://a/b?c d'",
        ),
        (Request("r", Key.MISSING, source=AT), f"curl {AT}"),
        (Request("r", Key.WRONG, "PUT", source=AT), f"curl -X PUT -H 'X-API-Key: {WRONG_KEY}' {AT}"),
        (Request("r", Key.MISSING, "HEAD", source=AT), f"curl -I {AT}"),
        (
            Request("", Key.MISSING, "POST", source=AT, operation=QUEUE, body=BODY),
            f"""curl -X POST {SENDS} '{{"simulation_id": "it'"'"'s"}}' {AT}""",
        ),
        (Request(source="saved run.json"), "bluejay-contract check 'saved run.json'"),
    ],
)
def test_a_failure_includes_a_shell_command_that_repeats_its_request(request_: Request, command: str) -> None:
    (failure, *_) = check(CONTRACT, Exchange(request_, 200, JSON_HEADERS, b"{}"))
    assert failure.reproduction == command


def test_a_long_value_is_truncated_and_shown_on_one_line() -> None:
    assert shown("a\n" * 1000) == ("a " * 40)[:79] + " …"
