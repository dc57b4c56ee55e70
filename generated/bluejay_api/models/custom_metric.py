# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from attrs import define

from ..types import DateTime, with_class_defaults


@define(weakref_slot=False)
class _UsualCustomMetric:
    """A metric that the team defined, with a judge's answer."""

    name: str
    """Name of the metric."""

    description: str
    """The question for the judge."""

    response_type: str
    """Type of the answer. pass_fail: pass or fail. yes_no (deprecated): yes or no. quantitative: a number from min_value to max_value. qualitative: text. enum: one of enum_options. json: a JSON object. tool_call: whether named tools were called. New types may be added."""

    response_value: str
    """The answer, always as a string. Some metrics allow the answer "not applicable"."""

    reasoning: str | None = None
    """The judge's reasoning for the answer."""

    min_value: float | None = None
    """The lowest answer to a quantitative metric, in the metric's own unit."""

    max_value: float | None = None
    """The highest answer to a quantitative metric, in the metric's own unit."""

    category: str | None = None
    """Category of the metric."""

    tags: list[str] | None = None
    """Labels of the metric."""

    scoring_guidance: str | None = None
    """Instructions for the judge on how to score."""

    enum_options: list[str] | None = None
    """The possible answers to an enum metric."""


@with_class_defaults
@define(slots=False, getstate_setstate=True)
class CustomMetric(_UsualCustomMetric):
    """A metric that the team defined, with a judge's answer."""

    human_edited: bool | None = None
    """Whether a reviewer corrected this metric."""

    human_response_value: str | None = None
    """The reviewer's answer, which replaces response_value; null if not corrected."""

    human_reasoning: str | None = None
    """The reviewer's reasoning for the corrected answer."""

    override_reason_code: str | None = None
    """Why the reviewer corrected the answer. Known codes: ai_hallucination, overly_strict_success_criteria, overly_strict_system_prompt, other."""

    override_notes: str | None = None
    """The reviewer's notes on the corrected answer."""

    last_edited_by: str | None = None
    """Identifier of the last reviewer."""

    last_edited_at: DateTime | None = None
    """When a reviewer last corrected this metric."""
