"""Run the command line: whatever goes wrong ends as one line on stderr and an exit code.

What a command needs is imported when it runs, so that none waits for the imports of another.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys

from bluejay_results.cli._failure import describe
from bluejay_results.cli._run import TOO_LITTLE_MEMORY, open_closed_streams
from bluejay_results.cli._text import inert, never_show
from bluejay_results.errors import BluejayError, UsageError

from ._exit_codes import ExitCode


def run() -> int:
    """Run the command line in `sys.argv` and return the exit code.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed.
    """
    open_closed_streams()
    never_show(os.environ.get("BLUEJAY_API_KEY", ""))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a report may hold what the stream can't encode
    try:
        from . import _app

        return _app.run()
    except UsageError as error:
        return _failed(ExitCode.USAGE, describe(error))
    except BluejayError as error:
        return _failed(ExitCode.API, describe(error))
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing.startswith("bluejay"):
            raise
        return _failed(ExitCode.USAGE, f"{missing} is missing: pip install 'bluejay-results[contract]'")
    except MemoryError:
        return _failed(ExitCode.USAGE, TOO_LITTLE_MEMORY)
    except OSError as error:
        return _failed(ExitCode.USAGE, f"The output can't be written: {error.strerror}. Write it elsewhere.")


def interrupted() -> int:
    """Say that Ctrl-C was pressed and return the exit code."""
    return _failed(ExitCode.INTERRUPTED, "Interrupted.")


def _failed(code: ExitCode, message: str) -> ExitCode:
    """Write the one line about a failure, without the key and with nothing that a terminal would obey."""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"bluejay-contract: {inert(message, 1000)}\n")
    return code
