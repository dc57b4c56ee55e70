"""A dataset: the files of each run, its commit, and the schema of the tables.

    PLACE/_schema.json
    PLACE/conversations/simulation_id=731/run_id=48213/part.parquet
    PLACE/_commits/run_id=48213.json

The commit of a run is written last, and only the files that it lists count. While a run is written, its
commit says that the run isn't complete. If an export finds that another export has written the commit of the
same run, it removes the commit, so that neither export counts.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from urllib.parse import quote

import msgspec
from attrs import evolve, field, frozen

from ..errors import BluejayError, UsageError
from ..results.run import SimulationRun
from .formats import writer
from .place import Place
from .tables.column import VERSION
from .tables.reader import Batch, RunReader, failure
from .tables.schema import TABLES

SCHEMA = "_schema.json"
COMMITS = "_commits"
UNKNOWN = "__HIVE_DEFAULT_PARTITION__"
"""The text for null in a path. Hive defines this text, and readers of Hive's layout read it as null."""

_LONGEST = 200
"""The maximum length of an id in a path. A longer id is cut, and a digest is appended to it."""


class OtherExportError(UsageError):
    """Another export wrote the same run to the same place at the same time."""


@frozen
class Commit:
    """The commit of one run: a list of its files.

    Attributes:
        run_id: The run's id, or the path of a file that couldn't be read.
        simulation_id: The run's simulation, if known.
        export: The random name of the export that wrote the run.
        is_complete: Whether all files are written.
        settled: Whether the run was settled, so that it needn't be read again.
        error: Why the last attempt to read the run failed; None if it succeeded.
        files: The number of rows in each file of the run.
    """

    run_id: str
    simulation_id: str | None = None
    export: str = ""
    is_complete: bool = False
    settled: bool = False
    error: str | None = None
    files: Mapping[str, int] = field(factory=dict)
    version: int = VERSION


class Dataset:
    """A dataset at a place."""

    def __init__(self, place: Place, format: str) -> None:  # noqa: A002 - the word that users know
        self.place = place
        self.format = format
        self._write = writer(format)

    def prepare(self) -> None:
        """Write the schema, or check that an existing schema is the same.

        Raises:
            UsageError: The place has tables of another version or in another format.
        """
        if (data := self.place.read(SCHEMA)) is None:
            document = msgspec.json.encode(schema_document(self.format))
            self._put(SCHEMA, msgspec.json.format(document, indent=2) + b"\n")
            return
        found = _schema_in(data, self.place.name)
        if found.version != VERSION:
            raise UsageError(
                f"{self.place.name} has tables of version {found.version}, and this package writes version "
                f"{VERSION}. Export to another place."
            )
        if found.format != self.format:
            raise UsageError(
                f"{self.place.name} has tables in the format {found.format}. "
                "Use that format, or another place."
            )

    def write(self, run: SimulationRun, export: str, *, with_links: bool = False) -> Mapping[str, int]:
        """Write all tables of a run and commit them; return the number of rows in each table."""
        reader = RunReader(run, with_links=with_links)
        tables = ((name, reader.batches(name)) for name in TABLES)
        commit = Commit(run.id, run.simulation_id, export, settled=run.is_settled)
        return self._replace(commit, tables, kept={})

    def fail(self, run_id: str, error: BluejayError, export: str) -> None:
        """Write a row of `errors` for a run that couldn't be read; its committed files are kept."""
        run_id = run_id.encode(errors="replace").decode()  # the name of a file may contain any bytes
        old = commit_of(self.place, run_id)
        if old is None or not old.is_complete:
            old = Commit(run_id)
        kept = {path: rows for path, rows in old.files.items() if not path.startswith("errors/")}
        errors = failure(run_id, error, old.simulation_id)
        commit = Commit(run_id, old.simulation_id, export, error=errors["message"][0])
        self._replace(commit, [("errors", [errors])], kept)

    def _replace(
        self, commit: Commit, tables: Iterable[tuple[str, Iterable[Batch]]], kept: Mapping[str, int]
    ) -> Mapping[str, int]:
        path = _commit_path(commit.run_id)
        old = commit_of(self.place, commit.run_id) or Commit(commit.run_id)
        self._put(path, _encoded(evolve(commit, files=old.files)))
        rows, files = dict[str, int](), dict(kept)
        for name, batches in tables:
            part = _part_path(name, commit, self.format)
            with self.place.writing(part) as file:
                rows[name] = files[part] = self._write(file, TABLES[name], batches)
        self._check_alone(commit)
        self._put(path, _encoded(evolve(commit, files=files, is_complete=True)))
        for stale in old.files.keys() - files.keys():
            self.place.remove(stale)
        return rows

    def _check_alone(self, commit: Commit) -> None:
        found = commit_of(self.place, commit.run_id)
        if found is None or found.export != commit.export:
            self.place.remove(_commit_path(commit.run_id))
            raise OtherExportError(
                f"Another export wrote run {commit.run_id} to {self.place.name} at the same time, "
                "so neither export counts. Export the run again."
            )

    def _put(self, path: str, data: bytes) -> None:
        with self.place.writing(path) as file:
            file.write(data)


