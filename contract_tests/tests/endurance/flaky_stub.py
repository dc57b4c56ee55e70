"""The stub in a process of its own: its runs settle despite faults, and start again."""

import logging
import sys
import threading

from bluejay_contract.stub import Answer, Stub

from .. import builders

RUN_IDS = tuple(f"soak-{number}" for number in range(8))
_CYCLES = 20_000
"""How often each run goes through the script: enough for over an hour."""

_AT_ONCE = {"retry-after": "0"}
_RUNNING = Answer.json(builders.response(status="RUNNING"))
_SCORING = Answer.json(builders.response(builders.result(status="EVALUATING")))
_SETTLED = Answer.json(builders.response(*map(builders.result, range(5)), total_tests=5, tests_passed=5))
_CUT = Answer(b"{", headers={"content-type": "application/json", "content-length": "100"})
_SCRIPT = (
    *(Answer(b"<html>", 520), _RUNNING, _RUNNING, Answer(b"<html>", 502, _AT_ONCE)),
    *(_RUNNING, Answer(b"{}", 429, _AT_ONCE), _RUNNING, _CUT, _RUNNING),
    *(Answer(b"<html>", 520), _RUNNING, _SCORING, _SETTLED),
)


def _wait_for_the_end(over: threading.Event) -> None:
    sys.stdin.read()
    over.set()


def main() -> None:
    """Serve until stdin ends; the first line on stdout is the URL."""
    logging.disable()  # uvicorn complains about a truncated body
    over = threading.Event()
    threading.Thread(target=_wait_for_the_end, args=[over], daemon=True).start()
    script = _SCRIPT * _CYCLES
    with Stub() as stub:
        for run_id in RUN_IDS:
            stub.serve(run_id, *script)
        sys.stdout.write(f"{stub.url}\n")
        sys.stdout.flush()
        over.wait()


if __name__ == "__main__":
    main()
