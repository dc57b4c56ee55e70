"""Runs a command line; every failure ends with one line on stderr and an exit code.

The commands `bluejay-results` and `bluejay-contract` share this module. Typer is installed with an extra, so
it is imported only when the command line is parsed.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from bluejay_results.errors import (
    BluejayError,
    ContractViolationError,
    ResponseTooLargeError,
    UsageError,
    WaitTimeoutError,
)

from ..writing.safe_text import never_show, terminal_safe
from ..writing.streams import write_message
from .exit_codes import ExitCode, exit_code
from .signals import StoppedError, interrupt_advice, received

if TYPE_CHECKING:
    import typer

_TOO_LITTLE_MEMORY = "There is too little memory for this body. Refuse large bodies with --max-bytes."
OPTIONS = {
    "max_body_bytes": "--max-bytes",
    "digital_human_ids": "--digital-human",
    "agent_version_id": "--agent-version",
    "knowledge_base_id": "--knowledge-base",
    "organization_id": "--organization",
    **{
        name: f"--{name.replace('_', '-')}"
        for name in (
            *("base_url", "timeout", "poll_interval", "tool_call_grace", "phone_number", "sip_uri"),
            *("livekit_agent_name", "livekit_metadata", "pipecat_agent_name"),
            *("pipecat_agent_configuration", "pipecat_room_properties"),
        )
    },
}
"""The option for each argument that the client's messages may name."""
_ARGUMENT = rf"^timeout\b|(?<![\w'./-])({'|'.join(OPTIONS.keys() - {'timeout'})})\b(?![.\w])"


@frozen
class Program:
    """A command line.

    Attributes:
        name: The name of the program, which starts each of its messages.
        extra: The extra of this package that installs the program's dependencies.
        load: Imports and returns the app.
        exit_code: Returns the exit code for an error.
        interrupt_advice: Returns the advice to print if the user interrupts the program.
    """

    name: str
    extra: str
    load: Callable[[], typer.Typer]
    exit_code: Callable[[BluejayError], int]
    interrupt_advice: Callable[[], str] = str

    def run(self) -> int:
        """Run the command line in `sys.argv`; return the exit code. The caller handles KeyboardInterrupt."""
        _open_closed_streams()
        never_show(os.environ.get("BLUEJAY_API_KEY", ""))
        try:
            return self._run()
        except BluejayError as error:
            return self._failed(self.exit_code(error), describe(error))
        except ModuleNotFoundError as error:
            missing = (error.name or "").partition(".")[0]
            if missing.startswith("bluejay"):
                raise
            advice = f"In a checkout, run: pip install '.[{self.extra}]'"
            return self._failed(ExitCode.USAGE, f"{missing} is missing. {advice}")
        except MemoryError:
            return self._failed(ExitCode.USAGE, _TOO_LITTLE_MEMORY)
        except StoppedError:
            return self.interrupted()
        except OSError as error:
            if received():  # the terminal was closed
                return self.interrupted()
            message = f"The output can't be written: {error.strerror}. Write it elsewhere."
            code = self._failed(ExitCode.USAGE, message)
            _discard_pending_output()
            return code

    def interrupted(self) -> int:
        """Print that Ctrl-C was pressed, or which signal arrived, and return the exit code."""
        code = received() or ExitCode.INTERRUPTED
        said = "interrupted" if code is ExitCode.INTERRUPTED else code.meaning
        return self._failed(code, f"{said[0].upper()}{said[1:]}. {self.interrupt_advice()}".rstrip())

    def _run(self) -> int:
        app = self.load()
        import typer  # loaded late: it may not be installed

        try:
            code: int = app(prog_name=self.name, standalone_mode=False) or ExitCode.FINE
        except typer.TyperException as error:
            raise UsageError(self._with_advice(error)) from None
        if code == ExitCode.INTERRUPTED:  # typer has caught the KeyboardInterrupt
            raise KeyboardInterrupt
        return code

    def _with_advice(self, error: typer.TyperException) -> str:
        context: Any = getattr(error, "ctx", None)
        message = error.format_message()
        end = "" if message.endswith((".", "?")) else "."
        return f"{message}{end} See: {context.command_path if context else self.name} --help"

    def _failed(self, code: int, message: str) -> int:
        """Write one line about a failure, safe for a terminal and without the key; return the exit code."""
        with contextlib.suppress(OSError):
            write_message(f"{self.name}: {terminal_safe(message, 1000)}")
        return code


def describe(error: BluejayError) -> str:
    """Return what went wrong, where, and what to do next."""
    parts = [str(error)]
    if isinstance(error, UsageError | ResponseTooLargeError):
        parts = [re.sub(_ARGUMENT, lambda match: OPTIONS[match[0]], str(error))]
    if isinstance(error, ContractViolationError) and error.url:
        parts.append("Check the base URL; if it is right, the service has changed: upgrade this package.")
    if isinstance(error, WaitTimeoutError) and error.run:
        from .progress import ended_text  # loaded late: it imports the models

        parts.append(f"[{', '.join(filter(None, (ended_text(error.run), error.run.app_url)))}]")
    elif error.url:
        parts.append(f"[{error.url}]")
    return " ".join(parts)


def _open_closed_streams() -> None:
    """Open the standard streams that the caller has closed, so that all code can use them."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - open until the process ends


def _discard_pending_output() -> None:
    """Discard the output that can't be written: flushing it at exit would fail again, with a traceback."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _load_app() -> typer.Typer:
    from .app import app

    return app


PROGRAM = Program("bluejay-results", "cli", _load_app, exit_code, interrupt_advice)
