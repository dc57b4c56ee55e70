"""Finds the API key in an option, otherwise in a variable. Two options, or two variables, are an error."""

import os
import shlex
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from io import FileIO
from pathlib import Path
from threading import Thread
from typing import cast

from attrs import frozen

from bluejay_results._secrets import Secret, as_secret
from bluejay_results.errors import ConfigurationError

from ..writing.safe_text import never_show
from ..writing.streams import write_message

_LONGEST = 4096
"""The maximum number of bytes to read for a key: a file or a command's output may be endless."""
_COMMAND_TIMEOUT = 30.0
"""The maximum number of seconds that a command may take to print the key."""
_LAST_WORDS = 0.5
"""Seconds to keep reading after the command ends: a process that it started may hold its outputs open."""
_READABLE_BY_OTHERS = 0o044
_NO_KEY = "No API key. Set BLUEJAY_API_KEY, or give --api-key-file or --api-key-command."
_EMPTY_VARIABLE = (
    " BLUEJAY_API_KEY is set, but empty: on GitHub, ${{ secrets.NAME }} is empty if the secret doesn't "
    "exist, and in runs of pull requests from forks."
)


@frozen
class KeyOptions:
    """The options about access: the place of the key, and the organization. None for an option not given."""

    file: str | None = None
    command: str | None = None
    organization: str | None = None


def key_file(options: KeyOptions) -> str | None:
    """Return the path of the file that holds the key; None if no option or variable names a file."""
    return options.file or os.environ.get("BLUEJAY_API_KEY_FILE") or None


def find_key(options: KeyOptions) -> Secret:
    """Return the key from the place that an option names or, if no option does, the environment."""
    named: dict[str, str | Secret | None] = {
        "--api-key-file": options.file,
        "--api-key-command": options.command,
    }
    given = {name: value for name, value in named.items() if value is not None} or _settings()
    if not given:
        raise ConfigurationError(_NO_KEY + (_EMPTY_VARIABLE if "BLUEJAY_API_KEY" in os.environ else ""))
    if len(given) > 1:
        places = " and ".join(given)
        raise ConfigurationError(f"The API key is in more than one place: {places}. Keep one of them.")
    [(name, value)] = given.items()
    try:
        key = _checked(_READERS[name](value))
    except ConfigurationError as error:
        raise ConfigurationError(f"{name}: {error}") from None
    never_show(key)
    return key


def _settings() -> dict[str, str | Secret]:
    settings = {
        "BLUEJAY_API_KEY": as_secret(os.environ.get("BLUEJAY_API_KEY")),
        "BLUEJAY_API_KEY_FILE": os.environ.get("BLUEJAY_API_KEY_FILE"),
        "BLUEJAY_API_KEY_COMMAND": os.environ.get("BLUEJAY_API_KEY_COMMAND"),
    }
    return {name: value for name, value in settings.items() if value}


def _in_file(path: str) -> Secret:
    if path == "-":
        raise ConfigurationError("The API key is not read from standard input. Give the file that holds it.")
    try:
        with Path(path).open("rb") as file:
            _warn_if_open_to_others(path, os.fstat(file.fileno()).st_mode)
            content = file.read(_LONGEST + 1)
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}. Give the file that holds the API key.") from None
    key = Secret(content.decode(errors="surrogateescape").rstrip("\r\n"))
    if not key or len(content) > _LONGEST:
        fault = "is longer than any key" if key else "is empty"
        raise ConfigurationError(f"{path} {fault}. Give the file that holds the API key.")
    return key


def _in_variable(value: Secret) -> Secret:
    """Return the key without the newlines that `echo` or an editor may have added at its end."""
    return Secret(value.reveal().rstrip("\r\n"))


def _checked(key: Secret) -> Secret:
    """Refuse values that are often mistaken for a key; the messages don't show the value."""
    text = key.reveal()
    if text.lower().startswith("bearer "):
        raise ConfigurationError("The API key starts with 'Bearer '. Give the key alone.")
    if text.startswith("${{"):
        raise ConfigurationError(
            "The API key is a GitHub expression, ${{ ... }}, that was not evaluated. "
            "Set BLUEJAY_API_KEY with env: in the workflow."
        )
    return key


def _warn_if_open_to_others(path: str, mode: int) -> None:
    """Warn if other users can read the key file.

    This isn't an error, because containers get their secrets as files that all their users can read.
    """
    if os.name == "posix" and stat.S_ISREG(mode) and mode & _READABLE_BY_OTHERS:
        write_message(f"warning: {path} is readable by other users; run chmod 600 {path}")


def printed_by(command: str, timeout: float = _COMMAND_TIMEOUT) -> Secret:
    """Run a command without a shell and return the first line that it prints."""
    # No message quotes the command, because it may contain the key.
    try:
        arguments = shlex.split(command)
    except ValueError as error:
        raise _failed(f"can't be read: {error}") from None
    if not arguments:
        raise _failed("is empty")
    code, output, errors = _run(arguments, timeout)
    key = Secret(output.reveal().partition("\n")[0].removesuffix("\r"))
    if code:
        raise _failed(f"ended with exit code {code}{_complaint(errors, key)}")
    if not key:
        raise _failed("printed nothing on its first line")
    return key


def _complaint(errors: Secret, key: Secret) -> str:
    """Return what the command printed on stderr, unless the text contains the key."""
    said = errors.reveal().strip()
    return f" and printed: {said}" if said and key.redact(said) == said else ". Run it in a shell to see why"


def _failed(reason: str) -> ConfigurationError:
    return ConfigurationError(f"The command {reason.rstrip('.')}.")


def _run(arguments: list[str], timeout: float) -> tuple[int, Secret, Secret]:
    """Return the exit code and both outputs, as secrets, because a traceback may show variables."""
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own command, and no shell
            arguments,
            bufsize=0,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise _failed(f"can't be run: {getattr(error, 'strerror', None) or error}") from None
    with process:
        outputs = [_Output(cast("FileIO", stream)) for stream in (process.stdout, process.stderr)]
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise _failed(f"did not end within {timeout:g} s") from None
        finally:
            if process.returncode is None:
                _kill(process)
        output, errors = (each.text() for each in outputs)
    return code, output, errors


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and every process that it started."""
    if sys.platform == "win32":
        process.kill()
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


class _Output(Thread):
    """Reads an output to its end and keeps the beginning."""

    def __init__(self, stream: FileIO) -> None:
        super().__init__(daemon=True)
        self._stream = stream
        self._kept = bytearray()
        self.start()

    def run(self) -> None:
        # The stream may be closed here while another process still holds the other end.
        with suppress(OSError, ValueError):
            while piece := self._stream.read(_LONGEST):
                self._kept += piece[: _LONGEST - len(self._kept)]

    def text(self) -> Secret:
        """Return the beginning of the output; wait only briefly for its end."""
        self.join(_LAST_WORDS)
        return Secret(self._kept.decode(errors="surrogateescape"))


_READERS: dict[str, Callable[..., Secret]] = {
    "--api-key-file": _in_file,
    "--api-key-command": printed_by,
    "BLUEJAY_API_KEY": _in_variable,
    "BLUEJAY_API_KEY_FILE": _in_file,
    "BLUEJAY_API_KEY_COMMAND": printed_by,
}
