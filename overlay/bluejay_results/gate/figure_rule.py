"""Rules about figures. `grammar.py` parses them; `str()` writes them."""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from enum import StrEnum

from attrs import evolve, frozen

from ..errors import UsageError
from .aggregates import Aggregate

LATENCIES = tuple(f"latency.{each}" for each in ("average", "p50", "p90", "p95", "p99", "max"))
"""The figures about latency. They are times, and so is `duration`."""
FLAGS = ("hallucination", "redundancy")
"""The figures that are yes or no."""
FIGURES = (*LATENCIES, "duration", *FLAGS)
"""All figures except custom metrics."""
UNQUOTED = re.compile(r"[\w.-]+")
"""The names that need no quotes."""


class Operator(StrEnum):
    """How a value is compared with a limit."""

    AT_MOST = "<="
    """The limit or less."""
    BELOW = "<"
    """Less than the limit."""
    AT_LEAST = ">="
    """The limit or more."""
    ABOVE = ">"
    """More than the limit."""


_COMPARE: dict[Operator, Callable[[float, float], bool]] = {
    Operator.AT_MOST: operator.le,
    Operator.BELOW: operator.lt,
    Operator.AT_LEAST: operator.ge,
    Operator.ABOVE: operator.gt,
}


class Unit(StrEnum):
    """The unit of a limit."""

    PERCENT = "%"
    """Percent, 0 to 100."""
    MILLISECONDS = "ms"
    """Milliseconds."""
    SECONDS = "s"
    """Seconds."""


@frozen
class FigureRule:
    """A limit for a figure of a run's conversations. `str(rule)` is the rule as printable text.

    Attributes:
        aggregate: How the values of the conversations become one value.
        figure: One of `FIGURES`, or the name of a custom metric.
        is_metric: Whether the figure is a custom metric. A metric can have the name of another figure.
        operator: How the value is compared with the limit.
        limit: The limit, in `unit`.
        unit: The unit of the limit; None for a metric, unless the aggregate is `rate`.
    """

    aggregate: Aggregate
    figure: str
    is_metric: bool
    operator: Operator
    limit: float
    unit: Unit | None

    @property
    def compared_limit(self) -> float:
        """The limit that values are compared with: in milliseconds if it is a time, otherwise `limit`."""
        # Decimal, because the float 1.001 * 1000 is below 1001.
        return float(Decimal(str(self.limit)) * 1000) if self.unit is Unit.SECONDS else self.limit

    def holds(self, value: float) -> bool:
        """Whether a value meets the limit. A time is in milliseconds, a rate in percent."""
        return _COMPARE[self.operator](value, self.compared_limit)

    @property
    def subject(self) -> str:
        """The aggregate and the figure, such as `p90(latency.p95)`, as printable text."""
        is_plain = UNQUOTED.fullmatch(self.figure) and not self.figure.startswith("latency.")
        figure = self.figure
        if self.is_metric and (not is_plain or figure in FIGURES):
            figure = json.dumps(figure, ensure_ascii=not figure.isprintable())
        return f"{self.aggregate}({figure})"

    def __str__(self) -> str:
        limit = str(self.limit).removesuffix(".0")
        return f"{self.subject} {self.operator} {limit} {self.unit or ''}".rstrip()


def check_distinct(rules: Iterable[FigureRule]) -> None:
    """Raise UsageError if two rules are the same, such as one with 1.5 s and one with 1500 ms."""
    seen = dict[FigureRule, FigureRule]()
    for rule in rules:
        key = evolve(rule, limit=rule.compared_limit, unit=None)
        if key in seen:
            raise UsageError(f"require: '{seen[key]}' and '{rule}' are the same rule. Remove one of them.")
        seen[key] = rule
