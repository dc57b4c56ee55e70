"""The rule about a custom metric."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from fractions import Fraction

from attrs import evolve, frozen
from bluejay_api.models import CustomMetric

from ..errors import UsageError
from ..judging.metrics import (
    ORDERED,
    POSITIVE,
    is_not_applicable,
    metric_name,
    metric_type,
    metric_value,
    worst_value,
)
from ..judging.thresholds import (
    beside,
    minimum_percentage,
    percentage,
    plain_number,
)
from ..results.result import SimulationResult
from .evidence import Evidence
from .quality import thin
from .rules_and_defaults import MetricRule
from .verdict import Answer, Finding

_QUOTED = 3


@frozen
class _Reading:
    """The answer of one conversation.

    Attributes:
        text: The answer as received.
        value: As a number; None if nobody can read it.
        worst: The number itself, or else the worst that it can stand for; None where that isn't known.
    """

    text: str
    value: float | None
    worst: float | None


def metric(evidence: Evidence, rule: MetricRule, min_measured: float) -> Finding:
    """Judge a custom metric.

    Raises:
        UsageError: Its answers have no order, or are percentages and the threshold is not one.
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
        Answer.INCONCLUSIVE,
    )
    if not readings:
        return finding.inconclusive(_unanswered(rule.name, evidence))
    if len(types) > 1 and not types <= POSITIVE.keys():
        return finding.inconclusive("it has answers of several types")
    finding = _judged(finding, rule, readings, is_counted=types <= POSITIVE.keys())
    finding = evolve(finding, broken_by=tuple(each for each, all_ in answered if _breaks(all_, rule)))
    not_asked = {
        each.id
        for each in evidence.judged
        if (asked := _asked(each, rule.name)) and all(map(is_not_applicable, asked))
    }
    few = thin([each for each, _ in answered], evidence, min_measured, left_out=not_asked)
    return finding.inconclusive(few) if few else finding


def _judged(finding: Finding, rule: MetricRule, readings: Sequence[_Reading], *, is_counted: bool) -> Finding:
    """Judge the answers that can be read, and then all: the others count as the worst answer."""
    read = [each.value for each in readings if each.value is not None]
    worst = [each.worst for each in readings if each.worst is not None]
    unreadable = [each.text for each in readings if each.value is None]
    unit = " %" if is_counted else ""
    counted = worst or read
    value = f"{beside(float(_mean(counted)), rule.threshold)}{unit}" if counted else ""
    quoted = _quoted(unreadable)
    finding = evolve(finding, value=value + (f"; {quoted}" if quoted else ""))
    how = f"{'percentage of pass or yes' if is_counted else 'mean'} over {len(readings)} answers"
    if read and not _holds(rule, _mean(read)):
        return finding.answered(Answer.BROKEN, how)
    if len(worst) < len(readings):
        return finding.inconclusive(f"{quoted}, and the metric's range of values isn't known")
    if not _holds(rule, _mean(worst)):
        if unreadable:
            return finding.inconclusive(
                f"{quoted}; the rule is broken only if each counts as the worst answer"
            )
        return finding.answered(Answer.BROKEN, how)
    return finding.answered(Answer.KEPT, how)


def _mean(values: Sequence[float]) -> Fraction:
    """Return the mean of the numbers as they are written: 3.0, 3.0 and 3.6 have a mean of exactly 3.2."""
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
            f"metric: {rule.name!r} is of the type {min(others)}, which has no order. "
            "Give one that is quantitative, pass_fail or yes_no."
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
    """Order the copies of a conversation: an answer of unknown worth is the worst."""
    if any(each.worst is None for each in readings):
        return float("inf")
    mean = float(_mean([each.worst or 0.0 for each in readings]))
    return -mean if rule.operator.is_minimum else mean


def _breaks(readings: Sequence[_Reading], rule: MetricRule) -> bool:
    return any(each.worst is None or not rule.operator.holds(each.worst, rule.threshold) for each in readings)


def _unanswered(name: str, evidence: Evidence) -> str:
    judged = [each.evaluation for each in evidence.judged if each.evaluation]
    names = {answer.name for each in judged for answer in each.custom_metrics or ()}
    if metric_name(name) in map(metric_name, names):
        return "no judged conversation has an answer that applies"
    near = difflib.get_close_matches(name, names, n=3)
    return "no judged conversation has this metric" + (f"; did you mean {' or '.join(near)}?" if near else "")
