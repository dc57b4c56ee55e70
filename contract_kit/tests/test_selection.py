"""An operation's mutants don't depend on which other operations are selected, or were read before."""

from typing import Any

import pytest
from yaml import safe_load

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import LEGAL, Mutant

from .derive.matrix import COMPONENTS, SCHEMAS
from .documents import REFERENCES, catalogue, family, json_response, openapi, pets
from .test_documents import OWN

THING = {"$ref": "#/components/schemas/Thing"}
PLAIN = {"type": "object", "properties": {"kind": {"type": "string"}}}
UNION = {"oneOf": REFERENCES, "discriminator": {"propertyName": "kind"}}
OTHER_CAT = {"$ref": "#/components/schemas/Others/properties/Cat"}


def _answering(*responses: dict[str, Any], **schemas: Any) -> dict[str, Any]:
    """Return a document with an operation for each of these responses."""
    paths = {f"/{at}": {"get": {"responses": {"200": each}}} for at, each in enumerate(responses)}
    return openapi(paths, schemas=schemas)


DOCUMENTS = {
    **{name: safe_load(path.read_bytes()) for name, path in OWN.items()},
    "discriminators": _answering(*map(json_response, SCHEMAS["discriminators"].values()), **COMPONENTS),
    "unions": _answering(*map(json_response, SCHEMAS["unions"].values()), **COMPONENTS),
    "parent and children": _answering(
        *(json_response({"$ref": f"#/components/schemas/{name}"}) for name in family()), **family()
    ),
    "one schema with different examples": _answering(
        json_response(THING, examples={"small": {"value": {"kind": "small"}}}),
        json_response(THING, examples={"big": {"value": {"kind": "big"}}}),
        json_response(THING),
        Thing=PLAIN,
    ),
    "a discriminator with another property's name": _answering(
        json_response(UNION), json_response(PLAIN), **pets()
    ),
    "a discriminator's value that names two schemas": _answering(
        json_response(OTHER_CAT),
        json_response({**UNION, "oneOf": [*REFERENCES, OTHER_CAT]}),
        Others={
            "properties": {
                "Cat": {"type": "object", "required": ["claws"], "properties": PLAIN["properties"]}
            }
        },
        **pets(),
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_an_operations_mutants_are_the_same_alone_and_in_any_order(name: str) -> None:
    def mutants(found: Catalogue, operation: str) -> list[Mutant]:
        return list(found.mutants([operation]))

    every: dict[str, list[Mutant]] = {}
    for each in catalogue(DOCUMENTS[name]).mutants():
        every.setdefault(each.operation.id, []).append(each)
    backwards = catalogue(DOCUMENTS[name])
    for operation in reversed(every):
        assert mutants(backwards, operation) == every[operation]
        assert mutants(catalogue(DOCUMENTS[name]), operation) == every[operation]


def test_a_discriminators_value_is_kept_but_not_that_of_another_property_with_its_name() -> None:
    optional = {name: {**each, "required": each["required"][1:]} for name, each in pets().items()}
    schema = {"type": "object", "properties": {"union": UNION, "plain": PLAIN}}
    found = catalogue(_answering(json_response(schema), **optional)).mutants()
    changed = [each.id for each in found if each.id.endswith("/kind") and each.group == LEGAL]
    assert changed == ["GET /0:200:optional-absent:/plain/kind", "GET /0:200:non-ascii:/plain/kind"]
