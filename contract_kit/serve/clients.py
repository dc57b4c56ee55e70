"""The three kinds of client (a worker, a Python function, a command), and how a call can end."""

from __future__ import annotations

import builtins
import enum
import json
import os
import re
import shlex
import shutil
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Lock

from attrs import field, frozen

from contract_kit.derive.model import Operation
from contract_kit.errors import ClientUnusableError, KitError

from .returned import NOTHING, Returned
from .workers import ClientProcess, Worker, describe_exit, request_of

START_SECONDS = 60.0
"""How long a worker can take to become ready, in seconds."""

END_SECONDS = 10.0
"""How long a worker can take to exit after it has closed its stdin or stdout, in seconds."""

TIMEZONE = "Asia/Kathmandu"
"""The clients' default time zone. In UTC, a client that ignores a time's offset would still be right."""

_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")


class Outcome(enum.StrEnum):
    """What a client did with a response, if it requested any. INCONCLUSIVE means that this is unknown."""

    REFUSED = "refused"
    ACCEPTED = "accepted"
    CRASHED = "crashed"
    HUNG = "hung"
    NOT_REQUESTED = "not requested"
    INCONCLUSIVE = "inconclusive"


@frozen
class Call:
    """How a call to a client ended, and why.

    Attributes:
        detail: The reason, in a few words.
        is_cut_off: Whether the client's process ended during the call.
        returned: What the client returned.
    """

    outcome: Outcome
    detail: str = ""
    is_cut_off: bool = False
    returned: Returned = NOTHING


class Caller(ABC):
    """Calls a client, one call at a time."""

    def __init__(self, timeout: float, timezone: str) -> None:
        self._timeout, self._timezone = timeout, timezone
        self._closed = False
        self._process: ClientProcess | None = None
        self.stopped = 0
        """The number of workers stopped so far. The next call starts a new one, which has no state yet."""

    @abstractmethod
    def call(self, url: str, operation: Operation) -> Call:
        """Call the client once.

        Raises:
            ClientUnusableError: The client can't be run at all.
        """

    def close(self) -> None:
        """Kill the client's process. This also ends a call in progress in another thread."""
        self._closed = True
        if process := self._process:
            process.kill()

    def _run(
        self, command: Sequence[str], environment: Mapping[str, str], *, talks: bool = False
    ) -> ClientProcess:
        environment = {**environment, "TZ": self._timezone}
        process = self._process = ClientProcess(command, environment, talks=talks)
        if self._closed:  # `close` was called while the process was starting
            process.kill()
        return process


@frozen
class Client(ABC):
    """A client that several threads can call, each with its own `Caller`.

    Attributes:
        timezone: The time zone of the client's process, regardless of `TZ` in the kit's environment.
    """

    timezone: str = field(default=TIMEZONE, kw_only=True)

    @abstractmethod
    def caller(self, timeout: float) -> Caller:
        """Check that the client can be run, and return a `Caller`.

        Raises:
            KitError: The client's name or command can't be parsed.
            ClientUnusableError: The client can't be run.
        """


@frozen
class WorkerClient(Client):
    """A command that is started once, and then handles one request at a time.

    `docs/contract-kit-programs.md` describes the protocol.
    """

    command: tuple[str, ...]

    def caller(self, timeout: float) -> Caller:
        """Return a `Caller` with a worker that is ready."""
        _check_program(self.command)
        advice = 'A worker first writes {"ready": true} to stdout.'
        return _WorkerCaller(self.command, shlex.join(self.command), advice, timeout, self.timezone)


@frozen
class PythonClient(Client):
    """A function that is called as `function(url, operation, arguments)`.

    Attributes:
        function: The function's name, as `package.module:function`. If it is a coroutine function, its result
            is awaited.
        refuses: The names of the exceptions that the function raises to refuse a response.
    """

    function: str
    refuses: tuple[str, ...] = ()

    def caller(self, timeout: float) -> Caller:
        """Return a `Caller` with a worker that has imported the function."""
        names = [self.function, *self.refuses]
        for name in names:
            if not _NAME.fullmatch(name):
                advice = f"builtins:{name}" if hasattr(builtins, name) else "package.module:name"
                raise KitError(f"{name} isn't the name of a Python object. Write it as {advice}.")
        command = (sys.executable, "-m", "contract_kit.serve.shims.worker", *names)
        advice = "Don't call anything on import."
        return _WorkerCaller(command, self.function, advice, timeout, self.timezone)


