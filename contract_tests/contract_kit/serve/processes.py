"""Runs clients as processes that can be killed with their children. Their output is kept out of ours."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from threading import Thread

from contract_kit.errors import ClientUnusableError

_KEPT = 8192
_TELLING = re.compile(r"\w*(Error|Exception|panic)")


class ClientProcess:
    """A process in its own process group, so that its children can be killed with it.

    Args:
        command: The program and its arguments.
        environment: The environment of the process.
        talks: Whether to open pipes to its stdin and stdout; otherwise both are the null device.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], *, talks: bool = False
    ) -> None:
        stream = subprocess.PIPE if talks else subprocess.DEVNULL
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the command that the user gave
                command,
                bufsize=0,
                env=_past_any_proxy(environment),
                stdin=stream,
                stdout=stream,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise ClientUnusableError(f"Can't run {command[0]}: {error.strerror}.") from None
        self._tail = b""
        self._reader = Thread(target=self._read, name="contract-kit-stderr", daemon=True)
        self._reader.start()
        if talks:
            os.set_blocking(self._stdin, False)

    def send(self, data: bytes, end: float) -> None:
        """Write to the stdin of the process.

        Args:
            data: The bytes to write.
            end: The deadline on the clock of `time.monotonic`.

        Raises:
            TimeoutError: The process has not read all bytes by the deadline.
            BrokenPipeError: The process has closed its stdin.
        """
        while data:
            _await(self._stdin, select.POLLOUT, end)
            data = data[os.write(self._stdin, data) :]

    def receive(self, end: float) -> bytes:
        """Return the next bytes from the stdout of the process; empty if the process has closed its stdout.

        Raises:
            TimeoutError: Nothing has arrived by `end`, on the clock of `time.monotonic`.
        """
        _await(self._stdout, select.POLLIN, end)
        return os.read(self._stdout, 1 << 16)

    def wait(self, timeout: float | None) -> int | None:
        """Return the exit code as `subprocess` does; None if the process has not ended in time."""
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def kill(self) -> None:
        """Kill the process and its children, and wait until it has ended."""
        with contextlib.suppress(ProcessLookupError, PermissionError):  # on macOS, the group is empty
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        """Close the pipes to the process's stdin and stdout. No thread may use the pipes any more."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()

    @property
    def _stdin(self) -> int:
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        return self._process.stdin.fileno()

    @property
    def _stdout(self) -> int:
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        return self._process.stdout.fileno()

    @property
    def last_words(self) -> str:
        """The most useful line on stderr: the last line that names an error, or else the last line."""
        self._reader.join(timeout=1)
        lines = [line.strip() for line in self._tail.decode(errors="replace").splitlines() if line.strip()]
        telling = [line for line in lines if _TELLING.match(line)]
        return (telling or lines or [""])[-1][:200]

    def _read(self) -> None:
        stream = self._process.stderr
        assert stream is not None  # noqa: S101 - it is a pipe
        with stream:
            while piece := stream.read(_KEPT):
                self._tail = (self._tail + piece)[-_KEPT:]


def _await(stream: int, event: int, end: float) -> None:
    poller = select.poll()
    poller.register(stream, event)
    if not poller.poll(max(end - time.monotonic(), 0) * 1000):
        raise TimeoutError


def describe_exit(code: int, last_words: str) -> str:
    """Describe how a process ended, in words that can follow `it` or `the client`."""
    names = {each.value: each.name for each in signal.Signals}
    killed = f"was killed by {names.get(-code, f'signal {-code}')}"
    said = killed if code < 0 else f"ended its process with exit code {code}"
    return f"{said}: {last_words}" if last_words else said


def _past_any_proxy(environment: Mapping[str, str]) -> dict[str, str]:
    given = {name: environment.get(name, "") for name in ("NO_PROXY", "no_proxy")}
    ours = {name: ",".join(filter(None, [value, "127.0.0.1"])) for name, value in given.items()}
    return {**environment, **ours}
