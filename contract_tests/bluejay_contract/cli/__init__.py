"""The `bluejay-contract` command."""

from __future__ import annotations

import io
import sys
from functools import partial
from typing import TYPE_CHECKING

from bluejay_results.cli.process import ending, run_program
from bluejay_results.errors import BluejayError, UsageError

from bluejay_contract.installing import to_install

if TYPE_CHECKING:
    import typer

__all__ = ["main"]


def main() -> None:
    """Run the command line in `sys.argv` and exit."""
    its_ending = partial(ending, code_of=_exit_code, installs=to_install("contract"))
    sys.exit(run_program("bluejay-contract", _load, its_ending))


def _load() -> typer.Typer:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # for text that the stream can't encode
    from .app import app

    return app


def _exit_code(error: BluejayError) -> int:
    from .options import ExitCode

    return ExitCode.USAGE if isinstance(error, UsageError) else ExitCode.API
