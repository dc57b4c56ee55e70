"""Near misses: values that real servers sent instead of a documented value."""

import json
import re
from collections import defaultdict
from typing import Any

import pytest

from contract_kit.derive.near_misses import near_misses
from contract_kit.derive.operators import OPERATORS
from contract_kit.derive.places import Place

from .documents import catalogue, catalogue_of, of_schema, openapi, read_schema

DATE_TIME = {"type": "string", "format": "date-time"}
VALID = "2026-11-19T16:04:10Z"


def near(schema: dict[str, Any], example: Any = ..., version: str = "3.1.0") -> dict[str, list[Any]]:
    """Return the near misses of a schema's value by operator, leaving out those of inner values."""
    whole = schema if example is ... else {**schema, "examples": [example]}
    found: dict[str, list[Any]] = defaultdict(list)
    document = of_schema({"type": "object", "required": ["it"], "properties": {"it": whole}})
    for each in catalogue({**document, "openapi": version}).mutants():
        if each.operator.incident and each.location == "/it":
            found[each.operator.name].append(json.loads(each.response.body)["it"])
    return dict(found)


@pytest.mark.parametrize(
    ("schema", "valid", "values"),
    [
        (
            {"type": "number"},
            1234.5,
            {
                "null": None,
                "number-as-text": "1234.5",
                "local-number": "1,234.5",
                "placeholder": "N/A",
                "nan-as-text": "NaN",
                "empty-text": "",
                "list-of-one": [1234.5],
                "exponent": 1234.5,
            },
        ),
        (
            {"type": "integer"},
            42,
            {"number-as-text": "42", "integer-as-float": 42.0, "big-integer": 2**53 + 1},
        ),
        ({"type": "string"}, "a", {"null": None, "false-for-text": False, "list-of-one": ["a"]}),
        ({"type": "string", "pattern": "^[0-9]+$"}, "42", {"text-as-number": 42}),
        (
            {"enum": ["NodeIP", "Other"]},
            "NodeIP",
            {"enum-case": "nodeip", "empty-enum-value": "", "null": None},
        ),
        (
            {"type": "string", "format": "uuid"},
            "6f1c1a52-6f0e-4c7e-9d2b-0b7a3d1c9e55",
            {
                "uuid-without-dashes": "6f1c1a526f0e4c7e9d2b0b7a3d1c9e55",
                "upper-case": "6F1C1A52-6F0E-4C7E-9D2B-0B7A3D1C9E55",
                "empty-text": "",
            },
        ),
        (
            {"type": "string", "format": "date"},
            "2026-11-19",
            {
                "date-as-midnight": "2026-11-19T00:00:00Z",
                "zero-date": "0000-00-00",
                "epoch-seconds": 1795046400,
                "epoch-milliseconds": 1795046400000,
            },
        ),
        (
            DATE_TIME,
            VALID,
            {
                "date-time-without-zone": "2026-11-19T16:04:10",
                "date-time-with-space": "2026-11-19 16:04:10Z",
                "zone-without-colon": "2026-11-19T16:04:10+0000",
                "date-time-as-date": "2026-11-19",
                "zero-date": "0000-00-00 00:00:00",
                "epoch-seconds": 1795104250,
                "epoch-milliseconds": 1795104250000,
                "short-fraction": "2026-11-19T16:04:10.5Z",
            },
        ),
    ],
    ids=["a number", "an integer", "a text", "digits", "an enum", "a uuid", "a date", "a date and time"],
)
def test_each_near_miss_is_made_from_the_valid_value(
    schema: dict[str, Any], valid: Any, values: dict[str, Any]
) -> None:
    found = near(schema, valid)
    assert {name: found.get(name) for name in values} == {name: [value] for name, value in values.items()}


def test_near_misses_of_a_date_time_take_its_utc_offset_into_account() -> None:
    found = near(DATE_TIME, "2026-11-19T21:34:10.25+05:30")
    assert found["epoch-milliseconds"] == [1795104250250]
    assert found["zone-without-colon"] == ["2026-11-19T21:34:10.25+0530"]
    assert found["date-time-without-zone"] == ["2026-11-19T21:34:10.25"]


@pytest.mark.parametrize("value", ["2016-12-31T23:59:60Z", "9999-12-31T23:59:59Z"])
def test_a_leap_second_and_the_end_of_9999_have_near_misses_without_other_offsets(value: str) -> None:
    found = near(DATE_TIME, value)
    assert "offset" not in found
    assert found["date-time-without-zone"] == [value[:-1]]


@pytest.mark.parametrize("tail", [".120Z", "+02:00", ".5-03:30"])
def test_date_times_are_also_sent_with_other_fractions_regardless_of_their_own_fraction_or_zone(
    tail: str,
) -> None:
    found, zone = near(DATE_TIME, f"{VALID[:19]}{tail}"), tail.lstrip(".0125") or tail
    assert found["nine-digits"] == [f"{VALID[:19]}.123456789{zone}"]
    assert found.get("short-fraction", []) == [f"{VALID[:19]}.5{zone}"] * (not tail.startswith(".5"))


@pytest.mark.parametrize(("valid", "is_sent"), [(1795104250, True), (42, False), (1795104250000, False)])
def test_an_integer_that_might_be_seconds_is_sent_in_milliseconds(valid: int, is_sent: bool) -> None:
    found = near({"type": "integer"}, valid).get("seconds-as-milliseconds", [])
    assert found == [1795104250000] * is_sent


def test_a_date_time_with_a_fraction_is_sent_without_it() -> None:
    assert near(DATE_TIME, "2026-11-19T16:04:10.25Z")["no-fraction"] == ["2026-11-19T16:04:10Z"]
    assert "no-fraction" not in near(DATE_TIME, VALID)


