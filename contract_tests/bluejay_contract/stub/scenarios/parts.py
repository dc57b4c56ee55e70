"""The smaller objects of a response, with consistent values."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from statistics import fmean
from typing import Any, TypeAlias

Document: TypeAlias = dict[str, Any]

_METRICS: Mapping[str, Document] = {
    "politeness": {
        "description": "How polite was the agent, from 1 to 5?",
        "response_type": "quantitative",
        "min_value": 1,
        "max_value": 5,
        "category": "tone",
        "tags": ["tone"],
        "scoring_guidance": "5 is warm throughout, 3 is curt at times, 1 is rude.",
    },
    "identity_checked": {
        "description": "Did the agent check who is calling before it spoke of personal data?",
        "response_type": "pass_fail",
        "category": "compliance",
        "tags": ["compliance", "privacy"],
        "scoring_guidance": "Name and date of birth, or a customer number, count as a check.",
    },
    "call_reason": {
        "description": "Why did the caller call?",
        "response_type": "enum",
        "category": "routing",
        "enum_options": ["booking", "change", "complaint", "question", "other"],
    },
    "next_step": {
        "description": "What did the agent promise to happen next?",
        "response_type": "qualitative",
        "category": "outcome",
    },
    "details_captured": {
        "description": "Which percentage of the questions in the form did the agent ask?",
        "response_type": "quantitative",
        "min_value": 0,
        "max_value": 100,
        "category": "outcome",
        "tags": ["form"],
    },
    "card_blocked_first": {
        "description": "Did the agent block the card before it asked anything else?",
        "response_type": "yes_no",
        "category": "compliance",
    },
    "amounts_named": {
        "description": "Which amounts did the agent name, in euros?",
        "response_type": "json",
        "category": "outcome",
    },
    "balance_tool_called": {
        "description": "Was the tool balance called?",
        "response_type": "tool_call",
        "category": "tools",
    },
}


def stamp(moment: datetime) -> str:
    """Write a time as the service does: UTC, with a fraction only if it isn't 0."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def moment(text: Any, default: datetime) -> datetime:
    """Read a time as the service writes it; return the default if the value isn't a time."""
    try:
        time = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return default
    return time.replace(tzinfo=time.tzinfo or UTC)


def latency(times: Sequence[int]) -> Document:
    """Summarise the agent's answer times; all figures are 0 if none was measured."""
    return {**_percentiles(times, "agent_latency"), "max_agent_latency": max(times, default=0)}


def filler_ignored_latency(times: Sequence[int]) -> Document:
    """Summarise the times until the agent's first word that isn't a filler; each filler takes 160 ms."""
    return _percentiles([time + 160 for time in times], "filler_ignored_latency")


def _percentiles(times: Sequence[int], name: str) -> Document:
    ordered = sorted(times) or [0]
    ranks = {
        f"p{percent}_{name}": ordered[-(-percent * len(ordered) // 100) - 1] for percent in (50, 90, 95, 99)
    }
    return {f"avg_{name}": round(fmean(ordered), 1), **ranks}


def metric(name: str, value: bool | float | str, reasoning: str | None = None) -> Document:
    """A custom metric as a judge scored it."""
    blank = dict.fromkeys(("min_value", "max_value", "category", "tags", "scoring_guidance", "enum_options"))
    known = _METRICS[name]
    positive, negative = ("yes", "no") if known["response_type"] == "yes_no" else ("pass", "fail")
    answer = (positive if value else negative) if isinstance(value, bool) else str(value)
    return {"name": name, **blank, **known, "response_value": answer, "reasoning": reasoning}


def called(name: str, parameters: Document, output: object, at: int) -> Document:
    """An expected tool that was called."""
    actual = {"parameters": parameters, "output": output, "start_offset_ms": at}
    return {"name": name, "expected": [{"parameters": parameters, "output": output}], "actual": [actual]}


def skipped(name: str, parameters: Document) -> Document:
    """An expected tool that was not called."""
    return {"name": name, "expected": [{"parameters": parameters, "output": None}], "actual": []}


def volunteered(name: str, parameters: Document, output: object, at: int) -> Document:
    """A tool that was called but not expected."""
    return {**called(name, parameters, output, at), "expected": []}


def event(title: str, start: int, end: int | None = None, *, tag: str, **metadata: object) -> Document:
    """Something that happened during a conversation, at offsets in milliseconds."""
    return {
        "title": title,
        "start_offset_ms": start,
        "description": None,
        "end_offset_ms": end,
        "tags": [tag],
        "metadata": metadata or None,
    }
