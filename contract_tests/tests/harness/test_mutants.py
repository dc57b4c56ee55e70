"""The catalogue of mutants: derived from the contract, stable, and what it says of itself is true."""

import copy
import json
from collections import defaultdict
from typing import Any

import pytest
from bluejay_contract.checks import check
from bluejay_contract.contract import Contract, ContractError
from bluejay_contract.exchange import JSON_HEADERS, Exchange, Key, Request
from bluejay_contract.mutants import RUN_ID, Mutant, catalogue
from bluejay_contract.mutants.base import base

CONTRACT = Contract.load()
MUTANTS = catalogue(CONTRACT)


def _changed(**schemas: Any) -> Contract:
    document = copy.deepcopy(CONTRACT.document)
    for name, change in schemas.items():
        document["components"]["schemas"][name]["properties"] |= change
    return Contract(document)


def test_no_two_mutants_have_the_same_id_or_exchange() -> None:
    """Two ids for the same request and response would count one kill twice."""
    exchanges: dict[str, list[str]] = defaultdict(list)
    for each in MUTANTS:
        exchanges[repr((each.answers, each.key, each.method))].append(each.id)
    assert [ids for ids in exchanges.values() if len(ids) > 1] == []
    assert len({each.id for each in MUTANTS}) == len(MUTANTS)


def test_the_catalogue_is_the_same_each_time() -> None:
    assert [each.id for each in catalogue(Contract.load())] == [each.id for each in MUTANTS]


@pytest.mark.parametrize(
    ("status", "example", "key"),
    [(200, "settled_with_failures", Key.VALID), (422, "missing_api_key", Key.MISSING)],
)
def test_the_bodies_that_mutants_are_made_from_are_valid(status: int, example: str, key: Key) -> None:
    """A kill is then owed to the mutation alone."""
    body = json.dumps(base(CONTRACT, status, example)).encode()
    assert check(CONTRACT, Exchange(Request(RUN_ID, key), status, JSON_HEADERS, body)) == []


def test_the_bodies_that_mutants_are_made_from_have_every_field() -> None:
    text = json.dumps([base(CONTRACT, 200, "settled_with_failures"), base(CONTRACT, 422, "missing_api_key")])
    schemas = CONTRACT.document["components"]["schemas"]
    fields = {key for schema in schemas.values() for key in schema.get("properties", {})}
    assert {key for key in fields if f'"{key}"' not in text} == set()


def test_schema_forbids_agrees_with_the_validator() -> None:
    """The operators say it by construction, the validator by the schema."""
    assert [each.id for each in MUTANTS if _is_forbidden(each) is not each.schema_forbids] == []


def _is_forbidden(mutant: Mutant) -> bool:
    answer = mutant.answers[-1]
    read = Exchange(Request(), answer.status, answer.headers, answer.body)
    if read.status not in CONTRACT.statuses:
        return False
    return not read.has_document or not CONTRACT.validator(read.status).is_valid(read.document)


def test_the_catalogue_has_every_class_of_violation() -> None:
    of_the_schema = {"wrong-type", "null-where-not-nullable", "missing-required", "bad-format", "wrong-item"}
    of_the_protocol = {"status", "content-type", "charset", "body", "portable", "key", "method", "422-shape"}
    across = {"outside-the-enum", "drift", "legal", "cross-field", "cross-read"}
    assert {each.kind for each in MUTANTS} == of_the_schema | of_the_protocol | across


def test_a_new_field_of_the_contract_gets_mutants() -> None:
    more = catalogue(_changed(Event={"severity": {"type": "integer"}}))
    added = {each.id for each in more} - {each.id for each in MUTANTS}
    assert "200:wrong-type:$.simulation_results[0].events[0].severity:string" in added
    assert "200:null-where-not-nullable:$.simulation_results[0].events[0].severity:null" in added


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"minLength": 1}, "keyword 'minLength'"),
        ({"oneOf": 1}, "keyword 'oneOf'"),
        ({"x-unit": 1}, "keyword 'x-unit'"),
        ({"format": "uri"}, "format 'uri'"),
    ],
)
def test_an_unknown_keyword_or_format_is_refused_by_name(schema: dict[str, Any], message: str) -> None:
    """A catalogue that passed over it would claim more than it proves."""
    with pytest.raises(ContractError, match=message):
        catalogue(_changed(Event={"severity": {"type": "string", **schema}}))


def test_an_alternative_that_says_nothing_allows_anything() -> None:
    more = catalogue(_changed(Event={"extra": {"anyOf": [{"description": "Anything."}, {"type": "null"}]}}))
    of_it = {each.id for each in more if ".extra" in each.id}
    assert of_it == set()
    assert {each.id for each in more} - {each.id for each in MUTANTS} == {
        "200:legal:$.simulation_results[0].events[0]:without-extra"
    }