def new_export() -> str:
    """Return a random name for an export."""
    return secrets.token_hex(8)


def commit_of(place: Place, run_id: str) -> Commit | None:
    """Return the commit of a run, complete or not; None if there is none."""
    return _commit_in(place, _commit_path(run_id))


def commits(place: Place) -> Iterator[Commit]:
    """Yield the complete commits of a place.

    Raises:
        UsageError: Nothing was exported to the place.
    """
    if place.read(SCHEMA) is None:
        raise UsageError(f"{place.name} has no {SCHEMA}: nothing was exported to it.")
    for name in place.names(COMMITS):
        if name.endswith(".json"):
            commit = _commit_in(place, f"{COMMITS}/{name}")
            if commit and commit.is_complete:
                yield commit


def _commit_in(place: Place, path: str) -> Commit | None:
    data = place.read(path)
    try:
        return None if data is None else msgspec.json.decode(data, type=Commit)
    except msgspec.DecodeError:
        raise UsageError(
            f"{place.full(path)} is not a commit of an export. Remove it, and export again."
        ) from None


def segment(value: str | None) -> str:
    """Return an id as part of a path: percent-encoded, and cut to a length that file systems allow."""
    if value is None:
        return UNKNOWN
    encoded = quote(value, safe="", errors="replace")
    if len(encoded) <= _LONGEST:
        return encoded
    return f"{encoded[:_LONGEST]}-{sha256(encoded.encode()).hexdigest()[:16]}"


def _part_path(table: str, commit: Commit, ending: str) -> str:
    keys = f"simulation_id={segment(commit.simulation_id)}/run_id={segment(commit.run_id)}"
    return f"{table}/{keys}/part.{ending}"


def _commit_path(run_id: str) -> str:
    return f"{COMMITS}/run_id={segment(run_id)}.json"


def _encoded(commit: Commit) -> bytes:
    return msgspec.json.encode(commit) + b"\n"


@frozen
class _Schema:
    version: int
    format: str


def _schema_in(data: bytes, name: str) -> _Schema:
    try:
        return msgspec.json.decode(data, type=_Schema)
    except msgspec.DecodeError:
        raise UsageError(
            f"{name}/{SCHEMA} is not the schema of an export. Export to another place."
        ) from None


def schema_document(format: str) -> dict[str, object]:  # noqa: A002 - the word that users know
    """Return the document that describes the tables."""
    return {
        "version": VERSION,
        "format": format,
        "hive_keys": {"simulation_id": "text", "run_id": "text"},
        "tables": {
            table.name: {
                "meaning": table.meaning,
                "columns": [
                    {"name": each.name, "type": each.kind.value, "meaning": each.meaning}
                    for each in table.columns
                ],
            }
            for table in TABLES.values()
        },
    }
