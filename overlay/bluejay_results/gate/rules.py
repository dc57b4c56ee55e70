"""The rules of a gate: what a run has to keep to be shipped."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from attrs import field, frozen

from ..errors import UsageError
from ..latency import LatencyUnit
from ..run import SimulationRun

FIGURES = ("average", "p50", "p90", "p95", "p99")
"""The latencies that can have a limit."""
_SECONDS_AT_MOST = 20
"""A limit below this many milliseconds is one in seconds: nobody answers that fast."""


class Operator(StrEnum):
    """How the value of a metric is compared with its threshold."""

    AT_LEAST = ">="
    AT_MOST = "<="
    ABOVE = ">"
    BELOW = "<"

    def holds(self, value: float, threshold: float) -> bool:
        """Whether a value keeps to a threshold."""
        compared = {
            Operator.AT_LEAST: value >= threshold,
            Operator.AT_MOST: value <= threshold,
            Operator.ABOVE: value > threshold,
            Operator.BELOW: value < threshold,
        }
        return compared[self]


@frozen
class MetricRule:
    """A threshold of a custom metric.

    Attributes:
        name: The metric's name.
        operator: How it is compared.
        threshold: Of the mean of a quantitative metric; of the percentage of pass or yes of any other.
    """

    name: str
    operator: Operator
    threshold: float

    @classmethod
    def parse(cls, text: str) -> MetricRule:
        """Read a rule such as `politeness >= 4`; raise UsageError if it is none."""
        match = re.fullmatch(r"\s*(.+?)\s*(>=|<=|>|<)\s*([^\s<>=]+)\s*", text, re.DOTALL)
        if not match:
            raise UsageError(f"metric: {text!r} is no rule. Write one such as 'politeness >= 4'.")
        name, operator, threshold = match.groups()
        return cls(name, Operator(operator), number(f"metric {name}", threshold))

    def __str__(self) -> str:
        return f"{self.name} {self.operator} {self.threshold:g}"


def _metric_rules(rules: Iterable[MetricRule | str]) -> tuple[MetricRule, ...]:
    return tuple(MetricRule.parse(each) if isinstance(each, str) else each for each in rules)


@frozen(kw_only=True)
class Rules:
    """What a run has to keep to be shipped. A percentage is 0 to 100.

    Attributes:
        min_pass_rate: The least percentage of judged conversations that passed; 0 turns it off.
        confidence: Judge the pass rate by its two-sided confidence interval about callers like these, 0 to 1.
        max_always_failing: How many callers may fail every time, where chance does not explain it; None turns
            it off.
        max_latency: By figure (`average`, `p50`, `p90`, `p95`, `p99`): the most milliseconds that the median
            conversation may have.
        latency_unit: The unit of latencies, where the run doesn't tell it.
        max_hallucination: The largest percentage of judged conversations with a hallucination.
        max_redundancy: The largest percentage of judged conversations with a redundancy.
        metrics: Thresholds of custom metrics.
        require_tools: Whether every judged conversation must have called the tools that it had to.
        baseline: A run of the same simulation, whose callers that always passed must not always fail now.
        min_conversations: How many conversations must have been judged.
        max_void: The largest percentage of conversations that may be void or missing.
    """

    min_pass_rate: float = 80.0
    confidence: float | None = None
    max_always_failing: int | None = 0
    max_latency: Mapping[str, float] = field(factory=dict)
    latency_unit: LatencyUnit | None = None
    max_hallucination: float | None = None
    max_redundancy: float | None = None
    metrics: tuple[MetricRule, ...] = field(default=(), converter=_metric_rules)
    require_tools: bool = False
    baseline: SimulationRun | None = field(default=None, repr=False)
    min_conversations: int = 1
    max_void: float = 20.0

    def __attrs_post_init__(self) -> None:
        """Read percentages that are text; raise UsageError for a threshold that makes no sense."""
        for name in ("min_pass_rate", "max_hallucination", "max_redundancy", "max_void"):
            if (value := getattr(self, name)) is not None or name in {"min_pass_rate", "max_void"}:
                object.__setattr__(self, name, percentage(name, value))
        if self.confidence is not None and not 0 < number("confidence", self.confidence) < 1:
            raise UsageError(f"confidence must be between 0 and 1, such as 0.95, got {self.confidence!r}.")
        for figure, limit in self.max_latency.items():
            if figure not in FIGURES:
                raise UsageError(
                    f"max_latency: there is no figure {figure!r}; they are {', '.join(FIGURES)}."
                )
            milliseconds(f"max_latency {figure}", limit)
        if self.max_always_failing is not None:
            count("max_always_failing", self.max_always_failing, 0)
        count("min_conversations", self.min_conversations, 1)


def number(name: str, value: Any) -> float:
    """Return a finite number, also one written as text; raise UsageError for anything else."""
    try:
        read = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        read = math.nan
    if not math.isfinite(read):
        advice = " Leave the % out." if isinstance(value, str) and value.strip().endswith("%") else ""
        raise UsageError(f"{name} must be a number, got {value!r}.{advice}")
    return read


def percentage(name: str, value: Any) -> float:
    """Return a percentage, 0 to 100; raise UsageError for anything else, also for what may be a fraction."""
    read = number(name, value)
    if not 0 <= read <= 100:
        raise UsageError(f"{name} must be a percentage from 0 to 100, got {value!r}.")
    if 0 < read < 1:
        raise UsageError(f"{name}: {value} is {read:g} %; did you mean {read * 100:g}?")
    return read


def milliseconds(name: str, value: Any) -> float:
    """Return a limit on latency; raise UsageError for anything else, also for what may be in seconds."""
    read = number(name, value)
    if read <= 0:
        raise UsageError(f"{name} must be above 0 milliseconds, got {value!r}.")
    if read < _SECONDS_AT_MOST:
        raise UsageError(f"{name}: {value} is {read:g} ms; did you mean {read * 1000:g}?")
    return read


def count(name: str, value: Any, least: int) -> int:
    """Return a whole number; raise UsageError for anything else."""
    read = number(name, value)
    if read != int(read) or read < least:
        raise UsageError(f"{name} must be a whole number, {least} or more, got {value!r}.")
    return int(read)
