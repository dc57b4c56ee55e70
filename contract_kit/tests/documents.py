"""Small OpenAPI documents for tests."""

import json
from typing import Any

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import Mutant
from contract_kit.prove.validators import Validators
from contract_kit.read.document import Document, Place, Skipped
from contract_kit.read.graph import Node
from contract_kit.read.schemas import Schemas

OPERATION = "getThing"
REFERENCES = [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]
"""References to the schemas Cat and Dog, which both `pets` and `family` define."""
LISTED_AND_TOO_LONG = {"type": "string", "enum": ["a", "long"], "maxLength": 2}
"""A schema in which `maxLength` forbids one of the `enum` values, so this value proves nothing."""


def openapi(paths: dict[str, Any], version: str = "3.1.0", **components: Any) -> dict[str, Any]:
    info = {"title": "Things", "version": "1"}
    return {"openapi": version, "info": info, "paths": paths, "components": components}


def answering(responses: dict[str, Any], **operation: Any) -> dict[str, Any]:
    """Return the paths of a document whose only operation is a GET with these responses."""
    return {"/thing": {"get": {"operationId": OPERATION, "responses": responses} | operation}}


def json_response(schema: Any, **more: Any) -> dict[str, Any]:
    return {"description": "", "content": {"application/json": {"schema": schema} | more}}


def content(*kinds: str, schema: Any) -> dict[str, Any]:
    """Return a response whose body has this schema in each of these content types."""
    return {"description": "", "content": {kind: {"schema": schema} for kind in kinds}}


def of_schema(schema: Any, version: str = "3.1.0", **schemas: Any) -> dict[str, Any]:
    """Return a document whose only response has a body with this schema."""
    return openapi(answering({"200": json_response(schema)}), version, schemas=schemas)


def catalogue(document: dict[str, Any]) -> Catalogue:
    return Catalogue(Document.of(document))


def catalogue_of(schema: Any, version: str = "3.1.0", **schemas: Any) -> Catalogue:
    """Return the mutants for a document whose only response has a body with this schema."""
    return catalogue(of_schema(schema, version, **schemas))


def catalogue_answering(responses: dict[str, Any]) -> Catalogue:
    """Return the mutants for a document whose only operation is a GET with these responses."""
    return catalogue(openapi(answering(responses)))


def read_schema(document: dict[str, Any]) -> tuple[Validators, Node]:
    """Return the validators for a document made with `of_schema`, and its response's schema."""
    steps = ("paths", "/thing", "get", "responses", "200", "content", "application/json", "schema")
    schemas = Schemas(Document.of(document))
    node = schemas.add(Place("", steps))
    return Validators(schemas.graph), node


def gaps(found: Catalogue) -> list[Skipped]:
    """Derive all mutants, and return the parts of the document without mutants."""
    list(found.mutants())
    return found.gaps()


def reason_for_no_mutants(response: Any, **schemas: Any) -> str:
    """Return why this response has no mutants, in a document that also has another response."""
    found = catalogue(openapi(answering({"200": response, "404": json_response({})}), schemas=schemas))
    return next(each.reason for each in gaps(found) if each.where == f"{OPERATION} 200")


def body(mutant: Mutant) -> Any:
    return json.loads(mutant.response.body)


def broken(found: Catalogue) -> set[tuple[str | None, str]]:
    """Return each broken keyword, with its location."""
    return {(each.keyword, each.location) for each in found.mutants() if each.keyword}


def mutants_of(found: Catalogue, part: str) -> list[Mutant]:
    """Return the mutants whose ids contain this text."""
    return [each for each in found.mutants() if part in each.id]


def pets() -> dict[str, Any]:
    """Return the schemas of two pets, whose property `kind` is a string without further constraints."""
    kinds = {"Cat": {"lives": {"type": "integer"}}, "Dog": {"tricks": {"type": "string"}}}
    return {
        name: {"type": "object", "required": ["kind", *own], "properties": {"kind": {"type": "string"}} | own}
        for name, own in kinds.items()
    }


def family() -> dict[str, Any]:
    """Return the schema of a parent whose discriminator maps to its children, and the children's schemas."""
    parent = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string"}},
        "discriminator": {"propertyName": "kind", "mapping": {"meow": "Cat", "woof": "Dog"}},
    }
    own = {
        name: {"type": "object", "required": [key], "properties": {key: {"type": "integer"}}}
        for name, key in (("Cat", "lives"), ("Dog", "tricks"))
    }
    reference = {"$ref": "#/components/schemas/Pet"}
    return {"Pet": parent} | {name: {"allOf": [reference, schema]} for name, schema in own.items()}
