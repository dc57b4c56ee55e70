"""Reads the figures of a run's conversations, and judges the rules about them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

from attrs import evolve, frozen
from bluejay_api.models import Evaluation

from ..results.latency import LatencyUnit, agent_latency
from ..results.metrics import RATED, is_not_applicable, metric_type, metric_value, rated_answer
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from .figure_rule import FLAGS, Aggregate, FigureRule, Operator, aggregate
from .verdict import Finding, Obstacle, RuleVerdict

_QUANTITATIVE = "quantitative"
_LATENCY_FIELDS = {"average": "average", "max": "maximum"}
_MILLISECOND = datetime.timedelta(milliseconds=1)


class _UnusableError(Exception):
    """The values of a figure can't be used, so the rule is inconclusive."""

    def __init__(self, obstacle: Obstacle, *details: str, conversation: int | None = None) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle
        self.details = details
        self.conversations = () if conversation is None else (conversation,)


@frozen
class _Value:
    """The figure of one conversation. `type` is the type of a metric, and empty for other figures."""

    number: float
    type: str = ""


def judge_figure(run: SimulationRun, rule: FigureRule, unit: LatencyUnit | None) -> Finding:
    """Judge a rule about a figure. `unit` is the unit of latencies; None to infer it."""
    counted = [*run.passed, *run.failed, *run.unknown]
    total = len(counted) + run.missing_count
    try:
        found = _values(counted, rule, unit or run.latency_unit)
    except _UnusableError as error:
        finding = _inconclusive(rule, error.obstacle, error.details, total=total)
        return evolve(finding, conversations=error.conversations)
    if 2 * len(found) < total or not found:
        details = [] if found else _metrics(counted, rule)
        return _inconclusive(rule, Obstacle.FEW_VALUES, details, sample=len(found), total=total)
    value = aggregate(rule.aggregate, [each.number for _, each in found])
    is_kept = rule.holds(value)
    return Finding(
        "require",
        RuleVerdict.KEPT if is_kept else RuleVerdict.BROKEN,
        rule.compared_limit,
        value,
        value,
        sample=len(found),
        total=total,
        conversations=() if is_kept else _worst(found, rule),
        figure_rule=rule,
    )


def _inconclusive(
    rule: FigureRule, obstacle: Obstacle, details: Sequence[str], *, sample: int = 0, total: int
) -> Finding:
    return Finding(
        "require",
        RuleVerdict.INCONCLUSIVE,
        rule.compared_limit,
        sample=sample,
        total=total,
        obstacle=obstacle,
        details=tuple(details),
        figure_rule=rule,
    )


def _values(
    counted: Sequence[SimulationResult], rule: FigureRule, unit: LatencyUnit | None
) -> list[tuple[SimulationResult, _Value]]:
    """Return the conversations that have the figure, each with its value."""
    found = [(each, value) for each in counted if (value := _value_of(each, rule)) is not None]
    if rule.figure.startswith("latency.") and not rule.is_metric and found:
        if unit is None:
            raise _UnusableError(Obstacle.UNIT_UNKNOWN)
        return [(each, _in_milliseconds(value, unit)) for each, value in found]
    if rule.is_metric and (types := {value.type for _, value in found}):
        fits = types <= RATED if rule.aggregate is Aggregate.RATE else types == {_QUANTITATIVE}
        if not fits:
            raise _UnusableError(Obstacle.TYPE_UNFIT, *sorted(types))
    return found


def _value_of(result: SimulationResult, rule: FigureRule) -> _Value | None:
    """Return a conversation's figure, or None.

    All evaluations that may be the last must have the same figure.
    """
    if rule.figure == "duration" and not rule.is_metric:
        return None if result.duration is None else _Value(result.duration / _MILLISECOND)
    values = {_in_evaluation(each, rule) for each in result.last_evaluations}
    if len(values) > 1:
        raise _UnusableError(Obstacle.EVALUATIONS_DISAGREE, conversation=result.id)
    return next(iter(values), None)


def _in_evaluation(evaluation: Evaluation, rule: FigureRule) -> _Value | None:
    if rule.is_metric:
        return _metric(evaluation, rule)
    if rule.figure in FLAGS:
        flag: bool | None = getattr(evaluation, rule.figure)
        return None if flag is None else _Value(float(flag))
    name = rule.figure.removeprefix("latency.")
    latency: float | None = getattr(agent_latency(evaluation), _LATENCY_FIELDS.get(name, name))
    return None if latency is None else _Value(latency)


def _metric(evaluation: Evaluation, rule: FigureRule) -> _Value | None:
    answers = [each for each in evaluation.custom_metrics or () if each.name == rule.figure]
    values = set[_Value]()
    for each in answers:
        if is_not_applicable(each):
            continue
        kind = metric_type(each)
        number = rated_answer(each) if kind in RATED else metric_value(each) if kind == _QUANTITATIVE else 0.0
        if number is None:
            raise _UnusableError(Obstacle.UNREADABLE, each.response_value)
        values.add(_Value(number, kind))
    if len(values) > 1:
        raise _UnusableError(Obstacle.UNREADABLE, *(each.response_value for each in answers))
    return next(iter(values), None)


def _in_milliseconds(value: _Value, unit: LatencyUnit) -> _Value:
    # Decimal, because the float 1.001 * 1000 is below 1001.
    is_seconds = unit is LatencyUnit.SECONDS
    return _Value(float(Decimal(str(value.number)) * 1000)) if is_seconds else value


def _worst(found: Sequence[tuple[SimulationResult, _Value]], rule: FigureRule) -> tuple[int, ...]:
    """Return the ids of the conversations whose own value doesn't meet the limit, the worst first."""
    is_minimum = rule.operator in {Operator.AT_LEAST, Operator.ABOVE}
    limit = 0.5 if rule.aggregate is Aggregate.RATE else rule.compared_limit
    worst = sorted(found, key=lambda each: each[1].number, reverse=not is_minimum)
    return tuple(
        each.id for each, value in worst if (value.number < limit if is_minimum else value.number > limit)
    )


def _metrics(counted: Sequence[SimulationResult], rule: FigureRule) -> list[str]:
    """Return the names of the run's metrics, to be shown if no conversation has the metric of a rule."""
    return sorted({metric.name for each in counted for metric in each.metrics}) if rule.is_metric else []
