"""The command `export`.

Annotations aren't postponed here, because typer would have to evaluate them at each start.
"""

import datetime
import gc
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from attrs import frozen

from bluejay_results._defaults import MAX_BODY_BYTES
from bluejay_results.errors import UsageError
from bluejay_results.reading.body import OnViolation
from bluejay_results.results.app_url import run_id_in, simulation_id_in

from ..writing.safe_text import terminal_safe
from ..writing.streams import plain_lines, write_message, write_text
from .exit_codes import ExitCode
from .key import KeyOptions
from .options import BaseUrl, KeyFile, Organization, Version
from .progress import progress_of_runs
from .runs import Last, Since
from .signals import on_interrupt, stop_on_signals
from .source import check_simulation, connect, is_saved

if TYPE_CHECKING:
    from bluejay_results.export.exporting import Exporter, ExportReport, NamedRun

HELP = """\
Examples:
  bluejay-results export 48213 48214 -o runs
  bluejay-results export --simulation 731 --since 2026-11-01 --resume -o s3://bucket/runs
  bluejay-results export recordings/*.har --format csv -o tables

docs/export.md describes the tables and how to read them.

Environment and exit codes: bluejay-results --help"""

_LISTED = 5
"""The maximum number of failed runs to name for each reason."""


def export(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="RUN|FILE...",
            help="Run ids, URLs of runs in the app, recordings, saved bodies, or folders with files that end "
            "in .har or .json.",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="PLACE", help="A folder, or a URL such as s3://bucket/runs."),
    ] = None,
    simulation: Annotated[
        str | None, typer.Option(metavar="ID", help="Also export the runs of this simulation.")
    ] = None,
    last: Last = None,
    since: Since = None,
    format_: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="parquet, or csv for spreadsheets.")
    ] = "parquet",
    resume: Annotated[
        bool, typer.Option("--resume", help="Add the runs that PLACE doesn't have to the export in it.")
    ] = False,
    collect: Annotated[
        bool,
        typer.Option(
            "--collect",
            help="Export the valid parts of a run that breaks the contract, and list the rest in the table "
            "`errors`.",
        ),
    ] = False,
    with_links: Annotated[
        bool,
        typer.Option("--with-links", help="Keep the signed URLs, which are secrets while they are valid."),
    ] = False,
    concurrency: Annotated[
        int, typer.Option(min=1, max=100, metavar="N", help="How many runs to read at once.")
    ] = 20,
    dask: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Use the Dask cluster with this scheduler: each task reads up to 200 runs and writes one "
            "part. Each worker takes the API key from its own environment.",
        ),
    ] = None,
    base_url: BaseUrl = None,
    api_key_file: KeyFile = None,
    organization: Organization = None,
    _version: Version = False,
) -> None:
    """Export settled runs as tables: Parquet, or CSV for spreadsheets.

    A run that can't be exported becomes a row of the table `errors` and doesn't affect other runs.
    """
    gc.enable()  # each run leaves garbage behind
    on_interrupt("To continue, run the same command with --resume." if format_ == "parquet" else "")
    stop_on_signals()
    if not output:
        raise UsageError("Missing option '--output' / '-o'. See: bluejay-results export --help")
    if simulation is None and (last is not None or since is not None):
        raise UsageError("--last and --since choose runs of a simulation. Name it with --simulation.")
    files = [each for each in sources or [] if is_saved(each) or Path(each).is_dir()]
    run_ids = [run_id_in(each) for each in sources or [] if each not in files]
    if not files and not run_ids and simulation is None:
        raise UsageError("Name a run or a file, or use --simulation. See: bluejay-results export --help")
    if dask is not None and (files or format_ != "parquet"):
        raise UsageError("With --dask, export runs of the service, to Parquet.")
    from bluejay_results.export.dataset import Dataset
    from bluejay_results.export.exporting import Exporter, files_in, pending

    files = list(files_in(files))
    exporter = Exporter(Dataset.open(output, format_, resume=resume), with_links)
    service = _Service(
        base_url, KeyOptions(file=api_key_file, organization=organization), concurrency, collect
    )
    if simulation is not None:
        run_ids += service.runs_of(simulation, last, since)
    wanted = pending(run_ids, output) if resume else list(dict.fromkeys(run_ids))
    with progress_of_runs(len(files) + len(wanted)) as done:
        if dask is not None:
            report = service.export_on(dask, wanted, exporter, done)
        else:
            with closing(service.read(files, wanted, done)) as runs:
                report = exporter.write(runs)
    report.skipped += sorted({*run_ids} - {*wanted})
    _write(report, output)
    if report.failed:
        raise typer.Exit(ExitCode.API)


@frozen
class _Service:
    """Reads runs, as the options say."""

    base_url: str | None
    key: KeyOptions
    concurrency: int
    collect: bool

    @property
    def on_violation(self) -> OnViolation:
        return "collect" if self.collect else "raise"

    def runs_of(self, simulation: str, last: int | None, since: datetime.datetime | None) -> list[str]:
        """Return the ids of a simulation's runs, the newest first."""
        with connect(self.base_url, self.key, MAX_BODY_BYTES) as client:
            found = client.runs(simulation_id_in(simulation))
        check_simulation(found)
        return [each.id for each in found if since is None or each.created_at >= since][:last]

    def read(
        self, files: Iterable[str], run_ids: list[str], done: Callable[[], None]
    ) -> "Generator[NamedRun, None, None]":
        """Read files in order, then runs as they arrive."""
        from bluejay_results.export.exporting import saved_runs

        for each in saved_runs(files, on_violation=self.on_violation):
            yield each
            done()
        if not run_ids:
            return
        with (
            connect(self.base_url, self.key, MAX_BODY_BYTES) as client,
            closing(
                client.retrieve_many(run_ids, self.concurrency, complete=True, on_violation=self.on_violation)
            ) as runs,
        ):
            for each in runs:
                yield each
                done()

    def export_on(
        self, address: str, run_ids: list[str], exporter: "Exporter", done: Callable[[], None]
    ) -> "ExportReport":
        """Export runs on a Dask cluster."""
        from bluejay_results.export.cluster import Reading, export_on_cluster

        reading = Reading(self.base_url, self.key.organization, self.on_violation, self.concurrency)
        return export_on_cluster(run_ids, exporter, address, reading, done)


def _write(report: "ExportReport", place: str) -> None:
    """Write one line about the export, and one line on stderr for each reason for failed runs."""
    conversations = report.rows["conversations"]
    parts = [f"Exported {_runs(len(report.exported))} with {conversations:,} conversations to {place}"]
    if report.skipped:
        parts.append(f"{len(report.skipped)} skipped (exported before or given twice)")
    if report.not_settled:
        parts.append(f"{len(report.not_settled)} not settled yet")
    if report.failed:
        parts.append(f"{len(report.failed)} failed")
    write_text(plain_lines([terminal_safe("; ".join(parts))]))
    reasons: dict[str, list[str]] = {}
    for name, error in report.failed.items():
        reasons.setdefault(error.reason.removeprefix(f"{name}: "), []).append(name)
    for reason, names in reasons.items():
        more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
        write_message(f"bluejay-results: failed: {', '.join(names[:_LISTED])}{more}: {reason}", 1000)


def _runs(number: int) -> str:
    return "1 run" if number == 1 else f"{number:,} runs"
