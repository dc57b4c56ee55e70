"""The rules: each finds a mutant of its own, none reports a valid body, and their texts are precise."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from bluejay_contract.checks import RULES, SEQUENCE_RULES, check, check_sequence, pairs
from bluejay_contract.contract import Contract
from bluejay_contract.exchange import JSON_HEADERS, WRONG_KEY, Exchange, Key, Request
from bluejay_contract.failure import Failure, Severity, shown
from bluejay_contract.page import Page
from bluejay_contract.stub import SCENARIOS
from hypothesis import given
from hypothesis import strategies as st

from .. import builders
from ..strategies import bodies
from .mutants import catalogue

CONTRACT = Contract.load()
BELIEVABLE = [name for name in SCENARIOS if name != "reference"]
"""The example of the reference contains placeholders, which are valid but contradict each other."""
MEANT = {
    "unknown_status": {"unknown-enum-value", "unknown-conversation-status"},
    "unknown_fields": {"unknown-field"},
    "zoneless_times": {"time-without-zone"},
}


ALL_RULES: list[Any] = [*RULES, *SEQUENCE_RULES]


def _exchange(body: bytes, run_id: str | None = "48213") -> Exchange:
    return Exchange(Request(run_id, Key.VALID, secret="test-key"), 200, JSON_HEADERS, body)


def _pages(body: bytes, run_id: str) -> Iterator[Exchange]:
    """Yield the pages of a run, as the service sends them."""
    document = json.loads(body)
    results = document.get("simulation_results")
    for offset in range(0, len(results or ()) or 1, 100):
        request = Request(run_id, Key.VALID, secret="test-key", page=Page(offset=offset))
        page = document | {"simulation_results": results[offset : offset + 100]} if results else document
        yield Exchange(request, 200, JSON_HEADERS, builders.encoded(page))


def _failures(*results: Any, **run: Any) -> list[Failure]:
    return check(CONTRACT, _exchange(builders.encoded(builders.response(*results, **run))))


def test_every_rule_has_a_unique_name_and_a_description() -> None:
    assert len({rule.name for rule in ALL_RULES}) == len(ALL_RULES)
    assert [rule.name for rule in ALL_RULES if not rule.description.endswith(".")] == []


def test_every_rule_finds_a_mutant_that_no_other_rule_finds() -> None:
    alone: dict[str, int] = defaultdict(int)
    for mutant in catalogue(CONTRACT):
        exchanges = mutant.exchanges()
        found = check(CONTRACT, exchanges[-1])
        found += check_sequence(*exchanges) if len(exchanges) == 2 else []
        if len({failure.rule for failure in found}) == 1:
            alone[found[0].rule] += 1
    assert {rule.name for rule in ALL_RULES} - alone.keys() == set(), (
        "Add a mutant to the module in contract_tests/tests/harness/mutants/ named after the rule's own."
    )


@pytest.mark.parametrize("name", BELIEVABLE)
def test_a_scenario_breaks_only_the_rules_that_it_is_meant_to_break(name: str) -> None:
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
    request = Request(operation=operation)
    found = check(CONTRACT, Exchange(request, 200, JSON_HEADERS, json.dumps(document).encode()))
    assert [failure for failure in found if failure.severity is Severity.VIOLATION] == []


@given(body=st.binary(max_size=50), status=st.integers(100, 599), key=st.sampled_from(Key))
def test_no_rule_crashes_on_any_bytes(body: bytes, status: int, key: Key) -> None:
    found = check(CONTRACT, Exchange(Request("r", key, secret="test-key"), status, {}, body))
    assert all(failure.expected and failure.severity for failure in found)


def test_a_failure_has_the_path_and_the_expected_and_received_value() -> None:
    events = [{"title": "a", "start_offset_ms": 1}, {"title": "b", "start_offset_ms": "1"}]
    found = _failures(builders.result(digital_human_id="7"), builders.result(2, events=events))
    violation = "violation response-schema-conformance at $.simulation_results"
    assert sorted(map(str, found)) == [
        f'{violation}[0].digital_human_id: expected type integer or null, received "7"',
        f'{violation}[1].events[1].start_offset_ms: expected type integer, received "1"',
    ]


@pytest.mark.parametrize(
    ("request_", "reproduction"),
    [
        (
            Request("r", Key.VALID, source="http://a/b?c d"),
            "printf 'X-API-Key: %s\\n' \"$BLUEJAY_API_KEY\" | curl -H @- 'http://a/b?c d'",
        ),
        (Request("r", Key.MISSING, source="http://a/b"), "curl http://a/b"),
        (
            Request("r", Key.WRONG, "PUT", source="http://a/b"),
            f"curl -X PUT -H 'X-API-Key: {WRONG_KEY}' http://a/b",
        ),
        (Request("r", Key.MISSING, "HEAD", source="http://a/b"), "curl -I http://a/b"),
        (Request(source="saved run.json"), "bluejay-contract check 'saved run.json'"),
    ],
)
def test_a_failure_names_a_command_that_reproduces_it_and_does_not_contain_the_key(
    request_: Request, reproduction: str
) -> None:
    (failure, *_) = check(CONTRACT, Exchange(request_, 200, JSON_HEADERS, b"{}"))
    assert failure.reproduction == reproduction


def test_no_repr_of_an_exchange_or_a_failure_contains_the_key() -> None:
    request = Request("r", Key.VALID, secret="canary-77", source="http://a/b")
    exchange = Exchange(request, 200, {"x-echo": "canary-77"}, b'"canary-77"')
    found = [each for each in check(CONTRACT, exchange) if each.rule == "leaked-api-key"]
    assert [failure.path for failure in found] == ["body", "header x-echo"]
    assert "canary-77" not in repr([request, exchange, found])


def test_a_value_is_shown_on_one_line_of_bounded_length() -> None:
    assert shown("a\n" * 1000) == ("a " * 40)[:79] + " …"
