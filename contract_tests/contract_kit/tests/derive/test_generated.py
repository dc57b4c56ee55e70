"""The kit's central promise: for any document, other validators confirm each body.

Bodies are validated against the original document with validators that the kit doesn't use: jschon for
OpenAPI 3.1, and openapi-schema-validator for 3.0. `make test-node` also uses Ajv.
"""

import json
import re
from collections.abc import Callable
from typing import Any, TypeAlias

import jschon
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from openapi_schema_validator import OAS30ReadValidator

from contract_kit.derive.model import PROTOCOL, Expect, Mutant, Strictness

from ..documents import catalogue, json_response, openapi
from .test_relations import as_3_0

Schema: TypeAlias = dict[str, Any]
V3_0, V3_1 = "3.0.3", "3.1.0"
NAMES = ("Alpha", "Beta", "Gamma")
KEYS = st.sampled_from(["id", "name", "total", "items"])
ENUM = ("new", "paid", "sent")
pytestmark = pytest.mark.filterwarnings("ignore:Please use rfc3986:DeprecationWarning")  # jschon causes it


def between(low: str, high: str, numbers: st.SearchStrategy[int]) -> st.SearchStrategy[Schema]:
    """Draw a lower limit and an upper limit that is at least as high. Either limit can be absent."""
    pairs = st.tuples(numbers, numbers).map(sorted)
    both = pairs.map(lambda pair: {low: pair[0], high: pair[1]})
    return st.one_of(
        st.just({}), both, numbers.map(lambda each: {low: each}), numbers.map(lambda each: {high: each})
    )


NUMBERS = between("minimum", "maximum", st.integers(-4, 40)) | st.sampled_from(
    [{"multipleOf": 2}, {"multipleOf": 5}, {"exclusiveMinimum": 3}, {"exclusiveMaximum": 3}]
)
TEXTS = between("minLength", "maxLength", st.integers(0, 6)) | st.just({"pattern": "^[a-c]{2,5}$"})
CHOICES = st.lists(st.sampled_from(ENUM), min_size=1, unique=True).map(lambda each: {"enum": each})


