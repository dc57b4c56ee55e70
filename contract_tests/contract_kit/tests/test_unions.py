"""Right and wrong discriminators, and values that match two branches of a oneOf."""

import json
from typing import Any

import jsonschema
import pytest

from contract_kit.derive.model import Expect, Mutant
from contract_kit.derive.places import places
from contract_kit.prove.proving import Exactness

from .documents import (
    REFERENCES,
    answering,
    body,
    catalogue,
    catalogue_of,
    family,
    json_response,
    of_schema,
    openapi,
    pets,
    read_schema,
)

MAPPING = {"meow": "#/components/schemas/Cat", "woof": "#/components/schemas/Dog"}
UNION = {"oneOf": REFERENCES, "discriminator": {"propertyName": "kind", "mapping": MAPPING}}


def discriminators(schema: Any, version: str = "3.1.0", **schemas: Any) -> dict[str, Mutant]:
    """Return the mutants that break a discriminator, by what is wrong with it."""
    found = catalogue_of(schema, version, **schemas)
    return {
        each.parameter or each.operator.name.removeprefix("discriminator-"): each
        for each in found.mutants()
        if each.keyword == "discriminator"
    }


GUESSED = UNION | {"discriminator": {"propertyName": "kind"}}


OPTIONAL = {
    name: schema | {"required": [each for each in schema["required"] if each != "kind"]}
    for name, schema in pets().items()
}


@pytest.mark.parametrize(
    ("schema", "version", "schemas", "kinds"),
    [
        (UNION, "3.1.0", pets(), {("meow", True), ("woof", False)}),
        (GUESSED, "3.1.0", OPTIONAL, {("Cat", True), ("Dog", False)}),
        (REFERENCES[0], "3.0.3", family(), {("meow", True)}),
        ({"$ref": "#/components/schemas/Pet"}, "3.0.3", family(), {("meow", True)}),
    ],
    ids=["a mapping", "no mapping and an optional name", "a child", "a parent"],
)
def test_a_legal_bodys_discriminator_selects_the_bodys_schema(
    schema: Any, version: str, schemas: dict[str, Any], kinds: set[tuple[str, bool]]
) -> None:
    found = catalogue_of(schema, version, **schemas).mutants()
    legal = [body(each) for each in found if each.expect is Expect.ACCEPT and not each.keyword]
    assert {(each.get("kind"), "lives" in each) for each in legal} == kinds


def test_one_mutant_has_an_unknown_discriminator_and_another_selects_a_wrong_branch() -> None:
    found = discriminators(UNION, **pets())
    assert found.keys() == {"unknown", "another-branch"}
    assert body(found["unknown"])["kind"] == "NEVER_LISTED"
    assert body(found["another-branch"])["kind"] == "woof"
    assert "lives" in body(found["another-branch"])
    assert {(each.expect, each.exactness) for each in found.values()} == {(Expect.EITHER, Exactness.EXACT)}
    assert found["unknown"].operator.source


def test_a_mutant_omits_the_discriminator_if_it_is_optional() -> None:
    assert "kind" not in body(discriminators(UNION, **OPTIONAL)["missing"])


def test_an_object_must_be_refused_if_its_discriminator_selects_a_branch_that_forbids_it() -> None:
    named = pets()
    for name, kind in (("Cat", "meow"), ("Dog", "woof")):
        named[name]["properties"]["kind"] = {"const": kind}
    found = discriminators(UNION, **named)
    assert {name: (each.expect, each.operator.name) for name, each in found.items()} == {
        "another-branch": (Expect.REFUSE, "oneOf")
    }


def test_a_child_schemas_mutant_has_a_discriminator_that_selects_a_wrong_branch() -> None:
    found = discriminators(REFERENCES[0], "3.0.3", **family())
    assert body(found["another-branch"])["kind"] == "woof"


@pytest.mark.parametrize("union", [UNION, GUESSED], ids=["mapped", "guessed"])
def test_no_mutant_matches_two_branches_if_the_discriminator_selects_the_branch(
    union: dict[str, Any],
) -> None:
    names = {"enum": [*union["discriminator"].get("mapping", ()), "Cat", "Dog"]}
    named: dict[str, Any] = {
        name: {"type": "object", "properties": {"kind": names}, "required": ["kind", key]}
        for name, key in (("Cat", "lives"), ("Dog", "tricks"))
    }
    both = [each.response.body for each in catalogue_of(union, **named).mutants() if "two-br" in each.id]
    assert both == []


def test_a_discriminator_without_a_mapping_yields_no_mutants() -> None:
    assert discriminators(GUESSED, **pets()) == {}


