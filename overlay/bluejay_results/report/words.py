"""Numbers, times, statuses and outcomes, as the page shows them."""

from __future__ import annotations

import datetime
import json
from typing import Any

from ..results.outcome import Outcome
from ..results.result import SimulationResult
from ..writing.words import in_utc

KINDS = {
    Outcome.PASSED: "p",
    Outcome.FAILED: "f",
    Outcome.UNKNOWN: "q",
    Outcome.VOID: "v",
    Outcome.UNDER_WAY: "u",
}
"""The kind of a conversation's mark: the CSS class of its colour and shape."""
LETTERS = {"p": "P", "f": "F", "q": "?", "v": "V", "u": "U"}
"""The letter of each kind of mark."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def status_text(status: str | None) -> str:
    """Return a status of the service in words: `No answer` for NO_ANSWER."""
    return status.replace("_", " ").capitalize() if status else "no status"


def capitalized(text: str) -> str:
    """Return a text with its first letter capitalized."""
    return f"{text[:1].upper()}{text[1:]}"


def caller_text(result: SimulationResult) -> str:
    """Return the caller of a conversation; empty if the conversation names none."""
    return "" if result.digital_human_id is None else f"caller {result.digital_human_id}"


def moment_text(when: datetime.datetime | None) -> str:
    """Return a time such as `19 Nov 2026, 16:04 UTC`; a dash for None."""
    if when is None:
        return "-"
    at = in_utc(when)
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M %Z}"


def parameters_text(value: Any) -> str:
    """Return an object as `name: value, ...`, a string as it is, and any other value as JSON."""
    if isinstance(value, dict) and value:
        return ", ".join(f"{name}: {_json(each)}" for name, each in value.items())
    return "no parameters" if value == {} else _json(value)


def _json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
