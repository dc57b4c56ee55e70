"""The `diff` command, which compares two versions of a document."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from contract_kit.derive.catalogue import Catalogue
from contract_kit.diff.compare import compare
from contract_kit.diff.report import DiffReport
from contract_kit.diff.results import Comparison, OnPaper
from contract_kit.diff.serving import Witnesses
from contract_kit.errors import KitError
from contract_kit.judge.client_run import run_mutants
from contract_kit.judge.controls import Controls
from contract_kit.read.document import Document
from contract_kit.serve.clients import Client
from contract_kit.terminal import Show, progress, write_text

from .exit_codes import ExitCode
from .options import FailOn, Format
from .test import refuse_broken, refuse_unanswered


def show_diff(
    old: str,
    new: str,
    ref_root: Path | None,
    client: Client | None,
    operations: Collection[str],
    jobs: int,
    timeout: float,
    listed: int | None,
    written: Format,
    fail_on: FailOn,
    *,
    allow_uncovered: bool,
) -> ExitCode:
    """Compare two versions of a document, write the report, and return the exit code.

    Raises:
        KitError: A document can't be used, both documents are the same file, an operation is unknown, nothing
            can be compared, or a reference in NEW leads nowhere.
        ClientUnusableError: The client could not be run.
    """
    if Path(old).resolve() == Path(new).resolve():
        raise KitError(f"OLD and NEW are the same file, {old}. Pass two versions of the document.")
    with progress("Reading both documents") as show:
        before = Document.load(old, ref_root)
        found = compare(before, Document.load(new, ref_root), show, operations)
        if found.skipped and not found.compared and not found.breaks:
            first = found.skipped[0]
            raise KitError(f"Nothing could be compared. {first.where}: {first.reason}")
        if client is not None:
            found = _served(found, before, client, jobs, timeout, show)
    report = DiffReport(found, listed)
    formats: dict[Format, Callable[[], str]] = {
        Format.TEXT: report.text,
        Format.JSON: report.json,
        Format.MARKDOWN: report.markdown,
        Format.JUNIT: lambda: report.junit().decode(),
    }
    write_text(formats[written]())
    is_unproven = fail_on is FailOn.UNPROVEN and bool(found.listed(OnPaper.UNPROVEN))
    if found.breaks or is_unproven:
        return ExitCode.FAULTY
    if not allow_uncovered:
        refuse_broken(found.skipped)
    return ExitCode.FINE


def _served(
    found: Comparison, before: Document, client: Client, jobs: int, timeout: float, show: Show
) -> Comparison:
    catalogue = Catalogue(before)
    witnesses = Witnesses(catalogue, found.changes)
    done = 0

    def count(_: object) -> None:
        nonlocal done
        done += 1
        show(f"{done:,} witnesses served")

    controls = Controls(catalogue, tries_others=False)
    results = run_mutants(catalogue, client, witnesses, jobs, timeout, count, controls)
    refuse_unanswered(results)
    return found.with_client(witnesses.outcomes(results.all, controls))
