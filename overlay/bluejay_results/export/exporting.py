"""Exports many runs. Each run is committed separately; a run that fails doesn't affect the others."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias, cast

from attrs import define, field

from ..errors import BluejayError, ContractViolationError, UsageError
from ..results.run import SimulationRun
from .dataset import Dataset, OtherExportError, commit_of, new_export, segment
from .place import Place, place_at

NamedRun: TypeAlias = tuple[str, SimulationRun | BluejayError]
"""A run's id or file, and the run or its error, as `retrieve_many` and `saved_runs` yield them."""
OnRun: TypeAlias = Callable[[str], None]
ExportOutcome: TypeAlias = "Mapping[str, int] | BluejayError | None"
"""The outcome of a run: the number of rows in each table, the error of the run, or None if it was skipped."""


@define
class ExportReport:
    """The outcome of an export.

    Attributes:
        exported: The runs that were written, by id or file.
        skipped: The runs that were skipped because they were committed and settled before, or given twice.
        failed: The errors of the runs that could not be exported, by id or file.
        rows: The number of rows written, by table.
    """

    exported: list[str] = field(factory=list)
    skipped: list[str] = field(factory=list)
    failed: dict[str, BluejayError] = field(factory=dict)
    rows: Counter[str] = field(factory=Counter)

    def add(self, name: str, outcome: ExportOutcome) -> None:
        """Add the outcome of one run."""
        if isinstance(outcome, BluejayError):
            self.failed[name] = outcome
        elif outcome is None:
            self.skipped.append(name)
        else:
            self.exported.append(name)
            self.rows.update(outcome)


@define
class Exporter:
    """Writes one run after the other to a place."""

    dataset: Dataset
    export: str
    resume: bool
    with_links: bool
    har_dir: str | None
    _seen: set[str] = field(factory=set)

    @classmethod
    def start(
        cls,
        place: str | os.PathLike[str],
        format: str,  # noqa: A002 - the word that users know
        *,
        resume: bool,
        with_links: bool,
        har_dir: str | os.PathLike[str] | None,
    ) -> Exporter:
        """Check the place and write the schema to it; raise UsageError if the place can't be used."""
        dataset = Dataset(place_at(place), format)
        with explained(dataset.place.name):
            dataset.prepare()
        har_dir = None if har_dir is None else os.fspath(har_dir)
        return cls(dataset, new_export(), resume, with_links, har_dir)

    def take(self, name: str, run: SimulationRun | BluejayError) -> ExportOutcome:
        """Write a run, or a row of `errors` if it failed.

        Raises:
            UsageError: The place can't be written.
        """
        run = _run_or_error(run)
        try:
            with explained(self.dataset.place.name):
                if isinstance(run, BluejayError):
                    self.dataset.fail(name, run, self.export)
                    return run
                if run.id in self._seen or (self.resume and is_done(self.dataset.place, run.id)):
                    return None
                self._seen.add(run.id)
                self._record(run)
                return self.dataset.write(run, self.export, with_links=self.with_links)
        except OtherExportError as error:
            return error

    def _record(self, run: SimulationRun) -> None:
        if self.har_dir is None or run.settings is None:
            return
        with explained(self.har_dir):
            run.save(Path(self.har_dir, f"{segment(run.id)}.har"))


def export(
    runs: Iterable[NamedRun],
    place: str | os.PathLike[str],
    *,
    format: str = "parquet",  # noqa: A002 - the word that users know
    resume: bool = False,
    with_links: bool = False,
    har_dir: str | os.PathLike[str] | None = None,
    on_run: OnRun | None = None,
) -> ExportReport:
    """Write runs, one after the other, as tables to a place. See docs/export.md for the tables and files.

    A run that could not be read becomes a row of `errors`.

    Args:
        runs: The runs, as `client.retrieve_many` and `saved_runs` yield them.
        place: A folder, or a URL of fsspec such as s3://bucket/runs.
        format: `parquet`, `csv` or `jsonl`.
        resume: Skip the runs that are committed and were settled.
        with_links: Keep the signed URLs, which are secrets while they are valid.
        har_dir: The folder for a recording of each run; a run from a saved body has no recording.
        on_run: A function to call with the id or file of each run that is done.

    Raises:
        UsageError: The place can't be written, its tables are of another version or format, or an extra is
            missing.
    """
    exporter = Exporter.start(place, format, resume=resume, with_links=with_links, har_dir=har_dir)
    report = ExportReport()
    for name, run in runs:
        report.add(name, exporter.take(name, run))
        if on_run:
            on_run(name)
    return report


def is_done(place: Place, run_id: str) -> bool:
    """Whether a run is committed and was settled, so that it needn't be read again."""
    commit = commit_of(place, run_id)
    return commit is not None and commit.is_complete and commit.settled


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Raise UsageError if a place can't be read or written."""
    try:
        yield
    except OSError as error:
        advice = "Committed runs are kept. Fix this, then export again with resume."
        raise UsageError(f"{name}: {error.strerror or error}. {advice}") from None


def _run_or_error(run: SimulationRun | BluejayError) -> SimulationRun | BluejayError:
    """Return the run, or an error if it can't be exported."""
    if isinstance(run, BluejayError):
        return run
    if cast("str | None", run.id) is None:  # a violation makes it None
        return ContractViolationError("The run breaks the contract: it has no valid id.")
    return run
