"""Valid bodies with empty lists and objects, lists with one item, and booleans that are false."""

from typing import Any

import pytest

from contract_kit.derive.valid_bodies import bases

from .documents import catalogue_of, of_schema, read_schema

TEXTS = {"type": "array", "items": {"enum": ["a"]}}
FLAG = {"type": "boolean"}
FIXED = {"enum": [5]}
OPTIONAL: dict[str, Any] = {"type": "object", "properties": {"a": FIXED}}
REQUIRED = OPTIONAL | {"required": ["a"]}
MAP = {"type": "object", "additionalProperties": FIXED}


def states(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a schema's valid bodies, except the fullest, by name."""
    validators, node = read_schema(of_schema(schema))
    found = {each.name: each.value for each in bases(validators, node, {})}
    return {name: value for name, value in found.items() if name not in ("all", "required")}


@pytest.mark.parametrize(
    ("schema", "empty"),
    [
        (TEXTS, []),
        (TEXTS | {"prefixItems": [FIXED]}, []),
        (TEXTS | {"minItems": 1}, None),
        (OPTIONAL, {}),
        (MAP, {}),
        (MAP | {"minProperties": 1}, None),
        (REQUIRED, None),
    ],
    ids=str,
)
def test_a_body_has_empty_lists_and_objects_wherever_the_schema_allows_them(
    schema: dict[str, Any], empty: Any
) -> None:
    whole = {"type": "object", "properties": {"inner": schema, "n": FIXED}}
    found = states(whole).get("empty", {"inner": None, "n": 5})
    assert found == {"inner": empty, "n": 5}


@pytest.mark.parametrize(
    ("schema", "one"),
    [
        (TEXTS, ["a"]),
        (TEXTS | {"prefixItems": [FIXED]}, [5]),
        (TEXTS | {"maxItems": 1}, None),
        (TEXTS | {"minItems": 2}, None),
        (MAP, None),
    ],
    ids=str,
)
def test_a_body_has_lists_with_one_item_if_the_fullest_body_has_more(
    schema: dict[str, Any], one: Any
) -> None:
    found = states({"type": "object", "properties": {"inner": schema}}).get("one-item", {"inner": None})
    assert found == {"inner": one}


@pytest.mark.parametrize(("flag", "is_false"), [(FLAG, True), (FLAG | {"enum": [True]}, False)], ids=str)
def test_a_body_has_false_booleans_if_the_schema_allows_them(flag: dict[str, Any], is_false: bool) -> None:
    found = states({"type": "object", "properties": {"flags": {"type": "array", "items": flag}}})
    assert found.get("false") == ({"flags": [False, False]} if is_false else None)


def test_an_inner_object_with_required_parts_is_not_empty_but_its_lists_are() -> None:
    inner = REQUIRED | {"properties": REQUIRED["properties"] | {"list": TEXTS}}
    found = states({"type": "object", "properties": {"inner": inner}})
    assert found["empty"] == {"inner": {"a": 5, "list": []}}


def test_lists_and_objects_inside_list_items_are_emptied_too() -> None:
    item = {"type": "object", "properties": {"a": FIXED, "b": TEXTS, "c": MAP}, "required": ["a", "b", "c"]}
    inner = {"type": "object", "properties": {"data": {"type": "array", "items": item}}}
    page = {"type": "object", "properties": {"page": inner}}
    found = states(page)
    assert found["empty"] == {"page": {}}
    assert found["empty-items"] == {"page": {"data": [{"a": 5, "b": [], "c": {}}]}}
    nulls = {each.id.partition(":null=empty:")[2] for each in catalogue_of(page).mutants()}
    assert nulls >= {"/page", "/page/data/*/b", "/page/data/*/c"}


def test_the_fullest_body_comes_first_and_no_body_is_repeated() -> None:
    validators, node = read_schema(of_schema({"type": "object", "properties": {"a": FLAG, "b": TEXTS}}))
    assert [each.name for each in bases(validators, node, {})] == [
        "all",
        "required",
        "one-item",
        "empty",
        "false",
    ]
    validators, node = read_schema(of_schema(REQUIRED))
    assert [each.name for each in bases(validators, node, {})] == ["all"]


@pytest.mark.parametrize("name", ["empty", "one-item", "false"])
def test_each_valid_body_in_another_state_is_a_legal_mutant(name: str) -> None:
    found = catalogue_of({"type": "object", "properties": {"a": FLAG, "b": TEXTS}}).mutants()
    assert [each.group for each in found if each.id.endswith(f"valid-body={name}")] == ["legal"]


def test_mutants_change_a_value_in_each_of_its_states() -> None:
    found = catalogue_of({"type": "object", "properties": {"a": FLAG, "b": TEXTS, "c": MAP}}).mutants()
    nulls = {each.id.partition(":null")[2] for each in found if each.operator.name == "null"}
    assert nulls == {
        *("=true:/a", "=false:/a"),
        *(":/b", "=one:/b", "=empty:/b", ":/b/*"),
        *(":/c", "=empty:/c", ":/c/*"),
        *("", "=empty"),
    }
