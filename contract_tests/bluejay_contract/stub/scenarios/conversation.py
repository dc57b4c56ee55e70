"""A simulated conversation: what a scenario declares, and the result that the service would send for it.

`samples.toml` declares conversations and explains their keys. In Python, a conversation is a dict with
these keys, in which metrics, tools and events are complete objects.
"""

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean
from typing import Any, TypeAlias

Document: TypeAlias = dict[str, Any]

_FROM_THE_START = {"id", "digital_human_id", "status"}
_ON_THE_LINE = _FROM_THE_START | {"start_time"}
_UNSCORED = _ON_THE_LINE | {
    "result", "duration", "end_time", "events", "transcript_url", "audio_url", "tool_calls",
}  # fmt: skip
_KNOWN = {
    **dict.fromkeys(("RUNNING", "IN_PROGRESS"), _ON_THE_LINE),
    **dict.fromkeys(("CONVERSATION_ENDED", "EVALUATION_PENDING", "EVALUATING", "CUSTOM_ERROR"), _UNSCORED),
}
"""The fields that are known in each status; `_FROM_THE_START` for other statuses without scores."""

_OPTIONAL = {
    "goal", "reasoning", "hallucination", "redundancy", "pronunciation", "judged_again", "changes", "only",
}  # fmt: skip
"""The keys of a conversation that have no default."""

_DECLARED = tomllib.loads(Path(__file__).with_name("samples.toml").read_text())


def stamp(moment: datetime) -> str:
    """Format a time as the service does: UTC, with a fraction only if it isn't 0."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def moment(text: Any, default: datetime) -> datetime:
    """Parse a time in the service's format; return the default if the value isn't a time."""
    try:
        time = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return default
    return time.replace(tzinfo=time.tzinfo or UTC)


def metric(name: str, value: bool | float | str, reasoning: str | None = None) -> Document:
    """Return a custom metric that a judge scored."""
    blank = dict.fromkeys(("min_value", "max_value", "category", "tags", "scoring_guidance", "enum_options"))
    known = _DECLARED["metrics"][name]
    positive, negative = ("yes", "no") if known["response_type"] == "yes_no" else ("pass", "fail")
    answer = (positive if value else negative) if isinstance(value, bool) else str(value)
    return {"name": name, **blank, **known, "response_value": answer, "reasoning": reasoning}


def tool(
    name: str, parameters: Document, output: object = None, at: int | None = None, *, expected: bool = True
) -> Document:
    """Return a tool that was called at this offset in ms; without an offset, the agent skipped it."""
    call = {"parameters": parameters, "output": output}
    actual = [] if at is None else [{**call, "start_offset_ms": at}]
    return {"name": name, "expected": [call] if expected else [], "actual": actual}


def event(title: str, start: int, end: int | None = None, *, tag: str, **metadata: object) -> Document:
    """Return an event during a conversation; `start` and `end` are offsets in milliseconds."""
    return {
        "title": title,
        "start_offset_ms": start,
        "description": None,
        "end_offset_ms": end,
        "tags": [tag],
        "metadata": metadata or None,
    }


def conversation(**declared: Any) -> Document:
    """Return a conversation, with defaults for undeclared keys; raise TypeError for an unknown key."""
    whole = {**_DECLARED["defaults"], **declared}
    if unknown := whole.keys() - {*_DECLARED["defaults"], *_OPTIONAL}:
        raise TypeError(f"samples.toml: unknown keys of a conversation: {', '.join(sorted(unknown))}")
    answers = {name: each if isinstance(each, list) else [each] for name, each in whole["metrics"].items()}
    return whole | {
        "metrics": [metric(name, *answer) for name, answer in answers.items()],
        "tools": [tool(**each) for each in whole["tools"]],
        "events": [event(**each) for each in whole["events"]],
    }


def samples(name: str) -> list[Document]:
    """Return the conversations declared under a name in `samples.toml`."""
    return [conversation(**each) for each in _DECLARED[name]]


DELIVERY = samples("delivery")
"""A delivery service's callers, from which `run` builds its conversations."""


