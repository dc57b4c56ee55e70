"""Runs clients as processes that can be killed with their children, and exchanges lines with workers.

`docs/contract-kit-programs.md` describes the workers' protocol. If a worker breaks the protocol, nothing is
known about the client, so the run ends. The kit doesn't show the output of clients.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from threading import Thread
from typing import Any

from contract_kit.derive.model import Operation
from contract_kit.errors import ClientUnusableError, KitError

from .returned import NOTHING, Returned

OUTCOMES = ("accepted", "refused", "crashed", "inconclusive")
LONGEST = 1_000_000
"""The maximum length of a line, in bytes. The rest of a longer line is skipped."""
_KEPT = 8192
_JSON = json.JSONDecoder()
_MEMBER = re.compile(r'\s*[{,]\s*("(?:[^"\\]|\\.)*")\s*:\s*')
"""Matches the name of a JSON object's member, up to the beginning of the member's value."""
_TELLING = re.compile(r"\w*(Error|Exception|panic)\b")


_GUARD = 'read line; kill -s KILL -- "-$0" 2>/dev/null'
"""A shell script that kills a process group once its stdin is closed: when the kit ends, however it ends."""


class ClientProcess:
    """A process in its own process group, so that it can be killed with its children.

    If the kit itself is killed, another process kills the group.

    Args:
        command: The program and its arguments.
        environment: The process's environment.
        talks: Whether to open pipes to its stdin and stdout. Otherwise, both are connected to the null
            device.
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
            raise ClientUnusableError(f"Can't run '{command[0]}' ({error.strerror}).") from None
        self._guard = subprocess.Popen(  # noqa: S603 - our own script
            ["/bin/sh", "-c", _GUARD, f"{self._process.pid}"], stdin=subprocess.PIPE, start_new_session=True
        )
        self._tail = b""
        self._reader = Thread(target=self._read, name="contract-kit-stderr", daemon=True)
        self._reader.start()
        if talks:
            os.set_blocking(self._stdin, False)

    def send(self, data: bytes, end: float) -> None:
        """Write to the process's stdin.

        `end` is the deadline as a `time.monotonic` time.

        Raises:
            TimeoutError: The process hasn't read all bytes by the deadline.
            BrokenPipeError: The process has closed its stdin.
        """
        while data:
            _await(self._stdin, select.POLLOUT, end)
            data = data[os.write(self._stdin, data) :]

    def receive(self, end: float) -> bytes:
        """Return the next bytes from the process's stdout: none if the process has closed it.

        Raises:
            TimeoutError: Nothing has arrived by `end`, which is a `time.monotonic` time.
        """
        _await(self._stdout, select.POLLIN, end)
        return os.read(self._stdout, 1 << 16)

    def wait(self, timeout: float | None) -> int | None:
        """Return the exit code in `subprocess`'s format, or None if the process hasn't exited in time."""
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def kill(self) -> None:
        """Kill the process and its children, and wait until it has exited."""
        with contextlib.suppress(ProcessLookupError, PermissionError):  # on macOS, if the group is empty
            os.killpg(self._process.pid, signal.SIGKILL)
        with self._guard:
            self._guard.kill()
        self._process.wait()

    def close(self) -> None:
        """Close the pipes to the process's stdin and stdout.

        Call this only once no thread uses the pipes any longer.
        """
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
        """The most informative line on stderr: the last that mentions an error, or else the last."""
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
    left = end - time.monotonic()
    if left < 0 or not poller.poll(left * 1000):
        raise TimeoutError


def describe_exit(code: int, last_words: str) -> str:
    """Describe how a process ended, in words that can follow `it` or `the client`."""
    names = {each.value: each.name for each in signal.Signals}
    killed = f"was killed by {names.get(-code, f'signal {-code}')}"
    said = killed if code < 0 else f"ended with exit code {code}"
    return f"{said}: {last_words}" if last_words else said


def _past_any_proxy(environment: Mapping[str, str]) -> dict[str, str]:
    given = {name: environment.get(name, "") for name in ("NO_PROXY", "no_proxy")}
    ours = {name: ",".join(filter(None, [value, "127.0.0.1"])) for name, value in given.items()}
    return {**environment, **ours}


