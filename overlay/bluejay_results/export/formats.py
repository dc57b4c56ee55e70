"""Writes the tables as Parquet, CSV or JSONL."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import IO, Any

import msgspec

from .._extras import needed
from ..errors import UsageError
from .tables.arrow import arrow_batch, arrow_schema
from .tables.column import JSON, TEXT, Table
from .tables.reader import Batch
from .tables.schema import TABLES

KEYS = ("simulation_id", "run_id")
"""The columns whose values are in the path of a file, and therefore not in the file."""
Write = Callable[[IO[bytes], Table[Any], Iterable[Batch]], int]
"""Writes the batches of a table to a file and returns the number of rows."""

# For a file with hundreds of rows, these features would take a third of the time and of the file's size.
_PARQUET = {"use_dictionary": False, "write_statistics": False, "store_schema": False}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def writer(name: str) -> Write:
    """Return the function that writes a format.

    Raises:
        UsageError: The format doesn't exist, or its extra is not installed.
    """
    if name not in FORMATS:
        raise UsageError(f"There is no format {name!r}. The formats are {', '.join(FORMATS)}.")
    if name == "parquet":
        needed("pyarrow", "export")
    return FORMATS[name]


def write_parquet(file: IO[bytes], table: Table[Any], batches: Iterable[Batch]) -> int:
    """Write a table as Parquet; each batch is a row group."""
    pq, schema, rows = needed("pyarrow.parquet", "export"), _schema(table.name), 0
    with pq.ParquetWriter(file, schema, **_PARQUET) as parquet:
        for each in batches:
            batch = arrow_batch(schema, each)
            parquet.write_batch(batch)
            rows += batch.num_rows
        parquet.add_key_value_metadata(schema.metadata)
    return rows


@lru_cache
def _schema(table: str) -> Any:
    return arrow_schema(TABLES[table], without=KEYS)


def write_csv(file: IO[bytes], table: Table[Any], batches: Iterable[Batch]) -> int:
    """Write a table as CSV in UTF-8. Null becomes an empty field, and empty text becomes `""`.

    Text that starts with =, +, -, @, ', a tab or a CR gets an apostrophe in front, so that no spreadsheet
    reads it as a formula. NUL, which few CSV readers accept, becomes U+2400.
    """
    columns = [each for each in table.columns if each.name not in KEYS]
    write = {each.name: _csv_text if each.kind in {TEXT, JSON} else _csv_value for each in columns}
    file.write((",".join(write) + "\n").encode())
    rows = 0
    for batch in batches:
        fields = [list(map(write[each.name], batch[each.name])) for each in columns]
        lines = [",".join(row) for row in zip(*fields, strict=True)]
        file.write("".join(f"{line}\n" for line in lines).encode())
        rows += len(lines)
    return rows


def _csv_text(value: str | None) -> str:
    if value is None:
        return ""
    if value.startswith(_FORMULA):
        value = f"'{value}"
    value = value.replace("\0", "\u2400")
    if not value or any(each in value for each in ',"\n\r'):
        return '"' + value.replace('"', '""') + '"'
    return value


def _csv_value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime.datetime) else repr(value)


def write_jsonl(file: IO[bytes], table: Table[Any], batches: Iterable[Batch]) -> int:
    """Write a table as JSON, one object per line."""
    names = [each.name for each in table.columns if each.name not in KEYS]
    encoder, rows = msgspec.json.Encoder(), 0
    for batch in batches:
        values = zip(*(batch[name] for name in names), strict=True)
        lines = encoder.encode_lines([dict(zip(names, each, strict=True)) for each in values])
        file.write(lines)
        rows += len(batch[names[0]])
    return rows


FORMATS: dict[str, Write] = {"parquet": write_parquet, "csv": write_csv, "jsonl": write_jsonl}
