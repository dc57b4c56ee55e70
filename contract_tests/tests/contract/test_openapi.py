"""Rules for openapi.yaml itself."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
from bluejay_contract.contract import Contract
from bluejay_contract.operations import QUEUE, RESULTS
from bluejay_contract.stub import SCENARIOS
from contract_kit.tests.tables import table

CONTRACT = Contract.load()
OPERATIONS = CONTRACT.operations.values()
DECLARE = {"properties", "additionalProperties"}
SCHEMAS: dict[str, Any] = CONTRACT.document["components"]["schemas"]
EXAMPLES = [
    (operation.validator(status), example)
    for operation in OPERATIONS
    for status in operation.statuses
    for example in operation.examples(status).values()
]


def test_the_contract_is_valid_openapi() -> None:
    from openapi_spec_validator import validate  # loaded late: it takes half a second

    validate(CONTRACT.document)


@table("validator, example", EXAMPLES)
def test_every_response_example_is_valid(validator: Any, example: Any) -> None:
    assert [error.message for error in validator.iter_errors(example)] == []


def test_every_request_example_is_valid() -> None:
    described = CONTRACT.document["paths"]["/v1/queue-simulation-run"]["post"]
    examples = described["requestBody"]["content"]["application/json"]["examples"].values()
    accepts = CONTRACT.operations[QUEUE].accepts
    assert [accepts(json.dumps(each["value"]).encode()) for each in examples] == [True]
    assert not accepts(b'{"simulation_id": 731}')


WEBHOOKS: dict[str, Any] = CONTRACT.document["webhooks"]


@table("name", WEBHOOKS)
def test_every_event_example_is_valid_and_has_its_webhooks_type(name: str) -> None:
    media = WEBHOOKS[name]["post"]["requestBody"]["content"]["application/json"]
    document = {"$ref": media["schema"]["$ref"], "components": CONTRACT.document["components"]}
    validator = jsonschema_rs.validator_for(document)
    keys = [each["$ref"].rpartition("/")[2] for each in media["examples"].values()]
    examples = [CONTRACT.document["components"]["examples"][key]["value"] for key in keys]
    assert [error.message for each in examples for error in validator.iter_errors(each)] == []
    assert {each["type"] for each in examples} == {name}


def test_the_contract_and_the_stub_contain_the_same_reference_example() -> None:
    """Both are copies of the example on the service's public page, and neither was made from the other."""
    assert (
        json.loads(SCENARIOS["reference"].bodies[0])
        == CONTRACT.operations[RESULTS].examples(200)["reference"]
    )


def test_every_schema_and_every_field_has_a_description() -> None:
    """Some tools assume that an object has no keys if its schema doesn't declare any."""
    fields = {f"{name}.{key}": each for name, schema in SCHEMAS.items() for key, each in _fields(schema)}
    assert [where for where, each in (SCHEMAS | fields).items() if not each.get("description")] == []
    assert [
        each for each in _schemas(SCHEMAS) if "object" in each.get("type", ()) and not DECLARE & each.keys()
    ] == []


def _fields(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the fields of a schema, following references."""
    for key, field in schema.get("properties", {}).items():
        yield key, SCHEMAS[field["$ref"].rpartition("/")[2]] if "$ref" in field else field


def _schemas(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of the document at or below a node, including schemas."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _schemas(child)
