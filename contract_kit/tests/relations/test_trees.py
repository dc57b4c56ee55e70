"""Values that clients return or servers send: parsing, equality and differences."""

import copy
import json
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contract_kit.judge.trees import (
    ABSENT,
    Tagged,
    canonical,
    differences,
    returned_value,
    sent_value,
    written,
)
from contract_kit.read.paths import at

SCALARS: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda value: not value.is_integer())
    | st.text(max_size=4)
    | st.builds(Tagged, st.sampled_from(["date", "number"]), st.text(max_size=3))
)
AROUND: list[Callable[[Any], Any]] = [
    lambda it: it,
    lambda it: {"a": it},
    lambda it: [it, 9],
    lambda it: [0, {"a": it}],
]
KINDS: list[Any] = [
    *json.loads('[null, true, false, 0, 1, 0.5, "", "a", "1", "true", "null", {}, {"a": 1}, [], [1]]'),
    *(ABSENT, "2026-11-19", Tagged("date", "2026-11-19"), Tagged("time", "2026-11-19")),
]
"""One value of each kind, no two of which are equal."""


def objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.text("$ab", max_size=2), inner, max_size=4)


VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | objects(inner), max_leaves=12)


def tree(value: Any) -> Any:
    """Return a value as it appears in a JSON tree."""
    if isinstance(value, Tagged):
        return {f"${value.kind}": value.text}
    if isinstance(value, dict):
        return {f"${key}" if key.startswith("$") else key: tree(each) for key, each in value.items()}
    return list(map(tree, value)) if isinstance(value, list) else value


@given(VALUES)
def test_a_value_is_unchanged_after_being_written_as_a_tree_and_parsed(value: Any) -> None:
    assert differences(value, returned_value(json.dumps(tree(value)))) == []


def test_values_of_different_kinds_are_never_equal() -> None:
    for around in AROUND:
        for each in KINDS:
            equal = [other for other in KINDS if not differences(around(each), around(other))]
            assert [id(other) for other in equal] == [id(each)]


@given(st.recursive(SCALARS, objects), st.recursive(SCALARS, objects))
def test_applying_the_differences_turns_one_object_into_the_other(before: Any, after: Any) -> None:
    root = {"": copy.deepcopy(before)}
    for each in differences(before, after):
        *steps, last = "", *each.path
        at(root, steps).pop(last, None)
        at(root, steps).update({last: each.after} if each.after is not ABSENT else {})
    assert canonical(root[""]) == canonical(after)


def test_deep_and_long_values_are_compared_without_recursion() -> None:
    for around in AROUND[1:]:
        for depth in (200, 1_500):
            before, after = 1, 2
            for _ in range(depth):
                before, after = around(before), around(after)
            assert [(each.before, each.after) for each in differences(before, after)] == [(1, 2)]
    assert "too deep" in written(before)
    digits = "1" + 5_000 * "0"
    assert returned_value(digits) == sent_value(digits.encode()) == Tagged("integer", digits)
    assert returned_value("[" * 100_000) == sent_value(b"[" * 100_000) == "[" * 100_000
