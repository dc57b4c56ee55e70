"""Splits a body that breaks the contract into its valid parts and a list of violations.

Only the decoder decides whether a value is valid. If the decoder rejects a value, each part of the value is
decoded separately, recursively. Accepted values are kept as decoded; rejected values are listed.
"""

import dataclasses
import functools
import re
import types
import typing
from collections.abc import Iterable
from typing import Any, TypeVar

import attrs
import msgspec
from bluejay_api.decoding import LimitError, check_limits, convert, parse

from .._secrets import without_signatures
from ..errors import Violation

T = TypeVar("T")

_INVALID: Any = object()
MOST_VIOLATIONS = 10_000
"""The maximum number of violations in a body with valid parts."""


class _TooManyError(Exception):
    """The search has found too many violations."""


def collect(data: bytes, model: type[T]) -> tuple[T | None, tuple[Violation, ...]]:
    """Keep the valid parts of a JSON body that the decoder rejects.

    Returns:
        The model and the violations, in document order. In the model, invalid fields are None, and invalid
            items of lists or free-form objects are omitted. The model is None if no part is valid, or after
            `MOST_VIOLATIONS` violations.
    """
    try:
        document = parse(data)
    except msgspec.DecodeError as error:
        return None, (_unreadable(error),)
    search = _Search()
    try:
        value = search.value(document, model, "$")
        check_limits(data)
    except _TooManyError:
        value = _INVALID
    except LimitError as error:
        value = _INVALID
        search.found.append(Violation("$", str(error), is_limit=True))
    return None if value is _INVALID else value, tuple(search.found)


def _unreadable(error: msgspec.DecodeError) -> Violation:
    is_limit = isinstance(error, LimitError)
    return Violation("$", str(error), is_limit, is_malformed=not is_limit)


def by_item(violations: Iterable[Violation], path: str) -> dict[int, list[Violation]]:
    """Group the violations in the list at `path` by item index, with paths relative to the item."""
    below = re.compile(re.escape(path) + r"\[(\d+)\](.*)")
    grouped: dict[int, list[Violation]] = {}
    for each in violations:
        if match := below.fullmatch(each.path):
            from_item = dataclasses.replace(each, path=f"${match[2]}")
            grouped.setdefault(int(match[1]), []).append(from_item)
    return grouped


def items_left_out(grouped: dict[int, list[Violation]]) -> frozenset[int]:
    """Return the indexes of the items that are entirely invalid, given the result of `by_item`."""
    return frozenset(index for index, (first, *_) in grouped.items() if first.path == "$")


class _Search:
    """Searches a rejected value for the parts that the decoder rejects."""

    def __init__(self) -> None:
        self.found: list[Violation] = []

    def value(self, document: Any, hint: Any, path: str) -> Any:
        """Return the document, minus its invalid parts, as the hinted type, or `_INVALID`."""
        try:
            return convert(document, hint)
        except msgspec.DecodeError as error:
            reason, is_limit = str(error), isinstance(error, LimitError)
        before = len(self.found)
        kept = self._parts(document, hint, path)
        if len(self.found) > before:
            return kept
        self._add(path, reason, is_limit)
        return _INVALID

    def _parts(self, document: Any, hint: Any, path: str) -> Any:
        for option in _options(hint):
            origin, arguments = typing.get_origin(option), typing.get_args(option)
            if attrs.has(option) and isinstance(document, dict):
                return self._object(document, option, path)
            if origin is list and isinstance(document, list):
                return self._items(document, arguments[0], path)
            if origin is dict and isinstance(document, dict):
                return self._entries(document, arguments[1], path)
        return _INVALID

    def _object(self, document: dict[str, Any], model: type, path: str) -> Any:
        hints, required = _fields(model)
        values = {
            key: self.value(each, hints[key], member(path, key))
            for key, each in document.items()
            if key in hints
        }
        for key in required:
            if key not in document:
                self._add(member(path, key), f"Object missing required field `{key}`")
                values[key] = None
        return model(**{key: None if each is _INVALID else each for key, each in values.items()})

    def _items(self, document: list[Any], hint: Any, path: str) -> list[Any]:
        values = [self.value(each, hint, item(path, index)) for index, each in enumerate(document)]
        return [each for each in values if each is not _INVALID]

    def _entries(self, document: dict[str, Any], hint: Any, path: str) -> dict[str, Any]:
        values = {key: self.value(each, hint, member(path, key)) for key, each in document.items()}
        return {key: each for key, each in values.items() if each is not _INVALID}

    def _add(self, path: str, message: str, is_limit: bool = False) -> None:
        self.found.append(Violation(without_signatures(path), without_signatures(message), is_limit))
        if len(self.found) >= MOST_VIOLATIONS:
            raise _TooManyError


@functools.cache
def _fields(model: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    fields, hints = attrs.fields(model), typing.get_type_hints(model)
    required = tuple(each.name for each in fields if each.default is attrs.NOTHING)
    return {each.name: hints[each.name] for each in fields}, required


def _options(hint: Any) -> tuple[Any, ...]:
    """Return the types that a hint allows."""
    return typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, types.UnionType) else (hint,)


def member(path: str, key: str) -> str:
    """Return the path of a member of the object at `path`."""
    return f"{path}.{key}" if key.isidentifier() else f"{path}[{key!r}]"


def item(path: str, index: int) -> str:
    """Return the path of an item of the list at `path`."""
    return f"{path}[{index}]"


def without_indexes(path: str) -> str:
    """Return a path with the indexes removed: `$.events[].title` for `$.events[3].title`."""
    return re.sub(r"\[\d+\]", "[]", path)
