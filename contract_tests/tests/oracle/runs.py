"""Builds runs from words: each word stands for a caller, and each letter for a conversation."""

from datetime import UTC, datetime
from typing import Any

from .. import builders
from .changes import Unreadable
from .gates import Answer, gate
from .outcomes import Json, Reading, read
from .verdicts import Options

FAILED = {"evaluations": [builders.evaluation(goal_success=False)]}
FORGIVEN = {"evaluations": [builders.evaluation(goal_success=False, human_goal_success=True)]}
OVERRULED = {"evaluations": [builders.evaluation(goal_success=True, human_goal_success=False)]}
LETTERS: dict[str, Json] = {
    "p": {},
    "f": FAILED,
    "u": {"status": "NO_ANSWER"},
    "v": {"status": "SYSTEM_ERROR"},
    "r": {"status": "IN_PROGRESS"},
    "d": {"status": "CALL_DROPPED"},
    "y": FORGIVEN,
    "n": OVERRULED,
}
"""The conversations: passed, failed, unknown, void, running, dropped, corrected to yes or to no."""
NOW = datetime(2026, 11, 20, 10, 5, tzinfo=UTC)


def document(*callers: str, missing: int = 0, **fields: Any) -> Json:
    """Return a run: each word is a caller, its letters are the conversations; caller ids start at 1."""
    results = [
        builders.result(100 * caller + number, digital_human_id=caller, **LETTERS[letter])
        for caller, word in enumerate(callers, 1)
        for number, letter in enumerate(word)
    ]
    return builders.response(*results, **{"total_tests": len(results) + missing} | fields)


def run(*callers: str, missing: int = 0, **fields: Any) -> Reading:
    return read(document(*callers, missing=missing, **fields))


def base(*callers: str, **fields: Any) -> Reading:
    return run(*callers, **{"id": "48101"} | fields)


def answer(*runs: Reading | Unreadable, base: Reading | Unreadable | None = None, **options: Any) -> Answer:
    return gate(runs, Options(**options), base)


OTHERS = ["p" * 5] * 4
"""Callers that pass, so that a run with them is a measurement and keeps the other rules."""
RUNNING = run("f", *OTHERS, id="2", status="RUNNING")
UNCOUNTED = run("f", *OTHERS, id="2", total_tests=None)
SHIPS, REFUSED = run(*OTHERS), run(*["f"] * 5, id="3")
UNSURE, UNSETTLED = run(*"pppuu", id="4"), run(*OTHERS, "r", id="5")
