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
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from .errors import ClientUnusableError, KitError
from .processes import ClientProcess, describe_exit

IMPORT_SECONDS = 60.0
"""How long the import of a client may take."""

_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")


class Outcome(enum.StrEnum):
    """What a client did with a response. INCONCLUSIVE: nothing was learnt about that."""

    REFUSED = "refused"
    BELIEVED = "believed"
    CRASHED = "crashed"
    HUNG = "hung"
    INCONCLUSIVE = "inconclusive"


@frozen
class Call:
    """How one call of a client ended, and in a few words why."""

    outcome: Outcome
    detail: str = ""


class Caller(ABC):
    """Calls a client, one call after the other."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._closed = False
        self._process: ClientProcess | None = None

    @abstractmethod
    def call(self, url: str, operation: str, arguments: Mapping[str, Any]) -> Call:
        """Call the client once.

        Raises:
            ClientUnusableError: It can't be run at all.
        """

    def close(self) -> None:
        """Kill what is running. A call that is under way in another thread ends with it."""
        self._closed = True
        if process := self._process:
            process.kill()

    def _run(
        self, command: Sequence[str], environment: Mapping[str, str], pass_fds: Sequence[int] = ()
    ) -> ClientProcess:
        process = self._process = ClientProcess(command, environment, pass_fds)
        if self._closed:  # meanwhile
            process.kill()
        return process


class Client(ABC):
    """A client that can be called from several threads, each with a caller of its own."""

    @abstractmethod
    def caller(self, timeout: float) -> Caller:
        """Return a caller that has shown that the client can be run.

        Args:
            timeout: The seconds that a call may take.

        Raises:
            KitError: Its name or its command can't be read.
            ClientUnusableError: It can't be run.
        """


@frozen
class PythonClient(Client):
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


class _PythonCaller(Caller):
    """Has a worker process, which is replaced when it dies or takes too long."""

    def __init__(self, names: list[str], timeout: float) -> None:
        super().__init__(timeout)
        self._names = names

    def start(self) -> ClientProcess:
        """Start a worker and wait until it has imported the client."""
        self._connection, theirs = socket.socketpair()
        self._received = b""
        with theirs:
            command = [sys.executable, "-m", "contract_kit.worker", str(theirs.fileno()), *self._names]
            process = self._run(command, os.environ, (theirs.fileno(),))
        try:
            answer = self._receive(IMPORT_SECONDS)
        except TimeoutError:
            self._stop(process)
            raise ClientUnusableError(
                f"Importing {self._names[0]} took over {IMPORT_SECONDS:g} s. Don't call anything on import."
            ) from None
        if answer is None:
            raise ClientUnusableError(f"Can't import {self._names[0]}: it {self._how_it_died(process)}.")
        if "unusable" in answer:
            self._stop(process)
            raise (KitError if answer["by"] == "name" else ClientUnusableError)(answer["unusable"])
        return process

    def call(self, url: str, operation: str, arguments: Mapping[str, Any]) -> Call:
        process = self._process or self.start()
        try:
            self._connection.sendall(f"{json.dumps([url, operation, dict(arguments)])}\n".encode())
            answer = self._receive(self._timeout)
        except TimeoutError:
            self._stop(process)
            return Call(Outcome.HUNG, f"took over {self._timeout:g} s")
        except OSError:
            answer = None
        if answer is None:
            return Call(Outcome.CRASHED, self._how_it_died(process))
        return Call(Outcome(answer["outcome"]), answer["detail"])

    def close(self) -> None:
        super().close()
        self._connection.close()

    def _stop(self, process: ClientProcess) -> None:
        self._process = None
        process.kill()
        self._connection.close()

    def _how_it_died(self, process: ClientProcess) -> str:
        code = process.wait(1)
        self._stop(process)
        return "closed its connection" if code is None else describe_exit(code, process.last_words)

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
class CommandClient(Client):
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
        if not shutil.which(program := self.command[0]):
            if Path(program).is_file():
                raise ClientUnusableError(f"Can't run {program}: it is not executable (chmod +x).")
            raise KitError(f"Can't run {program}: there is no such program.")
        return _CommandCaller(self.command, timeout)


class _CommandCaller(Caller):
    def __init__(self, command: tuple[str, ...], timeout: float) -> None:
        super().__init__(timeout)
        self._command = command

    def call(self, url: str, operation: str, arguments: Mapping[str, Any]) -> Call:
        told = {
            "CONTRACT_KIT_URL": url,
            "CONTRACT_KIT_OPERATION": operation,
            "CONTRACT_KIT_ARGUMENTS": json.dumps(dict(arguments)),
        }
        process = self._run(self._command, {**os.environ, **told})
        code = process.wait(self._timeout)
        process.kill()  # also what it left running
        match code:
            case None:
                return Call(Outcome.HUNG, f"took over {self._timeout:g} s")
            case 0:
                return Call(Outcome.BELIEVED)
            case 10:
                return Call(Outcome.REFUSED, process.last_words)
            case _:
                return Call(Outcome.CRASHED, describe_exit(code, process.last_words))
