"""Runs the real commands, either in a separate process or in the test's process."""

from __future__ import annotations

import gc
import logging
import os
import pty
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from bluejay_contract.stub import Stub
from bluejay_results import _secrets
from contract_kit.tests.command import read_all

from ..outside import environment

COMMAND = Path(sys.executable).with_name("bluejay-results")
CANARY = "canary-6f2e91"
SECONDS = 300
"""The time after which a command counts as hung, even on a busy machine."""


@dataclass(frozen=True)
class Ended:
    """The exit code and the outputs of a command."""

    code: int
    out: bytes
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.decode().splitlines()

    @property
    def errors(self) -> list[str]:
        return self.err.splitlines()


def check_refused(ended: Ended, code: int, says: str, program: str = COMMAND.name) -> None:
    """Assert that a command exited with this code and printed this message on one line, without a key."""
    [line] = ended.errors
    assert (ended.code, ended.out) == (code, b""), ended
    assert line.startswith(f"{program}: "), line
    assert says in line, line
    assert line.isprintable(), line
    assert CANARY not in line, line


class Command:
    """`bluejay-results` or another program, whose only settings are a key and the URL of a service."""

    def __init__(self, url: str, program: Path = COMMAND) -> None:
        self.program = program
        settings = {"BLUEJAY_API_KEY": CANARY, "BLUEJAY_API_URL": url, "TERM": "xterm-256color"}
        self._environment = environment() | settings

    def __call__(self, *arguments: str | Path, stdin: bytes = b"", **options: Any) -> Ended:
        process = self.start(*arguments, stdin=subprocess.PIPE, **options)
        out, err = process.communicate(stdin, timeout=SECONDS)
        return Ended(process.returncode, out or b"", (err or b"").decode())

    def start(
        self, *arguments: str | Path, environment: Mapping[str, str] | None = None, **options: Any
    ) -> subprocess.Popen[bytes]:
        """Start the program; an empty string in `environment` removes a variable."""
        settings: dict[str, Any] = {
            "env": self.variables(environment or {}),
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            **options,
        }
        return subprocess.Popen([self.program, *arguments], **settings)

    def variables(self, changed: Mapping[str, str]) -> dict[str, str]:
        """Return the program's environment with changed variables; an empty string removes a variable."""
        return {name: value for name, value in (self._environment | dict(changed)).items() if value}

    def stopped(
        self, number: int, is_due: Callable[[], bool], *arguments: str | Path, **options: Any
    ) -> Ended:
        """Start the program, send it a signal once `is_due` returns True; return how it ended."""
        with self.start(*arguments, **options) as started:
            try:
                while not is_due():
                    assert started.poll() is None
                    time.sleep(0.01)
                started.send_signal(number)
                out, err = started.communicate(timeout=SECONDS)
            finally:
                started.kill()
        return Ended(started.returncode, out, err.decode())

    def on_a_terminal(self, *arguments: str, **options: Any) -> str:
        """Run the program with both outputs on one terminal; return what the terminal received."""
        ours, its = pty.openpty()
        with self.start(*arguments, stdin=its, stdout=its, stderr=its, **options):
            os.close(its)
            return read_all(ours).decode()


class InProcess(Command):
    """Runs `main` in the test's process, which takes a tenth of the time."""

    def __call__(self, *arguments: str | Path, stdin: bytes = b"", **options: Any) -> Ended:
        """Run the program until it exits; `options` can contain `environment` and `cwd`."""
        return self._run([str(self.program), *map(str, arguments)], BytesIO(stdin), **options)

    def _run(
        self,
        command_line: list[str],
        stdin: BytesIO,
        environment: Mapping[str, str] | None = None,
        cwd: str | Path = ".",
    ) -> Ended:
        main = import_module(f"{self.program.name.replace('-', '_')}.cli").main
        return called(main, command_line, self.variables(environment or {}), stdin, cwd)


def called(
    main: Callable[[], Any],
    command_line: list[str],
    variables: Mapping[str, str],
    stdin: BytesIO | None = None,
    cwd: str | Path = ".",
) -> Ended:
    """Call a program's main function in this process, as if the program was started."""
    certificates = {"SSL_CERT_FILE": os.environ["SSL_CERT_FILE"]}  # loads quickly
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as out,
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="backslashreplace") as err,
        patch.dict(os.environ, certificates | dict(variables), clear=True),
        pytest.MonkeyPatch.context() as context,
        _left_as_it_was(),
    ):
        context.chdir(cwd)
        streams = {
            "argv": command_line,
            "stdin": TextIOWrapper(stdin or BytesIO()),
            "stdout": out,
            "stderr": err,
            "path": list(sys.path),
        }
        for name, value in streams.items():
            context.setattr(sys, name, value)
        try:
            code = main()
        except SystemExit as ended:
            code = ended.code
        for stream in (out, err):
            stream.seek(0)
        return Ended(code, bytes(out.buffer.read()), err.read())


@contextmanager
def broken_pipe() -> Iterator[int]:
    """Yield the file descriptor of a pipe that nobody reads."""
    its, ours = os.pipe()
    os.close(its)
    yield ours
    os.close(ours)


@contextmanager
def _left_as_it_was() -> Iterator[None]:
    """Undo the command's changes to this process; normally, the process would exit with the command."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    masked, log = list(_secrets._never_shown), logging.getLogger("bluejay_results")
    level, log_handlers = log.level, list(log.handlers)
    try:
        yield
    finally:
        _secrets._never_shown[:] = masked
        log.setLevel(level)
        log.handlers[:] = log_handlers
        for number, handler in handlers.items():
            signal.signal(number, handler)
        gc.unfreeze()
        gc.enable()


def has_received(stub: Stub, method: str, id_: str = "") -> bool:
    """Whether a stub has received a request with this method for this id."""
    return any(each.method == method and each.path.endswith(id_) for each in stub.requests)