def typed(name: str, keywords: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    return keywords.map(lambda each: {"type": name} | each)


LEAVES = st.one_of(
    typed("string", TEXTS | CHOICES),
    typed("integer", NUMBERS),
    typed("number", NUMBERS),
    st.just({"type": "boolean"}),
)
NULLABLE = LEAVES.map(lambda each: each if "enum" in each else each | {"type": [each["type"], "null"]})
REFERENCES = st.sampled_from(NAMES[1:]).map(lambda name: {"$ref": f"#/components/schemas/{name}"})


@st.composite
def objects(draw: st.DrawFn, values: st.SearchStrategy[Schema]) -> Schema:
    found: Schema = {"type": "object", "properties": draw(st.dictionaries(KEYS, values, max_size=3))}
    if found["properties"] and draw(st.booleans()):
        names = st.sampled_from(sorted(found["properties"]))
        found["required"] = draw(st.lists(names, min_size=1, unique=True))
    if draw(st.booleans()):
        found["additionalProperties"] = draw(st.booleans() | values)
    return found


def lists(items: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    sizes = between("minItems", "maxItems", st.integers(0, 3))
    return st.tuples(items, sizes).map(lambda parts: {"type": "array", "items": parts[0]} | parts[1])


def unions(branches: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    several = st.lists(branches, min_size=2, max_size=3)
    return st.tuples(st.sampled_from(["anyOf", "oneOf", "allOf"]), several).map(lambda pair: dict([pair]))


def nested(leaves: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    grown = st.recursive(leaves, lambda inner: lists(inner) | objects(inner) | unions(inner), max_leaves=5)
    return objects(grown) | grown


@st.composite
def documents(draw: st.DrawFn, version: str) -> Schema:
    """Draw a document with two operations, whose schemas may share subschemas."""
    leaves = LEAVES | NULLABLE
    schemas = {name: draw(nested(leaves)) for name in NAMES[1:]} | {
        "Alpha": draw(nested(leaves | REFERENCES))
    }
    bodies = {"first": {"$ref": "#/components/schemas/Alpha"}, "second": draw(leaves)}
    paths = {
        f"/{name}": {"get": {"operationId": name, "responses": {"200": json_response(each)}}}
        for name, each in bodies.items()
    }
    found = openapi(paths, version, schemas=schemas)
    return as_3_0(found) if version == V3_0 else found


def engine(document: Schema, operation: str) -> Callable[[Any], bool]:
    """Return a function that validates an operation's bodies against the original document's schemas."""
    response = document["paths"][f"/{operation}"]["get"]["responses"]["200"]
    whole = {"allOf": [response["content"]["application/json"]["schema"]]}
    if document["openapi"] == V3_0:
        validator = OAS30ReadValidator(whole | {"components": document["components"]})
        return lambda body: bool(validator.is_valid(body))
    # jschon finds schemas only in `$defs`.
    moved = json.dumps(whole | {"$defs": document["components"]["schemas"]})
    jschon.create_catalog("2020-12")
    draft = jschon.URI("https://json-schema.org/draft/2020-12/schema")
    described = json.loads(moved.replace("#/components/schemas/", "#/$defs/"))
    schema = jschon.JSONSchema(described, metaschema_uri=draft)
    return lambda body: bool(schema.evaluate(jschon.JSON(body)).valid)


def broken_and_legal(document: Schema) -> list[Mutant]:
    """Return the mutants whose bodies a client must refuse or accept because of the schema."""
    found = [each for each in catalogue(document).mutants() if each.group != PROTOCOL]
    required = [each for each in found if each.operator.strictness is Strictness.MUST]
    return [each for each in required if each.expect is not Expect.EITHER]


@pytest.mark.parametrize("version", [V3_0, V3_1])
@settings(max_examples=settings().max_examples // 4)
@given(st.data())
def test_another_engine_confirms_each_body_on_the_original_document(
    version: str, data: st.DataObject
) -> None:
    document = data.draw(documents(version))
    engines = {operation: engine(document, operation) for operation in ("first", "second")}
    for each in broken_and_legal(document):
        is_valid = engines[each.operation.id](json.loads(each.response.body))
        assert is_valid == (each.expect is Expect.ACCEPT), each.id


def changed(value: Any, change: Callable[[Schema], Schema]) -> Any:
    """Return a document after changing each of its objects, innermost objects first."""
    if isinstance(value, list):
        return [changed(each, change) for each in value]
    if not isinstance(value, dict):
        return value
    return change({key: changed(inner, change) for key, inner in value.items()})


def edited(part: Schema) -> Schema:
    """Add a property, a value of each enum and another response, and reverse the order of branches."""
    found = part | {key: part[key][::-1] for key in {"anyOf", "oneOf"} & part.keys()}
    if part.get("properties") and "type" in part:
        found["properties"] = {"a_new_one": {"type": "string"}} | found["properties"]
    if "enum" in part:
        found["enum"] = ["draft", *part["enum"]]
    if "/second" in part:
        response = json_response({"type": "integer", "minimum": 7})
        found["/second"] = {"get": {"operationId": "second", "responses": {"200": response}}}
    return found


def broken_values(document: Schema) -> dict[str, Any]:
    """Return the value that each mutant of the first operation breaks, by id, if it contains no others."""
    found = (each for each in catalogue(document).mutants(["first"]) if each.group != PROTOCOL)
    return {each.id: value_at(json.loads(each.response.body), each.location) for each in found}


def value_at(body: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        if isinstance(body, dict) and token in body:
            body = body[token]
        elif isinstance(body, list) and token.isdecimal() and int(token) < len(body):
            body = body[int(token)]
        else:
            return ...
    return ... if isinstance(body, dict | list) or str(body).startswith(("{", "[")) else body


@settings(
    max_examples=settings().max_examples // 3,
    derandomize=True,
    phases=[Phase.generate],  # without shrinking, which takes a minute
)
@given(documents(V3_1))
def test_an_edit_changes_neither_ids_nor_broken_values_of_unrelated_mutants(document: Schema) -> None:
    before, after = broken_values(document), broken_values(changed(document, edited))
    touched = re.compile(r"enum|\([0-9a-f]{8}\)")  # a new value affects an enum, and branches with hashes
    kept = {name: each for name, each in before.items() if not touched.search(name) and each not in ENUM}
    assert {name: after.get(name) for name in kept} == kept
