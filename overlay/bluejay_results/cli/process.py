"""Runs a command line; every failure ends with one line on stderr and an exit code.

The commands `bluejay-results` and `bluejay-contract` share this module. Typer is installed with an extra, so
it is imported only when the command line is parsed.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bluejay_results.errors import UsageError

from ..writing.safe_text import never_show, terminal_safe
from ..writing.streams import write_message
from .endings import ending
from .exit_codes import ExitCode

if TYPE_CHECKING:
    import typer


def run_program(
    name: str,
    load: Callable[[], typer.Typer],
    ending_of: Callable[[BaseException], tuple[int, str] | None] = ending,
) -> int:
    """Run the command line in `sys.argv` and return the exit code.

    Args:
        name: The name of the program, which starts each of its messages.
        load: Imports and returns the app.
        ending_of: Returns the exit code and the message for an error; None for a bug.
    """
    never_show(os.environ.get("BLUEJAY_API_KEY", ""))
    try:
        return _run(name, load())
    except BaseException as error:
        ended = ending_of(error)
        if ended is None:
            raise
        code, message = ended
        if isinstance(error, OSError):
            _discard_pending_output()
        with contextlib.suppress(OSError):
            write_message(f"{name}: {terminal_safe(message, 1000)}")
        return code


def _run(name: str, app: typer.Typer) -> int:
    import typer  # loaded late: it may not be installed

    try:
        code: int = app(prog_name=name, standalone_mode=False) or ExitCode.FINE
    except typer.TyperException as error:
        raise UsageError(_with_advice(error, name)) from None
    if code == ExitCode.INTERRUPTED:  # typer has caught the KeyboardInterrupt
        raise KeyboardInterrupt
    return code


def _with_advice(error: typer.TyperException, name: str) -> str:
    context: Any = getattr(error, "ctx", None)
    message = error.format_message()
    end = "" if message.endswith((".", "?")) else "."
    return f"{message}{end} See: {context.command_path if context else name} --help"


def _discard_pending_output() -> None:
    """Discard the output that can't be written: flushing it at exit would fail again, with a traceback."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
