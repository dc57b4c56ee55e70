"""Writes a report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from bluejay_results.errors import RunNotFoundError, UsageError
from bluejay_results.writing.safe_text import masked

from bluejay_contract.reports import Report, to_json, to_junit, to_text

from .exit_codes import ExitCode
from .options import Reporting


def write(report: Report, reporting: Reporting) -> ExitCode:
    """Write a report to stdout and, if requested, as JUnit XML; return the exit code.

    Raises:
        UsageError: The JUnit XML can't be written.
        RunNotFoundError: The run to check does not exist.
    """
    if reporting.junit:
        with writable(reporting.junit):
            reporting.junit.write_bytes(to_junit(report))
    if [answer.status for answer in report.answers] == [404]:
        message = "404: There is no such run for this key. Check the run id."
        raise RunNotFoundError(message, url=report.source)
    text = to_json(report) if reporting.as_json else masked(to_text(report, reporting.listed))
    typer.echo(text, nl=False)
    if not report.passed:
        return ExitCode.BROKEN
    return ExitCode.API if report.refusal else ExitCode.KEPT


@contextmanager
def writable(path: Path) -> Iterator[None]:
    """Raise UsageError if a file at or under this path can't be written.

    Raises:
        UsageError: A file can't be written.
    """
    try:
        yield
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}. Give a file that can be written.") from None
