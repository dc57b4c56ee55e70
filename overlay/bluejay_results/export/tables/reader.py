"""Reads a run as tables, in batches, so that the memory doesn't grow with the number of rows."""

from __future__ import annotations

import datetime
import json
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec

from ..._secrets import without_signatures
from ...errors import UsageError
from ...results.page import located
from ...results.run import SimulationRun
from .column import Column, Kind, Table
from .error_table import ErrorRow
from .row import ConversationRow, Source, text
from .schema import TABLES

BATCH = 10_000
"""The number of rows that are read at once."""
_INTEGERS = range(-(2**63), 2**63)

Batch = dict[str, list[Any]]
"""The values of several rows, by column."""


class RunReader:
    """Reads the tables of one run. Each table is read once, and `errors` is read last."""

    def __init__(self, run: SimulationRun, *, with_links: bool = False) -> None:
        self._source = Source.of(run, with_links=with_links)
        self._unread = dict(TABLES)
        self._errors = list(_violations(run))

    def batches(self, name: str) -> Iterator[Batch]:
        """Yield the columns of a table, in batches of rows; nothing if the table is empty.

        A value that doesn't fit its column becomes null and adds a row to `errors`.
        """
        table = self._unread.pop(name)
        rows: Iterator[Any] = table.rows(self._source)
        if name == "errors":
            for other in list(self._unread):
                for _ in self.batches(other):
                    pass
            rows = iter(self._errors)
        while batch := list(islice(rows, BATCH)):
            yield {each.name: self._values(table, each, batch) for each in table.columns}

    def _values(self, table: Table[Any], column: Column[Any], rows: Sequence[Any]) -> list[Any]:
        values = list(map(column.read, rows))
        if column.kind is Kind.INTEGER:
            return self._checked(values, table, column, rows, _as_integer)
        if column.kind is Kind.TIME:
            return self._checked(values, table, column, rows, _as_utc)
        if column.kind is Kind.JSON:
            return [None if each is None else _as_json(each) for each in values]
        return values

    def _checked(
        self,
        values: list[Any],
        table: Table[Any],
        column: Column[Any],
        rows: Sequence[Any],
        convert: Callable[[Any], Any],
    ) -> list[Any]:
        if convert is _as_integer and _fit(values):
            return values
        converted = []
        for value, row in zip(values, rows, strict=True):
            try:
                converted.append(None if value is None else convert(value))
            except OverflowError:
                converted.append(None)
                self._errors.append(self._unsupported(table, column, row, value))
        return converted

    def _unsupported(self, table: Table[Any], column: Column[Any], row: Any, value: object) -> ErrorRow:
        run = self._source.run
        conversation = row if isinstance(row, ConversationRow) else getattr(row, "conversation", None)
        return ErrorRow(
            run.id,
            run.simulation_id,
            self._source.is_settled,
            "UnsupportedValue",
            f"{value} doesn't fit in a column of type {column.kind}",
            f"{table.name}.{column.name}",
            conversation and conversation.id,
        )


def columns_of(run: SimulationRun, table: str, *, with_links: bool = False) -> Batch:
    """Return a whole table of a run, by column.

    Raises:
        UsageError: The table doesn't exist.
    """
    columns: Batch = {each.name: [] for each in table_named(table).columns}
    for batch in RunReader(run, with_links=with_links).batches(table):
        for name, values in batch.items():
            columns[name] += values
    return columns


def table_named(name: str) -> Table[Any]:
    """Return the table with this name; raise UsageError if it doesn't exist."""
    if name not in TABLES:
        raise UsageError(f"There is no table {name!r}. The tables are {', '.join(TABLES)}.")
    return TABLES[name]


def failure(run_id: str, error: Exception, simulation_id: str | None = None) -> Batch:
    """Return the row of the table `errors` for a run that couldn't be exported."""
    message = without_signatures(str(error)).encode(errors="replace").decode()  # it may quote anything
    row = ErrorRow(
        run_id,
        simulation_id,
        None,
        type(error).__name__,
        message,
        getattr(error, "path", None),
        status_code=getattr(error, "status_code", None),
    )
    return {each.name: [each.read(row)] for each in TABLES["errors"].columns}


def _violations(run: SimulationRun) -> Iterator[ErrorRow]:
    for each, conversation in located(run.pages, run.fetched):
        yield ErrorRow(
            run.id,
            run.simulation_id,
            run.is_settled,
            "Violation",
            each.message,
            each.path,
            text(conversation),
        )


def _fit(values: Sequence[int | None]) -> bool:
    """Whether all values have at most 64 bits; faster than checking each value."""
    try:
        array("q", [each for each in values if each is not None])
    except OverflowError:
        return False
    return True


def _as_integer(value: int) -> int:
    if value not in _INTEGERS:
        raise OverflowError
    return value


def _as_utc(value: datetime.datetime) -> datetime.datetime:
    return value if value.tzinfo is datetime.UTC else value.astimezone(datetime.UTC)


def _as_json(value: object) -> str:
    try:
        return msgspec.json.encode(value).decode()
    except (OverflowError, ValueError):  # an integer of more than 64 bits
        return json.dumps(value, ensure_ascii=False)
