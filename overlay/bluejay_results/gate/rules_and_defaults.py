"""Declares the rules of a gate. Their options and TOML keys are derived from these declarations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from functools import partial
from typing import Any

from attrs import field, fields, frozen

from ..errors import UsageError
from ..judging.thresholds import (
    confidence_level,
    count,
    milliseconds,
    minimum_percentage,
    number,
    percentage,
    plain_number,
)
from ..results.latency import LatencyUnit
from ..results.run import SimulationRun

FIGURES = ("average", "p50", "p90", "p95", "p99")
"""The latency figures that can have a limit."""


class Operator(StrEnum):
    """How the value of a metric is compared with its threshold."""

    AT_LEAST = ">="
    """The threshold or more."""
    AT_MOST = "<="
    """The threshold or less."""
    ABOVE = ">"
    """More than the threshold."""
    BELOW = "<"
    """Less than the threshold."""

    @property
    def is_minimum(self) -> bool:
        """Whether the threshold is a minimum."""
        return self in {Operator.AT_LEAST, Operator.ABOVE}

    def holds(self, value: float | Fraction, threshold: float | Fraction) -> bool:
        """Whether a value satisfies the comparison with a threshold."""
        compared = {
            Operator.AT_LEAST: value >= threshold,
            Operator.AT_MOST: value <= threshold,
            Operator.ABOVE: value > threshold,
            Operator.BELOW: value < threshold,
        }
        return compared[self]


@frozen
class MetricRule:
    """A threshold for a custom metric.

    Attributes:
        name: The metric's name.
        operator: How the metric's value is compared with the threshold.
        threshold: Applies to the mean of a quantitative metric, or to the percentage of pass or yes answers.
    """

    name: str
    operator: Operator
    threshold: float

    @classmethod
    def parse(cls, text: str) -> MetricRule:
        """Read a rule such as `politeness >= 4`; raise UsageError for any other text."""
        match = re.fullmatch(r"\s*(\S(?:.*?[^\s=])?)\s*(>=|<=|>|<)\s*([^\s<>=]+)\s*", text, re.DOTALL)
        if not match:
            operators = ", ".join(Operator)
            raise UsageError(
                f"metric: {text!r} isn't a rule. Write a name, an operator ({operators}) and a number, such "
                "as 'politeness >= 4'."
            )
        name, operator, threshold = match.groups()
        return cls(name, Operator(operator), number_in_text(f"metric {name}", threshold))

    def __str__(self) -> str:
        return f"{self.name} {self.operator} {plain_number(self.threshold)}"


def number_in_text(name: str, text: str) -> float:
    """Return the number in a text; raise UsageError for any other text."""
    try:
        return number(name, float(text))
    except ValueError:
        return number(name, text)


def _metric_rules(rules: Iterable[MetricRule | str] | str) -> tuple[MetricRule, ...]:
    given = [rules] if isinstance(rules, str | MetricRule) else rules
    if not isinstance(given, list | tuple) or not all(isinstance(each, str | MetricRule) for each in given):
        raise UsageError(f"metric must be a rule or a list of rules, got {rules!r}.")
    return tuple(MetricRule.parse(each) if isinstance(each, str) else each for each in given)


def _checked_metric_rules(_: str, rules: Any) -> tuple[MetricRule, ...]:
    return _metric_rules(rules)


def _limits(name: str, limits: Any) -> dict[str, float]:
    if not isinstance(limits, Mapping):
        raise UsageError(f"{name} must be a mapping such as {{'p95': 1500}}, got {limits!r}.")
    for figure in limits:
        if figure not in FIGURES:
            raise UsageError(f"{name}: there is no figure {figure!r}. The figures are {', '.join(FIGURES)}.")
    return {figure: milliseconds(f"{name} {figure}", limit) for figure, limit in limits.items()}


def _unit(name: str, value: Any) -> LatencyUnit:
    if value not in set(LatencyUnit):
        raise UsageError(f"{name} must be ms or s, got {value!r}.")
    return LatencyUnit(value)


def _switch(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"{name} must be true or false, got {value!r}.")
    return value


def _run(name: str, value: Any) -> SimulationRun:
    if not isinstance(value, SimulationRun):
        raise UsageError(f"{name} must be a SimulationRun, got {value!r}.")
    return value


def _declared(check: Callable[[str, Any], Any], metavar: str, text: str) -> dict[str, Any]:
    """Return the metadata of a rule's field, from which its option and its TOML key are made.

    `check` takes the name and a value, and returns the value to store or raises UsageError. `metavar` is the
    placeholder for the option's value, such as PERCENT; empty for a switch. `text` is the option's help.
    """
    return {"check": check, "metavar": metavar, "help": text}


@frozen(kw_only=True)
class Rules:
    """The rules that a run must keep to ship. A percentage is from 0 to 100.

    Attributes:
        min_pass_rate: The minimum percentage of judged conversations that passed; 0 turns the rule off.
        confidence: Judge the pass rate by its two-sided confidence interval at this level, 0 to 1.
        max_always_failing: The maximum number of callers that fail every time; None turns the rule off.
            Failures that chance explains don't break the rule.
        max_latency: The limits in milliseconds, by figure (`average`, `p50`, `p90`, `p95`, `p99`). For `p95`,
            at most 5 % of a run's turns may take longer than the limit.
        latency_unit: The unit of latencies; None to infer it from the run's latencies.
        max_hallucination: The maximum percentage of judged conversations with a hallucination.
        max_redundancy: The maximum percentage of judged conversations with a redundancy.
        metrics: Thresholds for custom metrics; a threshold can be a text such as `politeness >= 4`.
        require_tools: Whether every judged conversation must have called all its expected tools.
        baseline: An earlier run. No caller that always passed in this run may always fail now.
        min_measured: A rule about a figure (a latency, a judge's flag or a metric) is inconclusive if a
            smaller percentage of judged conversations has the figure.
        min_conversations: The minimum number of judged conversations.
        max_void: The maximum percentage of conversations that are void or missing.
        counters: Whether the run's counters must match its conversations.

    Raises:
        UsageError: A value is invalid.
    """

    min_pass_rate: float = field(
        default=80.0,
        metadata=_declared(
            minimum_percentage,
            "PERCENT",
            "The minimum percentage of judged conversations that must pass (default: 80; 0: off).",
        ),
    )
    confidence: float | None = field(
        default=None,
        metadata=_declared(
            confidence_level,
            "FRACTION",
            "Judge the pass rate by its confidence interval at this level, for example 0.95.",
        ),
    )
    max_always_failing: int | None = field(
        default=0,
        metadata=_declared(
            partial(count, least=0),
            "COUNT",
            "The maximum number of callers that fail every time (default: 0).",
        ),
    )
    max_latency: Mapping[str, float] = field(
        factory=dict,
        metadata=_declared(_limits, "MS", "The latency that at most {share} of the run's turns may exceed."),
    )
    latency_unit: LatencyUnit | None = field(
        default=None,
        metadata=_declared(_unit, "ms|s", "The unit of latencies (default: inferred from the latencies)."),
    )
    max_hallucination: float | None = field(
        default=None,
        metadata=_declared(
            percentage,
            "PERCENT",
            "The maximum percentage of judged conversations with a hallucination; 0 allows none.",
        ),
    )
    max_redundancy: float | None = field(
        default=None,
        metadata=_declared(
            percentage,
            "PERCENT",
            "The maximum percentage of judged conversations with a redundancy; 0 allows none.",
        ),
    )
    metrics: tuple[MetricRule, ...] = field(
        default=(),
        converter=_metric_rules,
        metadata=_declared(
            _checked_metric_rules, "RULE", "A threshold for a custom metric: 'NAME >= 4'. May be repeated."
        ),
    )
    require_tools: bool = field(
        default=False,
        metadata=_declared(
            _switch, "", "Require every judged conversation to have called all its expected tools."
        ),
    )
    baseline: SimulationRun | None = field(
        default=None,
        repr=False,
        metadata=_declared(
            _run, "RUN|FILE", "Refuse to ship if a caller that always passed in this run always fails now."
        ),
    )
    min_measured: float = field(
        default=50.0,
        metadata=_declared(
            percentage,
            "PERCENT",
            "A rule about a figure is inconclusive if a smaller percentage of judged conversations has the "
            "figure (default: 50).",
        ),
    )
    min_conversations: int = field(
        default=1,
        metadata=_declared(
            partial(count, least=1), "COUNT", "The minimum number of judged conversations (default: 1)."
        ),
    )
    max_void: float = field(
        default=20.0,
        metadata=_declared(
            percentage,
            "PERCENT",
            "The maximum percentage of conversations that are void (neither passed nor failed) or missing "
            "(default: 20).",
        ),
    )
    counters: bool = field(
        default=True,
        metadata=_declared(_switch, "", "Don't compare the run's counters with its conversations."),
    )

    def __attrs_post_init__(self) -> None:
        """Check every value, and store what the check returns."""
        for each in fields(type(self)):
            value, is_optional = getattr(self, each.name), each.default is None or each.name in _MAY_BE_OFF
            if value is not None or not is_optional:
                object.__setattr__(self, each.name, each.metadata["check"](each.name, value))


_MAY_BE_OFF = {"max_always_failing"}
"""The rules that have a default and that None turns off."""
