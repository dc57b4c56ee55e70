"""Every mutant is found by its rule, at its path, and no rule reports a violation in a legal response.

`test_errors_of_mutants.py` and `test_our_client.py` in `conformance/` pass the kit's mutants to our client.
"""

import pytest
from bluejay_contract.exchange import Key
from bluejay_contract.failure import Severity
from bluejay_contract.operations import RESULTS, Operation

from ..operations import TRAITS
from .findings import CONTRACT, failures
from .mutants import Case, catalogue, fields, protocol, sequence, sound
from .mutants.case import encoded

_of_each_operation = pytest.mark.parametrize("operation", TRAITS)


def of(operation: str) -> list[Case]:
    return [each for each in catalogue(CONTRACT) if each.operation.id == operation]


@_of_each_operation
@pytest.mark.parametrize(("status", "key"), [(200, Key.VALID), (422, Key.MISSING)])
def test_the_valid_response_that_mutants_are_made_from_breaks_no_rule(
    operation: str, status: int, key: Key
) -> None:
    of_it = CONTRACT.operations[operation]
    body = encoded(sound(CONTRACT, of_it, status))
    found = failures(Case("valid", of_it, body, status=status, key=key))
    # No schema can require percentiles to be in order, so the kit's numbers are in any order.
    assert [each for each in found if each.rule != "percentiles-in-order"] == []


@_of_each_operation
def test_the_expected_rule_finds_each_mutants_fault_at_the_expected_path(operation: str) -> None:
    faults = [each for each in of(operation) if each.rule]
    found = {each.id: {(failure.rule, failure.path) for failure in failures(each)} for each in faults}
    assert len(faults) > 150
    assert [each.id for each in faults if (each.rule, each.path) not in found[each.id]] == []


@_of_each_operation
def test_no_rule_reports_a_violation_in_a_valid_response(operation: str) -> None:
    legal = [each for each in of(operation) if not each.rule]
    severities = {each.id: {failure.severity for failure in failures(each)} for each in legal}
    assert len(legal) > 20
    assert [id_ for id_, found in severities.items() if Severity.VIOLATION in found] == []


def test_every_declared_change_to_a_field_produces_a_mutant() -> None:
    changes = {*fields.CHANGES, *protocol.CHANGES, *sequence.READS, *sequence.PAGES}
    made = {each.name for each in catalogue(CONTRACT)}
    assert changes - made == set(), "No example in openapi.yaml has what this changes."


def test_the_table_of_operations_agrees_with_the_contract() -> None:
    paths = {
        (method.upper(), path, each["operationId"])
        for path, item in CONTRACT.document["paths"].items()
        for method, each in item.items()
    }
    assert {(each.method, each.path, each.value) for each in Operation} == paths
    assert list(TRAITS) == list(Operation)


def test_a_top_level_key_distinguishes_the_bodies_of_each_operation() -> None:
    examples = {each: CONTRACT.operations[each].examples(200).values() for each in Operation}
    keys = {
        each: {key.key for key in Operation for body in bodies if key.key in body}
        for each, bodies in examples.items()
    }
    assert keys == {each: {each.key} for each in Operation}


def test_a_failure_names_the_last_request_if_two_reads_were_compared() -> None:
    case = next(each for each in of(RESULTS) if each.rule == "run-status-moves-forward")
    last = case.exchanges(source="http://a")[-1].request
    assert {failure.reproduction for failure in failures(case)} == {last.reproduction}
