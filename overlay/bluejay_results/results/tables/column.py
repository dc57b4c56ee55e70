"""What a table and its columns are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any, Generic, TypeVar

from attrs import field, frozen

T = TypeVar("T")

VERSION = 1
"""The version of all tables. It changes if a column changes its name, type or meaning, or is removed."""


class Kind(StrEnum):
    """The type of a column; every column can be null."""

    TEXT = "text"
    INTEGER = "integer"
    """64 bits."""
    NUMBER = "number"
    """A double."""
    BOOLEAN = "boolean"
    TIME = "time"
    """In UTC, with microseconds."""
    JSON = "json"
    """JSON, as text."""


TEXT, INTEGER, NUMBER, BOOLEAN, TIME, JSON = Kind


def _fields(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else names


@frozen
class Column(Generic[T]):
    """One column.

    Attributes:
        name: Its name.
        kind: Its type.
        meaning: What it holds, with the unit.
        read: Returns the value in one row.
        fields: The fields of the contract that it holds; empty if it is computed.
    """

    name: str
    kind: Kind
    meaning: str
    read: Callable[[T], object] = field(repr=False)
    fields: tuple[str, ...] = field(default=(), converter=_fields)


@frozen
class Table(Generic[T]):
    """One table.

    Attributes:
        name: Its name.
        meaning: What one row is.
        columns: Its columns, in order.
        rows: Yields the rows of a run, in the form that the columns read.
    """

    name: str
    meaning: str
    columns: tuple[Column[T], ...] = field(repr=False)
    rows: Callable[[Any], Iterator[T]] = field(repr=False)