def as_of(result: Document, status: str) -> Document:
    """Return a result as it is while it has this status; fields that become known later are null."""
    known = result.keys() if status in {"COMPLETED", "CALL_DROPPED"} else _KNOWN.get(status, _FROM_THE_START)
    return {key: value if key in known else None for key, value in result.items()} | {"status": status}


def result(sample: Document, result_id: int, start: datetime) -> Document:
    """Return the result of a conversation that started at this time."""
    end = start + timedelta(milliseconds=sample["length"])
    figures = _latency(sample["answer_times"])
    first = _evaluation(sample, f"ev-{result_id}-1", end + timedelta(seconds=21.5))
    again = sample.get("judged_again", ())
    whole = {
        "id": result_id,
        "digital_human_id": sample["caller"],
        "result": {"connected": True, "channel": "phone"},
        "duration": sample["length"],
        "start_time": stamp(start),
        "end_time": stamp(end),
        "custom_metrics": {scored["name"]: scored["response_value"] for scored in sample["metrics"]},
        "status": sample["status"],
        "latency": {name.removesuffix("_agent_latency"): figure for name, figure in figures.items()},
        "events": sample["events"],
        "transcript_url": f"https://files.example.com/transcripts/{result_id}.json?signature=example",
        "audio_url": f"https://files.example.com/audio/{result_id}.wav?signature=example",
        "evaluations": [first, *(first | each | {"id": f"ev-{result_id}-{each['id']}"} for each in again)],
        "tool_calls": sample["tools"],
    }
    known = as_of(whole, sample["status"]) | sample.get("changes", {})
    return {name: known[name] for name in sample.get("only", known)}


def _evaluation(sample: Document, evaluation_id: str, created_at: datetime) -> Document:
    figures, checks = _latency(sample["answer_times"]), sample["checks"]
    labels = ("positive", "neutral", "negative")
    scores = {label: each / 100 for label, each in zip(labels, sample["sentiment"], strict=True)}
    without_fillers = [time + 160 for time in sample["answer_times"]]  # each filler takes 160 ms
    prevailing = max(scores, key=scores.__getitem__)
    score, reason = sample.get("pronunciation", (None, None))
    return {
        "agent_speak_percentage": sample["agent_share"],
        "avg_agent_latency": figures["avg_agent_latency"],
        "id": evaluation_id,
        "created_at": stamp(created_at),
        "hallucination": "hallucination" in sample,
        "hallucination_reasoning": sample.get("hallucination"),
        "redundancy": "redundancy" in sample,
        "redundancy_reasoning": sample.get("redundancy"),
        "latency": figures,
        "filler_ignored_latency": _percentiles(without_fillers, "filler_ignored_latency"),
        "num_turns": sample["turns"] or len(sample["answer_times"]),
        "call_summary": sample["summary"],
        "goal_success": sample.get("goal"),
        "goal_reasoning": sample.get("reasoning"),
        "pronunciation_score": score,
        "pronunciation_reasoning": reason,
        "sentiment_label": prevailing,
        "sentiment_score": scores[prevailing],
        "sentiment_scores": scores,
        "custom_evals": [{"name": name, "passed": passed} for name, passed in checks.items()],
        "custom_evals_success_rate": round(100 * sum(checks.values()) / len(checks), 1) if checks else None,
        "custom_metrics": sample["metrics"],
    }


def _latency(times: Sequence[int]) -> Document:
    """Summarize the agent's response times; all figures are 0 if none was measured."""
    return {**_percentiles(times, "agent_latency"), "max_agent_latency": max(times, default=0)}


def _percentiles(times: Sequence[int], name: str) -> Document:
    ordered = sorted(times) or [0]
    ranks = {
        f"p{percent}_{name}": ordered[-(-percent * len(ordered) // 100) - 1] for percent in (50, 90, 95, 99)
    }
    return {f"avg_{name}": round(fmean(ordered), 1), **ranks}