def test_both_booleans_have_near_misses() -> None:
    found = near({"type": "boolean"})
    assert sorted(found["boolean-as-number"]) == [0, 1]
    assert sorted(found["boolean-as-text"]) == ["false", "true"]
    assert sorted(found["boolean-as-word"]) == ["no", "yes"]


def test_lists_of_any_length_have_near_misses() -> None:
    found = near({"type": "array", "items": {"type": "integer"}})
    assert [list(each) for each in found["list-as-object"]] == [["0", "2"]]
    assert [type(each) for each in found["item-for-list"]] == [int]
    assert found["object-for-empty-list"] == [{}]
    assert found["null"] == [None] * 3


def test_a_near_miss_changes_only_one_item_in_a_list() -> None:
    document = of_schema({"type": "array", "items": {"type": "integer"}})
    [body] = [
        json.loads(each.response.body)
        for each in catalogue(document).mutants()
        if each.operator.name == "number-as-text"
    ]
    assert [type(each) for each in body] == [str, int]


def test_objects_with_or_without_properties_have_near_misses() -> None:
    found = near({"type": "object", "additionalProperties": {"type": "integer"}})
    assert found["list-for-object"] == found["list-for-empty-object"] == [[]]
    assert found["false-for-object"] == [False, False]
    assert {type(json.loads(each)) for each in found["json-in-text"]} == {dict}


@pytest.mark.parametrize(
    ("schema", "wrapper"),
    [({"type": "object", "required": ["a"]}, {"data"}), ({"type": "array", "items": {}}, {"count", "value"})],
)
def test_only_an_entire_body_is_wrapped_in_another_object(schema: dict[str, Any], wrapper: set[str]) -> None:
    [body] = [
        json.loads(each.response.body)
        for each in catalogue(of_schema(schema)).mutants()
        if each.id.endswith(":wrapped")
    ]
    assert body.keys() == wrapper
    assert "wrapped" not in near(schema)


@pytest.mark.parametrize(
    ("key", "other"), [("starts_at", "startsAt"), ("startsAt", "starts_at"), ("id", None)]
)
def test_a_required_multi_word_key_is_also_sent_in_the_other_case_style(key: str, other: str | None) -> None:
    schema = {"type": "object", "required": [key], "properties": {key: {"type": "integer"}}}
    mutants = [each for each in catalogue_of(schema).mutants() if each.operator.name == "key-case"]
    assert [list(json.loads(each.response.body)) for each in mutants] == [[other]] * (other is not None)
    assert [each.id for each in mutants] == [f"getThing:200:key-case:/{key}"] * (other is not None)


@pytest.mark.parametrize(
    ("schema", "operator"),
    [
        ({"type": ["number", "string"]}, "number-as-text"),
        ({"type": ["boolean", "integer"]}, "boolean-as-number"),
        ({"anyOf": [{"type": "object"}, {"type": "array"}]}, "list-for-object"),
        ({"type": ["string", "null"]}, "null"),
        ({"enum": ["ok", "OK"]}, "enum-case"),
    ],
)
def test_a_near_miss_that_the_schema_allows_is_neither_sent_nor_reported(
    schema: dict[str, Any], operator: str
) -> None:
    document = openapi(of_schema(schema)["paths"])
    found = catalogue(document)
    assert operator not in {each.operator.name for each in found.mutants()}
    assert [each for each in found.gaps() if f":{operator}" in each.where] == []


def test_an_exponent_is_legal_and_changes_only_how_a_number_is_written() -> None:
    mutants = catalogue_of({"type": "number", "examples": [813548000]}).mutants()
    [text] = [each.response.body for each in mutants if each.operator.name == "exponent"]
    assert text == b"8.13548e+8"


def test_an_integer_may_be_sent_as_a_float_only_in_openapi_3_1() -> None:
    assert "integer-as-float" in near({"type": "integer"})
    assert "integer-as-float" not in near({"type": "integer"}, version="3.0.3")


VALUES = [
    *(({"type": "boolean"}, True), ({"type": "number"}, 1234.5), ({"enum": ["a"]}, "a")),
    *(({"type": "string", "pattern": "7"}, "7"), ({"type": "string", "format": "uuid"}, "6f1c-55")),
    *((DATE_TIME, VALID), ({"type": "string", "format": "date"}, "2026-11-19")),
    *(({"type": "object"}, {}), ({"type": "object", "required": ["a_b"]}, {"a_b": 1})),
    *(({"type": "array"}, value) for value in ([], [1], [1, 2])),
]


def test_every_near_miss_has_a_public_incident_as_its_source() -> None:
    nodes = ((read_schema(of_schema(schema))[1], value) for schema, value in VALUES)
    names = {each.operator for node, value in nodes for each in near_misses(Place((), value, node))}
    assert len(names) > 30
    assert [
        each for each in sorted(names) if not re.fullmatch(r"[^/]+/[^#]+#\d+", OPERATORS[each].incident)
    ] == []


def test_a_sample_begins_with_near_misses_and_draws_them_evenly() -> None:
    properties = {f"n{index}": {"type": "number"} for index in range(50)} | {"flag": {"type": "boolean"}}
    found = catalogue_of({"type": "object", "properties": properties})
    names = [each.operator.name for each in found.mutants(sample=60)]
    with_incident = [name for name in names if OPERATORS[name].incident]
    assert names[: len(set(with_incident))] == list(dict.fromkeys(with_incident))
    assert {"boolean-as-number", "boolean-as-text", "boolean-as-word"} <= set(names)
