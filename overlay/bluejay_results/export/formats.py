"""Writes tables as Parquet or CSV."""

from __future__ import annotations

import codecs
import datetime
from functools import lru_cache
from typing import IO, Any, TypeAlias

from .._extras import needed
from .rows import Columns
from .tables import TABLES, ColumnType

_FORMULA = tuple("=+-@'\uff1d\uff0b\uff0d\uff20")  # the last four are full-width
_IGNORED = " \u00a0\u3000\ufeff"
"""Characters that a spreadsheet might ignore before a formula: spaces and the byte order mark."""


class ParquetFile:
    """A table as Parquet. Each call to `write` adds a row group."""

    def __init__(self, file: IO[bytes], table: str) -> None:
        self._schema = arrow_schema(table)
        parquet = needed("pyarrow.parquet", "export")
        self._writer = parquet.ParquetWriter(file, self._schema, compression="zstd", store_schema=False)

    def write(self, columns: Columns) -> None:
        """Add rows."""
        pa = needed("pyarrow", "export")
        arrays = [pa.array(columns[each.name], each.type) for each in self._schema]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))

    def close(self) -> None:
        """Finish the table; the file itself stays open."""
        self._writer.close()


@lru_cache
def arrow_schema(table: str) -> Any:
    """Return a table's schema."""
    pa = needed("pyarrow", "export")
    types = {
        ColumnType.TEXT: pa.string(),
        ColumnType.INTEGER: pa.int64(),
        ColumnType.NUMBER: pa.float64(),
        ColumnType.BOOLEAN: pa.bool_(),
        ColumnType.TIME: pa.timestamp("us", tz="UTC"),
        ColumnType.JSON: pa.string(),
    }
    return pa.schema([(each.name, types[each.type]) for each in TABLES[table].columns])


class CsvFile:
    """A table as CSV in UTF-8. Null becomes an empty field, and empty text becomes `""`.

    Spreadsheets recognize UTF-8 by the byte order mark, and times only if they have neither an offset nor a
    T. Text that starts with a tab, a line break or, after spaces and byte order marks, =, +, -, @ (also their
    full-width forms) or ' is prefixed with an apostrophe, so no spreadsheet treats it as a formula. NUL,
    which few CSV readers accept, becomes U+2400.
    """

    def __init__(self, file: IO[bytes], table: str) -> None:
        self._file, self._names = file, [each.name for each in TABLES[table].columns]
        file.write(codecs.BOM_UTF8 + (",".join(self._names) + "\n").encode())

    def write(self, columns: Columns) -> None:
        """Add rows."""
        fields = (map(_csv, columns[name]) for name in self._names)
        self._file.write("".join(",".join(row) + "\n" for row in zip(*fields, strict=True)).encode())

    def close(self) -> None:
        """Finish the table; the file itself stays open."""


def _csv(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        is_time = isinstance(value, datetime.datetime)
        return value.replace(tzinfo=None).isoformat(" ") if is_time else repr(value)
    is_formula = value.startswith(("\t", "\r", "\n")) or value.lstrip(_IGNORED).startswith(_FORMULA)
    text = f"'{value}" if is_formula else value
    text = text.replace("\0", "\u2400")
    if not text or any(each in text for each in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


TableFile: TypeAlias = ParquetFile | CsvFile
FORMATS: dict[str, type[TableFile]] = {"parquet": ParquetFile, "csv": CsvFile}
