"""How the page writes numbers, times and the outcome of a conversation."""

from __future__ import annotations

import datetime
import json
from typing import Any

from ..results.result import Outcome, SimulationResult
from ..writing.safe_text import percent

MAY_HAVE_FAILED = "may have failed"

_KINDS = {Outcome.PASSED: "p", Outcome.FAILED: "f", Outcome.VOID: "v", Outcome.UNDER_WAY: "u"}
LETTERS = {"p": "P", "f": "F", "v": "V", "u": "U", "d": "?"}
"""The letter of each kind of mark: passed, failed, void, under way, doubtful."""


def kind(result: SimulationResult) -> str:
    """Return the kind of mark for a conversation: a doubtful one that doesn't count as failed is `d`."""
    is_doubtful = result.doubt and result.outcome is not Outcome.FAILED
    return "d" if is_doubtful else _KINDS[result.outcome]


def outcome_text(result: SimulationResult) -> str:
    """Return the outcome, and whether the conversation may have failed."""
    is_doubtful = result.doubt and result.outcome is not Outcome.FAILED
    return f"{result.outcome}, {MAY_HAVE_FAILED}" if is_doubtful else result.outcome.value


def counted(count: int, noun: str) -> str:
    """Write a count with its noun: `1 caller`, `1,200 callers`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def moment(when: datetime.datetime | None) -> str:
    """Write a time in ISO format with its zone; a dash for none."""
    return "-" if when is None else when.isoformat(timespec="seconds")


def time_text(milliseconds: float) -> str:
    """Write a time in milliseconds up to 999, then in seconds."""
    if milliseconds < 999.5:
        return f"{milliseconds:.0f} ms"
    return f"{milliseconds / 1000:,.2f} s"


def seconds(milliseconds: float) -> str:
    """Write an offset in seconds with one decimal."""
    return f"{milliseconds / 1000:,.1f}"


def rate(passed: int, judged: int) -> str:
    """Write a pass rate as a percentage; a dash if nothing was judged."""
    return percent(passed / judged) if judged else "-"


def json_text(value: Any) -> str:
    """Write a value as JSON on one line; a string as it is."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
