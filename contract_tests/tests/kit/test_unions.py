"""Discriminators with wrong values, and values that two branches of a oneOf allow."""

from typing import Any

import jsonschema
import pytest
from contract_kit.derive.model import Expect, Mutant
from contract_kit.judge.matrix import Verdict
from contract_kit.judge.proof import prove
from contract_kit.prove.proving import Exactness

from .calls import Write
from .documents import REFERENCES, body, catalogue_of, family, pets

MAPPING = {"meow": "#/components/schemas/Cat", "woof": "#/components/schemas/Dog"}
UNION = {"oneOf": REFERENCES, "discriminator": {"propertyName": "kind", "mapping": MAPPING}}


def discriminators(schema: Any, version: str = "3.1.0", **schemas: Any) -> dict[str, Mutant]:
    """Return the mutants that break a discriminator, by name."""
    found = catalogue_of(schema, version, **schemas)
    return {each.name: each for each in found.mutants() if each.keyword == "discriminator"}


def test_a_discriminator_gets_an_unknown_value_and_the_name_of_another_branch() -> None:
    found = discriminators(UNION, **pets())
    assert found.keys() == {"unknown", "another-branch"}
    assert body(found["unknown"])["kind"] == "NEVER_LISTED"
    assert body(found["another-branch"])["kind"] == "woof"
    assert "lives" in body(found["another-branch"])
    assert {(each.expect, each.exactness) for each in found.values()} == {(Expect.EITHER, Exactness.EXACT)}
    assert "validation SHOULD fail" in found["unknown"].source


def test_a_discriminator_that_is_not_required_is_left_out() -> None:
    optional = pets()
    for pet in optional.values():
        pet["required"].remove("kind")
    assert "kind" not in body(discriminators(UNION, **optional)["missing"])


def test_an_object_that_its_named_branch_forbids_must_be_refused() -> None:
    named = pets()
    for name, value in (("Cat", "meow"), ("Dog", "woof")):
        named[name]["properties"]["kind"] = {"const": value}
    found = discriminators(UNION, **named)
    assert {name: (each.expect, each.kind) for name, each in found.items()} == {
        "another-branch": (Expect.REFUSE, "oneOf")
    }


def test_a_child_of_a_parent_with_a_discriminator_names_another_child() -> None:
    found = discriminators({"$ref": "#/components/schemas/Cat"}, "3.0.3", **family())
    assert body(found["another-branch"])["kind"] == "woof"


def test_a_wrong_discriminator_names_a_branch_that_forbids_the_object() -> None:
    mapping = {"meow": "Cat", "mew": "Kitten", "woof": "Dog"}
    references = [REFERENCES[0], {"$ref": "#/components/schemas/Kitten"}, REFERENCES[1]]
    union = {"anyOf": references, "discriminator": {"propertyName": "kind", "mapping": mapping}}
    found = discriminators(union, **pets(), Kitten=pets()["Cat"])
    assert body(found["another-branch"])["kind"] == "woof"


def test_a_discriminator_without_a_mapping_gives_no_mutants() -> None:
    guessed = UNION | {"discriminator": {"propertyName": "kind"}}
    assert discriminators(guessed, **pets()) == {}


BOTH: dict[str, list[Any]] = {
    "objects": [
        {"type": "object", "required": [name], "properties": {name: {"type": "string"}}} for name in "ab"
    ],
    "numbers": [{"type": "number", "maximum": 5}, {"type": "number", "minimum": 5}],
    "lengths": [{"type": "string", "maxLength": 5}, {"type": "string", "minLength": 5}],
}


@pytest.mark.parametrize("branches", BOTH.values(), ids=BOTH)
def test_a_value_that_two_branches_of_a_one_of_allow_must_be_refused(branches: list[Any]) -> None:
    found = catalogue_of({"oneOf": branches}).mutants()
    both = next(each for each in found if each.name == "two-branches")
    assert [jsonschema.Draft202012Validator(each).is_valid(body(both)) for each in branches] == [True, True]
    assert both.keyword == "oneOf"
    assert both.expect == Expect.REFUSE
    assert both.exactness == Exactness.EXACT
    assert "exactly one schema" in both.source


def test_branches_that_exclude_each_other_have_no_value_in_common() -> None:
    found = catalogue_of({"oneOf": [{"type": "string"}, {"type": "integer"}]})
    assert [each.id for each in found.mutants() if each.name == "two-branches"] == []


@pytest.mark.parametrize(("checks", "verdict"), [(True, Verdict.REFUSED_BY_BODY), (False, Verdict.BELIEVED)])
def test_only_a_client_that_counts_branches_refuses_a_value_of_two_branches(
    client: Write, checks: bool, verdict: Verdict
) -> None:
    subject = client(
        "with urllib.request.urlopen(url + '/thing') as response: data = json.load(response)\n"
        f"if {checks} and isinstance(data, dict) and ('a' in data) + ('b' in data) != 1: raise RefusedError"
    )
    matrix = prove(catalogue_of({"oneOf": BOTH["objects"]}), subject)
    assert [row.verdict for row in matrix.rows if row.id.endswith(":two-branches")] == [verdict]
