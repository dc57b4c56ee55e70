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

from .documents import catalogue, json_response, openapi

Schema: TypeAlias = dict[str, Any]
Engine: TypeAlias = Callable[[Any], bool]

V3_0, V3_1 = "3.0.3", "3.1.0"
NAMES = ("Alpha", "Beta", "Gamma")
KEYS = st.sampled_from(["id", "name", "total", "items"])

_DRAFT = jschon.URI("https://json-schema.org/draft/2020-12/schema")
pytestmark = pytest.mark.filterwarnings("ignore:Please use rfc3986:DeprecationWarning")  # jschon causes it


def _limits(low: str, high: str, *, of: st.SearchStrategy[int]) -> st.SearchStrategy[Schema]:
    """Draw a lower limit and an upper limit that is at least as high. Either limit can be absent."""
    pairs = st.tuples(of, of).map(sorted)
    both = pairs.map(lambda pair: {low: pair[0], high: pair[1]})
    return st.one_of(st.just({}), both, of.map(lambda each: {low: each}), of.map(lambda each: {high: each}))


def _typed(type_: str, keywords: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    return keywords.map(lambda found: {"type": type_} | found)


TEXTS = _limits("minLength", "maxLength", of=st.integers(0, 6)) | st.just({"pattern": "^[a-c]{2,5}$"})
ENUM = ("new", "paid", "sent")
CHOICES = st.lists(st.sampled_from(ENUM), min_size=1, unique=True)
NUMBERS = st.one_of(
    _limits("minimum", "maximum", of=st.integers(-4, 40)), st.integers(2, 5).map(lambda n: {"multipleOf": n})
)
LEAVES = st.one_of(
    _typed("string", TEXTS),
    CHOICES.map(lambda values: {"type": "string", "enum": values}),
    _typed("integer", NUMBERS),
    _typed(
        "number",
        NUMBERS | st.sampled_from(["exclusiveMinimum", "exclusiveMaximum"]).map(lambda each: {each: 3}),
    ),
    st.just({"type": "boolean"}),
)
REFERENCES = st.sampled_from(NAMES[1:]).map(lambda name: {"$ref": f"#/components/schemas/{name}"})


def _lists(items: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    sizes = _limits("minItems", "maxItems", of=st.integers(0, 3))
    return st.tuples(items, sizes).map(lambda parts: {"type": "array", "items": parts[0]} | parts[1])


@st.composite
def _objects(draw: st.DrawFn, values: st.SearchStrategy[Schema]) -> Schema:
    properties = draw(st.dictionaries(KEYS, values, max_size=3))
    found: Schema = {"type": "object", "properties": properties}
    if draw(st.booleans()) and properties:
        found["required"] = draw(st.lists(st.sampled_from(sorted(properties)), min_size=1, unique=True))
    if draw(st.booleans()):
        others: st.SearchStrategy[Any] = st.one_of(st.booleans(), values)
        found["additionalProperties"] = draw(others)
    return found


def _unions(branches: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    several = st.lists(branches, min_size=2, max_size=3)
    return st.tuples(st.sampled_from(["anyOf", "oneOf", "allOf"]), several).map(lambda pair: dict([pair]))


def _nested(leaves: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    grown = st.recursive(leaves, lambda inner: _lists(inner) | _objects(inner) | _unions(inner), max_leaves=5)
    return _objects(grown) | grown


def _nullable(schema: Schema) -> Schema:
    return schema if "enum" in schema else schema | {"type": [schema["type"], "null"]}


def _changed(value: Any, change: Callable[[Schema], Schema]) -> Any:
    """Return a document after changing each of its objects, innermost objects first."""
    if isinstance(value, list):
        return [_changed(each, change) for each in value]
    if not isinstance(value, dict):
        return value
    return change({key: _changed(inner, change) for key, inner in value.items()})


def _as_3_0(schema: Schema) -> Schema:
    """Convert an OpenAPI 3.1 schema to OpenAPI 3.0."""
    found = dict(schema)
    if isinstance(found.get("type"), list):
        found |= {"type": found["type"][0], "nullable": True}
    for keyword in ("Minimum", "Maximum"):
        if isinstance(found.get(f"exclusive{keyword}"), int):
            found |= {keyword.lower(): found[f"exclusive{keyword}"], f"exclusive{keyword}": True}
    return found


@st.composite
def documents(draw: st.DrawFn, version: str) -> Schema:
    """Draw a document with two operations, whose schemas may share subschemas."""
    leaves = LEAVES | LEAVES.map(_nullable)
    first = draw(_nested(leaves | REFERENCES))
    others = {name: draw(_nested(leaves)) for name in NAMES[1:]}
    paths = {
        f"/{operation}": {"get": {"operationId": operation, "responses": {"200": json_response(schema)}}}
        for operation, schema in (("first", {"$ref": "#/components/schemas/Alpha"}), ("second", draw(leaves)))
    }
    found = openapi(paths, version, schemas={"Alpha": first} | others)
    return _changed(found, _as_3_0) if version == V3_0 else found


def engine(document: Schema, operation: str) -> Engine:
    """Return a function that validates an operation's bodies against the original document's schemas."""
    response = document["paths"][f"/{operation}"]["get"]["responses"]["200"]
    whole = {
        "allOf": [response["content"]["application/json"]["schema"]],
        "components": document["components"],
    }
    if document["openapi"] == V3_0:
        return lambda body: bool(OAS30ReadValidator(whole).is_valid(body))
    # jschon finds schemas only in `$defs`.
    moved = json.dumps(whole | {"$defs": whole.pop("components")["schemas"]})
    jschon.create_catalog("2020-12")
    schema = jschon.JSONSchema(
        json.loads(moved.replace("#/components/schemas/", "#/$defs/")), metaschema_uri=_DRAFT
    )
    return lambda body: bool(schema.evaluate(jschon.JSON(body)).valid)


def broken_and_legal(document: Schema) -> list[Mutant]:
    """Return the mutants whose bodies a client must refuse or accept because of the schema."""
    found = [each for each in catalogue(document).mutants() if each.group != PROTOCOL]
    return [
        each
        for each in found
        if each.operator.strictness is Strictness.MUST and each.expect is not Expect.EITHER
    ]


@pytest.mark.parametrize("version", [V3_0, V3_1])
@settings(max_examples=settings().max_examples // 3)
@given(st.data())
def test_another_engine_confirms_each_body_on_the_original_document(
    version: str, data: st.DataObject
) -> None:
    document = data.draw(documents(version))
    engines = {operation: engine(document, operation) for operation in ("first", "second")}
    for each in broken_and_legal(document):
        is_valid = engines[each.operation.id](json.loads(each.response.body))
        assert is_valid == (each.expect is Expect.ACCEPT), each.id


def _broken_values(document: Schema, operation: str) -> dict[str, Any]:
    """Return the value that each body mutant breaks, by mutant id.

    The value is `...` if it is absent, or is an object or a list, because objects and lists also contain
    other values. The same applies to a string that contains an object as JSON.
    """
    return {
        each.id: _value_at(json.loads(each.response.body), each.location)
        for each in catalogue(document).mutants()
        if each.group != PROTOCOL and each.operation.id == operation and each.operator.name != "json-in-text"
    }


def _value_at(body: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        if isinstance(body, dict) and token in body:
            body = body[token]
        elif isinstance(body, list) and token.isdecimal() and int(token) < len(body):
            body = body[int(token)]
        else:
            return ...
    return ... if isinstance(body, dict | list) else body


def _with_new_property(schema: Schema) -> Schema:
    """Add another property to a schema that has properties."""
    if not schema.get("properties") or "type" not in schema:
        return schema
    return schema | {"properties": {"a_new_one": {"type": "string"}} | schema["properties"]}


def _with_other_order(schema: Schema) -> Schema:
    """Reverse the order of a schema's branches."""
    return schema | {key: schema[key][::-1] for key in {"anyOf", "oneOf"} & schema.keys()}


def _with_new_value(schema: Schema) -> Schema:
    """Insert a value at the front of a schema's enum."""
    return schema | ({"enum": ["draft", *schema["enum"]]} if "enum" in schema else {})


def _with_second_operation_changed(part: Schema) -> Schema:
    """Change the second operation's response in a document's paths."""
    if "/second" not in part:
        return part
    response = json_response({"type": "integer", "minimum": 7})
    return part | {"/second": {"get": {"operationId": "second", "responses": {"200": response}}}}


EDITS = [_with_new_property, _with_new_value, _with_second_operation_changed, _with_other_order]


@pytest.mark.parametrize("edit", EDITS, ids=lambda each: each.__name__.strip("_"))
@settings(
    max_examples=settings().max_examples // 3,
    derandomize=True,
    phases=[Phase.generate],  # without shrinking, which takes a minute
)
@given(documents(V3_1))
def test_an_edit_changes_neither_ids_nor_broken_values_of_unrelated_mutants(
    edit: Callable[[Schema], Schema], document: Schema
) -> None:
    before, after = _broken_values(document, "first"), _broken_values(_changed(document, edit), "first")
    if edit is _with_new_value:  # a new value affects mutants of the enum, and branches with hashes
        touched = re.compile(r"enum|\([0-9a-f]{8}\)")
        before = {id_: each for id_, each in before.items() if not touched.search(id_) and each not in ENUM}
    assert {id_: after.get(id_) for id_ in before} == before
