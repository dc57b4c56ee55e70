# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from typing import Any

from attrs import define

from ..models.custom_metric import CustomMetric
from ..models.filler_ignored_latency import FillerIgnoredLatency
from ..models.free_form_object import FreeFormObject
from ..models.latency import Latency
from ..models.sentiment_scores import SentimentScores
from ..types import DateTime, MayBeAbsent, with_class_defaults


@define(weakref_slot=False)
class _UsualEvaluation:
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


@with_class_defaults
@define(slots=False, getstate_setstate=True)
class Evaluation(_UsualEvaluation):
    """The judges' scores of one conversation."""

    human_edited: bool | None = None
    """Whether a reviewer corrected something in this evaluation."""

    human_goal_success: bool | None = None
    """The reviewer's answer, which replaces goal_success; null if not corrected."""

    human_hallucination: bool | None = None
    """The reviewer's answer, which replaces hallucination; null if not corrected."""

    human_redundancy: bool | None = None
    """The reviewer's answer, which replaces redundancy; null if not corrected."""

    human_pronunciation_score: float | None = None
    """The reviewer's score, which replaces pronunciation_score; null if not corrected."""

    human_goal_reasoning: str | None = None
    """The reviewer's reason for the corrected answer about the goal."""

    human_hallucination_reasoning: str | None = None
    """The reviewer's reason for the corrected answer about hallucination."""

    human_redundancy_reasoning: str | None = None
    """The reviewer's reason for the corrected answer about redundancy."""

    human_pronunciation_reasoning: str | None = None
    """The reviewer's reason for the corrected answer about pronunciation."""

    override_goal_reason_code: str | None = None
    """Why the reviewer corrected the answer about the goal, as a code."""

    override_hallucination_reason_code: str | None = None
    """Why the reviewer corrected the answer about hallucination, as a code."""

    override_redundancy_reason_code: str | None = None
    """Why the reviewer corrected the answer about redundancy, as a code."""

    override_pronunciation_reason_code: str | None = None
    """Why the reviewer corrected the answer about pronunciation, as a code."""

    override_goal_notes: str | None = None
    """The reviewer's notes on the corrected answer about the goal."""

    override_hallucination_notes: str | None = None
    """The reviewer's notes on the corrected answer about hallucination."""

    override_redundancy_notes: str | None = None
    """The reviewer's notes on the corrected answer about redundancy."""

    override_pronunciation_notes: str | None = None
    """The reviewer's notes on the corrected answer about pronunciation."""

    last_edited_by: str | None = None
    """Identifier of the last reviewer."""

    last_edited_at: DateTime | None = None
    """When a reviewer last corrected this evaluation."""
