"""A stub in a separate process. It sends faults until a run settles; then the run starts again."""

import logging
import sys

from bluejay_contract.stub import Answer, Stub

from .. import builders

RUN_IDS = tuple(f"soak-{number}" for number in range(8))
_CYCLES = 20_000
"""How often each run's responses are repeated: enough for over an hour."""

_AT_ONCE = {"retry-after": "0"}


def _script(run_id: str) -> list[Answer]:
    """The responses for a run: every kind of fault, until the run settles."""
    running = Answer.json(builders.response(id=run_id, status="RUNNING"))
    settled = Answer.json(builders.response(*map(builders.result, range(5)), id=run_id))
    faults = [
        Answer(b"<html>", 520),
        Answer(b"<html>", 502, _AT_ONCE),
        Answer(b"{}", 429, _AT_ONCE),
        Answer(b"{", headers={"content-type": "application/json", "content-length": "100"}),
    ]
    return [*(answer for fault in faults for answer in (fault, running)), settled]


def main() -> None:
    """Serve until stdin ends; the first line on stdout is the URL."""
    logging.disable()  # uvicorn complains about a truncated body
    with Stub() as stub:
        for run_id in RUN_IDS:
            stub.serve(run_id, *_script(run_id) * _CYCLES)
        sys.stdout.write(f"{stub.url}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
