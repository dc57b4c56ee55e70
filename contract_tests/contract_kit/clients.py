"""The two kinds of client, a Python function and a command, and what one call of them comes to."""

from __future__ import annotations

import enum
import json
import os
import re
import shutil
import socket
import sys
import time
from collections.abc import Mapping
from typing import Any, Protocol

from attrs import frozen

from .errors import ClientUnusableError, KitError
from .processes import ClientProcess, describe_exit

IMPORT_SECONDS = 60.0
"""How long the import of a client may take."""

_REFUSED_CODE = 10
_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")


class Outcome(enum.StrEnum):
    """What a client did with a response."""

    REFUSED = "refused"
    BELIEVED = "believed"
    CRASHED = "crashed"
    HUNG = "hung"


@frozen
class Call:
    """How one call of a client ended, and in a few words why."""

    outcome: Outcome
    detail: str = ""


class Caller(Protocol):
    """Calls a client, one call after the other."""

    def call(self, url: str, operation: str, arguments: Mapping[str, Any]) -> Call:
        """Call the client once. Raises ClientUnusableError if it can't be run at all."""

    def close(self) -> None:
        """End what it has started. A call that is under way in another thread ends too."""


class Client(Protocol):
    """A client that can be called from several threads, each with a caller of its own."""

    def caller(self, timeout: float) -> Caller:
        """Return a caller that has shown that the client can be run.

        Args:
            timeout: The seconds that a call may take.

        Raises:
            KitError: Its name or its command can't be read.
            ClientUnusableError: It can't be run.
        """


@frozen
class PythonClient:
    """A function that is called as `function(url, operation, arguments)`.

    Attributes:
        function: Its name, as `package.module:function`. A coroutine function is awaited.
        refuses: The names of the exception classes that it raises when it refuses a response.
    """

    function: str
    refuses: tuple[str, ...] = ()

    def caller(self, timeout: float) -> Caller:
        """Return a caller with a worker process, which has imported the function."""
        names = [self.function, *self.refuses]
        for name in names:
            if not _NAME.fullmatch(name):
                raise KitError(f"{name} names nothing in Python. Write it as package.module:name.")
        caller = _PythonCaller(names, timeout)
        caller.start()
        return caller


class _PythonCaller:
    """A worker process, which is replaced when it dies or takes too long."""

    def __init__(self, names: list[str], timeout: float) -> None:
        self._names = names
        self._timeout = timeout
        self._closed = False
        self._process: ClientProcess | None = None

    def start(self) -> ClientProcess:
        """Start a worker and wait until it has imported the client."""
        self._connection, theirs = socket.socketpair()
        self._received = b""
        with theirs:
            command = [sys.executable, "-m", "contract_kit.worker", str(theirs.fileno()), *self._names]
            process = self._process = ClientProcess(command, os.environ, (theirs.fileno(),))
        if self._closed:
            process.kill()
        try:
            answer = self._receive(IMPORT_SECONDS)
        except TimeoutError:
            self._stop()
            raise ClientUnusableError(
                f"Importing {self._names[0]} took over {IMPORT_SECONDS:g} s. Don't call anything on import."
            ) from None
        if answer is None:
            said = self._how_it_died(process)
            raise ClientUnusableError(f"Can't import {self._names[0]}: it {said}.")
        if "unusable" in answer:
            self._stop()
            raise ClientUnusableError(answer["unusable"])
        return process

    def call(self, url: str, operation: str, arguments: Mapping[str, Any]) -> Call:
        process = self._process or self.start()
        try:
            self._connection.sendall(f"{json.dumps([url, operation, dict(arguments)])}\n".encode())
            answer = self._receive(self._timeout)
        except TimeoutError:
            self._stop()
            return Call(Outcome.HUNG, f"it took over {self._timeout:g} s")
        except OSError:
            answer = None
        if answer is None:
            return Call(Outcome.CRASHED, f"it {self._how_it_died(process)}")
        return Call(Outcome(answer["outcome"]), answer["detail"])

    def close(self) -> None:
        self._closed = True
        self._stop()

    def _stop(self) -> None:
        if process := self._process:
            self._process = None
            process.kill()
            self._connection.close()

    def _how_it_died(self, process: ClientProcess) -> str:
        code = process.wait(1)
        self._stop()
        said = process.last_words
        return "closed its connection" if code is None else _with_detail(describe_exit(code), said)

    def _receive(self, timeout: float) -> dict[str, str] | None:
        """Return the next line of the worker; None if it has ended."""
        end = time.monotonic() + timeout
        while b"\n" not in self._received:
            self._connection.settimeout(max(end - time.monotonic(), 0.001))
            if not (piece := self._connection.recv(1 << 16)):
                return None
            self._received += piece
        line, _, self._received = self._received.partition(b"\n")
        answer: dict[str, str] = json.loads(line)
        return answer


@frozen
class CommandClient:
    """A command that is run once for each call.

    It gets CONTRACT_KIT_URL, CONTRACT_KIT_OPERATION and CONTRACT_KIT_ARGUMENTS (JSON) in its environment. It
    exits with 0 if it believed the response and with 10 if it refused it.

    Attributes:
        command: The program and its arguments.
    """

    command: tuple[str, ...]

    def caller(self, timeout: float) -> Caller:
        """Return a caller of the program, if there is one by that name."""
        if not self.command:
            raise KitError("The command is empty. Give the program to run.")
        if not shutil.which(self.command[0]):
            raise ClientUnusableError(f"Can't run {self.command[0]}: there is no such program.")
        return _CommandCaller(self.command, timeout)


class _CommandCaller:
    def __init__(self, command: tuple[str, ...], timeout: float) -> None:
        self._command = command
        self._timeout = timeout
        self._closed = False
        self._process: ClientProcess | None = None

    def call(self, url: str, operation: str, arguments: Mapping[str, Any]) -> Call:
        told = {
            "CONTRACT_KIT_URL": url,
            "CONTRACT_KIT_OPERATION": operation,
            "CONTRACT_KIT_ARGUMENTS": json.dumps(dict(arguments)),
        }
        process = self._process = ClientProcess(self._command, {**os.environ, **told})
        if self._closed:
            process.kill()
        code = process.wait(self._timeout)
        process.kill()  # also what it left running
        if code is None:
            return Call(Outcome.HUNG, f"it took over {self._timeout:g} s")
        if code == 0:
            return Call(Outcome.BELIEVED)
        if code == _REFUSED_CODE:
            return Call(Outcome.REFUSED, process.last_words)
        return Call(Outcome.CRASHED, _with_detail(f"it {describe_exit(code)}", process.last_words))

    def close(self) -> None:
        self._closed = True
        if process := self._process:
            process.kill()


def _with_detail(text: str, detail: str) -> str:
    return f"{text}: {detail}" if detail else text
