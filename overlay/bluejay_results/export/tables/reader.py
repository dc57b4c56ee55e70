"""Reads runs as tables."""

from __future__ import annotations

import datetime
import json
from array import array
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any, TypeAlias

import msgspec

from ..._secrets import without_signatures
from ...errors import UsageError
from ...results.run import SimulationRun
from .rows import Error, Source
from .schema import TABLES, Kind

Row: TypeAlias = tuple[Any, ...]
Columns: TypeAlias = dict[str, list[Any]]
Converted: TypeAlias = tuple[list[Any], list[tuple[int, Any]]]
"""The converted values, and the index and the value of each value that doesn't fit its column."""
_ENCODER = msgspec.json.Encoder()
_VALUES = {name: attrgetter(*(each.path for each in table.columns)) for name, table in TABLES.items()}


def to_rows(run: SimulationRun, table: str, *, with_links: bool = False) -> list[dict[str, Any]]:
    """Return a table of a run as one dict per row, with the columns of an export.

    Args:
        run: The run, settled or not.
        table: `runs`, `conversations`, `metrics`, `tool_calls`, `events` or `errors`.
        with_links: Keep the signed URLs, which are secrets while they are valid.

    Raises:
        UsageError: The table does not exist.
    """
    if table not in TABLES:
        raise UsageError(f"There is no table {table!r}. The tables are {', '.join(TABLES)}.")
    errors = list[Row]()
    for name, rows in read_tables(run, with_links=with_links):
        columns = empty(name)
        extend(columns, name, [*rows, *(errors if name == "errors" else ())])
        errors += convert(columns, name)
        if name == table:
            break
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def read_tables(run: SimulationRun, *, with_links: bool) -> Iterator[tuple[str, Iterator[Row]]]:
    """Yield the name and the rows of each table."""
    source = Source.of(run, with_links=with_links)
    for name, table in TABLES.items():
        rows = _violations(run) if name == "errors" else table.rows(source)
        yield name, map(_VALUES[name], rows)


def empty(table: str) -> Columns:
    """Return the columns of a table, without rows."""
    return {each.name: [] for each in TABLES[table].columns}


def extend(columns: Columns, table: str, rows: Sequence[Row]) -> None:
    """Add rows to columns. JSON values become text here, because many small objects take much memory."""
    for column, values in zip(TABLES[table].columns, zip(*rows, strict=True), strict=False):
        if column.kind is Kind.JSON:
            columns[column.name] += [None if each is None else _as_json(each) for each in values]
        else:
            columns[column.name] += values


def convert(columns: Columns, table: str) -> list[Row]:
    """Convert values to the type of their column.

    A value that doesn't fit becomes null. Return a row of `errors` for each of these values.
    """
    errors = list[Row]()
    for column in (each for each in TABLES[table].columns if each.kind in _CONVERT):
        columns[column.name], wrong = _CONVERT[column.kind](columns[column.name])
        for place, value in wrong:
            run_id, simulation_id = columns["run_id"][place], columns["simulation_id"][place]
            conversation_id = columns["conversation_id"][place] if "conversation_id" in columns else None
            message, path = f"{value} doesn't fit in a column of type {column.kind}", f"{table}.{column.name}"
            errors.append(Error(run_id, simulation_id, conversation_id, "UnsupportedValue", message, path))
    return errors


def failure(run_id: str, error: Exception) -> Row:
    """Return the row of `errors` for a run that couldn't be exported."""
    path, status = getattr(error, "path", None), getattr(error, "status_code", None)
    kind, message = type(error).__name__, without_signatures(str(error))  # an error may quote a URL
    return Error(_encodable(run_id), None, None, kind, _encodable(message), path, status)


def _encodable(value: str) -> str:
    return value.encode(errors="replace").decode()  # a file name can be invalid UTF-8


def _violations(run: SimulationRun) -> Iterator[Error]:
    for each, conversation in run.parts.located():
        yield Error(run.id, run.simulation_id, conversation, "Violation", each.message, each.path)


def _texts(values: list[Any]) -> Converted:
    """Convert values to text. Ids are text too, because programs would round numbers above 2^53."""
    if {*map(type, values)} <= {str, type(None)}:
        return values, []
    return [each if each is None else str(each) for each in values], []


def _integers(values: list[Any]) -> Converted:
    try:
        array("q", [each for each in values if each is not None])  # faster than checking each value
    except OverflowError:
        return _checked(values, lambda each: array("q", [each])[0])
    return values, []


def _checked(values: list[Any], convert: Callable[[Any], Any]) -> Converted:
    converted, wrong = list[Any](), list[tuple[int, Any]]()
    for place, value in enumerate(values):
        try:
            converted.append(None if value is None else convert(value))
        except OverflowError:
            converted.append(None)
            wrong.append((place, value))
    return converted, wrong


_CONVERT: dict[Kind, Callable[[list[Any]], Converted]] = {
    Kind.TEXT: _texts,
    Kind.INTEGER: _integers,
    Kind.TIME: lambda values: _checked(values, lambda each: each.astimezone(datetime.UTC)),
}


def _as_json(value: object) -> str:
    try:
        return _ENCODER.encode(value).decode()
    except (OverflowError, ValueError):  # an integer of more than 64 bits
        return json.dumps(value, ensure_ascii=False)
