"""Tables and their columns."""

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
    """A 64-bit integer."""
    NUMBER = "number"
    """A double."""
    BOOLEAN = "boolean"
    TIME = "time"
    """A time in UTC, with microseconds."""
    JSON = "json"
    """A JSON value, as text."""


TEXT, INTEGER, NUMBER, BOOLEAN, TIME, JSON = Kind


def _fields(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else names


@frozen
class Column(Generic[T]):
    """One column.

    Attributes:
        name: The name of the column.
        kind: The type of the column.
        meaning: The meaning of the values, with their unit.
        read: Returns the value in one row.
        fields: The fields of the contract in this column; empty if the column is computed.
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
        name: The name of the table.
        meaning: The meaning of one row.
        columns: The columns, in order.
        rows: Yields the rows of a run, in the form that the columns read.
    """

    name: str
    meaning: str
    columns: tuple[Column[T], ...] = field(repr=False)
    rows: Callable[[Any], Iterator[T]] = field(repr=False)
