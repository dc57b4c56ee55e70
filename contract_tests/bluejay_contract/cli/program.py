"""The command `bluejay-contract` as a program."""

from __future__ import annotations

import io
import sys
from functools import partial
from typing import TYPE_CHECKING

from bluejay_results.cli.process import ending, run_program
from bluejay_results.errors import BluejayError, UsageError

from bluejay_contract.installing import to_install

from .exit_codes import ExitCode

if TYPE_CHECKING:
    import typer


def _load() -> typer.Typer:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # for text that the stream can't encode
    from .app import app

    return app


def _exit_code(error: BluejayError) -> ExitCode:
    return ExitCode.USAGE if isinstance(error, UsageError) else ExitCode.API


def run() -> int:
    """Run the command line in `sys.argv` and return the exit code."""
    its_ending = partial(ending, code_of=_exit_code, installs=to_install("contract"))
    return run_program("bluejay-contract", _load, its_ending)
