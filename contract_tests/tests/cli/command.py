"""The real command in a process of its own."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COMMAND = Path(sys.executable).with_name("bluejay-results")
CANARY = "canary-6f2e91"
SECONDS = 30
_FROM_OUTSIDE = (
    "BLUEJAY_",
    "COLUMNS",
    "FORCE_COLOR",
    "NO_COLOR",
    "TTY_",
    "TERM",
    "http_",
    "https_",
    "all_",
    "ssl_",
)


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: bytes
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines on stdout."""
        return self.out.decode().splitlines()

    @property
    def errors(self) -> list[str]:
        """The lines on stderr."""
        return self.err.splitlines()


@dataclass(frozen=True)
class Bad:
    """A command line that can't work, the exit code it must have and what it must say."""

    arguments: str
    code: int
    says: str
    environment: Mapping[str, str] = field(default_factory=dict)

    def check(self, ended: Ended, program: str = COMMAND.name) -> None:
        """Assert that a command ended so: in one line that shows no key and that no terminal obeys."""
        [line] = ended.errors
        assert (ended.code, ended.out, line.partition(" ")[0]) == (self.code, b"", f"{program}:")
        assert self.says in line
        assert line.isprintable()
        assert CANARY not in line


class Command:
    """`bluejay-results`, or another program, with a key and a service and nothing else from the outside."""

    def __init__(self, url: str, program: Path = COMMAND) -> None:
        self._program = program
        inherited = {name: value for name, value in os.environ.items() if not _is_from_outside(name)}
        settings = {"BLUEJAY_API_KEY": CANARY, "BLUEJAY_API_URL": url, "TERM": "xterm-256color"}
        self._environment = inherited | settings

    def __call__(self, *arguments: str | Path, stdin: bytes = b"", **options: Any) -> Ended:
        """Run it to its end."""
        process = self.start(*arguments, stdin=subprocess.PIPE, **options)
        out, err = process.communicate(stdin, timeout=SECONDS)
        return Ended(process.returncode, out or b"", (err or b"").decode())

    def start(
        self, *arguments: str | Path, environment: Mapping[str, str] | None = None, **options: Any
    ) -> subprocess.Popen[bytes]:
        """Start it; an empty string in `environment` is a variable that is not set."""
        changed = self._environment | dict(environment or {})
        given = {name: value for name, value in changed.items() if value}
        settings: dict[str, Any] = {
            "env": given,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            **options,
        }
        return subprocess.Popen([self._program, *arguments], **settings)

    def on_a_terminal(self, *arguments: str, **options: Any) -> str:
        """Run it to its end with both outputs on one terminal; return what the terminal got."""
        ours, its = pty.openpty()
        with self.start(*arguments, stdin=its, stdout=its, stderr=its, **options):
            os.close(its)
            return read_all(ours).decode()


def read_all(terminal: int) -> bytes:
    """Read what a terminal gets until nobody has it open any more, and close it."""
    received = b""
    with open(terminal, "rb", buffering=0) as stream:
        try:
            while piece := stream.read(1 << 16):
                received += piece
        except OSError:  # how Linux says that the other end is closed
            pass
    return received


def _is_from_outside(name: str) -> bool:
    return name.lower().startswith(tuple(each.lower() for each in _FROM_OUTSIDE))
