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
    """A column: its name, its type, the meaning of its values, and how they are read from a row.

    `path` has the names of attributes, joined by dots.
    """

    name: str
    kind: Kind
    meaning: str
    path: str


@frozen
class Table:
    """A table: its name, the meaning of a row, a function that returns the rows of a run, and the columns."""

    name: str
    meaning: str
    rows: Callable[[Any], Iterable[Any]] = field(repr=False)
    columns: tuple[Column, ...] = field(repr=False)
