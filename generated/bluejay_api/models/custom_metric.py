# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
from __future__ import annotations

from attrs import define


@define
class CustomMetric:
    """A metric that the team defined, as a judge scored it."""

    name: str
    """Name of the metric."""

    description: str
    """What the judge was asked."""

    response_type: str
    """Kind of answer that the judge was asked for, such as a number or a boolean."""

    response_value: str
    """The answer, always as a string."""

    reasoning: str | None = None
    """The judge's reason for the answer."""

    min_value: float | None = None
    """Lowest answer allowed, in the metric's own unit."""

    max_value: float | None = None
    """Highest answer allowed, in the metric's own unit."""

    category: str | None = None
    """Group that the metric is filed under."""

    tags: list[str] | None = None
    """Labels of the metric."""

    scoring_guidance: str | None = None
    """How the judge was told to score."""

    enum_options: list[str] | None = None
    """Answers allowed, where the metric is a choice."""
