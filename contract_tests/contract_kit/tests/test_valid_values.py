"""Values in valid bodies are all different, unlike broken values, and the same in every document."""

import re
from itertools import permutations
from typing import Any

import pytest

from contract_kit.derive.building import build

from .documents import of_schema, read_schema


def _object(**properties: Any) -> Any:
    """Return the fullest object with these properties."""
    validators, node = read_schema(of_schema({"type": "object", "properties": properties}))
    built = build(validators, node)
    assert validators.is_legal(node, built)
    return built


TEXT, INTEGER, NUMBER = ({"type": each} for each in ("string", "integer", "number"))
MANY = {"type": "array", "items": TEXT, "minItems": 3, "uniqueItems": True}
FORMATS = {
    "date-time": r"\d{4}-\d\d-(1[3-9]|2\d)T(1[3-9]|2\d):[1-5]\d:[1-5]\dZ",
    "date": r"\d{4}-\d\d-(1[3-9]|2\d)",
    "uuid": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
}


@pytest.mark.parametrize("schema", [TEXT, INTEGER, NUMBER, {"enum": ["a", "b", "c"]}, MANY], ids=str)
def test_a_value_depends_only_on_its_schema_and_its_path(schema: dict[str, Any]) -> None:
    others = {name: {"type": name, "enum": [True, None]} for name in ("boolean", "null")}
    assert (
        _object(**others, b=schema, c=schema)["b"] == _object(b=schema, d=MANY)["b"] == _object(b=schema)["b"]
    )


@pytest.mark.parametrize("schema", [TEXT, NUMBER, *({"type": "string", "format": each} for each in FORMATS)])
def test_values_for_the_same_schema_differ_between_paths(schema: dict[str, Any]) -> None:
    assert len(set(_object(**dict.fromkeys("abcdefgh", schema)).values())) == 8


@pytest.mark.parametrize(
    ("schema", "form"),
    [
        (TEXT, r"total-\d\d"),
        (TEXT | {"pattern": r"^\w+$"}, r"total\d\d"),
        (TEXT | {"maxLength": 6}, r"tot-\d\d"),
        (TEXT | {"maxLength": 3}, "[a-z]{3}"),
        (TEXT | {"minLength": 20}, r"total-\d\dx{12}"),
        (INTEGER, r"\d\d"),
        (NUMBER, r"\d\d\.\d[1-9]"),
        *((TEXT | {"format": name}, form) for name, form in FORMATS.items()),
    ],
    ids=str,
)
def test_strings_numbers_and_times_look_like_those_in_a_real_api(schema: dict[str, Any], form: str) -> None:
    assert re.fullmatch(form, str(_object(total=schema)["total"]))


@pytest.mark.parametrize(
    "schema",
    [
        INTEGER | {"maximum": 8, "minimum": 0},
        NUMBER | {"maximum": 1, "minimum": 0},
        NUMBER | {"maximum": 0.001, "minimum": 0},
        INTEGER | {"multipleOf": 7, "minimum": -7, "maximum": 14},
        TEXT | {"maxLength": 1},
        TEXT | {"pattern": "^[0-9]?$"},
        TEXT | {"pattern": r"^\d*$"},
        INTEGER | {"example": 0},
        TEXT | {"example": ""},
        {"type": "boolean", "example": False},
        {"enum": [0, 1, 7, "", None, 2]},
        {"enum": [False, None, True]},
    ],
    ids=str,
)
@pytest.mark.parametrize("name", ["a", "b", "c", "d"])
def test_a_value_is_not_empty_0_1_or_7_if_the_schema_allows_others(schema: dict[str, Any], name: str) -> None:
    found = _object(**{name: schema})[name]
    assert found is True or (found not in (0, 1, 7, "", None) and str(found) not in "017")


@pytest.mark.parametrize(
    "schema", [INTEGER | {"minimum": 1, "maximum": 1}, {"enum": [0]}, TEXT | {"maxLength": 0}]
)
def test_a_value_is_empty_0_or_1_if_the_schema_allows_no_other(schema: dict[str, Any]) -> None:
    assert _object(a=schema)["a"] in (0, 1, "")


@pytest.mark.parametrize("values", [*permutations("abc")], ids="".join)
def test_an_enums_order_does_not_determine_which_value_is_built(values: tuple[str, ...]) -> None:
    assert _object(state={"enum": list(values)}) == _object(state={"enum": ["a", "b", "c"]})


def test_a_new_enum_value_changes_few_of_the_built_values() -> None:
    names = [f"p{number}" for number in range(100)]
    before, after = (_object(**{name: {"enum": [*each]} for name in names}) for each in ("abcd", "eabcd"))
    changed = [name for name in names if before[name] != after[name]]
    assert 0 < len(changed) < 40
    assert {after[name] for name in changed} == {"e"}


def test_an_enum_value_that_another_keyword_forbids_is_not_built() -> None:
    assert _object(a={"enum": ["one", "two", 3, 4], "type": "integer", "maximum": 3}) == {"a": 3}


@pytest.mark.parametrize(
    "items",
    [
        TEXT,
        INTEGER,
        {"enum": [*range(30)]},
        {"type": "string", "format": "date"},
        TEXT | {"pattern": "^[a-z]{2}$"},
    ],
    ids=str,
)
def test_items_that_must_be_unique_differ(items: dict[str, Any]) -> None:
    found = _object(a={"type": "array", "items": items, "minItems": 15, "uniqueItems": True})["a"]
    assert len(set(found)) == 15


def test_an_example_in_the_document_is_used() -> None:
    assert _object(a=TEXT | {"example": "seven"}, b=INTEGER | {"examples": ["x", 12]}) == {
        "a": "seven",
        "b": 12,
    }


@pytest.mark.parametrize(
    ("bounds", "count"),
    [({}, 2), ({"maxItems": 1}, 1), ({"maxItems": 0}, 0), ({"minItems": 3}, 3), ({"prefixItems": [TEXT]}, 3)],
    ids=str,
)
def test_a_list_has_two_items_if_its_schema_allows_them(bounds: dict[str, Any], count: int) -> None:
    assert len(_object(a={"type": "array", "items": TEXT} | bounds)["a"]) == count


def test_only_the_first_item_has_lists_with_two_items() -> None:
    items = {"type": "object", "properties": {"inner": {"type": "array", "items": TEXT}}}
    assert [len(each["inner"]) for each in _object(a={"type": "array", "items": items})["a"]] == [2, 1]


def test_a_list_has_one_item_if_a_second_item_would_not_be_unique() -> None:
    assert _object(a={"type": "array", "items": {"const": 5}, "uniqueItems": True}) == {"a": [5]}


def test_a_list_with_max_items_still_has_the_items_required_by_contains() -> None:
    schema = {"type": "array", "items": {}, "contains": {"const": 5}, "maxItems": 2}
    assert _object(a=schema)["a"][1:] == [5]
