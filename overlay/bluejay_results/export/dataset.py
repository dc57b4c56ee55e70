"""The files of an export.

    PLACE/README.txt
    PLACE/runs/part-00001.parquet
    PLACE/conversations/part-00001.parquet

Each part contains up to 200 runs. Its file in `runs` is written last, so a run counts as exported only if
`runs` lists it. Part 0 exists only in `errors`, for the runs that the last call couldn't export. A CSV export
has one file per table, such as PLACE/runs.csv.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from itertools import count, islice

from attrs import frozen

from .._extras import needed
from ..errors import UsageError
from .folder import TEMPORARY, Folder
from .formats import FORMATS, TableFile
from .rows import Row, convert, empty, extend
from .tables import TABLES

ROWS = 5_000
"""The number of rows per table to buffer before writing."""

README = "README.txt"
_FIRST_WORDS = b"Tables of simulation runs"
_HOW_TO_READ = {
    "csv": "Each file is one table. The next export to this location replaces the files.",
    "parquet": """\
Each folder is one table. Read one table at a time, for example with
pandas.read_parquet("DESTINATION/conversations"), polars.read_parquet("DESTINATION/conversations") or
duckdb.sql("SELECT * FROM 'DESTINATION/conversations/*.parquet'").
This file prevents pandas and polars from reading the entire export, which would mix the tables.""",
}


@frozen
class Dataset:
    """An export's files, in `parquet` or `csv` format."""

    folder: Folder
    format: str

    @classmethod
    def open(cls, folder: str | os.PathLike[str], format: str, *, resume: bool) -> Dataset:  # noqa: A002 - the option's name
        """Check that runs can be exported to a destination, without writing anything.

        Raises:
            ResumableError: The destination contains an export that can be resumed.
            UsageError: The destination can't be used, or an extra is missing.
        """
        if format not in FORMATS:
            raise UsageError(f"There is no format {format!r}. The formats are {', '.join(FORMATS)}.")
        if format == "csv" and resume:
            raise UsageError("CSV files are always rewritten, so only Parquet exports can be resumed.")
        if format == "parquet":
            needed("pyarrow", "export")
        opened = cls(Folder(folder), format)
        with explained(opened.folder):
            opened._check(resume)
        return opened

    def _check(self, resume: bool) -> None:
        name, found = self.folder.name, self.folder.read(README)
        others = any(not each.startswith(TEMPORARY) for each in self.folder.names())
        if found and found != _readme(self.format) and found.startswith(_FIRST_WORDS):
            raise UsageError(
                f"{name} contains an export in another format, or from an older version with other tables. "
                "Export to another folder."
            )
        if others if found is None else found != _readme(self.format):
            raise UsageError(f"{name} is neither empty nor an export. Choose another folder.")
        if found and self.format == "parquet" and not resume:
            raise ResumableError(
                f"{name} already contains an export. Resume this export, or export to another folder."
            )

    def start(self) -> None:
        """Remove what an interrupted export left behind, and mark the destination as an export."""
        self._remove_leftovers()
        if self.folder.read(README) is None:
            with self.folder.writing(README) as file:
                file.write(_readme(self.format))

    def _remove_leftovers(self) -> None:
        """Remove temporary files, and parts that aren't in the `runs` table."""
        for name in self.folder.names():
            if name.startswith(TEMPORARY):
                self.folder.remove(name)
        numbers = {*self._numbers("runs")}
        for table in TABLES:
            for number in self._numbers(table):
                if number not in numbers and (table, number) != ("errors", 0):
                    self.folder.remove(self._path(table, number))

    def _numbers(self, table: str) -> list[int]:
        found = (each.removeprefix("part-").removesuffix(".parquet") for each in self.folder.names(table))
        return [int(each) for each in found if each.isdecimal()]

    def free_numbers(self) -> Iterator[int]:
        """Return an iterator over the part numbers that are still free."""
        taken = {*self._numbers("runs")}
        return (each for each in count(1) if each not in taken)

    def listed(self) -> set[str]:
        """Return the ids of the exported runs."""
        pa, pq, found = needed("pyarrow", "export"), needed("pyarrow.parquet", "export"), set[str]()
        for path in (self._path("runs", number) for number in self._numbers("runs")):
            data = pa.BufferReader(self.folder.read(path) or b"")
            try:
                # No threads: if a thread still uses the bytes when the program ends, the program aborts.
                table = pq.ParquetFile(data, pre_buffer=False).read(["run_id"], use_threads=False)
            except pa.ArrowException as error:
                advice = "Remove the file, and export its runs again."
                raise UsageError(f"{self.folder.name}/{path} can't be read ({error}). {advice}") from None
            found.update(table["run_id"].to_pylist())
        return found

    def part(self, number: int) -> AbstractContextManager[PartWriter]:
        """Open a part for writing. Each file appears once it is complete. A CSV export has one part."""
        return self._writing({table: self._path(table, number) for table in TABLES})

    def finish(self, unlisted: Sequence[Row]) -> None:
        """Replace the `errors` rows for runs that were not exported, and remove leftover files."""
        path = self._path("errors", 0)
        if unlisted:
            with self._writing({"errors": path}) as part:
                part.add("errors", unlisted)
        else:
            self.folder.remove(path)
        self._remove_leftovers()

    @contextmanager
    def _writing(self, paths: Mapping[str, str]) -> Iterator[PartWriter]:
        """Open a file per table. All appear at the end, the first one last, or not at all after an error."""
        with ExitStack() as stack:  # it closes the files in reverse order
            files = dict[str, TableFile]()
            for table, path in paths.items():
                file = FORMATS[self.format](stack.enter_context(self.folder.writing(path)), table)
                files[table] = stack.enter_context(closing(file))
            part = PartWriter(files)
            yield part
            part.flush()

    def _path(self, table: str, number: int) -> str:
        return f"{table}.csv" if self.format == "csv" else f"{table}/part-{number:05}.parquet"


class PartWriter:
    """Writes one part, which has a file per table. `rows` counts each table's rows."""

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
        """Write the buffered rows; `errors` comes last because writing another table can add to it."""
        for table, kept in self._kept.items():
            if kept["run_id"]:
                self._write(table)

    def _write(self, table: str) -> None:
        kept, self._kept[table] = self._kept[table], empty(table)
        self.add("errors", convert(kept, table))
        self._files[table].write(kept)


class ResumableError(UsageError):
    """An export wasn't written, or only in part, but it can be resumed."""


@contextmanager
def explained(folder: Folder, kind: type[UsageError] = UsageError) -> Iterator[None]:
    """Raise an error of this type if a destination can't be read or written."""
    try:
        yield
    except OSError as error:
        raise kind(f"{folder.name}: {error.strerror or error}. Fix this, then export again.") from None


def _readme(format: str) -> bytes:  # noqa: A002 - the option's name
    lines = [f"{_FIRST_WORDS.decode()}, as {format}, written by bluejay-results.", _HOW_TO_READ[format]]
    for table in TABLES.values():
        columns = (f"  {each.name} ({each.type}): {each.meaning}" for each in table.columns)
        lines += ["", table.name, f"  {table.meaning}", *columns]
    return "\n".join([*lines, ""]).encode()
