"""How many requests per second the stub answers: `make load SECONDS=5`."""

import argparse
import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from attrs import frozen
from bluejay_contract.stub import SCENARIOS

PROMISED = 1_000
"""The number of right answers per second that the stub promises."""

_RUN = SCENARIOS["under_way"]
_COMMAND = Path(sys.executable).with_name("bluejay-contract")
_REQUEST = (
    f"GET /v1/retrieve-simulation-results/{_RUN.run_id} HTTP/1.1\r\nhost: stub\r\nx-api-key: test-key\r\n\r\n"
).encode()


@frozen
class Load:
    """The result of a load test.

    Attributes:
        right: Answers with exactly the bytes that the stub serves.
        wrong: All other answers.
        seconds: How long the test took.
    """

    right: int
    wrong: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.right / self.seconds


def load(seconds: float, connections: int = 32) -> Load:
    """Send requests to a stub in another process as fast as it responds, on connections that stay open.

    Raises:
        EOFError: The stub closed a connection.
    """
    with _stub() as (host, port):
        started = time.monotonic()
        answers = asyncio.run(_ask_all(host, port, started + seconds, connections))
        return Load(answers.count(True), answers.count(False), time.monotonic() - started)


async def _ask_all(host: str, port: int, end: float, connections: int) -> list[bool]:
    asking = [_ask(host, port, end) for _ in range(connections)]
    return [answer for answers in await asyncio.gather(*asking) for answer in answers]


async def _ask(host: str, port: int, end: float) -> list[bool]:
    reader, writer = await asyncio.open_connection(host, port)
    body, answers = _RUN.bodies[-1], list[bool]()
    while not answers or time.monotonic() < end:
        writer.write(_REQUEST)
        head = await reader.readuntil(b"\r\n\r\n")
        answers.append(head.startswith(b"HTTP/1.1 200 ") and await reader.readexactly(len(body)) == body)
    writer.close()
    return answers


@contextmanager
def _stub() -> Iterator[tuple[str, int]]:
    """Start the stub as users start it; yield its host and port."""
    with subprocess.Popen(
        [_COMMAND, "stub"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as stub:
        try:
            assert stub.stdout
            url = urlsplit(stub.stdout.readline().strip())
            assert url.hostname
            assert url.port
            yield url.hostname, url.port
        finally:
            stub.terminate()


def main() -> int:
    """Load a stub and print its rate; return 1 after a wrong answer or if the rate is below the promise."""
    parser = argparse.ArgumentParser(prog="load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    result = load(parser.parse_args().seconds)
    sys.stdout.write(
        f"{result.rate:,.0f} right answers a second of {len(_RUN.bodies[-1]):,} bytes each, "
        f"for {result.seconds:.1f} s; {result.wrong} wrong; promised {PROMISED:,}\n"
    )
    return 1 if result.wrong or result.rate < PROMISED else 0


if __name__ == "__main__":
    sys.exit(main())
