"""A simulated conversation: what a scenario declares, and the result that the service would send for it.

`samples.toml` declares conversations and custom metrics. A conversation declares a metric by its answer,
or by its answer and the judge's reason; tools and events are the arguments of `tool` and `event`.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
"""The fields that are known in a status; in other statuses without scores, `_FROM_THE_START`."""

_DECLARED = tomllib.loads(Path(__file__).with_name("samples.toml").read_text())


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


def metric(name: str, value: bool | float | str, reasoning: str | None = None) -> Document:
    """A custom metric as a judge scored it."""
    blank = dict.fromkeys(("min_value", "max_value", "category", "tags", "scoring_guidance", "enum_options"))
    known = _DECLARED["metrics"][name]
    positive, negative = ("yes", "no") if known["response_type"] == "yes_no" else ("pass", "fail")
    answer = (positive if value else negative) if isinstance(value, bool) else str(value)
    return {"name": name, **blank, **known, "response_value": answer, "reasoning": reasoning}


def tool(
    name: str, parameters: Document, output: object = None, at: int | None = None, *, expected: bool = True
) -> Document:
    """A tool that was called at this offset in ms, or skipped if there is none."""
    call = {"parameters": parameters, "output": output}
    actual = [] if at is None else [{**call, "start_offset_ms": at}]
    return {"name": name, "expected": [call] if expected else [], "actual": actual}


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


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """One conversation as a scenario describes it.

    Attributes:
        caller: The id of the caller.
        summary: What happened.
        goal: Whether the judge says that the caller's goal was reached.
        reasoning: The judge's reason for the value of `goal`.
        length: Milliseconds from start to end.
        answer_times: Milliseconds until the agent answered, turn by turn; empty if not measured.
        turns: The number of the agent's turns, if it differs from the number of answer times.
        agent_share: Percent of the time that the agent spoke.
        sentiment: The percentages of positive, neutral and negative sentiment.
        hallucination: The statement that the agent made up; None if it made up nothing.
        redundancy: The statement that the agent repeated; None if it repeated nothing.
        pronunciation: Score out of 100 and the reason for it.
        checks: Custom evaluations by name.
        metrics: Custom metrics.
        tools: The tools, with their expected and actual calls.
        events: The events on the timeline.
        status: The conversation's status.
    """

    caller: int = 0
    summary: str = ""
    goal: bool | None = None
    reasoning: str | None = None
    length: int = 80_000
    answer_times: Sequence[int] = ()
    turns: int = 0
    agent_share: float = 52.5
    sentiment: Sequence[int] = (25, 65, 10)
    hallucination: str | None = None
    redundancy: str | None = None
    pronunciation: Sequence[Any] = (None, None)
    checks: Mapping[str, bool] | None = None
    metrics: Sequence[Document] = ()
    tools: Sequence[Document] = ()
    events: Sequence[Document] = ()
    status: str = "COMPLETED"


def samples(name: str) -> tuple[Conversation, ...]:
    """Return the conversations that `samples.toml` declares under a name."""
    return tuple(map(_sample, _DECLARED[name]))


def _sample(declared: Mapping[str, Any]) -> Conversation:
    answers = {
        name: each if isinstance(each, list) else [each] for name, each in declared.get("metrics", {}).items()
    }
    parts = {
        "metrics": [metric(name, *answer) for name, answer in answers.items()],
        "tools": [tool(**each) for each in declared.get("tools", ())],
        "events": [event(**each) for each in declared.get("events", ())],
    }
    return Conversation(**{**declared, **parts})


DELIVERY = samples("delivery")
"""The callers of a delivery service, from which `run` builds its conversations."""


def as_of(result: Document, status: str) -> Document:
    """The result while it has this status: facts that are known later are null."""
    known = result.keys() if status in {"COMPLETED", "CALL_DROPPED"} else _KNOWN.get(status, _FROM_THE_START)
    return {key: value if key in known else None for key, value in result.items()} | {"status": status}


def result(conversation: Conversation, result_id: int, start: datetime) -> Document:
    """The result of a conversation that started at this time."""
    end = start + timedelta(milliseconds=conversation.length)
    figures = _latency(conversation.answer_times)
    whole = {
        "id": result_id,
        "digital_human_id": conversation.caller,
        "result": {"connected": True, "channel": "phone"},
        "duration": conversation.length,
        "start_time": stamp(start),
        "end_time": stamp(end),
        "custom_metrics": {scored["name"]: scored["response_value"] for scored in conversation.metrics},
        "status": conversation.status,
        "latency": {name.removesuffix("_agent_latency"): figure for name, figure in figures.items()},
        "events": list(conversation.events),
        "transcript_url": f"https://files.example.com/transcripts/{result_id}.json?signature=example",
        "audio_url": f"https://files.example.com/audio/{result_id}.wav?signature=example",
        "evaluations": [_evaluation(conversation, f"ev-{result_id}-1", end + timedelta(seconds=21.5))],
        "tool_calls": list(conversation.tools),
    }
    return as_of(whole, conversation.status)


def _evaluation(conversation: Conversation, evaluation_id: str, created_at: datetime) -> Document:
    figures, checks = _latency(conversation.answer_times), conversation.checks or {}
    scores = dict(
        zip(("positive", "neutral", "negative"), (each / 100 for each in conversation.sentiment), strict=True)
    )
    prevailing = max(scores, key=scores.__getitem__)
    score, reason = conversation.pronunciation
    return {
        "agent_speak_percentage": conversation.agent_share,
        "avg_agent_latency": figures["avg_agent_latency"],
        "id": evaluation_id,
        "created_at": stamp(created_at),
        "hallucination": conversation.hallucination is not None,
        "hallucination_reasoning": conversation.hallucination,
        "redundancy": conversation.redundancy is not None,
        "redundancy_reasoning": conversation.redundancy,
        "latency": figures,
        # Each filler before the agent's first word takes 160 ms.
        "filler_ignored_latency": _percentiles(
            [time + 160 for time in conversation.answer_times], "filler_ignored_latency"
        ),
        "num_turns": conversation.turns or len(conversation.answer_times),
        "call_summary": conversation.summary,
        "goal_success": conversation.goal,
        "goal_reasoning": conversation.reasoning,
        "pronunciation_score": score,
        "pronunciation_reasoning": reason,
        "sentiment_label": prevailing,
        "sentiment_score": scores[prevailing],
        "sentiment_scores": scores,
        "custom_evals": [{"name": name, "passed": passed} for name, passed in checks.items()],
        "custom_evals_success_rate": round(100 * sum(checks.values()) / len(checks), 1) if checks else None,
        "custom_metrics": list(conversation.metrics),
    }


def _latency(times: Sequence[int]) -> Document:
    """Summarise the agent's answer times; all figures are 0 if none was measured."""
    return {**_percentiles(times, "agent_latency"), "max_agent_latency": max(times, default=0)}


def _percentiles(times: Sequence[int], name: str) -> Document:
    ordered = sorted(times) or [0]
    ranks = {
        f"p{percent}_{name}": ordered[-(-percent * len(ordered) // 100) - 1] for percent in (50, 90, 95, 99)
    }
    return {f"avg_{name}": round(fmean(ordered), 1), **ranks}
