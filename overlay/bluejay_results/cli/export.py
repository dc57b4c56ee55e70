"""The `export` command.

Annotations aren't postponed here (PEP 563): typer would have to evaluate them every time it starts.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bluejay_results.errors import UsageError
from bluejay_results.results.app_url import run_id_in, simulation_id_in
from bluejay_results.results.responses import OnViolation

from ..writing.safe_text import terminal_safe
from ..writing.streams import plain_lines, write_message, write_text
from ..writing.words import count_text
from .connection import Connection
from .exit_codes import ExitCode
from .options import OUTPUTS, SUBJECT, Version, argument, option
from .process import on_interrupt
from .progress import progress_of_runs
from .runs import Last, Since
from .source import is_saved

if TYPE_CHECKING:
    from bluejay_results.export.exporting import ExportReport, NamedRun

EXAMPLES = """\
  bluejay-results export 48213 48214 -o runs
  bluejay-results export --simulation 731 --since 2026-11-01 --resume -o runs
  bluejay-results export recordings/*.har --format csv -o tables

docs/export.md describes the tables and how to read them.
"""

_SPEED = "Speed"

_RESUME = "To continue, run the same command with --resume."

_LISTED = 5
"""The maximum number of failed or unsettled runs to list."""


def export(
    sources: Annotated[
        list[str] | None,
        argument(
            "RUN|FILE...",
            "Run ids, URLs of runs in the app, recordings, saved bodies, or folders with files that end in "
            ".har or .json.",
        ),
    ] = None,
    *,
    simulation: Annotated[
        str | None, option(SUBJECT, "ID", "Also export the runs of this simulation.")
    ] = None,
    last: Last = None,
    since: Since = None,
    output: Annotated[
        str | None,
        option(OUTPUTS, "FOLDER", "The destination.", "--output", "-o"),
    ] = None,
    format_: Annotated[
        str, option(OUTPUTS, "FORMAT", "parquet, or csv for spreadsheets.", "--format")
    ] = "parquet",
    resume: Annotated[
        bool,
        option(OUTPUTS, None, "Keep the export at the destination, and add the missing runs.", "--resume"),
    ] = False,
    collect: Annotated[
        bool,
        option(
            OUTPUTS,
            None,
            "Export the valid parts of a run that breaks the contract, and list the rest in the "
            "`errors` table.",
            "--collect",
        ),
    ] = False,
    with_links: Annotated[
        bool,
        option(
            OUTPUTS, None, "Keep the signed URLs, which are secrets while they are valid.", "--with-links"
        ),
    ] = False,
    concurrency: Annotated[
        int, option(_SPEED, "N", "The number of runs to fetch in parallel.", min=1, max=100)
    ] = 20,
    dask: Annotated[
        str | None,
        option(
            _SPEED,
            "ADDRESS",
            "Use the Dask cluster with this scheduler. Each task reads up to 200 runs and writes one part. "
            "Each worker takes the API key from its own environment.",
        ),
    ] = None,
    connection: Connection,
    _version: Version = False,
) -> None:
    """Export settled runs as Parquet tables, or as CSV for spreadsheets.

    A run that can't be exported becomes a row in the `errors` table and doesn't affect other runs.
    """
    on_interrupt(_RESUME if format_ == "parquet" else "")
    if not output:
        raise UsageError("Missing option '--output' / '-o'. See: bluejay-results export --help")
    if simulation is None and (last is not None or since is not None):
        raise UsageError(
            "--last and --since select a simulation's runs. Pass the simulation with --simulation."
        )
    files = [each for each in sources or [] if is_saved(each) or Path(each).is_dir()]
    run_ids = [run_id_in(each) for each in sources or [] if each not in files]
    if not files and not run_ids and simulation is None:
        raise UsageError("Pass a run, a file or --simulation. See: bluejay-results export --help")
    if dask is not None and (files or format_ != "parquet"):
        raise UsageError("--dask can export only runs from the service, and only to Parquet.")
    from bluejay_results.export.dataset import Dataset
    from bluejay_results.export.exporting import Exporter, files_in, pending

    with _explaining_resume():
        files = list(files_in(files))
        exporter = Exporter(Dataset.open(output, format_, resume=resume), with_links)
        if simulation is not None:
            with connection.client() as client:
                found = client.runs(simulation_id_in(simulation))
            run_ids += [each.id for each in found if since is None or each.created_at >= since][:last]
        wanted = pending(run_ids, output) if resume else list(dict.fromkeys(run_ids))
        on_violation: OnViolation = "collect" if collect else "raise"
        with progress_of_runs(len(files) + len(wanted)) as done:
            if dask is not None:
                from bluejay_results.export.cluster import export_on_cluster, read_in_worker

                read = partial(
                    read_in_worker,
                    base_url=connection.base_url,
                    organization_id=connection.organization,
                    concurrency=concurrency,
                    on_violation=on_violation,
                )
                report = export_on_cluster(wanted, exporter, dask, read, done)
            else:
                with closing(_read(files, wanted, connection, concurrency, on_violation, done)) as runs:
                    report = exporter.write(runs)
    report.skipped += sorted({*run_ids} - {*wanted})
    _write(report, output)
    if report.failed:
        raise typer.Exit(ExitCode.API)


@contextmanager
def _explaining_resume() -> Iterator[None]:
    """If the export can be resumed after an error, add the option that resumes it to the message."""
    from bluejay_results.export.dataset import ResumableError

    try:
        yield
    except ResumableError as error:
        raise UsageError(f"{error} {_RESUME}") from None


def _read(
    files: Iterable[str],
    run_ids: list[str],
    connection: Connection,
    concurrency: int,
    on_violation: OnViolation,
    done: Callable[[], None],
) -> "Generator[NamedRun, None, None]":
    """Yield runs in files in order, then the others as they become available; call `done` after each run."""
    from bluejay_results.export.exporting import saved_runs

    for each in saved_runs(files, on_violation=on_violation):
        yield each
        done()
    if run_ids:
        with connection.client() as client:
            runs = client.retrieve_many(run_ids, concurrency, complete=True, on_violation=on_violation)
            with closing(runs):
                for each in runs:
                    yield each
                    done()


def _write(report: "ExportReport", folder: str) -> None:
    """Write one line about the export, and to stderr, lines about the first runs that failed."""
    runs = count_text(len(report.exported), "run")
    parts = [f"Exported {runs} with {count_text(report.rows['conversations'], 'conversation')} to {folder}"]
    waiting = ", ".join(report.not_settled[:_LISTED]) + (", …" if len(report.not_settled) > _LISTED else "")
    counts = {
        "skipped (already exported or repeated)": report.skipped,
        f"not settled yet ({waiting})": report.not_settled,
        "failed": report.failed,
    }
    parts += [f"{len(names):,} {what}" for what, names in counts.items() if names]
    write_text(plain_lines([terminal_safe("; ".join(parts))]))
    for name, error in islice(report.failed.items(), _LISTED):
        write_message(f"bluejay-results: failed: {name}: {error.reason.removeprefix(f'{name}: ')}", 1000)
    if len(report.failed) > _LISTED:
        write_message(
            f"bluejay-results: {len(report.failed) - _LISTED:,} more failed; see the `errors` table"
        )
