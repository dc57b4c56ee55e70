"""The command `coverage`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import typer

from contract_kit.coverage import coverage
from contract_kit.coverage_report import coverage_to_text
from contract_kit.errors import KitError
from contract_kit.exchanges import Exchange, read_exchanges
from contract_kit.read.document import Document
from contract_kit.safe_text import terminal_safe

from .exit_codes import ExitCode
from .progress import Show, progress


def show_coverage(
    document: str, exchanges: Sequence[Path], least: float, listed: int | None, *, json: bool
) -> ExitCode:
    """Print how much of a document is covered; return the exit code, which says whether that is enough.

    Raises:
        KitError: The document or a file of exchanges can't be used, or the files contain no exchange.
    """
    with progress(f"Reading {terminal_safe(document)}") as show:
        found = coverage(Document.load(document), _counted(read_exchanges(exchanges), show))
    if not found.exchanges:
        raise KitError("The files contain no exchanges. Record some with pytest --contract-record FILE.")
    typer.echo(found.to_json() if json else coverage_to_text(found, listed), nl=False)
    return ExitCode.FAULTY if found.percentage < least else ExitCode.FINE


def _counted(exchanges: Iterable[Exchange], show: Show) -> Iterator[Exchange]:
    for done, exchange in enumerate(exchanges, 1):
        show(f"{done:,} exchanges")
        yield exchange
