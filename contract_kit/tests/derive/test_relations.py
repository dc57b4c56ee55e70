"""How what is derived from one document relates to what is derived from another, or in another way."""

import contextlib
import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator

from contract_kit.derive import catalogue as catalogues
from contract_kit.derive.bodies import Bodies
from contract_kit.derive.candidates import Candidate
from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import PROTOCOL, Mutant
from contract_kit.derive.strictness import Strictness
from contract_kit.errors import UncoverableError
from contract_kit.prove import proving, second_validator, validators
from contract_kit.prove.proving import Part, Proof
from contract_kit.prove.validators import Validators
from contract_kit.read.formats import ASSERTED
from contract_kit.read.graph import Node

from ..documents import of_schema, read_schema
from ..tables import table
from . import matrix
from .matrix import COMPONENTS, SCHEMAS, document, of_body, version

EVERY = [(name, schema) for group in SCHEMAS.values() for name, schema in group.items()]
NOT_JSON_SCHEMA = {"a list of items", "required twice"}
VALID = [pair for pair in EVERY if version(pair[0]) == "3.1.0" and pair[0] not in NOT_JSON_SCHEMA]


def of_bodies(mutants: Catalogue) -> list[Mutant]:
    return [each for each in mutants.mutants() if each.group != PROTOCOL] if mutants.operations else []


@cache
def made(name: str, schema: str) -> list[Mutant]:
    """Return the mutants of a schema, which several tests need."""
    return of_bodies(of_body(name, json.loads(schema)))


def written(mutant: Mutant) -> str:
    return json.dumps(json.loads(mutant.response.body), sort_keys=True)


BY_ENGINE = {"multipleOf a fraction", "date-time of a leap second", "any case"}
"""The schemas that this validator reads differently: it rounds, and has Python's times and patterns."""


@table("name, schema", [pair for pair in VALID if pair[0] not in BY_ENGINE])
def test_the_proved_bodies_are_valid_or_invalid_by_the_documents_own_schema(name: str, schema: Any) -> None:
    """The kit doesn't use this validator. Mutants of discriminators and optional refusals are left out."""
    whole = {"allOf": [schema], "$defs": COMPONENTS, "components": {"schemas": COMPONENTS | {"It": schema}}}
    formats = OAS31Validator.FORMAT_CHECKER if has_asserted_format(schema) else None
    judge = OAS31Validator(whole, format_checker=formats)
    for each in made(name, json.dumps(schema)):
        if each.keyword != "discriminator" and each.operator.strictness is Strictness.MUST:
            is_valid = judge.is_valid(json.loads(each.response.body))
            assert is_valid == (not each.keyword), each.id
            assert judge.is_valid(json.loads(each.valid_body)), each.id


def has_asserted_format(schema: Any) -> bool:
    return isinstance(schema, dict) and schema.get("format") in ASSERTED


UNORDERED = {"anyOf", "oneOf", "enum", "type"}
BY_ORDER = {"minProperties", "propertyNames of an enum"}
"""The schemas for which the first properties are kept."""


def reordered(value: Any) -> Any:
    """Reverse the order of keys, and of lists whose order has no meaning."""
    if isinstance(value, list):
        return list(map(reordered, value))
    if not isinstance(value, dict):
        return value
    found = {key: reordered(each) for key, each in reversed(value.items())}
    return {
        key: each[::-1] if key in UNORDERED and isinstance(each, list) else each
        for key, each in found.items()
    }


@table("name, schema", [pair for pair in EVERY if pair[0] not in BY_ORDER])
def test_the_order_of_keys_branches_and_enum_values_does_not_change_the_bodies(
    name: str, schema: Any
) -> None:
    first, other = (
        {
            (written(each), each.expect, each.exactness)
            for each in found
            if each.operator.name != "json-in-text"
        }
        for found in (made(name, json.dumps(schema)), of_bodies(of_body(name, reordered(schema))))
    )
    assert first == other


def edited(value: Any) -> Any:
    """Add a property to each object with properties, and a value to each enum."""
    if isinstance(value, list):
        return list(map(edited, value))
    if not isinstance(value, dict):
        return value
    found = {key: edited(each) for key, each in value.items()}
    if found.get("type") == "object" and found.get("properties"):
        found["properties"] = {"a_new_one": {"type": "string"}} | found["properties"]
    if isinstance(found.get("enum"), list):
        found["enum"] = ["draft", *found["enum"]]
    return found


TOUCHED = re.compile(r"enum|\([0-9a-f]{8}\)")
"""Ids that depend on an enum or on the hash of a branch."""


BY_EDIT = {"maxProperties", "an object in states", "constants of inline branches"}
"""The schemas in which one more property or value leaves fewer possible mutants."""


@table("name, schema", [pair for pair in EVERY if pair[0] not in BY_EDIT])
def test_an_edit_changes_no_id_of_an_unrelated_mutant(name: str, schema: Any) -> None:
    after = {each.id for each in of_bodies(of_body(name, edited(schema)))}
    gone = {each.id for each in made(name, json.dumps(schema))} - after
    assert {each for each in gone if not TOUCHED.search(each)} == set()


