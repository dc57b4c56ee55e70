"""Runs a command line. Any failure or signal ends the program with one line on stderr and an exit code.

The commands `bluejay-results` and `bluejay-contract` share this module. Typer is installed only by an extra,
so it is imported only when the command line is parsed.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bluejay_results.errors import BluejayError, ContractViolationError, UsageError, WaitTimeoutError

from ..writing.safe_text import terminal_safe
from ..writing.streams import reopen_closed, write_message
from .exit_codes import ExitCode
from .keys import hide_keys

if TYPE_CHECKING:
    import typer

_BY_ERROR: dict[type[BluejayError], ExitCode] = {
    UsageError: ExitCode.USAGE,
    WaitTimeoutError: ExitCode.NOT_SETTLED,
    ContractViolationError: ExitCode.CONTRACT,
}
_CODES = {"SIGTERM": ExitCode.TERMINATED, "SIGHUP": ExitCode.HUNG_UP}  # as text: Windows has no SIGHUP
_received: list[ExitCode] = []
_advice = [""]


class StoppedError(BaseException):
    """A signal was received. This isn't an Exception, so that `except Exception` doesn't swallow it."""


def on_interrupt(advice: str) -> None:
    """From now on, stop the command at the first signal and print this advice.

    A signal that the process already ignores, for example because of `nohup`, stays ignored.
    """
    _advice[0] = advice
    for number in _numbers():
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _stop)


def _stop(number: int, _frame: Any) -> None:
    for each in _numbers():
        signal.signal(each, signal.SIG_IGN)
    _received.append(_CODES[signal.Signals(number).name])
    raise StoppedError


def _numbers() -> list[signal.Signals]:
    return [number for number in signal.Signals if number.name in _CODES]


def exit_code(error: BluejayError) -> ExitCode:
    """Return the exit code for one of this package's errors."""
    return next((code for kind, code in _BY_ERROR.items() if isinstance(error, kind)), ExitCode.API)


def ending(
    error: BaseException, code_of: Callable[[BluejayError], int] = exit_code, installs: str = "'.[cli]'"
) -> tuple[int, str]:
    """Return the exit code and the message for an error; an unexpected error is an internal error.

    Args:
        error: The error that ended the command.
        code_of: Returns the exit code for one of this package's errors.
        installs: The pip arguments that install what the command needs.
    """
    if isinstance(error, BluejayError):
        return code_of(error), describe(error)
    if isinstance(error, KeyboardInterrupt | StoppedError) or _received:
        code = _received[0] if _received else ExitCode.INTERRUPTED
        said = "interrupted" if code is ExitCode.INTERRUPTED else code.meaning
        return code, f"{said[0].upper()}{said[1:]}. {_advice[0]}".rstrip()
    if isinstance(error, BrokenPipeError):
        return ExitCode.READER_GONE, ExitCode.READER_GONE.meaning
    if isinstance(error, MemoryError):
        return ExitCode.USAGE, "There isn't enough memory for this body."
    missing = (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else "bluejay"
    if not missing.startswith("bluejay"):
        return ExitCode.USAGE, f"{missing} is not installed. In a checkout, run: pip install {installs}"
    if isinstance(error, OSError):
        return ExitCode.USAGE, f"The output can't be written ({error.strerror}). Choose another destination."
    *_, last = traceback.extract_tb(error.__traceback__)
    where = f"{Path(last.filename).name}:{last.lineno}"
    said = f"Unexpected {type(error).__name__} at {where}: {error}".rstrip(": ").rstrip(".")
    return ExitCode.INTERNAL, f"{said}. Report this bug; BLUEJAY_LOG=debug prints the traceback."


def describe(error: BluejayError) -> str:
    """Return what went wrong, where, and what to do next."""
    parts = [str(error)]
    if isinstance(error, ContractViolationError) and error.url:
        parts.append(
            "Check the base URL. If it is correct, the service has probably changed, so upgrade this package."
        )
    if isinstance(error, WaitTimeoutError) and error.run:
        from .progress import ended_text  # loaded late: it imports the models

        parts.append(f"[{', '.join(filter(None, (ended_text(error.run), error.run.app_url)))}]")
    elif error.url:
        parts.append(f"[{error.url}]")
    return " ".join(parts)


def run_program(
    name: str,
    load: Callable[[], typer.Typer],
    ending_of: Callable[[BaseException], tuple[int, str]] = ending,
) -> int:
    """Run the command line in `sys.argv` and return the exit code.

    Args:
        name: The program's name, which every message starts with.
        load: Imports and returns the app.
        ending_of: Returns the exit code and the message for an error.
    """
    reopen_closed()
    hide_keys(sys.argv[1:])
    # Nearly all objects live until the end. With the default threshold of 700, `gate` would take 1.5 times
    # as long for a run of 20,000 conversations.
    threshold = gc.get_threshold()
    gc.set_threshold(100_000)
    atexit.register(gc.freeze)  # otherwise the interpreter searches every object for garbage before it exits
    try:
        return _run(name, load())
    except BaseException as error:
        code, message = ending_of(error)
        if isinstance(error, OSError):
            _discard_pending_output()
        with contextlib.suppress(OSError):
            if code == ExitCode.INTERNAL:
                message = f"Internal error. {message}"
                _write_traceback(error)
            write_message(f"{name}: {terminal_safe(message, 1000)}")
        return code
    finally:
        gc.set_threshold(*threshold)


def _write_traceback(error: BaseException) -> None:
    """Write the traceback, with keys masked, if BLUEJAY_LOG is set."""
    if os.environ.get("BLUEJAY_LOG"):
        for line in "".join(traceback.format_exception(error)).splitlines():
            write_message(line)


def _run(name: str, app: typer.Typer) -> int:
    import typer  # loaded late: it might not be installed

    try:
        # Shells call the program without arguments to complete a command line. With arguments, a variable
        # left in the environment would make `gate` exit with 0 without checking anything.
        no_completion = {"complete_var": ""} if sys.argv[1:] else {}
        code: int = app(prog_name=name, standalone_mode=False, **no_completion) or ExitCode.FINE
    except typer.TyperException as error:
        raise UsageError(_with_advice(error, name)) from None
    except SystemExit:  # typer has completed a command line
        if sys.argv[1:]:
            raise
        return ExitCode.FINE
    if code == ExitCode.INTERRUPTED:  # typer has caught the KeyboardInterrupt
        raise KeyboardInterrupt
    return code


def _with_advice(error: typer.TyperException, name: str) -> str:
    context: Any = getattr(error, "ctx", None)
    message = error.format_message()
    end = "" if message.endswith((".", "?")) else "."
    if "--fail-if-worse" in message:  # some users expect `compare` to have this option
        return f"{message}{end} To gate on a comparison, run: {name} gate RUN --base BASE"
    return f"{message}{end} See: {context.command_path if context else name} --help"


def _discard_pending_output() -> None:
    """Discard output that can't be written. Flushing it at exit would also fail, and print a traceback."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
