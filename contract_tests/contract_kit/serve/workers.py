"""A worker: a process that reads one request per line from stdin and writes one reply per line to stdout.

`docs/contract-kit-worker.md` describes the protocol. If a worker breaks the protocol, nothing is known about
the client, so the run ends.
"""

from __future__ import annotations

import json
import time
from typing import Any

from contract_kit.derive.model import Operation
from contract_kit.errors import ClientUnusableError, KitError

from .processes import ClientProcess

OUTCOMES = ("believed", "refused", "crashed")
LONGEST = 1_000_000
"""The maximum number of bytes in a line."""


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
            KitError: The worker says that its arguments are wrong.
        """
        line = self._line(time.monotonic() + seconds)
        match _decoded(line):
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

    def ask(self, request: dict[str, Any], timeout: float) -> tuple[str, str]:
        """Send a request and return the outcome and the detail of its reply."""
        self._asked += 1
        end = time.monotonic() + timeout
        try:
            self.process.send(f"{json.dumps({'id': self._asked} | request)}\n".encode(), end)
        except BrokenPipeError:
            raise EOFError from None
        line = self._line(end)
        match _decoded(line):
            case {"id": self._asked, "outcome": outcome, **rest} if outcome in OUTCOMES:
                return str(outcome), str(rest.get("detail") or "").strip().partition("\n")[0][:200]
            case {"id": self._asked, "outcome": outcome}:
                problem = f"gave the outcome {_shown(outcome)}. An outcome is believed, refused or crashed."
            case {"id": int(known), "outcome": _} if 0 < known < self._asked:
                problem = f"answered request {known} twice. Each request gets one reply."
            case {"id": other, "outcome": _}:
                problem = f"answered request {_shown(other)} instead of request {self._asked}."
            case _:
                problem = (
                    f"wrote {_shown(line)} to stdout, which isn't a reply. Only the protocol may use stdout."
                )
        raise ClientUnusableError(f"The worker {problem}")

    def _line(self, end: float) -> bytes:
        while b"\n" not in self._received:
            if len(self._received) > LONGEST:
                raise ClientUnusableError(
                    f"The worker wrote a line of over {LONGEST:,} bytes to stdout. "
                    "A reply contains only an outcome and a short detail."
                )
            if not (piece := self.process.receive(end)):
                raise EOFError
            self._received += piece
        line, _, self._received = self._received.partition(b"\n")
        return line


def request_of(url: str, operation: Operation) -> dict[str, Any]:
    """Return the request to send to a worker, without the request's id."""
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
    }
    return told | ({"body": request.arguments["body"]} if "body" in request.arguments else {})


def _decoded(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _shown(what: Any) -> str:
    text = what.decode(errors="replace") if isinstance(what, bytes) else str(what)
    return repr(text if len(text) <= 60 else f"{text[:60]}...")
