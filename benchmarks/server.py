"""Serves the bodies on loopback as cheaply as possible, so that only the clients' cost is measured.

Usage: python -m benchmarks.server DELAY. The server prints its URL, and exits when its stdin is closed.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import IO, Any, cast
from urllib.parse import parse_qs, urlsplit

from .build import full, gaps

PATH = "/v1/retrieve-simulation-results/"
RESULT_PATH = "/v1/retrieve-simulation-result/"
GAPS = "gaps"
"""The id of the run whose list lacks some tool calls."""
PAGED = "paged-"
"""The prefix for ids of runs that are sent in pages. For all other runs, the server ignores `limit`."""


@contextmanager
def serving(delay: float = 0) -> Iterator[str]:
    """Run the server in its own process for the duration of a with statement.

    Args:
        delay: How many seconds the server waits before each response.

    Yields:
        The server's URL.
    """
    command = [sys.executable, "-m", "benchmarks.server", str(delay)]
    with subprocess.Popen(  # noqa: S603 - our own arguments
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield cast("IO[str]", process.stdout).readline().strip()
        finally:
            process.communicate()


_DELAY = float(sys.argv[1]) if __name__ == "__main__" else 0.0


class _Connection(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            answer = _answer(path)
            if _DELAY:
                asyncio.get_running_loop().call_later(_DELAY, self._transport.write, answer)
            else:
                self._transport.write(answer)


@cache
def _answer(target: str) -> bytes:
    url = urlsplit(target)
    if url.path.startswith(RESULT_PATH):
        body = _singles()[url.path.removeprefix(RESULT_PATH)]
    else:
        run = url.path.removeprefix(PATH)
        document = _run(run)
        if run.startswith(PAGED):
            limit, offset = (int(parse_qs(url.query)[name][0]) for name in ("limit", "offset"))
            page = document["simulation_results"][offset : offset + limit]
            document = document | {"simulation_results": page}
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@cache
def _run(run: str) -> dict[str, Any]:
    """Return a run with the requested id, because the client rejects a run with any other id."""
    path = gaps()[0] if run == GAPS else full(int(run.removeprefix(PAGED)))
    document: dict[str, Any] = json.loads(path.read_bytes())
    return document | {"simulation_run": document["simulation_run"] | {"id": run}}


@cache
def _singles() -> dict[str, bytes]:
    records = json.loads(gaps()[1].read_bytes())
    return {id_: json.dumps({"simulation_result": each}).encode() for id_, each in records.items()}


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Connection, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)  # noqa: T201 - the caller reads it
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve())
