"""Checks a file or standard input, and writes reports."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from bluejay_results.cli.source import saved_bytes, source_name
from bluejay_results.errors import RunNotFoundError, UsageError
from bluejay_results.writing.safe_text import masked
from contract_kit.errors import KitError

from bluejay_contract.contract import Contract
from bluejay_contract.exchange import Exchange
from bluejay_contract.formats import to_json, to_junit, to_text
from bluejay_contract.har import is_har, read_har
from bluejay_contract.report import Report, report

from .options import ExitCode, Reporting


def checked(source: str, *, strict: bool) -> Report:
    """Check a file or standard input.

    Raises:
        UsageError: The source can't be read, is over the limit, or is a HAR file without a response to check.
    """
    gc.disable()  # the collector would search a million objects for reference cycles, which JSON can't have
    return report(Contract.load(), _saved(source), source_name(source), strict=strict)


def _saved(source: str) -> list[Exchange]:
    """Read a saved response, or every response in a recording."""
    name = source_name(source)
    try:
        data = saved_bytes(source)
        exchanges = [Exchange.recorded(each, source) for each in read_har(data)] if is_har(data) else None
    except OSError as error:
        advice = "Pass a run id, a file with a saved response, or - for standard input."
        raise UsageError(f"{name}: {error.strerror}. {advice}") from None
    except KitError as error:
        raise UsageError(f"{name}: {error} Record the run again, or save the entire file.") from None
    if exchanges is None:
        return [Exchange.saved(data, source)]
    if not exchanges:
        raise UsageError(
            f"{name}: This HAR file contains no response from the service. "
            "Record one with: bluejay-results wait RUN --har FILE"
        )
    return exchanges


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
    """Raise UsageError if no file can be written at or under this path."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}. Choose another path.") from None
