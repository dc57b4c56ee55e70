"""Numbers, times, statuses, outcomes and the names of rules, as the page shows them."""

from __future__ import annotations

import datetime
import json
from typing import Any

from ..results.outcome import Outcome
from ..results.result import SimulationResult
from ..writing.safe_text import percent_text

MAY_HAVE_FAILED = "may have failed"

_KINDS = {Outcome.PASSED: "p", Outcome.FAILED: "f", Outcome.VOID: "v", Outcome.UNDER_WAY: "u"}
LETTERS = {"p": "P", "f": "F", "v": "V", "u": "U", "d": "?"}
"""The letter of each kind of mark: passed, failed, void, under way, doubtful."""

_RULE_TITLES = {
    "min-conversations": "Judged conversations",
    "max-void": "Void or missing conversations",
    "total-tests": "Reported total",
    "counters": "Run's counters",
    "min-pass-rate": "Pass rate",
    "max-always-failing": "Callers that always fail",
    "max-hallucination": "Hallucinations",
    "max-redundancy": "Redundancies",
    "require-tools": "Expected tools called",
    "baseline": "Callers of the baseline",
}


def kind(result: SimulationResult) -> str:
    """Return the kind of a conversation's mark; `d` if it is doubtful and doesn't count as failed."""
    is_doubtful = result.doubt and result.outcome is not Outcome.FAILED
    return "d" if is_doubtful else _KINDS[result.outcome]


def outcome_text(result: SimulationResult) -> str:
    """Return the outcome, and whether the conversation may have failed."""
    is_doubtful = result.doubt and result.outcome is not Outcome.FAILED
    return f"{result.outcome}, {MAY_HAVE_FAILED}" if is_doubtful else result.outcome.value


def status_text(status: str | None) -> str:
    """Return a status of the service in words: `No answer` for NO_ANSWER."""
    return status.replace("_", " ").capitalize() if status else "no status"


def rule_title(rule: str) -> str:
    """Return what a rule is about, in words: `Pass rate` for min-pass-rate."""
    for prefix, title in (("max-latency-", "Latency, "), ("metric ", "")):
        if rule.startswith(prefix):
            return title + rule.removeprefix(prefix)
    return _RULE_TITLES.get(rule, rule)


def count_text(count: int, noun: str) -> str:
    """Return a count with its noun: `1 caller`, `1,200 callers`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def moment_text(when: datetime.datetime | None) -> str:
    """Return a time in ISO format with its zone; a dash for None."""
    return "-" if when is None else when.isoformat(timespec="seconds")


def time_text(milliseconds: float) -> str:
    """Return a time in milliseconds up to 999, then in seconds."""
    if milliseconds < 999.5:
        return f"{milliseconds:.0f} ms"
    return f"{milliseconds / 1000:,.2f} s"


def seconds_text(milliseconds: float) -> str:
    """Return an offset in seconds with one decimal."""
    return f"{milliseconds / 1000:,.1f}"


def rate_text(passed: int, judged: int) -> str:
    """Return a pass rate as a percentage; a dash if nothing was judged."""
    return percent_text(passed / judged) if judged else "-"


def json_text(value: Any) -> str:
    """Return a value as JSON on one line; return a string unchanged."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
