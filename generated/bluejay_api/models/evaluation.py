# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from typing import Any

from attrs import define

from ..models.custom_metric import CustomMetric
from ..models.filler_ignored_latency import FillerIgnoredLatency
from ..models.free_form_object import FreeFormObject
from ..models.latency import Latency
from ..models.sentiment_scores import SentimentScores
from ..types import DateTime, MayBeAbsent


@define
class Evaluation:
    """The judges' scores of one conversation."""

    agent_speak_percentage: float | None
    """Share of the conversation in which the agent spoke (percent, 0 to 100)."""

    avg_agent_latency: float | None
    """Mean time that the agent took to answer. The unit is undocumented, and 0 means not measured."""

    id: MayBeAbsent[str] = None
    """Identifier of the evaluation."""

    created_at: MayBeAbsent[DateTime] = None
    """When the evaluation was made."""

    hallucination: bool | None = None
    """Whether the agent said something that its sources don't support."""

    hallucination_reasoning: str | None = None
    """The judge's reason for the value of hallucination."""

    redundancy: bool | None = None
    """Whether the agent repeated itself."""

    redundancy_reasoning: str | None = None
    """The judge's reason for the value of redundancy."""

    latency: Latency | None = None
    """Percentiles of the agent's answer times."""

    filler_ignored_latency: FillerIgnoredLatency | None = None
    """The same percentiles with filler words left out."""

    num_turns: int | None = None
    """Turns in the conversation (count)."""

    call_summary: str | None = None
    """A summary of the conversation, as text."""

    custom_evals: FreeFormObject | list[Any] | None = None
    """Custom evaluations, as an array or an object."""

    custom_evals_success_rate: float | None = None
    """Share of custom evaluations that succeeded; scale undocumented."""

    goal_success: bool | None = None
    """Whether the caller's goal was reached. The judge may ignore skipped tool calls."""

    goal_reasoning: str | None = None
    """The judge's reason for goal_success."""

    pronunciation_score: float | None = None
    """How well the agent pronounced words; scale undocumented."""

    pronunciation_reasoning: str | None = None
    """The judge's reason for pronunciation_score."""

    sentiment_label: str | None = None
    """Label of the sentiment."""

    sentiment_score: float | None = None
    """Score of the sentiment; scale undocumented."""

    sentiment_scores: SentimentScores | None = None
    """Score of each sentiment by its label; scale undocumented."""

    custom_metrics: list[CustomMetric] | None = None
    """The custom metrics that judges scored."""