class Worker:
    """Exchanges requests and replies with a worker process.

    Every method raises TimeoutError if the process takes too long, EOFError if it has closed its stdin or
    stdout, and ClientUnusableError if it writes anything that the protocol doesn't allow.
    """

    def __init__(self, process: ClientProcess) -> None:
        self.process = process
        self._received = b""
        self._asked = 0

    def wait_until_ready(self, seconds: float) -> None:
        """Read the first line that a worker writes.

        Raises:
            KitError: The worker reports that its arguments are wrong.
        """
        line = self._line(time.monotonic() + seconds)
        match _decoded(line)[0]:
            case {"ready": True}:
                return
            case {"usage": str(reason)}:
                raise KitError(reason)
            case {"unusable": str(reason)}:
                raise ClientUnusableError(reason)
        raise ClientUnusableError(
            f'The worker wrote {_shown(line)} to stdout before {{"ready": true}}. '
            "Only the protocol may use stdout."
        )

    def ask(self, request: dict[str, Any], timeout: float) -> tuple[str, str, Returned]:
        """Send a request. Return the outcome and the detail from the reply, and what the client returned.

        If only the beginning of the reply can be read, the outcome might be `inconclusive`.
        """
        self._asked += 1
        end = time.monotonic() + timeout
        try:
            self.process.send(f"{json.dumps({'id': self._asked} | request)}\n".encode(), end)
        except BrokenPipeError:
            raise EOFError from None
        line = self._line(end)
        fields, unread = _decoded(line)
        match fields:
            case {"id": self._asked, "outcome": outcome, **rest} if outcome in OUTCOMES:
                returned = Returned(rest.get("result", ""), _first_line(unread or rest.get("not_comparable")))
                return str(outcome), _first_line(rest.get("detail")), returned
            case {"id": self._asked, "outcome": outcome}:
                problem = f"gave the outcome {_shown(outcome)}. An outcome is one of {', '.join(OUTCOMES)}."
            case {"id": int(known), "outcome": _} if 0 < known < self._asked:
                problem = f"answered request {known} twice. Each request gets one reply."
            case {"id": other, "outcome": _}:
                problem = f"answered request {_shown(other)} instead of request {self._asked}."
            case _ if unread:
                return "inconclusive", unread, NOTHING
            case _:
                problem = (
                    f"wrote {_shown(line)} to stdout, which isn't a reply. Only the protocol may use stdout."
                )
        raise ClientUnusableError(f"The worker {problem}")

    def _line(self, end: float) -> bytes:
        line, newline, self._received = self._received.partition(b"\n")
        while not newline:
            if not (piece := self.process.receive(end)):
                raise EOFError
            more, newline, self._received = piece.partition(b"\n")
            if len(line) <= LONGEST:
                line += more
        return line


def request_of(url: str, operation: Operation) -> dict[str, Any]:
    """Return the request to send to a worker, except for its id."""
    request = operation.request
    told = {
        "url": url,
        "operation": operation.id,
        "method": operation.method,
        "template": operation.path,
        "path": request.path,
        "headers": dict(request.headers),
        "parameters": {place: dict(values) for place, values in request.parameters.items()},
        "arguments": dict(request.arguments),
        "responses": {label: dict(each) for label, each in operation.responses.items()},
    }
    return told | ({"body": request.arguments["body"]} if "body" in request.arguments else {})


def _decoded(line: bytes) -> tuple[dict[str, Any], str]:
    """Return a line's fields, and the reason why some can't be read, or "" if all can be read.

    If there are unreadable fields, those before them are returned. `result` is returned as text, so that its
    numbers keep all digits. If the line isn't a JSON object, there are no fields.
    """
    is_cut = len(line) > LONGEST
    fields, end = {}, 0
    try:
        text = line.decode(errors="ignore" if is_cut else "strict")
        while member := _MEMBER.match(text, end):
            value, end = _JSON.raw_decode(text, start := member.end())
            fields[json.loads(member[1])] = text[start:end] if member[1] == '"result"' else value
        is_whole = text[end:].strip() == "}"
    except RecursionError:
        return fields, "the worker's reply is nested too deep to be read"
    except ValueError:
        is_whole = False
    if is_cut:
        return fields, f"the worker's reply has over {LONGEST:,} bytes"
    return (fields if is_whole else {}), ""


def _first_line(what: Any) -> str:
    return str(what or "").strip().partition("\n")[0][:200]


def _shown(what: Any) -> str:
    text = what.decode(errors="replace") if isinstance(what, bytes) else str(what)
    return repr(text if len(text) <= 60 else f"{text[:60]}...")
