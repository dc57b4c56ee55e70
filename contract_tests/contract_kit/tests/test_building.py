"""Valid bodies are built for a schema, and repaired by leaving parts out."""

from typing import Any

import pytest

from contract_kit.derive.building import build
from contract_kit.derive.valid_bodies import _Nothing, _repaired

from .documents import of_schema, read_schema


@pytest.mark.parametrize(
    ("other", "b", "built"),
    [
        ({"required": ["b"]}, {}, {"a": "x"}),
        ({"properties": {"b": {"type": "integer"}}}, {"enum": [3, "text-42"]}, {"a": "x", "b": "text-42"}),
    ],
    ids=["leaves out what another requires", "a text"],
)
def test_a_built_object_matches_exactly_one_one_of_branch(
    other: dict[str, Any], b: dict[str, Any], built: dict[str, Any]
) -> None:
    whole = {"type": "object", "properties": {"a": {"const": "x"}, "b": b}}
    validators, node = read_schema(
        of_schema(whole | {"oneOf": [{"title": "A", "required": ["a"]}, {"title": "B"} | other]})
    )
    assert build(validators, node) == built


@pytest.mark.parametrize("kind", ["integer", "number"])
@pytest.mark.parametrize(
    "bound", [{"exclusiveMaximum": -5}, {"exclusiveMinimum": 5}, {"maximum": -5}, {"minimum": 5}], ids=str
)
def test_a_built_number_respects_the_minimum_or_maximum_in_the_schema(
    kind: str, bound: dict[str, int]
) -> None:
    validators, node = read_schema(of_schema({"type": kind} | bound))
    assert validators.is_valid(node, build(validators, node))


@pytest.mark.parametrize(
    ("schema", "built"),
    [
        ({"type": ["string", "integer"], "not": {"type": "string"}, "minimum": 3, "maximum": 3}, 3),
        ({"type": ["number", "boolean"], "not": {"type": "number"}}, True),
        ({"not": {"type": ["string", "object"]}}, []),
        ({"minLength": 1, "allOf": [{"not": {"type": "string"}}]}, {}),
    ],
    ids=str,
)
def test_a_built_value_has_a_type_that_the_schema_allows(schema: dict[str, Any], built: object) -> None:
    validators, node = read_schema(of_schema(schema))
    assert build(validators, node) == built


def test_only_the_innermost_invalid_part_of_a_body_is_left_out() -> None:
    inner = {"type": "object", "properties": {"b": {"type": "integer"}, "c": {"not": {}}}}
    validators, node = read_schema(of_schema({"type": "object", "properties": {"a": inner}}))
    assert _repaired(validators, node, {"a": {"b": 1, "c": 2}}) == {"a": {"b": 1}}
    assert _repaired(validators, node, {"a": {"b": [], "c": 2}}) == {"a": {}}
    assert _repaired(validators, node, {"a": 7}) == {}
    assert _repaired(validators, node, []) is _Nothing


def test_an_oversized_body_is_trimmed_at_the_same_depth_everywhere() -> None:
    names = [f"p{number}" for number in range(50)]
    inner = {"type": "object", "properties": {name: {"const": 1} for name in names}}
    whole = {"type": "object", "properties": dict.fromkeys(names, inner)}
    validators, node = read_schema(of_schema(whole))
    assert build(validators, node) == {name: {} for name in names}


@pytest.mark.parametrize(
    ("keywords", "items"),
    [
        ({"contains": {"const": 3}, "minContains": 2, "maxItems": 2}, [3, 3]),
        ({"contains": {"const": 3}, "minContains": 2, "maxItems": 3}, ["x", 3, 3]),
        ({"contains": {"const": 3}, "maxItems": 1}, [3]),
        ({"contains": {"const": 3}, "minContains": 0}, ["x", "x"]),
    ],
    ids=str,
)
def test_a_built_array_leaves_room_for_the_items_that_it_must_contain(
    keywords: dict[str, Any], items: list[object]
) -> None:
    validators, node = read_schema(of_schema({"type": "array", "items": {"enum": ["x", 3]}} | keywords))
    assert build(validators, node) == items
