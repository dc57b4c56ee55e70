"""Values that clients return or servers send: how they are parsed, and where two values differ."""

import copy
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_kit.judge.trees import (
    ABSENT,
    Difference,
    Tagged,
    canonical,
    differences,
    returned_value,
    sent_value,
)
from contract_kit.judge.trees import (
    written as shown,
)
from contract_kit.read.paths import at

BIG = 2**53 + 1
LEAVES = {
    "null": None,
    "true": True,
    "false": False,
    "zero": 0,
    "one": 1,
    "fraction": 0.5,
    "empty text": "",
    "text": "a",
    "text of one": "1",
    "text of true": "true",
    "text of null": "null",
    "date": Tagged("date", "2026-11-19"),
    "time": Tagged("time", "2026-11-19"),
    "text of a date": "2026-11-19",
    "empty object": {},
    "object": {"a": 1},
    "empty list": [],
    "list": [1],
    "absent": ABSENT,
}
"""One value of each kind, no two of which are equal."""

SCALARS: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda value: not value.is_integer())
    | st.text(max_size=4)
    | st.builds(Tagged, st.sampled_from(["date", "number"]), st.text(max_size=3))
)


def objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.text("$ab", max_size=2), inner, max_size=4)


VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | objects(inner), max_leaves=12)


def written(value: Any) -> Any:
    """Return a value as it appears in a JSON tree."""
    if isinstance(value, Tagged):
        return {f"${value.kind}": value.text}
    if isinstance(value, dict):
        return {f"${key}" if key.startswith("$") else key: written(each) for key, each in value.items()}
    return list(map(written, value)) if isinstance(value, list) else value


def changed(value: Any, found: list[Difference]) -> Any:
    """Apply differences to a value without lists."""
    root = {"": value}
    for each in found:
        *steps, last = "", *each.path
        at(root, steps).pop(last, None)
        at(root, steps).update({last: each.after} if each.after is not ABSENT else {})
    return root[""]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", ABSENT),
        ("null", None),
        ("true", True),
        ("false", False),
        ("7", 7),
        ("1" + 5_000 * "0", Tagged("integer", "1" + 5_000 * "0")),
        (f"{BIG}", BIG),
        ("1.50", 1.5),
        ("1.0", 1),
        ("-0.0", 0),
        ("1e3", 1000),
        ("9007199254740993.0", BIG),
        ("1e400", Tagged("decimal", "1e400")),
        ("-1e400", Tagged("decimal", "-1e400")),
        ("1e-400", 0),
        ("1e-99999999999999999999", 0),
        ("0.1000000000000000000001", 0.1),
        ("3.0000000000000000000001", 3),
        ("12345678901234567890.5", 12345678901234567000),
        ('"7"', "7"),
        ("[1, []]", [1, []]),
        ('{"a": {}}', {"a": {}}),
        ('{"a": 1, "a": 2}', {"a": 2}),
        ("NaN", Tagged("number", "NaN")),
        ("-Infinity", Tagged("number", "-Infinity")),
        ("Infinity", Tagged("number", "Infinity")),
        ("{", "{"),
        ("<html>", "<html>"),
        (" \n", " \n"),
        ("[" * 100_000, "[" * 100_000),
    ],
)
def test_results_and_bodies_are_parsed_the_same_way(text: str, value: Any) -> None:
    found = [returned_value(text), sent_value(text.encode())]
    assert [(type(each), each) for each in found] == [(type(value), value)] * 2


@pytest.mark.parametrize(
    ("text", "returned", "sent"),
    [
        ('{"$date": "2026-11-19"}', Tagged("date", "2026-11-19"), {"$date": "2026-11-19"}),
        ('{"$decimal": "1.10"}', Tagged("decimal", "1.10"), {"$decimal": "1.10"}),
        ('{"$": ""}', Tagged("", ""), {"$": ""}),
        ('{"$object": 7}', Tagged("object", "7"), {"$object": 7}),
        ('[{"$absent": true}]', [ABSENT], [{"$absent": True}]),
        ('{"$$ref": 1}', {"$ref": 1}, {"$$ref": 1}),
        ('{"$$$a": 1, "$$b": 2, "c": 3}', {"$$a": 1, "$b": 2, "c": 3}, {"$$$a": 1, "$$b": 2, "c": 3}),
    ],
)
def test_a_key_that_starts_with_a_dollar_sign_is_special_in_results_but_not_in_bodies(
    text: str, returned: Any, sent: Any
) -> None:
    assert (returned_value(text), sent_value(text.encode())) == (returned, sent)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"", ABSENT),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        ('{"a": "ë"}'.encode("utf-16"), {"a": "ë"}),
        ('{"a": "ë"}'.encode("utf-32-be"), {"a": "ë"}),
        (b'{"a": "\xff"}', {"a": "\ufffd"}),
        (b'{"a": "\xff', '{"a": "\ufffd'),
        (b"\x1f\x8b\x08\x00", "\x1f\ufffd\x08\x00"),
        (b'{"a": "\\ud800"}', {"a": "\ud800"}),
    ],
)
def test_any_bytes_can_be_decoded_as_a_body(body: bytes, value: Any) -> None:
    assert sent_value(body) == value


@given(VALUES)
def test_a_value_is_unchanged_after_being_written_as_a_tree_and_parsed(value: Any) -> None:
    assert differences(value, returned_value(json.dumps(written(value)))) == []


@given(st.binary(max_size=40))
def test_any_body_can_be_parsed(body: bytes) -> None:
    assert differences(sent_value(body), sent_value(body)) == []


