"""Run the command line: whatever goes wrong ends as one line on stderr and an exit code.

Typer and rich come with the extra `cli`, so nothing here needs them before the command line is read.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from bluejay_results.errors import BluejayError

from ._exit_codes import ExitCode, exit_code
from ._failure import describe
from ._signals import StoppedError, received
from ._text import inert, never_show

_EXTRA = {"typer", "rich"}
TOO_LITTLE_MEMORY = "There is too little memory for this body. Refuse large ones with --max-bytes."


def run() -> int:
    """Run the command line in `sys.argv` and return the exit code.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed.
    """
    open_closed_streams()
    never_show(os.environ.get("BLUEJAY_API_KEY", ""))
    try:
        from . import _app

        return _app.run()
    except BluejayError as error:
        return _failed(exit_code(error), describe(error))
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in _EXTRA:
            raise
        return _failed(ExitCode.USAGE, f"{missing} is missing: pip install 'bluejay-results[cli]'")
    except MemoryError:
        return _failed(ExitCode.USAGE, TOO_LITTLE_MEMORY)
    except StoppedError:
        return interrupted()
    except OSError as error:
        if received():  # of a terminal that is gone
            return interrupted()
        code = _failed(ExitCode.USAGE, f"The output can't be written: {error.strerror}. Write it elsewhere.")
        _discard_pending_output()
        return code


def interrupted() -> int:
    """Say that Ctrl-C was pressed, or which signal came, and return the exit code."""
    code = received() or ExitCode.INTERRUPTED
    said = "Interrupted." if code is ExitCode.INTERRUPTED else f"{code.meaning[0].upper()}{code.meaning[1:]}."
    return _failed(code, f"{said} A run goes on without this command.")


def _failed(code: ExitCode, message: str) -> ExitCode:
    """Write the one line about a failure, without the key and with nothing that a terminal would obey."""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"bluejay-results: {inert(message, 1000)}\n")
    return code


def open_closed_streams() -> None:
    """Open the standard streams that the caller has closed, so that everything may count on them."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - open until the process ends


def _discard_pending_output() -> None:
    """Send nowhere what could not be written: flushing it at exit would fail once more, and loudly."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
