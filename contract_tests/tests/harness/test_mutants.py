"""The catalogue of mutants: derived from the contract, stable, and what it says of itself is true."""

import copy
import json
from collections import defaultdict
from importlib import import_module
from typing import Any

import pytest
from bluejay_contract.checks import check
from bluejay_contract.contract import Contract, Operation
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request
from bluejay_contract.mutants import MODULES, REQUESTED, Mutant, catalogue
from bluejay_contract.mutants._derived import sound

CONTRACT = Contract.load()
MUTANTS = catalogue(CONTRACT)


def _changed(**schemas: Any) -> Contract:
    document = copy.deepcopy(CONTRACT.document)
    for name, change in schemas.items():
        document["components"]["schemas"][name]["properties"] |= change
    return Contract(document)


def test_no_two_faults_have_the_same_exchange_and_no_two_mutants_the_same_id() -> None:
    """Two ids for the same request and response would count one kill twice."""
    exchanges: dict[str, list[str]] = defaultdict(list)
    for operation in CONTRACT.operations.values():
        for mutants in MODULES.values():
            for each in mutants(CONTRACT, operation):
                if not each.legal:
                    exchange = operation.id, each.answers, each.key, each.method
                    exchanges[repr(exchange)].append(each.id)
    assert [ids for ids in exchanges.values() if len(ids) > 1] == []
    assert len({each.id for each in MUTANTS}) == len(MUTANTS)


def test_the_catalogue_is_the_same_each_time() -> None:
    assert [each.id for each in catalogue(Contract(CONTRACT.document))] == [each.id for each in MUTANTS]


@pytest.mark.parametrize("operation", CONTRACT.operations.values(), ids=lambda each: each.id)
@pytest.mark.parametrize(("status", "key"), [(200, Key.VALID), (422, Key.MISSING)])
def test_the_bodies_that_mutants_are_made_from_are_valid(operation: Operation, status: int, key: Key) -> None:
    """A kill is then owed to the mutation alone."""
    body = json.dumps(sound(CONTRACT, operation, status)).encode()
    request = Request(REQUESTED[operation.id], key, operation.method, operation=operation.id)
    assert check(CONTRACT, Exchange(request, status, JSON_HEADERS, body)) == []


def test_the_bodies_that_mutants_are_made_from_have_every_field() -> None:
    operations = CONTRACT.operations.values()
    text = json.dumps([sound(CONTRACT, each, status) for each in operations for status in each.statuses])
    schemas = CONTRACT.document["components"]["schemas"]
    answered = (schema for name, schema in schemas.items() if name != "QueueSimulationRunRequest")
    fields = {key for schema in answered for key in schema.get("properties", {})}
    assert {key for key in fields if f'"{key}"' not in text} == set()


def test_schema_forbids_agrees_with_the_validator() -> None:
    """The operators say it by construction, the validator by the schema."""
    assert [each.id for each in MUTANTS if _is_forbidden(each) is not each.schema_forbids] == []


def _is_forbidden(mutant: Mutant) -> bool:
    answer = mutant.answers[-1]
    read = Exchange(Request(), answer.status, answer.headers, answer.body)
    operation = CONTRACT.operations[mutant.operation]
    if read.status not in operation.statuses:
        return False
    return not read.has_document or not operation.validator(read.status).is_valid(read.document)


def test_the_catalogue_has_every_class_of_violation() -> None:
    of_the_schema = {"type", "required", "format", "enum", "anyOf", "unknown-field", "legal", "later-item"}
    of_the_protocol = {"status", "content-type", "charset", "body", "portable", "key", "method", "422-shape"}
    across = {"cross-field", "cross-read"}
    assert {each.kind for each in MUTANTS} == of_the_schema | of_the_protocol | across
    for operation in CONTRACT.operations:
        kinds = {each.kind for each in MUTANTS if each.operation == operation}
        assert of_the_protocol | {"type", "required", "unknown-field", "legal", "cross-field"} <= kinds


def test_a_new_field_of_the_contract_gets_mutants() -> None:
    more = catalogue(_changed(Event={"severity": {"type": "integer"}}))
    added = {each.id for each in more} - {each.id for each in MUTANTS}
    assert "200:type:/simulation_results/0/events/0/severity:string" in added
    assert "200:type:/simulation_results/0/events/0/severity:null" in added


@pytest.mark.parametrize("name", MODULES)
def test_the_mutants_of_a_rule_stand_in_the_module_of_its_name(name: str) -> None:
    """Whoever changes a rule finds them there, and each rule has some."""
    rules = import_module(f"bluejay_contract.checks.{name}").RULES
    found = (
        each for operation in CONTRACT.operations.values() for each in MODULES[name](CONTRACT, operation)
    )
    assert {each.rule for each in found if not each.legal} == {rule.name for rule in rules}