@pytest.mark.parametrize("name", LEAVES)
@pytest.mark.parametrize(
    "around", [lambda value: value, lambda value: {"a": value}, lambda value: [value, 9]]
)
def test_values_of_different_kinds_are_never_equal(name: str, around: Callable[[Any], Any]) -> None:
    found = [each for each in LEAVES if not differences(around(LEAVES[name]), around(LEAVES[each]))]
    assert found == [name]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(1, 2, [((), 1, 2)], id="the root"),
        pytest.param({"a": 1, "b": 1}, {"b": 2, "a": 1}, [(("b",), 1, 2)], id="objects by key"),
        pytest.param({"a": 1}, {"b": 1}, [(("a",), 1, ABSENT), (("b",), ABSENT, 1)], id="another key"),
        pytest.param({"a": {"b": 1}}, {"a": {"c": 1, "b": 1}}, [(("a", "c"), ABSENT, 1)], id="nested"),
        pytest.param({"a": ABSENT, "b": 1}, {"b": 1}, [], id="an absent value has no key"),
        pytest.param({"a": {"b": 1}}, {"a": {}}, [(("a",), {"b": 1}, {})], id="object became empty"),
        pytest.param({"a": {}}, {"a": {"b": 1}}, [(("a",), {}, {"b": 1})], id="object was empty"),
        pytest.param({"a": [1, 2]}, {"a": []}, [(("a",), [1, 2], [])], id="list became empty"),
        pytest.param({"a": []}, {"a": [1, 2]}, [(("a",), [], [1, 2])], id="list was empty"),
        pytest.param({"a": [1]}, {"a": {"b": 1}}, [(("a",), [1], {"b": 1})], id="a list became an object"),
        pytest.param([1, 2, 3], [3, 1, 2], [], id="the order of equal items"),
        pytest.param([{"a": 1, "b": 2}, 0], [0, {"b": 2, "a": 1}], [], id="the order of keys in items"),
        pytest.param([1, 1], [1], [((1,), 1, ABSENT)], id="one of two equal items is left out"),
        pytest.param([1], [1, 1], [((1,), ABSENT, 1)], id="one of two equal items is new"),
        pytest.param([1, 2, 3], [2, 3], [((0,), 1, ABSENT)], id="the first item is left out"),
        pytest.param([2, 3], [1, 2, 3], [((0,), ABSENT, 1)], id="the first item is new"),
        pytest.param([1, 2, 3], [2, 4, 3, 5], [((0,), 1, 4), ((3,), ABSENT, 5)], id="others in order"),
        pytest.param([1, True], [True, 1], [], id="a number and a boolean change places"),
        pytest.param([1, 1], [True, 1], [((0,), 1, True)], id="a number isn't a boolean"),
        pytest.param(
            [{"id": 1, "to": [5, 6]}, {"id": 2, "to": [7]}],
            [{"id": 2, "to": [7]}, {"id": 1, "to": [6]}],
            [((0, "to", 0), 5, ABSENT)],
            id="within an unequal item",
        ),
        pytest.param(
            {"c": [1, {"x": 1, "y": 1}], "a": 1},
            {"c": [2, {"x": 2, "y": 2}], "a": 2},
            [(("c", 0), 1, 2), (("c", 1, "x"), 1, 2), (("c", 1, "y"), 1, 2), (("a",), 1, 2)],
            id="in the order of the earlier value",
        ),
    ],
)
def test_differences_are_found_where_values_differ(before: Any, after: Any, expected: list[Any]) -> None:
    assert [(each.path, each.before, each.after) for each in differences(before, after)] == expected


@given(st.recursive(SCALARS, objects), st.recursive(SCALARS, objects))
def test_applying_the_differences_turns_one_object_into_the_other(before: Any, after: Any) -> None:
    result = changed(copy.deepcopy(before), differences(before, after))
    assert canonical(returned_value(json.dumps(written(result)))) == canonical(
        returned_value(json.dumps(written(after)))
    )


@given(st.lists(SCALARS, min_size=1, max_size=6), st.lists(SCALARS, min_size=1, max_size=6))
def test_the_differences_between_lists_are_the_items_that_only_one_contains(before: Any, after: Any) -> None:
    found = differences(before, after)
    only = [
        [canonical(value) for value in (each.before, each.after) if value is not ABSENT] for each in found
    ]
    first, second = Counter(map(canonical, before)), Counter(map(canonical, after))
    assert Counter(text for texts in only for text in texts) == (first - second) + (second - first)


@pytest.mark.parametrize(
    "around", [lambda value: {"a": value}, lambda value: [value], lambda value: [0, {"a": value}]]
)
@pytest.mark.parametrize("depth", [200, 1_500])
def test_deeply_nested_values_are_compared_without_recursion(around: Any, depth: int) -> None:
    before, after = 1, 2
    for _ in range(depth):
        before, after = around(before), around(after)
    assert [(each.before, each.after) for each in differences(before, after)] == [(1, 2)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "nothing"),
        ("7.50", "7.5"),
        ('"\N{SNOWMAN}"', '"\N{SNOWMAN}"'),
        ('{"$date": "2026-11-19"}', "2026-11-19"),
        ('{"a": [{"$decimal": "1.10"}]}', '{"a": ["1.10"]}'),
    ],
)
def test_a_value_is_written_as_json_or_as_its_own_text(text: str, expected: str) -> None:
    assert shown(returned_value(text)) == expected


def test_an_overly_deep_value_is_described_rather_than_shown() -> None:
    deep: list[Any] = []
    for _ in range(5_000):
        deep = [deep]
    assert "too deep" in shown(deep)
