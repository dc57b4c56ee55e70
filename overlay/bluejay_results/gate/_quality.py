"""Rules about latency, judges' flags, custom metrics and tools."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from statistics import fmean, median

from attrs import evolve

from .._metrics import ORDERED, POSITIVE, metric_value
from ..errors import UsageError
from ..latency import LatencyUnit
from ..result import SimulationResult
from .rules import MetricRule
from .verdict import Answer, Finding


def latency(
    figure: str, limit: float, judged: Sequence[SimulationResult], unit: LatencyUnit | None
) -> Finding:
    """Judge the median over judged conversations of one latency figure, in milliseconds."""
    rule, threshold = f"max-latency-{figure}", f"{limit:g} ms"
    if unit is None and any(getattr(each.latency_received, figure) for each in judged):
        reason = "the unit of the latencies can't be told; give --latency-unit ms or s"
        return Finding(rule, threshold, "", len(judged), Answer.INCONCLUSIVE, reason)
    measured = [
        (value, each)
        for each in judged
        if (known := evolve(each.latency_received, unit=unit).in_milliseconds())
        and (value := getattr(known, figure)) is not None
    ]
    if not measured:
        reason = "no judged conversation has it measured"
        return Finding(rule, threshold, "", 0, Answer.INCONCLUSIVE, reason)
    middle = median(value for value, _ in measured)
    slow = sorted((pair for pair in measured if pair[0] > limit), key=lambda pair: -pair[0])
    return Finding(
        rule,
        threshold,
        f"{middle:.5g} ms",
        len(measured),
        Answer.KEPT if middle <= limit else Answer.BROKEN,
        f"median of {len(measured)} conversations, received in {unit}",
        tuple(each for _, each in slow),
    )


def share(flag: str, at_most: float, judged: Sequence[SimulationResult]) -> Finding:
    """Judge the percentage of judged conversations in which a judge has found something."""
    rule, threshold = f"max-{flag}", f"{at_most:g} %"
    answered = [each for each in judged if each.evaluation and getattr(each.evaluation, flag) is not None]
    found = tuple(each for each in answered if getattr(each.evaluation, flag))
    if not answered:
        reason = f"no judged conversation says whether there was a {flag}"
        return Finding(rule, threshold, "", 0, Answer.INCONCLUSIVE, reason)
    percent = 100 * len(found) / len(answered)
    is_kept = len(found) * 100 <= at_most * len(answered)
    return Finding(
        rule,
        threshold,
        f"{percent:.1f} %",
        len(answered),
        Answer.KEPT if is_kept else Answer.BROKEN,
        f"{len(found)} of {len(answered)} judged conversations that say so",
        found,
    )


def metric(rule: MetricRule, judged: Sequence[SimulationResult]) -> Finding:
    """Judge a custom metric; raise UsageError if its answers have no order."""
    answers = [
        (each, answer)
        for each in judged
        if each.evaluation
        for answer in each.evaluation.custom_metrics or ()
        if answer.name == rule.name
    ]
    name, threshold = f"metric {rule.name}", f"{rule.operator} {rule.threshold:g}"
    types = {answer.response_type for _, answer in answers}
    if others := types - ORDERED:
        raise UsageError(
            f"metric: {rule.name!r} is of the type {min(others)}, which has no order. "
            "Give one that is quantitative, pass_fail or yes_no."
        )
    values = [(each, value) for each, answer in answers if (value := metric_value(answer)) is not None]
    if not values or len(types) > 1:
        reason = "it has answers of several types" if values else _unanswered(rule.name, judged)
        return Finding(name, threshold, "", len(values), Answer.INCONCLUSIVE, reason)
    value = fmean(value for _, value in values)
    is_counted = types <= POSITIVE.keys()
    broken = tuple(each for each, value in values if not rule.operator.holds(value, rule.threshold))
    return Finding(
        name,
        threshold,
        f"{value:.5g}{' %' if is_counted else ''}",
        len(values),
        Answer.KEPT if rule.operator.holds(value, rule.threshold) else Answer.BROKEN,
        f"{'percentage of pass or yes' if is_counted else 'mean'} over {len(values)} answers",
        broken,
    )


def tools(judged: Sequence[SimulationResult]) -> Finding:
    """Judge whether every judged conversation has called its tools."""
    with_tools = [each for each in judged if each.expected_tools]
    missing = tuple(each for each in with_tools if each.missing_tools)
    if not with_tools:
        reason = "no judged conversation has tools to call"
        return Finding("require-tools", "all called", "", 0, Answer.INCONCLUSIVE, reason)
    return Finding(
        "require-tools",
        "all called",
        f"{len(missing)} of {len(with_tools)} conversations miss a tool",
        len(with_tools),
        Answer.BROKEN if missing else Answer.KEPT,
        "judged conversations with tools to call, by name",
        missing,
    )


def _unanswered(name: str, judged: Sequence[SimulationResult]) -> str:
    names = {
        answer.name for each in judged if each.evaluation for answer in each.evaluation.custom_metrics or ()
    }
    if name in names:
        return "no judged conversation has an answer of it"
    near = difflib.get_close_matches(name, names, n=3)
    return "no judged conversation has it" + (f"; did you mean {' or '.join(near)}?" if near else "")
