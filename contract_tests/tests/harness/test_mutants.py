"""The catalogue of mutants is derived from the contract, stable, and described correctly."""

import json
import re
from collections import defaultdict
from importlib import import_module
from typing import Any

import pytest
from attrs import evolve
from bluejay_contract.checks import check
from bluejay_contract.contract import Contract, Operation
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request
from bluejay_contract.mutants import CHANGES, MODULES, Trial, catalogue, sound
from bluejay_contract.mutants.change import changed, run
from bluejay_contract.mutants.found_by import FOUND_BY
from bluejay_contract.mutants.trial import encoded
from bluejay_contract.operations import RESULTS, traits
from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import Expect
from contract_kit.errors import KitError

from .exchanges import contract_with_a_new_field

CONTRACT = Contract.load()


def test_faults_have_different_exchanges_and_mutants_have_different_ids() -> None:
    exchanges: dict[str, list[str]] = defaultdict(list)
    for operation in CONTRACT.operations.values():
        for mutants in MODULES.values():
            for each in mutants(CONTRACT, operation):
                if each.rule:
                    exchange = operation.id, each.answers, each.key, each.method, each.query
                    exchanges[repr(exchange)].append(each.id)
    assert [ids for ids in exchanges.values() if len(ids) > 1] == []
    assert len({each.id for each in catalogue(CONTRACT)}) == len(catalogue(CONTRACT))


def test_the_catalogue_is_the_same_each_time() -> None:
    again = catalogue(Contract(CONTRACT.document))
    assert [each.id for each in again] == [each.id for each in catalogue(CONTRACT)]


@pytest.mark.parametrize("operation", CONTRACT.operations.values(), ids=lambda each: each.id)
@pytest.mark.parametrize(("status", "key"), [(200, Key.VALID), (422, Key.MISSING)])
def test_the_bodies_that_mutants_are_made_from_are_valid(operation: Operation, status: int, key: Key) -> None:
    body = json.dumps(sound(CONTRACT, operation, status)).encode()
    request = Request(traits(operation.id).requested, key, operation.method, operation=operation.id)
    assert check(CONTRACT, Exchange(request, status, JSON_HEADERS, body)) == []


def test_the_bodies_that_mutants_are_made_from_have_every_field() -> None:
    operations = CONTRACT.operations.values()
    text = json.dumps([sound(CONTRACT, each, status) for each in operations for status in each.statuses])
    schemas = CONTRACT.document["components"]["schemas"]
    answered = _referred(CONTRACT.document["paths"], schemas) - {"QueueSimulationRunRequest"}
    fields = {key for name in answered for key in schemas[name].get("properties", {})}
    assert {key for key in fields if f'"{key}"' not in text} == set()


def _referred(part: Any, schemas: dict[str, Any]) -> set[str]:
    """Return the names of the schemas that a part of the contract refers to, directly or indirectly."""
    found: set[str] = set()
    new = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(part)))
    while new:
        found |= new
        new = (
            set(re.findall(r"#/components/schemas/(\w+)", json.dumps([schemas[name] for name in new])))
            - found
        )
    return found


def test_a_200_whose_expectation_contradicts_the_schema_has_a_reason() -> None:
    wrong = [
        each.id
        for each in catalogue(CONTRACT)
        if each.status == 200 and (each.mutant.expect is Expect.REFUSE) is not _is_refused(each)
    ]
    assert wrong == []


def _is_refused(trial: Trial) -> bool:
    response = trial.mutant.response
    read = Exchange(Request(), response.status, response.headers, response.body)
    validator = CONTRACT.operations[trial.operation].validator(response.status)
    is_forbidden = not read.has_document or not validator.is_valid(read.document)
    return is_forbidden is not bool(trial.mutant.reason)


def test_the_catalogue_has_every_class_of_violation() -> None:
    of_the_schema = {"type", "required", "format", "enum", "anyOf", "unknown-field", "legal", "later-item"}
    of_the_protocol = {"status", "content-type", "charset", "body", "portable", "key", "method", "422-shape"}
    across = {"cross-field", "cross-read"}
    assert {each.mutant.group for each in catalogue(CONTRACT)} == of_the_schema | of_the_protocol | across
    for operation in CONTRACT.operations:
        kinds = {each.mutant.group for each in catalogue(CONTRACT) if each.operation == operation}
        missing = (of_the_protocol | {"type", "required", "unknown-field", "legal", "cross-field"}) - kinds
        assert missing == set(), (
            f"Add a mutant of {operation} to portable.py, or of a field to another module."
        )


def test_a_new_field_of_the_contract_gets_mutants() -> None:
    more = catalogue(contract_with_a_new_field())
    added = {each.id for each in more} - {each.id for each in catalogue(CONTRACT)}
    assert "200:type:/simulation_results/0/events/0/added_by_a_test:string" in added
    assert "200:type:/simulation_results/0/events/0/added_by_a_test:null" in added


@pytest.mark.parametrize("name", MODULES)
def test_the_mutants_of_a_rule_are_in_the_module_of_the_same_name(name: str) -> None:
    rules = import_module(f"bluejay_contract.checks.{name}").RULES
    found = (
        each for operation in CONTRACT.operations.values() for each in MODULES[name](CONTRACT, operation)
    )
    assert {each.rule for each in found if each.rule} == {rule.name for rule in rules}, (
        f"Each rule in contract_tests/bluejay_contract/checks/{name}.py needs a mutant in mutants/{name}.py."
    )


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_to_a_field_makes_a_mutant(name: str) -> None:
    assert any(each.mutant.id.endswith(f":{name}") for each in catalogue(CONTRACT)), (
        f"No example in openapi.yaml has what {name} in bluejay_contract/mutants/ changes."
    )


def test_a_change_without_an_effect_on_the_response_is_an_error() -> None:
    same = {"same-run:not-changed": ("nothing is wrong", run(id="48213"))}
    with pytest.raises(KitError, match="cross-field:same-run:not-changed sends the valid response unchanged"):
        list(changed(same, CONTRACT, CONTRACT.operations[RESULTS]))


def test_a_mutant_that_is_the_valid_response_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    mutant = next(each for each in catalogue(CONTRACT) if each.id == "protocol:body:nan").mutant
    valid = encoded(sound(CONTRACT, CONTRACT.operations[RESULTS], 200))
    same = Trial(
        evolve(mutant, response=evolve(mutant.response, headers=JSON_HEADERS, body=valid)), "json-body"
    )
    monkeypatch.setattr("bluejay_contract.mutants.MODULES", {"_protocol": lambda *_: [same]})
    with pytest.raises(KitError, match="protocol:body:nan sends the valid response unchanged"):
        catalogue(Contract(CONTRACT.document))


def test_a_mutant_of_http_without_a_row_in_the_table_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(FOUND_BY, ("protocol", "nan"))
    with pytest.raises(KitError, match=r"FOUND_BY in bluejay_contract/mutants/found_by\.py has no row for"):
        catalogue(Contract(CONTRACT.document))


def test_every_row_of_the_table_is_for_a_mutant_that_the_kit_derives() -> None:
    derived = {(each.group, each.name) for each in Catalogue(CONTRACT.openapi).mutants()}
    assert FOUND_BY.keys() - derived == set()


def test_an_operation_without_a_row_in_the_table_is_an_error() -> None:
    with pytest.raises(KitError, match=r"TRAITS in bluejay_contract/operations\.py has no row for delete"):
        traits("delete")
