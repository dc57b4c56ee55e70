"""The stub in a process of its own: its runs settle despite faults, and start again."""

import logging
import sys
import threading

from bluejay_contract.stub import Answer, Stub

from .. import builders

RUN_IDS = tuple(f"soak-{number}" for number in range(8))
_EVERY = 5.0

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
    logging.disable()  # uvicorn's complaint about a body that is cut
    over = threading.Event()
    threading.Thread(target=_wait_for_the_end, args=[over], daemon=True).start()
    with Stub() as stub:
        sys.stdout.write(f"{stub.url}\n")
        sys.stdout.flush()
        while True:
            for run_id in RUN_IDS:
                stub.serve(run_id, *_SCRIPT)
            if over.wait(_EVERY):
                return


if __name__ == "__main__":
    main()
