"""Validating only the part around a change gives the same result as validating the entire body."""

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contract_kit.derive.bodies import Bodies
from contract_kit.derive.candidates import Candidate
from contract_kit.errors import UncoverableError
from contract_kit.prove import proving, second_validator
from contract_kit.prove.proving import Part, Proof, narrowed
from contract_kit.prove.validators import Validators
from contract_kit.read.document import Document
from contract_kit.read.graph import Node
from contract_kit.read.operations import Documented
from contract_kit.read.reader import Reader

from .documents import REFERENCES, family, of_schema, pets
from .test_keywords import KEYWORDS

OURS = Path(__file__).parents[3] / "openapi.yaml"
LEAVES = {name: KEYWORDS[name] for name in ("enum", "required", "no maximum", "uniqueItems")} | {
    "several types": {"type": ["string", "integer"]},
}
NULL, TEXT = {"type": "null"}, {"type": "string"}
MAP = {"type": "object", "minProperties": 1}


def _object(inner: Any, **more: Any) -> dict[str, Any]:
    properties = {"at": inner, "beside": {"type": "array", "items": {"type": "string"}}}
    return {"type": "object", "properties": properties, "required": ["at", "beside"], **more}


AROUND: dict[str, Callable[[Any], Any]] = {
    "properties": _object,
    "items": lambda inner: {"type": "array", "items": inner, "minItems": 1},
    "prefixItems": lambda inner: {"type": "array", "prefixItems": [{}, inner], "items": {"type": "string"}},
    "additionalProperties": lambda inner: MAP | {"additionalProperties": inner},
    "patternProperties": lambda inner: MAP | {"patternProperties": {"^a": inner}},
    "propertyNames": lambda inner: _object(inner, propertyNames={"maxLength": 6}),
    "dependentRequired": lambda inner: _object(inner, dependentRequired={"at": ["beside"]}),
    "dependentSchemas": lambda inner: {"dependentSchemas": {"beside": _object(inner)}} | _object({}),
    "allOf": lambda inner: {"allOf": [_object(inner), _object({}, additionalProperties=inner)]},
    "anyOf": lambda inner: {"anyOf": [NULL, _object(inner)]},
    "oneOf": lambda inner: {"oneOf": [_object(inner), {"type": "array", "items": inner}]},
    "beside oneOf": lambda inner: _object(inner, oneOf=[_object(TEXT), _object({"type": "array"})]),
    "beside patterns": lambda inner: _object(inner, patternProperties={"^a": {"type": ["string", "array"]}}),
    "beside not": lambda inner: _object(inner, **{"not": _object({"const": 7})}),
    "beside if": lambda inner: _object(inner, **{"if": _object(TEXT), "else": {"required": ["c"]}}),
    "then": lambda inner: {"if": {"type": "object"}, "then": _object(inner), "type": "object"},
    "enum beside": lambda inner: {"allOf": [_object(inner), {"enum": [{"at": "one", "beside": []}]}]},
    "uniqueItems": lambda inner: {"type": "array", "items": inner, "uniqueItems": True, "minItems": 1},
    "contains": lambda inner: {"type": "array", "items": inner, "contains": {"type": ["string", "object"]}},
    "unevaluatedProperties": lambda inner: {"allOf": [_object(inner)], "unevaluatedProperties": False},
    "unevaluatedItems": lambda inner: {"type": "array", "prefixItems": [inner], "unevaluatedItems": False},
}
"""For each keyword, a function that nests a schema in another schema, inside or next to the keyword."""
CIRCLE = _object({"anyOf": [{"$ref": "#/components/schemas/Node"}, NULL]}) | {"required": []}
UNION = {"oneOf": REFERENCES, "discriminator": {"propertyName": "kind", "mapping": {"a": "Cat", "b": "Dog"}}}


def _document(schema: Any, **schemas: Any) -> Document:
    return Document.of(of_schema(schema, **schemas))


