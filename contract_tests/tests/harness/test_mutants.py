"""The cases of `mutants/` are derived from the contract, distinct, and of every class."""

import json
import re
from collections import defaultdict
from importlib import import_module
from typing import Any

import pytest
from bluejay_contract.checks import check
from bluejay_contract.contract import Contract, Operation
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request
from bluejay_contract.operations import KEYS
from contract_kit.derive.catalogue import Catalogue

from ..operations import TRAITS
from .exchanges import contract_with_a_new_field
from .mutants import CHANGES, MODULES, catalogue, sound
from .mutants.found_by import FOUND_BY

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


@pytest.mark.parametrize("operation", CONTRACT.operations.values(), ids=lambda each: each.id)
@pytest.mark.parametrize(("status", "key"), [(200, Key.VALID), (422, Key.MISSING)])
def test_the_bodies_that_mutants_are_made_from_are_valid(operation: Operation, status: int, key: Key) -> None:
    body = json.dumps(sound(CONTRACT, operation, status)).encode()
    request = Request(TRAITS[operation.id].requested, key, operation.method, operation=operation.id)
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


def test_the_catalogue_has_every_class_of_violation() -> None:
    of_the_schema = {"type", "required", "format", "enum", "anyOf", "unknown-field", "legal", "later-item"}
    of_the_protocol = {"status", "content-type", "charset", "body", "portable", "key", "method", "422-shape"}
    across = {"cross-field", "cross-read"}
    assert {each.group for each in catalogue(CONTRACT)} == of_the_schema | of_the_protocol | across
    for operation in CONTRACT.operations:
        kinds = {each.group for each in catalogue(CONTRACT) if each.operation.id == operation}
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
        f"Each rule in contract_tests/bluejay_contract/checks/{name}.py needs a case in mutants/{name}.py."
    )


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_to_a_field_makes_a_mutant(name: str) -> None:
    assert any(each.name.endswith(f":{name}") for each in catalogue(CONTRACT)), (
        f"No example in openapi.yaml has what {name} in harness/mutants/ changes."
    )


def test_a_mutant_of_http_without_a_row_in_the_table_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(FOUND_BY, ("protocol", "nan"))
    with pytest.raises(LookupError, match="FOUND_BY has no row for the mutant"):
        catalogue(Contract(CONTRACT.document))


def test_every_row_of_the_table_is_for_a_mutant_that_the_kit_derives() -> None:
    derived = {(each.group, each.name) for each in Catalogue(CONTRACT.openapi).mutants()}
    assert FOUND_BY.keys() - derived == set()


def test_the_tables_of_operations_have_a_row_for_each_operation_of_the_contract() -> None:
    assert KEYS.keys() == TRAITS.keys() == CONTRACT.operations.keys()
