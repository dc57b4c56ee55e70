"""The `require` rule, which limits a figure, as in `p90(latency.p95) <= 1500 ms`."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from ..results.aggregate import Aggregate
from ..results.figures import FigureObstacle, Figures, figure_name
from ..results.latency import milliseconds
from ..results.run import SimulationRun
from ..results.run_figures import computed
from ..writing.numbers import exact_text, number_text, obstacle_of_figure
from .rule import FIX, Finding, RuleVerdict, RunRule, named


class Operator(StrEnum):
    """How a value is compared with a limit."""

    AT_MOST = "<="
    """The value is at most the limit."""
    BELOW = "<"
    """The value is less than the limit."""
    AT_LEAST = ">="
    """The value is at least the limit."""
    ABOVE = ">"
    """The value is greater than the limit."""


COMPARE: dict[Operator, Callable[[float, float], bool]] = {
    Operator.AT_MOST: operator.le,
    Operator.BELOW: operator.lt,
    Operator.AT_LEAST: operator.ge,
    Operator.ABOVE: operator.gt,
}
"""Whether a value meets a limit."""


class Unit(StrEnum):
    """The unit of a limit."""

    PERCENT = "%"
    """Percent, 0 to 100."""
    MILLISECONDS = "ms"
    """Milliseconds."""
    SECONDS = "s"
    """Seconds."""


_ASKED = {
    Operator.AT_MOST: "at most",
    Operator.BELOW: "less than",
    Operator.AT_LEAST: "at least",
    Operator.ABOVE: "more than",
}
_NEXT_STEPS = {
    FigureObstacle.UNIT_UNKNOWN: "Set --latency-unit, and check the run again.",
    FigureObstacle.FEW_VALUES: "Check that this simulation measures the rule's figure.",
    FigureObstacle.TYPE_UNFIT: "Change the rule so that it fits the metric's type.",
    FigureObstacle.EVALUATIONS_DISAGREE: "Open the conversation, or run the simulation again.",
    FigureObstacle.UNREADABLE: "Change the metric so that its answers can be parsed, then run the "
    "simulation again.",
}


@frozen
class FigureRule(RunRule):
    """A limit for a figure. `str(rule)` returns the rule as printable text.

    Attributes:
        aggregate: How the conversations' values are aggregated.
        figure: One of `FIGURES`, or the name of a custom metric.
        is_metric: Whether the figure is a custom metric, which can have the same name as one of `FIGURES`.
        operator: How the value is compared with the limit.
        number: The limit, in `unit`.
        unit: The unit of the limit. None for a metric, except for its `rate`, which is in percent.
    """

    aggregate: Aggregate
    figure: str
    is_metric: bool
    operator: Operator
    number: float
    unit: Unit | None
    name = "require"

    @property
    def limit(self) -> float:
        """The limit that values are compared with: a time in milliseconds, otherwise `number`."""
        return milliseconds(self.number) if self.unit is Unit.SECONDS else self.number

    @property
    def subject(self) -> str:
        """The figure as written in the rule, such as `p90(latency.p95)`."""
        return figure_name(self.aggregate, self.figure, is_metric=self.is_metric)

    def __str__(self) -> str:
        number = str(self.number).removesuffix(".0")
        return f"{self.subject} {self.operator} {number} {self.unit or ''}".rstrip()

    @property
    def text(self) -> str:
        """The rule as written by users."""
        return f"{self.name} {self}"

    @property
    def title(self) -> str:
        """The rule in words."""
        return f"{self._figure} {self._asked}"

    def check(self, run: SimulationRun) -> Finding:
        """Compare the run's figure with the limit."""
        found = computed(run).figure(self.aggregate, self.figure, is_metric=self.is_metric)
        verdict, conversations = RuleVerdict.INCONCLUSIVE, found.conversations
        if found.value is not None:
            is_kept = COMPARE[self.operator](found.value, self.limit)
            verdict = RuleVerdict.KEPT if is_kept else RuleVerdict.BROKEN
            conversations = () if is_kept else self._worst(computed(run))
        return Finding(
            rule=self,
            verdict=verdict,
            runs=(run,),
            lowest=found.value,
            highest=found.value,
            sample=found.sample,
            total=found.total,
            obstacle=found.obstacle,
            details=found.details,
            conversations=conversations,
            figure=found,
        )

    def _worst(self, figures: Figures) -> tuple[int, ...]:
        """Return the ids of the conversations whose own value doesn't meet the limit, worst first."""
        is_minimum = self.operator in {Operator.AT_LEAST, Operator.ABOVE}
        limit = 0.5 if self.aggregate is Aggregate.RATE else self.limit
        values = figures.values(self.figure, is_metric=self.is_metric)
        worst = sorted(values, key=lambda each: each[1], reverse=not is_minimum)
        meets = COMPARE[self.operator]
        return tuple(each.id for each, value in worst if not meets(value, limit))

    def sentence(self, finding: Finding) -> str:
        """Return the figure's value, or why it has none."""
        figure = f"the {self._figure}"
        if finding.obstacle:
            return f"{figure} can't be evaluated, because {self.remark(finding)}"
        return f"{figure} is {self.value(finding)} (required: {self._asked})"

    @property
    def _figure(self) -> str:
        """The figure in words, such as `p90 of latency.p95` or `hallucination rate`."""
        if self.aggregate is Aggregate.RATE and not self.is_metric:
            return f"{self.figure} rate"
        return f"{self.aggregate} of {self.figure}"

    @property
    def _asked(self) -> str:
        return f"{_ASKED[self.operator]} {exact_text(self.number, self.unit or '')}"

    def value(self, finding: Finding) -> str:
        """Return the value in the rule's unit."""
        if finding.lowest is None:
            return "-"
        value = Decimal(repr(finding.lowest))
        in_unit = float(value / 1000 if self.unit is Unit.SECONDS else value)
        return number_text(in_unit, self.unit or "", self.number)

    def remark(self, finding: Finding) -> str:
        """Return why the figure has no value, or the worst conversations."""
        if finding.figure and finding.obstacle:
            return obstacle_of_figure(finding.figure)
        if finding.verdict is not RuleVerdict.BROKEN or not finding.conversations:
            return ""
        noun = "conversation" if len(finding.conversations) == 1 else "conversations"
        return f"worst: {noun} {named(finding.conversations)}"

    def next_step(self, finding: Finding) -> str:
        """Return the advice to fix the agent, or how to get a value for the figure."""
        obstacle = finding.figure and finding.figure.obstacle
        return _NEXT_STEPS[obstacle] if obstacle else FIX
