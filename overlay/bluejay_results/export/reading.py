"""Reads what an export has written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .._extras import needed
from ..errors import UsageError
from .dataset import Commit, commits
from .exporting import explained
from .formats import KEYS
from .place import Place, place_at
from .tables.arrow import arrow_schema
from .tables.reader import table_named

if TYPE_CHECKING:
    import pyarrow


def committed_files(place: str | os.PathLike[str], table: str) -> list[str]:
    """Return the committed files of a table, as paths or URLs. Other files don't count.

    Raises:
        UsageError: There is no such table, nothing was exported to the place, or it can't be read.
    """
    at = place_at(place)
    return [at.full(path) for _, path in _files(at, table)]


def read_table(place: str | os.PathLike[str], table: str) -> pyarrow.Table:
    """Return a table of a Parquet export with all committed runs. This function needs the extra `export`.

    Raises:
        UsageError: See `committed_files`; or the export is in another format, or pyarrow is not installed.
    """
    pa, pq = needed("pyarrow", "export"), needed("pyarrow.parquet", "export")
    at, schema, tables = place_at(place), arrow_schema(table_named(table)), []
    for commit, path in _files(at, table):
        if not path.endswith(".parquet"):
            raise UsageError(
                f"{at.name} contains no Parquet files. Read committed_files() with another library."
            )
        with explained(at.name):
            # Start no threads: a thread that still holds the bytes when the program ends aborts the program.
            part = pq.ParquetFile(pa.BufferReader(at.read(path)), pre_buffer=False).read(use_threads=False)
        for key in KEYS:
            part = part.append_column(key, pa.array([getattr(commit, key)] * part.num_rows, pa.string()))
        tables.append(part.select(schema.names).cast(schema))
    return pa.concat_tables(tables) if tables else schema.empty_table()


def _files(place: Place, table: str) -> Iterator[tuple[Commit, str]]:
    table_named(table)
    with explained(place.name):
        for commit in commits(place):
            yield from ((commit, path) for path in commit.files if path.startswith(f"{table}/"))
