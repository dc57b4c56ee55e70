"""Parses the results that clients return, and the bodies that they receive, into comparable values.

An integer is an int of any size, and every other number is a float, so equal numbers have the same type. Like
most clients, this module rounds fractions to doubles.
"""

from __future__ import annotations

import enum
import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import zip_longest
from typing import Any, Final

from attrs import frozen

from contract_kit.read.paths import Path

_DIGITS = 640
"""Python can convert integers with up to this many digits even if its limit is set to the minimum."""


class Absent(enum.Enum):
    """The type of `ABSENT`, which represents a missing value."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


@frozen(repr=False)
class Tagged:
    """A value that JSON can't represent, such as a date or NaN.

    Attributes:
        kind: The key in the JSON tree's object for this value, without the `$`.
        text: The value of this key.
    """

    kind: str
    text: str

    def __repr__(self) -> str:
        return f"<{self.kind!r} {self.text!r}>"

    def __str__(self) -> str:
        return self.text


@frozen
class Difference:
    """A difference between two values at a path.

    Attributes:
        path: The path to the earlier value or, if it is absent, to the later value.
    """

    path: Path
    before: Any
    after: Any


def returned_value(text: str) -> Any:
    """Parse a JSON tree. Text that can't be parsed is returned unchanged."""
    return _read(text, _untagged if '"$' in text else None)


def sent_value(body: bytes) -> Any:
    """Parse a JSON body. Any other body is decoded to a string, with U+FFFD for invalid bytes."""
    return _read(body.decode(json.detect_encoding(body), "replace"), None)


def differences(before: Any, after: Any) -> list[Difference]:
    """Return all differences between two values.

    Objects are compared by key. In lists, equal items are paired first, and the other items are paired in
    order. An object or a list that became empty, or was empty, counts as a single difference.
    """
    found = []
    todo = [] if are_equal(before, after) else [Difference((), before, after)]
    while todo:  # not recursive, so that values can be nested deeply
        both = todo.pop()
        kind = type(both.before)
        if kind is type(both.after) and kind in (dict, list) and both.before and both.after:
            inner = list((_by_key if kind is dict else _by_item)(both.before, both.after))
            todo += (Difference((*both.path, step), old, new) for step, old, new in reversed(inner))
        else:
            found.append(both)
    return found


def leaves(value: Any) -> Iterator[tuple[Path, Any]]:
    """Yield the path and the value of each scalar, empty object and empty list in a value."""
    todo: list[tuple[Path, Any]] = [((), value)]
    while todo:
        path, value = todo.pop()
        if isinstance(value, dict | list) and value:
            steps = value.items() if isinstance(value, dict) else enumerate(value)
            todo += (((*path, step), each) for step, each in steps)
        else:
            yield path, value


def canonical(value: Any) -> str:
    """Return a string that is identical only for equal values. An overly deep value equals only itself."""
    try:
        return repr(_ordered(value))
    except RecursionError:
        return f"{id(value)}"


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    return list(map(_ordered, value)) if isinstance(value, list) else value


def number(text: str) -> int | float | Tagged:
    """Parse a number: an integer exactly, a fraction as the nearest double."""
    nearest = float(text)
    if not nearest.is_integer():
        return Tagged("decimal", text) if math.isinf(nearest) else nearest
    if not nearest:
        return 0
    exact = Decimal(text)
    return int(exact if exact == exact.to_integral_value() else Decimal(repr(nearest)))


def are_equal(before: Any, after: Any) -> bool:
    """Whether two values are equal. Values that are too deep are never equal, but parts of them can be."""
    try:
        return bool(before == after) and _have_equal_types(before, after)  # True == 1
    except RecursionError:
        return False


def _have_equal_types(before: Any, after: Any) -> bool:
    if type(before) is dict:
        return all(_have_equal_types(value, after[key]) for key, value in before.items())
    if type(before) is list:
        return all(map(_have_equal_types, before, after))
    return type(before) is type(after)


def _by_key(before: dict[str, Any], after: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield the key and both values of each pair of unequal values in two objects."""
    for key in before | after:
        old, new = before.get(key, ABSENT), after.get(key, ABSENT)
        if not are_equal(old, new):
            yield key, old, new


def _by_item(before: list[Any], after: list[Any]) -> Iterator[tuple[int, Any, Any]]:
    """Yield the index and both items of each pair of unequal items in two lists."""
    same = [are_equal(*both) for both in zip(before, after, strict=False)]
    old, new = ([at for at in range(len(each)) if same[at : at + 1] != [True]] for each in (before, after))
    if len(old) > 1 or len(new) > 1:
        old, new = _unpaired(before, old, after, new)
    for first, second in zip_longest(old, new):
        if first is None:
            yield second, ABSENT, after[second]
        else:
            yield first, before[first], ABSENT if second is None else after[second]


def _unpaired(
    before: list[Any], old: list[int], after: list[Any], new: list[int]
) -> tuple[list[int], list[int]]:
    """For each list, return the indexes of the items that have no equal item in the other list."""
    equal = defaultdict[str, list[int]](list)
    for index in reversed(new):
        equal[canonical(after[index])].append(index)
    rest = []
    for index in old:
        if found := equal[canonical(before[index])]:
            found.pop()
        else:
            rest.append(index)
    return rest, sorted(index for indexes in equal.values() for index in indexes)


def _read(text: str, read_object: Callable[[dict[str, Any]], Any] | None) -> Any:
    # Without a function for integers, `json` is fast, but can't parse integers with thousands of digits.
    for read_integer in (None, _integer):
        try:
            return json.loads(
                text,
                object_hook=read_object,
                parse_int=read_integer,
                parse_float=number,
                parse_constant=lambda name: Tagged("number", name),
            )
        except (ValueError, RecursionError):
            continue
    return text or ABSENT


def _integer(text: str) -> int | Tagged:
    return int(text) if len(text) <= _DIGITS else Tagged("integer", text)


def _untagged(found: dict[str, Any]) -> Any:
    if len(found) == 1:
        [(key, value)] = found.items()
        if key.startswith("$") and not key.startswith("$$"):
            return ABSENT if key == "$absent" else Tagged(key[1:], f"{value}")
    return {key[key.startswith("$$") :]: value for key, value in found.items()}


def written(value: Any) -> str:
    """Return a value as JSON, or as text if JSON can't represent it, or as `nothing` if it is absent."""
    if value is ABSENT:
        return "nothing"
    if isinstance(value, Tagged):
        return value.text
    try:
        return json.dumps(value, ensure_ascii=False, default=written)
    except RecursionError:
        return "a value that is nested too deep to be shown"
