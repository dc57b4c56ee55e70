"""Every mutant, in process: its rule finds it at its path, and the client raises its error at its path."""

from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve
from bluejay_contract.exchange import Key
from bluejay_contract.failure import Severity
from bluejay_contract.operations import KEYS, RESULTS
from bluejay_results import BluejayError, ContractViolationError

from ..operations import TRAITS, is_of_another
from .client_in_process import ClientInProcess, client_in_process
from .findings import ALL_RULES, CONTRACT, failures
from .mutants import Case, catalogue, fields, protocol, sequence, sound
from .mutants.case import REFUSED, encoded

BY_STATUS = {
    401: "AuthenticationError",
    403: "AuthenticationError",
    404: "NotFoundError",
    422: "RequestRejectedError",
    429: "RateLimitError",
    **dict.fromkeys((500, 502, 503, 511), "ServerError"),
}
"""The error of each status; any other status except 200 causes an `UnexpectedStatusError`."""
WITH_A_PATH = {"type", "anyOf", "format", "required", "later-item"}
"""The groups of mutants whose path the client's first violation has."""

_of_each_operation = pytest.mark.parametrize("operation", TRAITS)


def of(operation: str) -> list[Case]:
    return [each for each in catalogue(CONTRACT) if each.operation.id == operation]


def is_found(case: Case) -> bool:
    """Whether the rules find a fault by its rule at its path, or a violation in a legal response."""
    found = failures(case)
    if case.rule:
        return any((each.rule, each.path) == (case.rule, case.path) for each in found)
    return any(each.severity is Severity.VIOLATION for each in found)


@_of_each_operation
@pytest.mark.parametrize(("status", "key"), [(200, Key.VALID), (422, Key.MISSING)])
def test_no_rule_finds_anything_in_the_responses_that_mutants_are_made_from(
    operation: str, status: int, key: Key
) -> None:
    of_it = CONTRACT.operations[operation]
    body = encoded(sound(CONTRACT, of_it, status))
    assert failures(Case("valid", of_it, body, "", status=status, key=key)) == []


@_of_each_operation
def test_each_fault_is_found_by_its_rule_at_its_path(operation: str) -> None:
    faults = [each for each in of(operation) if each.rule]
    assert len(faults) > 200
    assert [each.id for each in faults if not is_found(each)] == []


@_of_each_operation
def test_no_rule_reports_a_violation_in_a_legal_response(operation: str) -> None:
    legal = [each for each in of(operation) if not each.rule]
    assert len(legal) > 20
    assert [each.id for each in legal if is_found(each)] == []


@pytest.mark.parametrize("change", [{"rule": "unknown-field"}, {"path": "$"}])
def test_a_mutant_with_another_rule_or_path_than_its_own_is_not_found(change: dict[str, Any]) -> None:
    fault = next(each for each in of(RESULTS) if each.group == "format")
    assert is_found(fault)
    assert not is_found(evolve(fault, **change))


def test_every_rule_finds_a_mutant_that_no_other_rule_finds() -> None:
    mutants: dict[str, list[Case]] = {rule: [] for rule in ALL_RULES}
    for each in catalogue(CONTRACT):
        if each.rule:
            mutants[each.rule].append(each)
    is_alone = {
        rule: any({failure.rule for failure in failures(each)} == {rule} for each in of_it)
        for rule, of_it in mutants.items()
    }
    assert [rule for rule, found in is_alone.items() if not found] == [], (
        "Add a mutant to a table in contract_tests/tests/harness/mutants/."
    )


def test_every_change_to_a_field_makes_a_mutant() -> None:
    made = {each.name.partition(":")[2] for each in catalogue(CONTRACT)}
    changes = {*fields.CHANGES, *protocol.CHANGES, *sequence.READS, *sequence.PAGES}
    assert changes - made == set(), "No example in openapi.yaml has what this changes."


def test_each_operation_of_the_contract_has_a_key_by_which_a_saved_body_is_recognised() -> None:
    assert KEYS.keys() == TRAITS.keys() == CONTRACT.operations.keys()


@pytest.fixture(scope="module")
def client() -> Iterator[ClientInProcess]:
    with client_in_process() as opened:
        yield opened


def _sent(operation: str) -> list[Case]:
    """Return the mutants that answer a request of the client: it has a key, and uses the right method."""
    return [
        each for each in of(operation) if not each.method and (each.key is Key.VALID or each.status != 200)
    ]


@_of_each_operation
def test_the_client_raises_the_error_of_each_mutant(client: ClientInProcess, operation: str) -> None:
    raised = {each.id: _name(client.error(operation, each.answers)) for each in _sent(operation)}
    assert raised == {each.id: _due(each) for each in _sent(operation)}


@_of_each_operation
def test_the_clients_first_violation_has_the_path_of_the_mutant(
    client: ClientInProcess, operation: str
) -> None:
    broken = [each for each in _sent(operation) if each.status == 200 and each.group in WITH_A_PATH]
    errors = {each.id: client.error(operation, each.answers) for each in broken}
    paths = {
        id_: error.violations[0].path
        for id_, error in errors.items()
        if isinstance(error, ContractViolationError)
    }
    assert len(paths) > 40
    assert paths == {each.id: _path(each) for each in broken if each.id in paths}


def _name(error: BluejayError | None) -> str:
    return type(error).__name__ if error else ""


def _path(case: Case) -> str:
    """Return the path of a wrong value; for a missing field, the field's own path."""
    is_missing = case.group == "required"
    return f"{case.path}.{case.name.rpartition(':')[2]}" if is_missing else case.path


def _due(case: Case) -> str:
    """Return the error that the client must raise; empty if it must accept the response."""
    if case.status == 404 and case.operation.id == RESULTS:
        return "RunNotFoundError"
    if case.status != 200:
        return BY_STATUS.get(case.status, "UnexpectedStatusError")
    return case.error or (REFUSED if is_of_another(case.operation.id, case.body) else "")


def test_a_failure_is_reproduced_by_the_last_request() -> None:
    case = next(each for each in of(RESULTS) if each.rule == "run-status-moves-forward")
    last = case.exchanges(source="http://a")[-1].request
    assert {failure.reproduction for failure in failures(case)} == {last.reproduction}
