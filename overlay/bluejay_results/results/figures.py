"""Computes a run's figures, such as `p90(latency.p95)`; no other module computes any.

A figure is computed from the answers that count in all conversations except void ones. A figure that can't be
determined has an obstacle instead of a value. See `docs/definitions.md`, Rules about figures.
"""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cached_property, partial

from attrs import field, frozen
from bluejay_api.models import CustomMetric, Evaluation

from ..errors import UnsupportedValueError
from .aggregate import Aggregate, aggregate
from .latency import LatencyUnit, agent_latency_figure, milliseconds
from .metrics import ORDERED, RATED, is_not_applicable, metric_type, metric_value, rated_answer
from .outcome import Outcome
from .result import SimulationResult

LATENCIES = tuple(f"latency.{each}" for each in ("average", "p50", "p90", "p95", "p99", "max"))
"""The latency figures. Their values are times, like the values of `duration`."""
FLAGS = ("hallucination", "redundancy")
"""The figures whose values are yes or no."""
FIGURES = (*LATENCIES, "duration", *FLAGS)
"""All figures except custom metrics."""
QUANTITATIVE, ENUM = "quantitative", "enum"
"""The types of metrics whose answers are numbers, or one of several words."""
_MILLISECOND = datetime.timedelta(milliseconds=1)
_UNQUOTED = re.compile(r"[\w.-]+")
"""Matches metric names that don't need quotes."""


class FigureObstacle(StrEnum):
    """Why a figure has no value."""

    FEW_VALUES = "few values"
    """Fewer than half of the conversations have the figure."""
    UNIT_UNKNOWN = "unit unknown"
    """The unit of the latencies can't be inferred."""
    TYPE_UNFIT = "type doesn't fit"
    """The metric's type doesn't fit the aggregate, or differs between conversations."""
    UNREADABLE = "answer can't be read"
    """An answer can't be read."""
    EVALUATIONS_DISAGREE = "evaluations disagree"
    """A conversation's evaluations disagree, and their times don't show which one is the latest."""


@frozen
class RunFigure:
    """A figure computed over a run's conversations, or the obstacle to computing it.

    Attributes:
        aggregate: How the conversations' values are aggregated.
        figure: The figure of each conversation: one of `FIGURES`, or the name of a custom metric.
        is_metric: Whether the figure is a custom metric.
        value: The value, in `unit`; None if there is an obstacle.
        sample: The number of conversations that have the figure.
        total: The number of listed and missing conversations, except those to which the figure doesn't apply.
        obstacle: Why there is no value; None if there is one.
        details: Answers, types or metric names that explain the obstacle, as received.
        conversations: The id of the conversation whose evaluations disagree.
        name: The figure as written in a rule, such as `median(latency.p95)`.
        unit: `ms` for a time, `%` for a rate, otherwise empty.
    """

    aggregate: Aggregate
    figure: str
    is_metric: bool
    value: float | None = None
    sample: int = 0
    total: int = 0
    obstacle: FigureObstacle | None = None
    details: tuple[str, ...] = ()
    conversations: tuple[int, ...] = ()
    name: str = field(init=False)
    unit: str = field(init=False)

    @name.default
    def _name(self) -> str:
        return figure_name(self.aggregate, self.figure, is_metric=self.is_metric)

    @unit.default
    def _unit(self) -> str:
        if self.aggregate is Aggregate.RATE:
            return "%"
        return "" if self.is_metric else "ms"

    @property
    def is_measured(self) -> bool:
        """Whether any conversation has the figure, even if its value can't be determined."""
        return bool(self.sample) or self.obstacle is not FigureObstacle.FEW_VALUES


def figure_name(kind: Aggregate, figure: str, *, is_metric: bool) -> str:
    """Return a figure as it is written in a rule, with quotes around a metric name if necessary."""
    is_plain = _UNQUOTED.fullmatch(figure) and not figure.startswith("latency.") and figure not in FIGURES
    if is_metric and not is_plain:
        figure = json.dumps(figure, ensure_ascii=not figure.isprintable())
    return f"{kind}({figure})"


