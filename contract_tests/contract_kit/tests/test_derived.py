"""The mutants for many schemas match `derived.txt`, which `make findings` writes.

The schemas are defined only in `derived.txt`; to add a schema, add the line `== SCHEMA`. The last test covers
everything else from which mutants are made.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import PROTOCOL, Mutant
from contract_kit.derive.operators import OPERATORS
from contract_kit.read.document import Document

from .documents import answering, catalogue, catalogue_of, content, family, openapi, pets

TEXT = Path(__file__).with_name("derived.txt")
SCHEMAS = [each[3:] for each in TEXT.read_text().splitlines() if each.startswith("== ")]


def mutants(schema: str) -> Iterator[Mutant]:
    document: Any = json.loads(schema)
    named = family() if "Pet" in schema else pets() if "Cat" in schema else {}
    return catalogue_of(document, **named).mutants()


def derived(schema: str) -> Iterator[str]:
    """Yield a line for each of a schema's mutants: what a client should do, what is unusual, and the body."""
    for each in mutants(schema):
        if each.group not in (PROTOCOL, "type"):  # `test_keywords.py` tests mutants of types
            body = each.response.body.decode()
            path = each.id.removeprefix(f"{each.operation.id}:200:{each.name}").removeprefix(":")
            facts = [each.operator.strictness, each.expect, each.group, each.name, path or "/"]
            yield f"{' '.join([*facts, each.exactness or ''])}: {body}"


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_schemas_mutants_match_the_committed_list(schema: str) -> None:
    lines = TEXT.read_text().splitlines()
    first = lines.index(f"== {schema}") + 1
    found = list(derived(schema))
    assert lines[first : first + len(found)] == found
    assert "".join(lines[first + len(found) :][:1]).startswith("== ") or first + len(found) == len(lines)


PET = {"type": "object", "properties": {"kind": {"type": "string"}}}
TO_PET = {"$ref": "#/components/schemas/Pet"}
UNION = {"anyOf": [TO_PET], "discriminator": {"propertyName": "kind", "mapping": {"a": TO_PET["$ref"]}}}
ITEMS = {"type": "array", "items": UNION}
PAGE = {"type": "object", "required": ["next"], "properties": {"next": {"type": "string"}, "items": ITEMS}}
CURSOR = {"name": "next", "in": "query", "schema": {"type": "string"}}
HEADER = {"X-Total": {"required": True, "schema": {"type": "integer"}}}
RESPONSES = {
    "200": content("application/json", schema=PAGE) | {"headers": HEADER},
    "201": content("*/*", schema={"type": "integer"}),
    "204": {"description": ""},
}
WEBHOOK = {"post": {"requestBody": content("application/json", schema={"type": "integer"})}}


def others() -> Iterator[Mutant]:
    """Yield the mutants for responses that differ in more than their schemas, and for a webhook."""
    operation = openapi(answering(RESPONSES, parameters=[CURSOR]), schemas={"Pet": PET})
    yield from catalogue(operation).mutants()
    yield from Catalogue(Document.of(openapi({}) | {"webhooks": {"paid": WEBHOOK}}), webhooks=True).mutants()


def test_each_operator_makes_a_mutant_from_one_of_these_schemas_or_documents() -> None:
    made = {each.operator.name for found in (*map(mutants, SCHEMAS), others()) for each in found}
    new = {"new-in-diff"}  # made only by `contract-kit diff`
    assert OPERATORS.keys() - made == new, "Add a schema to derived.txt, or remove the operator."


if __name__ == "__main__":
    blocks = ("\n".join([f"== {schema}", *derived(schema)]) for schema in SCHEMAS)
    TEXT.write_text("\n".join(blocks) + "\n")
