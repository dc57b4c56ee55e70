"""Writes one part of an export: a file of each table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from itertools import islice

from .formats import TableFile
from .place import Place
from .tables.reader import Row, convert, empty, extend

ROWS = 5_000
"""The number of rows of a table that are buffered before they are written."""


class Part:
    """The open files of one part; `rows` has the number of rows in each table."""

    def __init__(self, files: Mapping[str, TableFile]) -> None:
        self.rows = Counter[str]()
        self._files = files
        self._kept = {table: empty(table) for table in files}

    def add(self, table: str, rows: Iterable[Row]) -> None:
        """Add rows to a table."""
        rest = iter(rows)
        while more := list(islice(rest, ROWS)):
            extend(self._kept[table], table, more)
            self.rows[table] += len(more)
            if len(self._kept[table]["run_id"]) >= ROWS:
                self._write(table)

    def flush(self) -> None:
        """Write the buffered rows, those of `errors` last, because writing another table can add errors."""
        for table, kept in self._kept.items():
            if kept["run_id"]:
                self._write(table)

    def _write(self, table: str) -> None:
        kept, self._kept[table] = self._kept[table], empty(table)
        self.add("errors", convert(kept, table))
        self._files[table].write(kept)


@contextmanager
def writing_part(place: Place, file: type[TableFile], paths: Mapping[str, str]) -> Iterator[Part]:
    """Open a file per table. The files appear at the end, in reverse order; none appears after an error."""
    with ExitStack() as stack:  # it closes the files in reverse order
        files = dict[str, TableFile]()
        for table, path in paths.items():
            opened = file(stack.enter_context(place.writing(path)), table)
            files[table] = stack.enter_context(closing(opened))
        part = Part(files)
        yield part
        part.flush()