class _WorkerCaller(Caller):
    """Calls a worker, and replaces it if it exits or takes too long."""

    def __init__(self, command: Sequence[str], name: str, advice: str, timeout: float, timezone: str) -> None:
        super().__init__(timeout, timezone)
        self._command, self._name, self._advice = command, name, advice
        self._worker: Worker | None = None
        self._busy = Lock()
        with ExitStack() as unless_it_is_ready:
            unless_it_is_ready.callback(self._stop)
            self._start()
            unless_it_is_ready.pop_all()

    def _start(self) -> Worker:
        worker = self._worker = Worker(self._run(self._command, os.environ, talks=True))
        try:
            worker.wait_until_ready(START_SECONDS)
        except TimeoutError:
            raise ClientUnusableError(
                f"{self._name} was not ready after {START_SECONDS:g} s. {self._advice}"
            ) from None
        except EOFError:
            raise ClientUnusableError(
                f"Can't start '{self._name}', because it {_how_it_ended(worker)}."
            ) from None
        return worker

    def call(self, url: str, operation: Operation) -> Call:
        with self._busy, ExitStack() as unless_it_replies:
            unless_it_replies.callback(self._stop)
            try:
                worker = self._worker or self._start()
                outcome, detail, returned = worker.ask(request_of(url, operation), self._timeout)
            except TimeoutError:
                return Call(Outcome.HUNG, f"took more than {self._timeout:g} s")
            except EOFError:
                return Call(Outcome.CRASHED, _how_it_ended(worker), is_cut_off=True)
            unless_it_replies.pop_all()
            return Call(Outcome(outcome), detail, returned=returned)

    def close(self) -> None:
        super().close()
        with self._busy:  # a call in progress ends when its process exits
            self._stop()

    def _stop(self) -> None:
        if worker := self._worker:
            self._worker = None
            self.stopped += 1
            worker.process.kill()
            worker.process.close()


def _how_it_ended(worker: Worker) -> str:
    code = worker.process.wait(END_SECONDS)
    if code is None:
        raise ClientUnusableError("The worker closed stdin or stdout but is still running. Leave both open.")
    return describe_exit(code, worker.process.last_words)


@frozen
class CommandClient(Client):
    """A command that is run once for each call.

    The environment variables CONTRACT_KIT_URL, CONTRACT_KIT_OPERATION and CONTRACT_KIT_ARGUMENTS (JSON)
    describe the call. The command exits with 0 if it accepted the response, and with 10 if it refused the
    response.
    """

    command: tuple[str, ...]

    def caller(self, timeout: float) -> Caller:
        """Check that the program exists, and return a `Caller` that runs it."""
        _check_program(self.command)
        return _CommandCaller(self.command, timeout, self.timezone)


class _CommandCaller(Caller):
    def __init__(self, command: tuple[str, ...], timeout: float, timezone: str) -> None:
        super().__init__(timeout, timezone)
        self._command = command

    def call(self, url: str, operation: Operation) -> Call:
        if "\0" in operation.id:
            raise KitError(
                f"The operationId {operation.id!r} can't be passed to a command, because it contains a "
                "NUL. Use --worker."
            )
        told = {
            "CONTRACT_KIT_URL": url,
            "CONTRACT_KIT_OPERATION": operation.id,
            "CONTRACT_KIT_ARGUMENTS": json.dumps(dict(operation.request.arguments)),
        }
        process = self._run(self._command, {**os.environ, **told})
        code = process.wait(self._timeout)
        process.kill()  # also kills the child processes that are still running
        match code:
            case None:
                return Call(Outcome.HUNG, f"took more than {self._timeout:g} s")
            case 0:
                return Call(Outcome.ACCEPTED)
            case 10:
                return Call(Outcome.REFUSED, process.last_words)
            case _:
                return Call(Outcome.CRASHED, describe_exit(code, process.last_words))


def _check_program(command: Sequence[str]) -> None:
    if not command:
        raise KitError("The command is empty. Specify the program to run.")
    if not shutil.which(program := command[0]):
        if Path(program).is_file():
            raise ClientUnusableError(f"Can't run '{program}', because it is not executable (chmod +x).")
        raise KitError(f"There is no program '{program}'.")
