"""A table of proofs that a value breaks a keyword."""

import json
from collections.abc import Iterable, Iterator

from contract_kit.prove.proving import Part, Proof, prove_invalid, prove_valid

from ..documents import of_schema, pets, read_schema
from .texts import Case


def proofs(cases: Iterable[Case]) -> Iterator[str]:
    """Yield whether a value breaks a keyword, and whether it is valid: `KEYWORD [PATH] VALUE of SCHEMA`."""
    for case in cases:
        left, _, schema = case.text.partition(" of ")
        keyword, _, rest = left.partition(" ")
        path, _, value = rest.partition(" ")
        validators, node = read_schema(of_schema(json.loads(schema), **pets()))
        part = Part([node], json.loads(value), tuple(json.loads(path)))
        broken = prove_invalid(validators, part, keyword)
        yield f"broken: {said(broken)}; valid: {said(prove_valid(validators, part))}"


def said(proof: Proof) -> str:
    return f"no, {proof.doubt}" if proof.doubt else f"yes, {proof.exactness}" if proof.exactness else "yes"
