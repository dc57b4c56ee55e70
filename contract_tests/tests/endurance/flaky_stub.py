"""The stub in a process of its own: its runs settle despite faults, and start again."""

import logging
import sys

from bluejay_contract.stub import Answer, Stub

from .. import builders

RUN_IDS = tuple(f"soak-{number}" for number in range(8))
_CYCLES = 20_000
"""How often each run goes through the script: enough for over an hour."""

_AT_ONCE = {"retry-after": "0"}
_CUT = Answer(b"{", headers={"content-type": "application/json", "content-length": "100"})


def _script(run_id: str) -> list[Answer]:
    """The answers of a run that meets every fault until it settles."""
    results = map(builders.result, range(5))
    running = Answer.json(builders.response(id=run_id, status="RUNNING"))
    scoring = Answer.json(builders.response(builders.result(status="EVALUATING"), id=run_id))
    settled = Answer.json(builders.response(*results, id=run_id, total_tests=5, tests_passed=5))
    return [
        *(Answer(b"<html>", 520), running, running, Answer(b"<html>", 502, _AT_ONCE)),
        *(running, Answer(b"{}", 429, _AT_ONCE), running, _CUT, running),
        *(Answer(b"<html>", 520), running, scoring, settled),
    ]


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
