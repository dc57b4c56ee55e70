"""Tables and their columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

from attrs import field, frozen


class Kind(StrEnum):
    """The type of a column; every column can be null. A JSON value is stored as text."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIME = "time"
    JSON = "json"


TEXT, INTEGER, NUMBER, BOOLEAN, TIME, JSON = Kind


@frozen
class Column:
    """One column.

    Attributes:
        name: The name of the column.
        kind: The type of the column.
        meaning: The meaning of the values, with their unit.
        path: The value's place in a row, as attribute names joined by dots.
    """

    name: str
    kind: Kind
    meaning: str
    path: str


@frozen
class Table:
    """One table.

    Attributes:
        name: The name of the table.
        meaning: The meaning of one row.
        rows: Returns the rows of a run, as objects.
        columns: The columns, in order.
    """

    name: str
    meaning: str
    rows: Callable[[Any], Iterable[Any]] = field(repr=False)
    columns: tuple[Column, ...] = field(repr=False)
