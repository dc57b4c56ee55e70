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
    """The percentage of the conversation in which the agent spoke, 0 to 100."""

    avg_agent_latency: float | None
    """The agent's mean response time. The unit is undocumented, and 0 means not measured."""

    id: MayBeAbsent[str] = None
    """Identifier of the evaluation."""

    created_at: MayBeAbsent[DateTime] = None
    """When the evaluation was created."""

    hallucination: bool | None = None
    """Whether the agent said something that its sources don't support."""

    hallucination_reasoning: str | None = None
    """The judge's reasoning for hallucination."""

    redundancy: bool | None = None
    """Whether the agent repeated itself."""

    redundancy_reasoning: str | None = None
    """The judge's reasoning for redundancy."""

    latency: Latency | None = None
    """Figures for the agent's response times."""

    filler_ignored_latency: FillerIgnoredLatency | None = None
    """The same figures, without filler words."""

    num_turns: int | None = None
    """The number of turns in the conversation."""

    call_summary: str | None = None
    """A summary of the conversation, as text."""

    custom_evals: FreeFormObject | list[Any] | None = None
    """Custom evaluations, as an array or an object."""

    custom_evals_success_rate: float | None = None
    """The share of custom evaluations that succeeded. The scale is undocumented."""

    goal_success: bool | None = None
    """Whether the caller's goal was reached. The judge might overlook skipped tool calls."""

    goal_reasoning: str | None = None
    """The judge's reasoning for goal_success."""

    pronunciation_score: float | None = None
    """How well the agent pronounced words. The scale is undocumented."""

    pronunciation_reasoning: str | None = None
    """The judge's reasoning for pronunciation_score."""

    sentiment_label: str | None = None
    """The sentiment's label."""

    sentiment_score: float | None = None
    """The sentiment's score. The scale is undocumented."""

    sentiment_scores: SentimentScores | None = None
    """The score of each sentiment, by label. The scale is undocumented."""

    custom_metrics: list[CustomMetric] | None = None
    """The custom metrics, as scored by the judges."""


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
    """The reviewer's reasoning for the corrected answer about the goal."""

    human_hallucination_reasoning: str | None = None
    """The reviewer's reasoning for the corrected answer about hallucination."""

    human_redundancy_reasoning: str | None = None
    """The reviewer's reasoning for the corrected answer about redundancy."""

    human_pronunciation_reasoning: str | None = None
    """The reviewer's reasoning for the corrected answer about pronunciation."""

    override_goal_reason_code: str | None = None
    """The code for why the reviewer corrected the answer about the goal."""

    override_hallucination_reason_code: str | None = None
    """The code for why the reviewer corrected the answer about hallucination."""

    override_redundancy_reason_code: str | None = None
    """The code for why the reviewer corrected the answer about redundancy."""

    override_pronunciation_reason_code: str | None = None
    """The code for why the reviewer corrected the answer about pronunciation."""

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
