"""Processes of a client: each is killed with its children, and its output is no output of ours."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from threading import Thread

from .errors import ClientUnusableError

_KEPT = 8192
_TELLING = re.compile(r"\w*(Error|Exception|panic)")


class ClientProcess:
    """A process in a group of its own, so that its children can be killed with it."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], pass_fds: Sequence[int] = ()
    ) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the command that the user gave
                command,
                env=_past_any_proxy(environment),
                pass_fds=pass_fds,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise ClientUnusableError(f"Can't run {command[0]}: {error.strerror}.") from None
        self._tail = b""
        self._reader = Thread(target=self._read, name="contract-kit-stderr", daemon=True)
        self._reader.start()

    def wait(self, timeout: float | None) -> int | None:
        """Return how the process ended, as `subprocess` tells it; None if it has not in time."""
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def kill(self) -> None:
        """Kill the process with all that it started, and wait for its end."""
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: no process is left
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    @property
    def last_words(self) -> str:
        """The line on stderr that tells most: the last one that names an error, or else the last one."""
        self._reader.join(timeout=1)
        lines = [line.strip() for line in self._tail.decode(errors="replace").splitlines() if line.strip()]
        telling = [line for line in lines if _TELLING.match(line)]
        return (telling or lines or [""])[-1][:200]

    def _read(self) -> None:
        stream = self._process.stderr
        assert stream is not None  # noqa: S101 - it is a pipe
        with stream:
            while piece := stream.read1(_KEPT):  # type: ignore[attr-defined] # of a buffered pipe
                self._tail = (self._tail + piece)[-_KEPT:]


def describe_exit(code: int, last_words: str) -> str:
    """Say how a process ended, to follow `it` or `the client`."""
    names = {each.value: each.name for each in signal.Signals}
    killed = f"was killed by {names.get(-code, f'signal {-code}')}"
    said = killed if code < 0 else f"ended its process with exit code {code}"
    return f"{said}: {last_words}" if last_words else said


def _past_any_proxy(environment: Mapping[str, str]) -> dict[str, str]:
    given = {name: environment.get(name, "") for name in ("NO_PROXY", "no_proxy")}
    ours = {name: ",".join(filter(None, [value, "127.0.0.1"])) for name, value in given.items()}
    return {**environment, **ours}