class _UnusableError(Exception):
    """The answers about a figure can't be used."""

    def __init__(self, obstacle: FigureObstacle, *details: str, conversation: int | None = None) -> None:
        super().__init__(obstacle)
        self.because = obstacle, details, () if conversation is None else (conversation,)


@frozen
class _Value:
    """One conversation's value for a figure.

    `number` is None if the figure doesn't apply to the conversation. `type` is the metric's type; empty for
    other figures.
    """

    number: float | None
    type: str = ""


def _not_void(results: Iterable[SimulationResult]) -> list[SimulationResult]:
    return [each for each in results if each.outcome is not Outcome.VOID]


MOST_METRICS = 1_000
"""The maximum number of custom metrics in a run. Each takes half a millisecond to compare."""


@frozen(slots=False)
class Figures:
    """Computes the figures of conversations.

    Raises:
        UnsupportedValueError: A metric was asked for, but there are more than `MOST_METRICS`.

    Attributes:
        conversations: The conversations; void ones are left out.
        missing: The number of missing conversations, which have no figures.
        latency_unit: The unit of the run's latencies; None if it is unknown.
    """

    conversations: Sequence[SimulationResult] = field(converter=_not_void)
    missing: int
    latency_unit: LatencyUnit | None
    _read: dict[tuple[str, bool], list[tuple[SimulationResult, _Value]]] = field(init=False, factory=dict)

    def figure(self, kind: Aggregate, name: str, *, is_metric: bool = False) -> RunFigure:
        """Return a figure, or the obstacle that would make a rule about it inconclusive."""
        total = len(self.conversations) + self.missing
        try:
            found = [value for _, value in self._found(name, is_metric)]
            values = [each for each in found if each.number is not None]
            total -= len(found) - len(values)
            if is_metric:
                _check_types(kind, {each.type for each in values})
        except _UnusableError as error:
            return RunFigure(kind, name, is_metric, None, 0, total, *error.because)
        known = partial(RunFigure, kind, name, is_metric, sample=len(values), total=total)
        if not values or 2 * len(values) < total:
            details = self._metric_names if is_metric and not values else ()
            return known(obstacle=FigureObstacle.FEW_VALUES, details=details)
        return known(aggregate(kind, [each.number or 0.0 for each in values]))

    def values(self, name: str, *, is_metric: bool = False) -> list[tuple[SimulationResult, float]]:
        """Return the conversations that have a figure without an obstacle, each with its value."""
        found = self._found(name, is_metric)
        return [(each, value.number) for each, value in found if value.number is not None]

    @property
    def metrics(self) -> dict[str, set[str]]:
        """The types of each custom metric, by name, in the evaluations that might be the latest."""
        return {name: set(map(metric_type, self._received(name))) for name in self._by_metric}

    def answers(self, name: str) -> Counter[str]:
        """Return how many conversations have each answer to a metric in each of their latest evaluations."""
        return Counter(each.response_value for each in self._received(name) if not is_not_applicable(each))

    def _received(self, name: str) -> Iterator[CustomMetric]:
        return (each for _, asked in self._by_metric[name] for metrics in asked for each in metrics)

    @cached_property
    def _metric_names(self) -> tuple[str, ...]:
        return tuple(sorted(self._by_metric))

    @cached_property
    def _by_metric(self) -> dict[str, list[tuple[SimulationResult, list[list[CustomMetric]]]]]:
        """For each metric's name, the conversations that have it, with its answers in each evaluation.

        Evaluations are read once, because there can be as many names as answers. Those without the metric
        share one empty list.
        """
        found: dict[str, list[tuple[SimulationResult, list[list[CustomMetric]]]]] = {}
        for result in self.conversations:
            by_name: dict[str, dict[int, list[CustomMetric]]] = {}
            for number, evaluation in enumerate(result.last_evaluations):
                for metric in evaluation.custom_metrics or ():
                    by_name.setdefault(metric.name, {}).setdefault(number, []).append(metric)
            for name, asked in by_name.items():
                others: list[list[CustomMetric]] = [[]] if len(asked) < len(result.last_evaluations) else []
                found.setdefault(name, []).append((result, [*asked.values(), *others]))
            if len(found) > MOST_METRICS:
                raise UnsupportedValueError(
                    f"This package can't represent over {MOST_METRICS:,} custom metrics (its own limit)."
                )
        return found

    def _found(self, name: str, is_metric: bool) -> list[tuple[SimulationResult, _Value]]:
        """Return the conversations that have a figure, or to which it doesn't apply."""
        key = name, is_metric
        if key not in self._read:  # a figure has several aggregates
            self._read[key] = [(each, value) for each, value in self._values(*key) if value is not None]
        return self._read[key]

    def _values(self, name: str, is_metric: bool) -> Iterator[tuple[SimulationResult, _Value | None]]:
        if is_metric:
            for result, asked in self._by_metric.get(name, ()):
                yield result, _agreed(map(_metric, asked), result)
        for result in () if is_metric else self.conversations:
            if name == "duration":
                yield result, _duration(result)
            else:
                read = partial(_measured, name, self.latency_unit)
                yield result, _agreed(map(read, result.last_evaluations), result)


