"""Maps each error that ends a command to its exit code and to one line of text."""

from __future__ import annotations

from collections.abc import Callable

from bluejay_results.errors import BluejayError, ContractViolationError, UsageError, WaitTimeoutError

from .exit_codes import ExitCode
from .signals import StoppedError, interrupt_advice, received

_BY_ERROR: dict[type[BluejayError], ExitCode] = {
    UsageError: ExitCode.USAGE,
    WaitTimeoutError: ExitCode.NOT_SETTLED,
    ContractViolationError: ExitCode.CONTRACT,
}


def exit_code(error: BluejayError) -> ExitCode:
    """Return the exit code for an error of this package."""
    return next((code for kind, code in _BY_ERROR.items() if isinstance(error, kind)), ExitCode.API)


def ending(
    error: BaseException, code_of: Callable[[BluejayError], int] = exit_code, extra: str = "cli"
) -> tuple[int, str] | None:
    """Return the exit code and the message for an error; None for a bug, whose traceback is needed.

    Args:
        error: The error that ended the command.
        code_of: Returns the exit code for an error of this package.
        extra: The extra of this package that installs what the command needs.
    """
    if isinstance(error, BluejayError):
        return code_of(error), describe(error)
    if isinstance(error, KeyboardInterrupt | StoppedError) or received():
        code = received() or ExitCode.INTERRUPTED
        said = "interrupted" if code is ExitCode.INTERRUPTED else code.meaning
        return code, f"{said[0].upper()}{said[1:]}. {interrupt_advice()}".rstrip()
    if isinstance(error, BrokenPipeError):
        return ExitCode.READER_GONE, ExitCode.READER_GONE.meaning
    if isinstance(error, MemoryError):
        return ExitCode.USAGE, "There is too little memory for this body."
    if isinstance(error, ModuleNotFoundError):
        missing = (error.name or "").partition(".")[0]
        advice = f"{missing} is missing. In a checkout, run: pip install '.[{extra}]'"
        return None if missing.startswith("bluejay") else (ExitCode.USAGE, advice)
    if isinstance(error, OSError):
        return ExitCode.USAGE, f"The output can't be written: {error.strerror}. Write it elsewhere."
    return None


def describe(error: BluejayError) -> str:
    """Return what went wrong, where, and what to do next."""
    parts = [str(error)]
    if isinstance(error, ContractViolationError) and error.url:
        parts.append("Check the base URL; if it is right, the service has changed: upgrade this package.")
    if isinstance(error, WaitTimeoutError) and error.run:
        from .progress import ended_text  # loaded late: it imports the models

        parts.append(f"[{', '.join(filter(None, (ended_text(error.run), error.run.app_url)))}]")
    elif error.url:
        parts.append(f"[{error.url}]")
    return " ".join(parts)
