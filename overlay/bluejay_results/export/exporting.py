"""Exports many runs. A run that can't be exported doesn't affect the others."""

from __future__ import annotations

import datetime
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TypeAlias, cast

from attrs import define, field, frozen

from ..errors import BluejayError, ContractViolationError, UsageError
from ..results.responses import OnViolation
from ..results.run import SimulationRun
from ..results.simulation_runs import ListedRun
from .dataset import Dataset, PartWriter, ResumableError, explained
from .folder import Folder
from .rows import Error, Row, failure, read_tables

PART = 200
"""The maximum number of runs in a part."""
NamedRun: TypeAlias = tuple[str, SimulationRun | BluejayError]
"""A run's id or file, and the run or its error, as yielded by `retrieve_many` and `saved_runs`."""


@define
class ExportReport:
    """The result of an export.

    Attributes:
        exported: The ids or files of the runs that were written.
        skipped: The ids or files of the runs that were already exported, or passed twice.
        not_settled: The ids of the runs that were not written because they aren't settled yet.
        failed: The errors of the runs that could not be exported, by id or file.
        rows: The number of rows written, by table.
    """

    exported: list[str] = field(factory=list)
    skipped: list[str] = field(factory=list)
    not_settled: list[str] = field(factory=list)
    failed: dict[str, BluejayError] = field(factory=dict)
    rows: Counter[str] = field(factory=Counter)

    def add(self, other: ExportReport) -> None:
        """Add another report's runs and row counts to this one."""
        self.exported += other.exported
        self.skipped += other.skipped
        self.not_settled += other.not_settled
        self.failed |= other.failed
        self.rows += other.rows

    def unlisted(self) -> list[Row]:
        """Return the `errors` rows for the runs that were not exported."""
        message = "The run isn't settled yet. Export it again later."
        waiting = [Error(each, None, None, "NotSettled", message) for each in self.not_settled]
        return waiting + [failure(name, error) for name, error in self.failed.items()]


@frozen
class Exporter:
    """Writes runs to a dataset."""

    dataset: Dataset
    with_links: bool
    began_at: datetime.datetime = field(factory=partial(datetime.datetime.now, datetime.UTC))

    def write(self, runs: Iterable[NamedRun]) -> ExportReport:
        """Write runs, and `errors` rows for runs that can't be exported."""
        report, is_csv = ExportReport(), self.dataset.format == "csv"
        with explained(self.dataset.folder, UsageError if is_csv else ResumableError):
            self.dataset.start()
            if is_csv:
                with self.dataset.part(0) as part:
                    self._fill(part, self.exportable(runs, report, set()), report)
                    part.add("errors", report.unlisted())
                report.rows += part.rows
                return report
            found = self.exportable(runs, report, self.dataset.listed())
            for number in self.dataset.free_numbers():
                if not self.write_part(number, found, report):
                    break
            self.dataset.finish(report.unlisted())
        return report

    def exportable(
        self, runs: Iterable[NamedRun], report: ExportReport, listed: set[str]
    ) -> Iterator[tuple[str, SimulationRun]]:
        """Yield the runs that can be exported and aren't in `listed`; add the others to the report."""
        for name, run in runs:
            if isinstance(run, BluejayError):
                report.failed[name] = run
            elif cast("str | None", run.id) is None:  # a violation makes the id None
                report.failed[name] = ContractViolationError("The run has no valid id.")
            elif run.id in listed:
                report.skipped.append(name)
            elif not run.is_settled:
                report.not_settled.append(run.id)
            else:
                listed.add(run.id)
                yield name, run

    def write_part(
        self, number: int, found: Iterator[tuple[str, SimulationRun]], report: ExportReport
    ) -> bool:
        """Write the next runs as a part; return False if there are no more runs."""
        first = next(found, None)
        if first is None:
            return False
        with self.dataset.part(number) as part:
            self._fill(part, chain([first], islice(found, PART - 1)), report)
        report.rows += part.rows
        return True

    def _fill(
        self, part: PartWriter, found: Iterable[tuple[str, SimulationRun]], report: ExportReport
    ) -> None:
        for name, run in found:
            for table, rows in read_tables(run, with_links=self.with_links, exported_at=self.began_at):
                part.add(table, rows)
            report.exported.append(name)


def export(
    runs: Iterable[NamedRun],
    folder: str | os.PathLike[str],
    *,
    format: str = "parquet",  # noqa: A002 - the word that users know
    resume: bool = False,
    with_links: bool = False,
) -> ExportReport:
    """Write runs as tables to a destination. See docs/export.md for the files.

    A run that couldn't be read, or isn't settled, becomes a row of the table `errors`.

    Args:
        runs: The runs, as yielded by `client.retrieve_many` and `saved_runs`.
        folder: The destination.
        format: `parquet` or `csv`.
        resume: Continue an earlier export by adding only the runs that it doesn't contain.
        with_links: Keep the signed URLs, which are secrets while they are valid.

    Raises:
        UsageError: The destination can't be used or written to, or an extra is missing.
    """
    return Exporter(Dataset.open(folder, format, resume=resume), with_links).write(runs)


def pending(run_ids: Iterable[str | ListedRun], folder: str | os.PathLike[str]) -> list[str]:
    """Return the runs that have not been exported to a destination yet, without duplicates.

    Raises:
        UsageError: The destination can't be read.
    """
    at = Folder(folder)
    with explained(at):
        listed = Dataset(at, "parquet").listed()
    ids = (each.id if isinstance(each, ListedRun) else each for each in run_ids)
    return [each for each in dict.fromkeys(ids) if each not in listed]


def saved_runs(
    paths: Iterable[str | os.PathLike[str]], *, on_violation: OnViolation = "raise"
) -> Iterator[NamedRun]:
    """Yield each file's path with its run, or with the error if the file can't be read.

    Args:
        paths: Recordings, saved bodies, and folders with .har or .json files.
        on_violation: As in `SimulationRun.from_file`.
    """
    for path in files_in(paths):
        run: SimulationRun | BluejayError
        try:
            run = SimulationRun.from_file(path, on_violation=on_violation)
        except BluejayError as error:
            run = error
        except OSError as error:
            run = UsageError(f"{path}: {error.strerror}.")
        yield path, run


def files_in(paths: Iterable[str | os.PathLike[str]]) -> Iterator[str]:
    """Yield the files in `paths`; for a folder, the .har and .json files in it."""
    for path in map(Path, paths):
        if not path.is_dir():
            yield str(path)
        elif found := sorted(each for each in path.glob("[!._]*") if each.suffix in {".har", ".json"}):
            yield from map(str, found)
        else:
            raise UsageError(f"The folder {path} contains no .har or .json files.")
