"""Runs the command line. Every error becomes one line on stderr and an exit code."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import threading
import traceback
from pathlib import Path

from contract_kit.errors import ClientUnusableError, KitError
from contract_kit.terminal import safe_line, terminal_safe

from .exit_codes import ExitCode

NAME = "contract-kit"


def main() -> None:
    """Run the command line in `sys.argv` and exit."""
    try:
        code = run()
    except KeyboardInterrupt:
        sys.stderr.write("contract-kit: Interrupted.\n")
        code = 130
    sys.exit(code)


def run() -> int:
    """Run the command line in `sys.argv` and return the exit code.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed.
    """
    _prepare_streams()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(ExitCode.TERMINATED))  # so that no client keeps running
    sys.unraisablehook, hook = _interrupt_again, sys.unraisablehook
    try:
        return _run()
    except ClientUnusableError as error:
        return _failed(ExitCode.CLIENT, str(error))
    except KitError as error:
        return _failed(ExitCode.USAGE, str(error))
    except MemoryError:
        return _failed(
            ExitCode.USAGE, "There isn't enough memory. Choose an --operation, or pass a --sample."
        )
    except BrokenPipeError:
        _discard_pending_output()
        return ExitCode.READER_GONE
    except OSError as error:
        code = _failed(
            ExitCode.USAGE, f"The output can't be written ({error.strerror}). Choose another destination."
        )
        _discard_pending_output()
        return code
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic in jsonschema-rs isn't an Exception
        if "--debug" in sys.argv:
            sys.stderr.writelines(f"{safe_line(line)}\n" for line in traceback.format_exc().splitlines())
        said = f"Unexpected error: {type(error).__name__}: {error}"
        return _failed(ExitCode.USAGE, f"{said[:500]}. Report this error; --debug prints the traceback.")
    finally:
        sys.unraisablehook = hook


def _interrupt_again(lost: sys.UnraisableHookArgs) -> None:
    """Resend Ctrl-C or SIGTERM if a library swallowed the exception, as jsonschema-rs does in a callback."""
    number = {KeyboardInterrupt: signal.SIGINT, SystemExit: signal.SIGTERM}.get(lost.exc_type)
    if number is None:
        sys.__unraisablehook__(lost)
        return
    is_sent = False
    while not is_sent:
        with contextlib.suppress(KeyboardInterrupt, SystemExit):  # the signal arrived during this hook
            # resent after a moment, because the library would swallow an exception that is raised now
            threading.Timer(0.05, os.kill, [os.getpid(), number]).start()
            is_sent = True


def _run() -> int:
    from cyclopts import CycloptsError  # imported late, because Ctrl-C might be pressed during the import

    from .app import app

    if not sys.argv[1:]:
        raise KitError(f"Missing command. See: {NAME} --help")
    try:
        code: int = app(sys.argv[1:]) or ExitCode.FINE
    except CycloptsError as error:
        command = " ".join([NAME, *(error.command_chain or ())])
        end = "" if f"{error}".endswith((".", "?")) else "."
        raise KitError(f"{error}{end} See: {command} --help") from None
    return code


def _failed(code: int, message: str) -> int:
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{NAME}: {terminal_safe(message)[:1000]}\n")
    return code


def _prepare_streams() -> None:
    """Open any standard streams that are closed, and escape characters that a stream can't encode."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - open until the process ends
        elif isinstance(stream, io.TextIOWrapper) and mode == "w":
            stream.reconfigure(errors="backslashreplace")


def _discard_pending_output() -> None:
    """Discard unwritten output. Otherwise, Python would try to flush it at exit, and print an error."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