@pytest.mark.parametrize(
    ("kind", "is_named"),
    [("Cat", True), ("meow", False), (["Cat"], False)],
    ids=["named", "unnamed", "a list"],
)
@pytest.mark.parametrize("is_listed", [False, True], ids=["alone", "in a list"])
def test_a_client_may_refuse_an_object_if_its_discriminator_selects_no_schema(
    kind: Any, is_named: bool, is_listed: bool
) -> None:
    cat = {"type": "object", "properties": {"kind": {"enum": ["Cat", kind]}}, "required": ["kind"]}
    pet = cat | {"discriminator": {"propertyName": "kind"}}
    schema = {"type": "array", "items": pet} if is_listed else pet
    example = [{"kind": "Cat"}, {"kind": kind}] if is_listed else {"kind": kind}
    response = json_response(schema, example=example)
    document = openapi(answering({"200": response}), schemas={"Cat": cat})
    legal = {each.expect for each in catalogue(document).mutants() if _is_legal(each, example)}
    assert legal == {Expect.ACCEPT if is_named else Expect.EITHER}


@pytest.mark.parametrize(
    "mapping", [{}, {"mapping": {"cat": "#/components/schemas/Cat"}}], ids=["guessed", "mapped"]
)
def test_a_client_may_refuse_a_non_object_because_it_has_no_discriminator(
    mapping: dict[str, Any],
) -> None:
    cat = {
        "properties": {"kind": {"type": "string"}},
        "required": ["kind"],
    }  # without a type, a string is valid
    pet = {"anyOf": [REFERENCES[0]], "discriminator": {"propertyName": "kind"} | mapping}
    document = openapi(answering({"200": json_response(pet, example="text")}), schemas={"Cat": cat})
    assert {each.expect for each in catalogue(document).mutants() if _is_legal(each, "text")} == {
        Expect.EITHER
    }


def _is_legal(mutant: Mutant, example: Any) -> bool:
    return mutant.group == "legal" and mutant.response.body == json.dumps(example).encode()


@pytest.mark.parametrize(
    "branches",
    [
        [{"type": "object", "required": [name], "properties": {name: {"type": "string"}}} for name in "ab"],
        [{"type": "number", "maximum": 5}, {"type": "number", "minimum": 5}],
        [{"type": "string", "maxLength": 5}, {"type": "string", "minLength": 5}],
    ],
    ids=["objects", "numbers", "lengths"],
)
def test_a_value_must_be_refused_if_it_matches_two_one_of_branches(
    branches: list[Any],
) -> None:
    found = catalogue_of({"oneOf": branches}).mutants()
    both = next(each for each in found if each.name == "oneOf=two-branches")
    assert [jsonschema.Draft202012Validator(each).is_valid(body(both)) for each in branches] == [True, True]
    assert (both.keyword, both.expect, both.exactness) == ("oneOf", Expect.REFUSE, Exactness.EXACT)


def test_a_value_is_not_assigned_to_a_branch_if_several_branches_allow_it() -> None:
    validators, node = read_schema(of_schema({"anyOf": [{"type": "string"}, {"maxLength": 9}]}))
    assert [each.node for each in places(validators, node, "text")] == [node]


BRANCHES: list[Any] = [
    {"type": "null"},
    {"title": "Late", "type": "object", "properties": {"days": {"type": "integer"}}},
    REFERENCES[1],
    REFERENCES[0],
    {"type": "string"},
    {"type": "array", "items": {"type": "string"}},
    {"type": "array", "items": {"type": "boolean"}},
]


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_the_order_of_branches_does_not_affect_mutants(keyword: str) -> None:
    orders = [BRANCHES, BRANCHES[::-1], BRANCHES[3:] + BRANCHES[:3]]
    found = [catalogue_of({keyword: branches}, **pets()).mutants() for branches in orders]
    first, *others = [[(each.id, each.response.body) for each in mutants] for mutants in found]
    assert others == [first, first]


def test_a_union_inside_a_branch_is_left_out_where_a_body_takes_another_branch() -> None:
    inner = {"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "string", "maxLength": 9}]}
    branches = [{"type": "object", "required": ["x"], "properties": {"x": inner}}, {"type": "number"}]
    assert list(catalogue_of({"type": "array", "items": {"anyOf": branches}}).mutants())


def test_a_mutants_schema_location_contains_the_branchs_position_in_the_document() -> None:
    found = catalogue_of({"oneOf": [{"type": "string"}, {"type": "array", "minItems": 2}]}).mutants()
    [location] = {each.schema_location for each in found if each.keyword == "minItems"}
    assert location.endswith("/oneOf/1/minItems")
