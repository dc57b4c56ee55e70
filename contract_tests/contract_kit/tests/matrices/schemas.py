"""Tables of schemas as the kit reads them, and of proofs that a value breaks a keyword."""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.model import PROTOCOL
from contract_kit.errors import NothingCoveredError
from contract_kit.prove.proving import Part, Proof, prove_invalid, prove_valid

from ..documents import catalogue, gaps, of_schema, pets, read_schema
from .texts import Case

NAMED: dict[str, Any] = {"Text": {"type": "string"}, "Other": {"minimum": 4}, **pets()}


def normalized(cases: Iterable[Case]) -> Iterator[str]:
    """Yield what a schema means, what is reported about it, and its mutants: `VERSION SCHEMA`."""
    for case in cases:
        version, _, schema = case.text.partition(" ")
        document = of_schema(json.loads(schema), version, **NAMED)
        node = read_schema(document)[1]
        found = catalogue(document)
        try:
            lines = [f"reported: {each.reason}" for each in gaps(found)]
        except NothingCoveredError as error:
            lines = [f"{error}"]
        yield "\n".join([meant(node), *lines, *mutants(found)])


def mutants(found: Catalogue) -> Iterator[str]:
    with suppress(NothingCoveredError):
        for each in found.mutants():
            if each.group != PROTOCOL:
                place = each.schema_location.rpartition("/schema")[2] or "/"
                yield f"{each.expect} {each.name} {place}: {each.response.body.decode()}"


def meant(node: Any) -> str:
    return json.dumps(node, default=str) if isinstance(node, dict) else f"{node}"


def proofs(cases: Iterable[Case]) -> Iterator[str]:
    """Yield whether a value breaks a keyword, and whether it is valid: `KEYWORD [PATH] VALUE of SCHEMA`."""
    for case in cases:
        left, _, schema = case.text.partition(" of ")
        keyword, _, rest = left.partition(" ")
        path, _, value = rest.partition(" ")
        validators, node = read_schema(of_schema(json.loads(schema), **NAMED))
        part = Part([node], json.loads(value), tuple(json.loads(path)))
        broken = prove_invalid(validators, part, keyword)
        yield f"broken: {said(broken)}; valid: {said(prove_valid(validators, part))}"


def said(proof: Proof) -> str:
    return f"no, {proof.doubt}" if proof.doubt else f"yes, {proof.exactness}" if proof.exactness else "yes"