def _check_types(kind: Aggregate, types: set[str]) -> None:
    """Raise _UnusableError if the answers of metrics of these types can't be aggregated."""
    fits = types <= RATED if kind is Aggregate.RATE else types <= {QUANTITATIVE}
    if not fits:
        raise _UnusableError(FigureObstacle.TYPE_UNFIT, *sorted(types))


def _duration(result: SimulationResult) -> _Value | None:
    return None if result.duration is None else _Value(result.duration / _MILLISECOND)


def _agreed(values: Iterable[_Value | None], result: SimulationResult) -> _Value | None:
    """Return the value on which all evaluations that might be the latest agree, or None if there is none."""
    found = tuple(values)
    if len(found) > 1 and len(set(found)) > 1:  # nearly always there is one: a set would take longer
        raise _UnusableError(FigureObstacle.EVALUATIONS_DISAGREE, conversation=result.id)
    return found[0] if found else None


def _measured(name: str, unit: LatencyUnit | None, evaluation: Evaluation) -> _Value | None:
    """Return whether a flag is set, as 1 or 0, or a latency in milliseconds."""
    if name in FLAGS:
        flag: bool | None = getattr(evaluation, name)
        return None if flag is None else _Value(float(flag))
    latency = agent_latency_figure(evaluation, name.removeprefix("latency."))
    if latency is None:
        return None
    if unit is None:
        raise _UnusableError(FigureObstacle.UNIT_UNKNOWN)
    return _Value(milliseconds(latency) if unit is LatencyUnit.SECONDS else latency)


def _metric(answers: list[CustomMetric]) -> _Value | None:
    """Return one evaluation's answer to a metric, as 1 or 0 for yes or no, or None without an answer."""
    values = {_answer(each) for each in answers}
    if len(values) > 1:
        raise _UnusableError(FigureObstacle.UNREADABLE, *(each.response_value for each in answers))
    return next(iter(values), None)


def _answer(metric: CustomMetric) -> _Value:
    if is_not_applicable(metric):
        return _Value(None)
    kind = metric_type(metric)
    if kind not in ORDERED:
        return _Value(0.0, kind)  # no aggregate fits this type
    number = rated_answer(metric) if kind in RATED else metric_value(metric)
    if number is None:
        raise _UnusableError(FigureObstacle.UNREADABLE, metric.response_value)
    return _Value(number, kind)
