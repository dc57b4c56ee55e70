"""A body proves something only if two validators that share no code agree on the body."""

from contract_kit.proving import Doubt, Proof, prove_invalid, prove_valid

from .documents import of_schema, read_schema

LEAP_SECOND = "2026-12-31T23:59:60Z"
"""A time that only the first validator (jsonschema-rs) accepts."""
TWO_AT_SIGNS = "a@b@c.example"
"""An email address that only the second validator (jsonschema) accepts."""


def test_a_body_that_only_the_first_validator_finds_valid_is_not_proved_valid() -> None:
    schemas, node = read_schema(of_schema({"type": "string", "format": "date-time"}))
    assert schemas.is_valid(node, LEAP_SECOND)
    assert prove_valid(schemas, [node], LEAP_SECOND) == Proof(Doubt.DISAGREEMENT)


def test_a_body_that_only_the_first_validator_refuses_is_not_proved_invalid() -> None:
    schemas, node = read_schema(of_schema({"type": "string", "format": "email"}))
    assert not schemas.is_valid(node, TWO_AT_SIGNS)
    assert prove_invalid(schemas, [node], TWO_AT_SIGNS, "format", ()) == Proof(Doubt.DISAGREEMENT)
