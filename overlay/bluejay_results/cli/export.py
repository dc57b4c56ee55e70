"""The command `export`.

Annotations aren't postponed here, because typer would have to evaluate them at each start.
"""

from collections.abc import Generator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from attrs import frozen

from bluejay_results.client.size_limit import MAX_BODY_BYTES, saved_bytes
from bluejay_results.errors import UsageError
from bluejay_results.reading.body import OnViolation
from bluejay_results.results.app_url import run_id_in, simulation_id_in

from ..writing.safe_text import terminal_safe
from ..writing.streams import plain_lines, write_message, write_text
from .exit_codes import ExitCode
from .options import OUTPUTS, SUBJECT, Connection, Version, argument, option
from .progress import progress_of_runs
from .signals import on_interrupt, stop_on_signals
from .source import is_saved, saved

if TYPE_CHECKING:
    from bluejay_results.export.exporting import Exporter, ExportOutcome, ExportReport

EXAMPLES = """\
  bluejay-results export 48213 48214 -o runs
  bluejay-results export --simulation 731 --resume -o s3://bucket/runs
  bluejay-results export recordings/ --format csv -o tables
  bluejay-results export --ids ids.txt --complete --har-dir recordings -o runs

docs/export.md describes the tables and how to read them.
"""

_LISTED = 5
"""The maximum number of failed runs to name for each reason."""


def export(
    sources: Annotated[
        list[str] | None,
        argument(
            "RUN|FILE|FOLDER...",
            "Run ids, URLs of runs in the app, recordings, saved bodies, - for standard input, or "
            "folders with files that end in .har or .json.",
        ),
    ] = None,
    *,
    output: Annotated[
        str | None,
        option(OUTPUTS, "PLACE", "A folder, or a URL such as s3://bucket/runs.", "--output", "-o"),
    ] = None,
    simulation: Annotated[
        str | None, option(SUBJECT, "ID", "Also export all runs of this simulation.")
    ] = None,
    ids: Annotated[
        str | None,
        option(SUBJECT, "FILE|-", "Also export the runs whose ids are in this file, one id per line."),
    ] = None,
    format_: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="parquet, csv or jsonl.")
    ] = "parquet",
    resume: Annotated[
        bool, typer.Option("--resume", help="Skip runs that are already in PLACE and were settled.")
    ] = False,
    complete: Annotated[
        bool,
        typer.Option("--complete", help="Fetch a conversation by id if the list may lack its tool calls."),
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
    har_dir: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Save a recording of each run in this folder.")
    ] = None,
    concurrency: Annotated[
        int, typer.Option(min=1, max=100, metavar="N", help="How many runs to read at once.")
    ] = 20,
    dask: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Use the Dask cluster with this scheduler. Each worker takes the API key from its own "
            "environment. --concurrency limits all workers together.",
        ),
    ] = None,
    connection: Connection,
    _version: Version = False,
) -> None:
    """Export runs as tables: Parquet, CSV or JSONL.

    Each run is committed separately. A run that fails becomes a row of the table `errors` and doesn't affect
    other runs.
    """
    on_interrupt("Exported runs are kept. To continue, run the same command with --resume.")
    stop_on_signals()
    if not output:
        raise UsageError("Missing option '--output' / '-o'. See: bluejay-results export --help")
    files, run_ids = _given(sources or [], ids)
    if not files and not run_ids and simulation is None:
        raise UsageError(
            "Name a run, a file or a folder, or use --simulation or --ids. See: bluejay-results export --help"
        )
    from bluejay_results.export.exporting import Exporter, ExportReport
    from bluejay_results.export.sources import files_in, pending

    files = [each for path in files for each in (["-"] if path == "-" else files_in([path]))]
    on_violation: OnViolation = "collect" if collect else "raise"
    reads = _Reads(
        complete,
        on_violation,
        concurrency,
        dask,
        connection,
    )
    exporter = Exporter.start(output, format_, resume=resume, with_links=with_links, har_dir=har_dir)
    if simulation is not None:
        run_ids += reads.runs_of(simulation)
    run_ids, report = list(dict.fromkeys(run_ids)), ExportReport()
    if resume:
        wanted, run_ids = run_ids, list(pending(run_ids, output))
        report.skipped += sorted({*wanted} - {*run_ids})
    with (
        progress_of_runs(len(files) + len(run_ids)) as done,
        closing(reads.export(files, run_ids, exporter)) as outcomes,
    ):
        for name, outcome in outcomes:
            report.add(name, outcome)
            done()
    _write(report, output)
    if report.failed:
        raise typer.Exit(ExitCode.API)


@frozen
class _Reads:
    """Reads and exports runs, as the options say."""

    complete: bool
    on_violation: OnViolation
    concurrency: int
    dask: str | None
    connection: Connection

    def runs_of(self, simulation: str) -> list[str]:
        """Return the ids of all runs of a simulation."""
        with self.connection.client() as client:
            return [each.id for each in client.runs(simulation_id_in(simulation))]

    def export(
        self, files: Sequence[str], run_ids: Sequence[str], exporter: "Exporter"
    ) -> "Generator[tuple[str, ExportOutcome], None, None]":
        """Export the files in order, then the runs; yield the outcome of each export."""
        from bluejay_results.export.sources import each_saved

        read = partial(saved, on_violation=self.on_violation)
        yield from ((name, exporter.take(name, run)) for name, run in each_saved(files, read))
        if run_ids and self.dask is not None:
            from bluejay_results.export.cluster import Reading, export_on_cluster

            reading = Reading(
                self.connection.base_url,
                MAX_BODY_BYTES,
                self.complete,
                self.on_violation,
                self.connection.organization,
            )
            yield from export_on_cluster(run_ids, exporter, self.dask, reading, self.concurrency)
        elif run_ids:
            with self.connection.client() as client:
                runs = client.retrieve_many(
                    run_ids, self.concurrency, complete=self.complete, on_violation=self.on_violation
                )
                with closing(runs):
                    yield from ((name, exporter.take(name, run)) for name, run in runs)


def _given(sources: Sequence[str], ids: str | None) -> tuple[list[str], list[str]]:
    """Return the files and folders that the command names, and the run ids."""
    files, run_ids = list[str](), list[str]()
    for each in sources:
        if is_saved(each) or Path(each).is_dir():
            files.append(each)
        else:
            run_ids.append(run_id_in(each))
    if files.count("-") + (ids == "-") > 1:
        raise UsageError("Standard input can be read only once.")
    return files, run_ids if ids is None else run_ids + _ids_in(ids)


def _ids_in(path: str) -> list[str]:
    """Return the ids in a file, or on standard input."""
    try:
        lines = saved_bytes(path, MAX_BODY_BYTES).decode().splitlines()
    except OSError as error:
        raise UsageError(f"--ids: {path}: {error.strerror}. Give a file with one id per line.") from None
    except UnicodeDecodeError:
        raise UsageError(f"--ids: {path} is not text. Give a file with one id per line.") from None
    return [run_id_in(line.strip()) for line in lines if line.strip()]


def _write(report: "ExportReport", place: str) -> None:
    """Write one line about the export, and one line on stderr for each reason for failed runs."""
    conversations = report.rows["conversations"]
    parts = [f"Exported {_runs(len(report.exported))} with {conversations:,} conversations to {place}"]
    if report.skipped:
        parts.append(f"{len(report.skipped)} skipped (exported before or given twice)")
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
