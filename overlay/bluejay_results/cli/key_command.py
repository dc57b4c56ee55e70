"""The API key as another command prints it, such as a password manager's."""

import os
import shlex
import signal
import subprocess
import sys
from contextlib import suppress
from io import FileIO
from threading import Thread
from typing import cast

from bluejay_results._secrets import Secret
from bluejay_results.errors import ConfigurationError

TIMEOUT = 30.0
_LIMIT = 4096
"""Bytes that are kept of each output: a command may print without an end."""
_LAST_WORDS = 0.5
"""Seconds to read on after its end: what it left running may keep its outputs open."""


def printed_by(command: str, timeout: float = TIMEOUT) -> Secret:
    """Run a command without a shell and return the first line that it prints."""
    # The command itself is in no message: somebody may have put the key there.
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
    """Return what a command said of its failure, unless it has let the key slip there as well."""
    said = errors.reveal().strip()
    return f" and said: {said}" if said and key.redact(said) == said else ". Run it in a shell to see why"


def _failed(reason: str) -> ConfigurationError:
    return ConfigurationError(f"The command {reason.rstrip('.')}.")


def _run(arguments: list[str], timeout: float) -> tuple[int, Secret, Secret]:
    """Return the exit code and both outputs, concealed: a traceback may show the variables that hold them."""
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
    """End a process and whatever it has started."""
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
        with suppress(OSError, ValueError):  # it is closed while somebody else holds the other end
            while piece := self._stream.read(_LIMIT):
                self._kept += piece[: _LIMIT - len(self._kept)]

    def text(self) -> Secret:
        """Return what was kept once the output has ended, or soon after."""
        self.join(_LAST_WORDS)
        return Secret(self._kept.decode(errors="surrogateescape"))
