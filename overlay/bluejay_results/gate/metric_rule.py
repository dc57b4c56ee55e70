"""The rule about a custom metric."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from fractions import Fraction

from attrs import evolve, frozen
from bluejay_api.models import CustomMetric

from ..errors import UsageError
from ..judging.thresholds import (
    distinct_number,
    minimum_percentage,
    percentage,
    plain_number,
)
from ..results.metrics import (
    ORDERED,
    POSITIVE,
    is_not_applicable,
    metric_name,
    metric_type,
    metric_value,
    worst_value,
)
from ..results.result import SimulationResult
from .evidence import Evidence
from .quality import too_few_reason
from .rules_and_defaults import MetricRule
from .verdict import Finding, RuleVerdict

_QUOTED = 3


@frozen
class _Reading:
    """The answer of one conversation.

    Attributes:
        text: The answer as received.
        value: The answer as a number; None if it can't be read.
        worst: `value` or, for an unreadable answer, the worst possible value; None if that is unknown.
    """

    text: str
    value: float | None
    worst: float | None


def metric(evidence: Evidence, rule: MetricRule, min_measured: float) -> Finding:
    """Judge a custom metric.

    Raises:
        UsageError: The answers have no order, or they are counted in percent and the threshold isn't a
            percentage.
    """
    types = {metric_type(each) for result in evidence.judged for each in _asked(result, rule.name)}
    _check(rule, types)

    def read(result: SimulationResult) -> list[_Reading] | None:
        return [
            _reading(each, rule) for each in _asked(result, rule.name) if not is_not_applicable(each)
        ] or None

    def worst(copies: Sequence[list[_Reading]]) -> list[_Reading]:
        return sorted(copies, key=lambda all_: _badness(all_, rule))[-1]

    answered = list(evidence.measured(read, worst))
    readings = [each for _, all_ in answered for each in all_]
    finding = Finding(
        f"metric {rule.name}",
        f"{rule.operator} {plain_number(rule.threshold)}",
        "",
        len(readings),
        RuleVerdict.INCONCLUSIVE,
        is_about_figure=True,
    )
    if not readings:
        return finding.inconclusive(_unanswered_reason(rule.name, evidence))
    if len(types) > 1 and not types <= POSITIVE.keys():
        return finding.inconclusive("the metric has answers of several types")
    finding = _judged(finding, rule, readings, is_counted=types <= POSITIVE.keys())
    finding = evolve(finding, broken_by=tuple(each for each, all_ in answered if _breaks(all_, rule)))
    not_asked = {
        each.id
        for each in evidence.judged
        if (asked := _asked(each, rule.name)) and all(map(is_not_applicable, asked))
    }
    few = too_few_reason([each for each, _ in answered], evidence, min_measured, left_out=not_asked)
    return finding.inconclusive(few) if few else finding


def _judged(finding: Finding, rule: MetricRule, readings: Sequence[_Reading], *, is_counted: bool) -> Finding:
    """Judge the readable answers, then all answers; an unreadable answer counts as the worst answer."""
    read = [each.value for each in readings if each.value is not None]
    worst = [each.worst for each in readings if each.worst is not None]
    unreadable = [each.text for each in readings if each.value is None]
    unit = " %" if is_counted else ""
    counted = worst or read
    value = f"{distinct_number(float(_mean(counted)), rule.threshold)}{unit}" if counted else ""
    quoted = _quoted(unreadable)
    finding = evolve(finding, value=value + (f"; {quoted}" if quoted else ""))
    how = f"{'percentage of pass or yes' if is_counted else 'mean'} over {len(readings)} answers"
    if read and not _holds(rule, _mean(read)):
        return finding.with_verdict(RuleVerdict.BROKEN, how)
    if len(worst) < len(readings):
        return finding.inconclusive(f"{quoted}, and the metric's range of values isn't known")
    if not _holds(rule, _mean(worst)):
        if unreadable:
            return finding.inconclusive(
                f"{quoted}; the rule is broken only if these answers count as the worst possible"
            )
        return finding.with_verdict(RuleVerdict.BROKEN, how)
    return finding.with_verdict(RuleVerdict.KEPT, how)


def _mean(values: Sequence[float]) -> Fraction:
    """Return the exact mean of the numbers as written: the mean of 3.0, 3.0 and 3.6 is exactly 3.2."""
    return sum((Fraction(str(each)) for each in values), Fraction()) / len(values)


def _holds(rule: MetricRule, value: Fraction) -> bool:
    return rule.operator.holds(value, Fraction(str(rule.threshold)))


def _quoted(texts: Sequence[str]) -> str:
    if not texts:
        return ""
    different = list(dict.fromkeys(texts))
    examples = ", ".join(f"{each!r}" for each in different[:_QUOTED])
    more = f" and {len(different) - _QUOTED} more" if len(different) > _QUOTED else ""
    noun = "1 answer" if len(texts) == 1 else f"{len(texts)} answers"
    return f"{noun} can't be read: {examples}{more}"


def _check(rule: MetricRule, types: set[str]) -> None:
    if others := types - ORDERED:
        raise UsageError(
            f"metric: {rule.name!r} has the type {min(others)}, which has no order. "
            "Name a metric of type quantitative, pass_fail or yes_no."
        )
    if types and types <= POSITIVE.keys():
        check = minimum_percentage if rule.operator.is_minimum else percentage
        check(f"metric {rule.name}", rule.threshold)


def _asked(result: SimulationResult, name: str) -> list[CustomMetric]:
    evaluation = result.evaluation
    return [
        each
        for each in (evaluation and evaluation.custom_metrics) or ()
        if metric_name(each.name) == metric_name(name)
    ]


def _reading(answer: CustomMetric, rule: MetricRule) -> _Reading:
    value = metric_value(answer)
    worst = worst_value(answer, is_high_bad=not rule.operator.is_minimum) if value is None else value
    return _Reading(answer.response_value, value, worst)


def _badness(readings: Sequence[_Reading], rule: MetricRule) -> float:
    """Return the sort key of a conversation's copy; a copy whose worst value is unknown sorts last."""
    if any(each.worst is None for each in readings):
        return float("inf")
    mean = float(_mean([each.worst or 0.0 for each in readings]))
    return -mean if rule.operator.is_minimum else mean


def _breaks(readings: Sequence[_Reading], rule: MetricRule) -> bool:
    return any(each.worst is None or not rule.operator.holds(each.worst, rule.threshold) for each in readings)


def _unanswered_reason(name: str, evidence: Evidence) -> str:
    judged = [each.evaluation for each in evidence.judged if each.evaluation]
    names = {answer.name for each in judged for answer in each.custom_metrics or ()}
    if metric_name(name) in map(metric_name, names):
        return 'every answer to this metric is "not applicable"'
    near = difflib.get_close_matches(name, names, n=3)
    return "no judged conversation has this metric" + (f"; did you mean {' or '.join(near)}?" if near else "")
