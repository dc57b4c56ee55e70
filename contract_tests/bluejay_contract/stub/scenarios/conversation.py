"""A simulated conversation: its description in a test, and the result that the service would send for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .parts import Document, filler_ignored_latency, latency, stamp

_FROM_THE_START = {"id", "digital_human_id", "status"}
_ON_THE_LINE = _FROM_THE_START | {"start_time"}
_UNSCORED = _ON_THE_LINE | {
    "result", "duration", "end_time", "events", "transcript_url", "audio_url", "tool_calls",
}  # fmt: skip
_KNOWN_BY_STATUS = {
    "RUNNING": _ON_THE_LINE,
    "IN_PROGRESS": _ON_THE_LINE,
    "CONVERSATION_ENDED": _UNSCORED,
    "EVALUATION_PENDING": _UNSCORED,
    "EVALUATING": _UNSCORED,
    "CUSTOM_ERROR": _UNSCORED,
}
_SCORED = {"COMPLETED", "CALL_DROPPED"}


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
        hallucination: The statement that the agent made up; empty if it made up nothing.
        redundancy: The statement that the agent repeated; empty if it repeated nothing.
        pronunciation: Score out of 100 and the reason for it.
        checks: Custom evaluations by name.
        metrics: Custom metrics.
        tools: The tools, with their expected and actual calls.
        events: The events on the timeline.
        status: The conversation's status.
    """

    caller: int
    summary: str = ""
    goal: bool | None = None
    reasoning: str | None = None
    length: int = 80_000
    answer_times: Sequence[int] = ()
    turns: int = 0
    agent_share: float = 52.5
    sentiment: tuple[int, int, int] = (25, 65, 10)
    hallucination: str | None = None
    redundancy: str | None = None
    pronunciation: tuple[float, str] | None = None
    checks: Mapping[str, bool] | None = None
    metrics: Sequence[Document] = ()
    tools: Sequence[Document] = ()
    events: Sequence[Document] = ()
    status: str = "COMPLETED"


def as_of(result: Document, status: str) -> Document:
    """The result while it has this status: facts that are known later are null."""
    known = result.keys() if status in _SCORED else _KNOWN_BY_STATUS.get(status, _FROM_THE_START)
    return {key: value if key in known else None for key, value in result.items()} | {"status": status}


def result(conversation: Conversation, result_id: int, start: datetime) -> Document:
    """The result of a conversation that started at this time."""
    end = start + timedelta(milliseconds=conversation.length)
    figures = latency(conversation.answer_times)
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
        "evaluations": [evaluation(conversation, f"ev-{result_id}-1", end + timedelta(seconds=21.5))],
        "tool_calls": list(conversation.tools),
    }
    return as_of(whole, conversation.status)


def evaluation(conversation: Conversation, evaluation_id: str, created_at: datetime) -> Document:
    """The judges' scores of a conversation."""
    figures = latency(conversation.answer_times)
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
        "filler_ignored_latency": filler_ignored_latency(conversation.answer_times),
        "num_turns": conversation.turns or len(conversation.answer_times),
        "call_summary": conversation.summary,
        "goal_success": conversation.goal,
        "goal_reasoning": conversation.reasoning,
        **_pronunciation(conversation),
        **_sentiment(conversation),
        **_custom(conversation),
    }


def _pronunciation(conversation: Conversation) -> Document:
    score, reasoning = conversation.pronunciation or (None, None)
    return {"pronunciation_score": score, "pronunciation_reasoning": reasoning}


def _sentiment(conversation: Conversation) -> Document:
    labels = ("positive", "neutral", "negative")
    scores = {label: share / 100 for label, share in zip(labels, conversation.sentiment, strict=True)}
    prevailing = max(scores, key=scores.__getitem__)
    return {
        "sentiment_label": prevailing,
        "sentiment_score": scores[prevailing],
        "sentiment_scores": scores,
    }


def _custom(conversation: Conversation) -> Document:
    checks = conversation.checks
    rate = round(100 * sum(checks.values()) / len(checks), 1) if checks else None
    return {
        "custom_evals": [{"name": name, "passed": passed} for name, passed in (checks or {}).items()],
        "custom_evals_success_rate": rate,
        "custom_metrics": list(conversation.metrics),
    }
