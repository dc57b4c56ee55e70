"""A body proves something only if two independent validators agree on the body."""

from typing import Any

import pytest

from contract_kit.prove.proving import Doubt, Exactness, Part, Proof, prove_invalid, prove_valid

from .documents import REFERENCES, of_schema, pets, read_schema

LEAP_SECOND = "2026-12-31T23:59:60Z"
"""A time that only the first validator (jsonschema-rs) accepts."""
TWO_AT_SIGNS = "a@b@c.example"
"""An email address that only the second validator (jsonschema) accepts."""


def test_a_body_is_not_proved_valid_if_one_validator_refuses_the_body() -> None:
    validators, node = read_schema(of_schema({"type": "string", "format": "date-time"}))
    assert validators.is_valid(node, LEAP_SECOND)
    assert prove_valid(validators, Part([node], LEAP_SECOND)) == Proof(Doubt.DISAGREEMENT)


def test_a_body_is_not_proved_invalid_if_one_validator_accepts_the_body() -> None:
    validators, node = read_schema(of_schema({"type": "string", "format": "email"}))
    assert not validators.is_valid(node, TWO_AT_SIGNS)
    assert prove_invalid(validators, Part([node], TWO_AT_SIGNS), "format") == Proof(Doubt.DISAGREEMENT)


@pytest.mark.parametrize(
    ("value", "proof"),
    [
        ({"kind": "meow", "lives": 9}, Proof(Doubt.STILL_VALID)),
        ({"kind": "NEVER_LISTED", "lives": 9}, Proof(None, Exactness.EXACT)),
        ({"kind": "NEVER_LISTED", "lives": "many"}, Proof(None, Exactness.COMPOUND)),
    ],
    ids=["named", "only the name is unknown", "breaks a schema too"],
)
def test_a_proof_states_whether_a_body_breaks_more_than_its_discriminator(value: Any, proof: Proof) -> None:
    mapping = {"meow": "#/components/schemas/Cat", "woof": "#/components/schemas/Dog"}
    union = {"oneOf": REFERENCES, "discriminator": {"propertyName": "kind", "mapping": mapping}}
    validators, node = read_schema(of_schema(union, **pets()))
    assert prove_invalid(validators, Part([node], value, ("kind",)), "discriminator") == proof