TEXT = {"type": "string"}
MAP = {"type": "object", "minProperties": 1}


def an_object(inner: Any, **more: Any) -> dict[str, Any]:
    properties = {"at": inner, "beside": {"type": "array", "items": TEXT}}
    return {"type": "object", "properties": properties, "required": ["at", "beside"], **more}


LEAVES = [("texts", "enum"), ("objects", "required"), ("numbers", "maximum"), ("lists", "uniqueItems")]
AROUND: dict[str, Callable[[Any], Any]] = matrix.AROUND | {
    "properties": lambda inner: an_object(inner),
    "prefixItems": lambda inner: {"type": "array", "prefixItems": [{}, inner], "items": TEXT},
    "additionalProperties": lambda inner: MAP | {"additionalProperties": inner},
    "patternProperties": lambda inner: MAP | {"patternProperties": {"^a": inner}},
    "beside patterns": lambda inner: an_object(
        inner, patternProperties={"^a": {"type": ["string", "array"]}}
    ),
    "propertyNames": lambda inner: an_object(inner, propertyNames={"maxLength": 6}),
    "dependentRequired": lambda inner: an_object(inner, dependentRequired={"at": ["beside"]}),
    "dependentSchemas": lambda inner: {"dependentSchemas": {"beside": an_object(inner)}} | an_object({}),
    "two schemas": lambda inner: {"allOf": [an_object(inner), an_object({}, additionalProperties=inner)]},
    "beside oneOf": lambda inner: an_object(inner, oneOf=[an_object(TEXT), an_object({"type": "array"})]),
    "beside not": lambda inner: an_object(inner, **{"not": an_object({"const": 7})}),
    "beside if": lambda inner: an_object(inner, **{"if": an_object(TEXT), "else": {"required": ["c"]}}),
    "then": lambda inner: {"if": {"type": "object"}, "then": an_object(inner), "type": "object"},
    "beside enum": lambda inner: {"allOf": [an_object(inner), {"enum": [{"at": "open", "beside": []}]}]},
    "uniqueItems": lambda inner: {"type": "array", "items": inner, "uniqueItems": True, "minItems": 1},
    "contains": lambda inner: {"type": "array", "items": inner, "contains": {"type": ["string", "object"]}},
    "unevaluatedProperties": lambda inner: {"allOf": [an_object(inner)], "unevaluatedProperties": False},
    "unevaluatedItems": lambda inner: {"type": "array", "prefixItems": [inner], "unevaluatedItems": False},
}
"""For each keyword, a function that nests a schema inside the keyword or beside it."""
NESTED = [
    (f"{outer} around {around} around {name}", AROUND[outer](AROUND[around](SCHEMAS[group][name])))
    for around, outer, (group, name) in zip(AROUND, reversed(AROUND), LEAVES * 6, strict=True)
] + [
    (f"{around} of {name}", AROUND[around](SCHEMAS[group][name]))
    for around in AROUND
    for group, name in LEAVES
]


def whole(checked: Validators, node: Node, candidate: Candidate) -> Proof:
    """Prove a candidate by its entire body."""
    if candidate.keyword is None:
        return proving.prove_valid(checked, Part([node], candidate.changed()))
    path = (*candidate.path, *candidate.change.found_at)
    return proving.prove_invalid(checked, Part([node], candidate.changed(), path), candidate.keyword)


@table("name, schema", [*EVERY, *NESTED])
def test_a_changed_part_is_valid_if_and_only_if_its_body_is(name: str, schema: Any) -> None:
    """Entire bodies are validated without the kit's cache."""
    described = of_schema(schema, version(name), **COMPONENTS, It=SCHEMAS["texts"]["enum"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(second_validator, "remembering", lambda descend: descend)
        patch.setattr(second_validator, "BRIEF", {})
        forgetful, again = read_schema(described)
        forgetful.second(again)
    with contextlib.suppress(UncoverableError):
        bodies = Bodies(*read_schema(described), {})
        for each in bodies:
            sent = json.dumps(each.changed(), ensure_ascii=False)
            assert each.change.text or each.encoded().decode() == sent
            assert bodies.proof(each) == whole(forgetful, again, each), each.name


@pytest.mark.parametrize(
    ("limit", "least"),
    [(f"{catalogues.__name__}._PROVED_TOGETHER", 3), (f"{validators.__name__}._MOST_COMPILED", 4)],
)
def test_proving_in_batches_and_forgetting_do_not_change_a_sample(limit: str, least: int) -> None:
    def sample() -> list[Mutant]:
        return list(Catalogue(document("responses")).mutants(sample=40))

    expected = sample()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limit, least)
        patch.setattr(second_validator, "_MOST_REMEMBERED", 1)
        assert sample() == expected
