"""Reads the runs for an export."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..client.sync_client import BluejayClient
from ..errors import BluejayError, UsageError
from ..reading.body import OnViolation
from ..results.run import SimulationRun
from ..results.simulation_runs import ListedRun
from .exporting import NamedRun, explained, is_done
from .one_run import to_arrow
from .place import place_at
from .tables.arrow import arrow_schema, arrow_table
from .tables.reader import failure
from .tables.schema import TABLES

if TYPE_CHECKING:
    import pyarrow

_ENDINGS = (".har", ".json")


def saved_runs(
    paths: Iterable[str | os.PathLike[str]], *, on_violation: OnViolation = "raise"
) -> Iterator[NamedRun]:
    """Yield the path of each file with the run in it, or with the error if the file can't be read.

    Args:
        paths: Recordings, saved bodies, and folders with files that end in .har or .json.
        on_violation: As in `SimulationRun.from_file`.
    """
    return each_saved(files_in(paths), partial(SimulationRun.from_file, on_violation=on_violation))


def each_saved(paths: Iterable[str], read: Callable[[str], SimulationRun]) -> Iterator[NamedRun]:
    """Yield each path with the run that `read` returns for it, or with the error if it can't be read."""
    for path in paths:
        run: SimulationRun | BluejayError
        try:
            run = read(path)
        except BluejayError as error:
            run = error
        except OSError as error:
            run = UsageError(f"{path}: {error.strerror}.")
        yield path, run


def files_in(paths: Iterable[str | os.PathLike[str]]) -> Iterator[str]:
    """Yield the files that `paths` name; for a folder, its .har and .json files, sorted.

    Raises:
        UsageError: A folder has no such file.
    """
    for path in map(Path, paths):
        if not path.is_dir():
            yield str(path)
            continue
        found = sorted(
            each for each in path.iterdir() if each.suffix in _ENDINGS and each.name[0] not in "._"
        )
        if not found:
            raise UsageError(f"{path} has no file that ends in .har or .json.")
        yield from map(str, found)


def pending(run_ids: Iterable[str | ListedRun], place: str | os.PathLike[str]) -> Iterator[str]:
    """Yield each run that isn't yet committed as settled at a place; a repeated id is yielded once.

    Raises:
        UsageError: The place can't be read.
    """
    at = place_at(place)
    for run_id in dict.fromkeys(each.id if isinstance(each, ListedRun) else each for each in run_ids):
        with explained(at.name):
            is_pending = not is_done(at, run_id)
        if is_pending:
            yield run_id


def run_tables(
    run: str | SimulationRun,
    *,
    client: BluejayClient | None = None,
    complete: bool = False,
    on_violation: OnViolation = "raise",
    with_links: bool = False,
) -> dict[str, pyarrow.Table]:
    """Return all tables of a run, by name.

    The tables of all runs have the same schemas, so that any framework can map this function over many runs.
    A run that can't be read has one row in `errors`, and its other tables are empty.

    Args:
        run: The run, or its id.
        client: The client to read the run with. Default: a new client with the settings of the environment.
        complete: As in `BluejayClient.retrieve`.
        on_violation: As in `BluejayClient.retrieve`.
        with_links: Keep the signed URLs, which are secrets while they are valid.

    Raises:
        UsageError: The client can't be made, or pyarrow is not installed.
    """
    if isinstance(run, SimulationRun):
        return {name: to_arrow(run, name, with_links=with_links) for name in TABLES}
    with nullcontext(client) if client else BluejayClient() as reader:
        try:
            read = reader.retrieve(run, complete=complete, on_violation=on_violation)
        except BluejayError as error:
            return _failed(run, error)
    return {name: to_arrow(read, name, with_links=with_links) for name in TABLES}


def _failed(run_id: str, error: BluejayError) -> dict[str, pyarrow.Table]:
    schemas = {name: arrow_schema(table) for name, table in TABLES.items()}
    tables = {name: arrow_table(schema, []) for name, schema in schemas.items()}
    return tables | {"errors": arrow_table(schemas["errors"], [failure(run_id, error)])}