def _read(document: Document) -> list[tuple[Validators, Documented]]:
    reader = Reader(document)
    found = [each for listed in reader.operations for _, each in reader.documented(listed.place)]
    validators = Validators(reader.responses.graph)
    return [(validators, each) for each in found if isinstance(each, Documented) and each.schema is not None]


def _schema(documented: Documented) -> Node:
    assert documented.schema is not None
    return documented.schema


def _whole(validators: Validators, node: Node, candidate: Candidate) -> Proof:
    if candidate.keyword is None:
        return proving.prove_valid(validators, Part([node], candidate.changed()))
    path = (*candidate.path, *candidate.change.found_at)
    return proving.prove_invalid(validators, Part([node], candidate.changed(), path), candidate.keyword)


def _differences(document: Document) -> list[str]:
    """Validate each candidate both ways. Return the candidates for which the results differ.

    The test fails if there are no candidates. Entire bodies are validated without our cache.
    """
    different, count = [], 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(second_validator, "remembering", lambda descend: descend)
        patch.setattr(second_validator, "BRIEF", {})
        forgetful = _read(document)
        for validators, each in forgetful:
            validators.second(_schema(each))
    for (validators, each), (others, other) in zip(_read(document), forgetful, strict=True):
        bodies = Bodies(validators, _schema(each), each.examples)
        for candidate in bodies:
            count += 1
            if bodies.proof(candidate) != (whole := _whole(others, _schema(other), candidate)):
                different.append(f"{candidate.name}: {bodies.proof(candidate)}, but {whole}")
    assert count
    return different


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(Document.load(OURS), id="ours"),
        pytest.param(_document(CIRCLE, Node=CIRCLE), id="circle"),
        pytest.param(
            _document({"items": UNION, "type": "array", "minItems": 1}, **pets()), id="discriminator"
        ),
        pytest.param(_document({"$ref": "#/components/schemas/Pet"}, **family()), id="children"),
    ],
)
def test_a_changed_part_of_a_body_is_valid_if_and_only_if_the_body_is_valid(document: Document) -> None:
    assert _differences(document) == []


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("leaf", LEAVES)
def test_with_every_keyword_a_changed_part_is_valid_if_and_only_if_its_body_is_valid(
    around: str, leaf: str
) -> None:
    document = _document(AROUND[around](LEAVES[leaf]))
    with contextlib.suppress(UncoverableError):
        assert _differences(document) == []


@given(st.lists(st.sampled_from(sorted(AROUND)), min_size=2, max_size=3), st.sampled_from(sorted(LEAVES)))
def test_for_nested_keywords_a_changed_part_is_valid_if_and_only_if_its_body_is(
    around: list[str], leaf: str
) -> None:
    schema = LEAVES[leaf]
    for name in around:
        schema = AROUND[name](schema)
    try:
        assert _differences(_document(schema)) == []
    except UncoverableError:
        assume(False)


@pytest.mark.parametrize(
    ("schema", "depth"),
    [
        (AROUND["properties"](AROUND["items"](AROUND["additionalProperties"]({"type": "string"}))), 3),
        (AROUND["properties"](AROUND["uniqueItems"]({"type": "string"})), 1),
        (AROUND["anyOf"](AROUND["items"]({"type": "string"})), 0),
    ],
)
def test_the_validated_part_includes_keywords_that_depend_on_several_children(
    schema: Any, depth: int
) -> None:
    [(_, each)] = _read(_document(schema))
    assert narrowed(_schema(each), ("at", 0, "key"))[0][1] == depth


def test_the_kit_and_the_json_module_serialize_a_body_identically() -> None:
    [(validators, each)] = _read(_document(_object(_object({"enum": ["é", 1.5, True, None, {"a": [1]}]}))))
    candidates = list(Bodies(validators, _schema(each), {}))
    assert [each.encoded().decode() for each in candidates] == [
        json.dumps(each.changed(), ensure_ascii=False) for each in candidates
    ]
