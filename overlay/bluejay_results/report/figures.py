"""The tables of custom metrics and judges' flags, and of tools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from attrs import frozen

from ..compare.deltas import answer_deltas
from ..gate.evidence import Evidence
from ..gate.reports.content import Row, plain, rows
from ..gate.verdict import Verdict
from ..results.metrics import ORDERED, is_not_applicable, metric_name, metric_type
from ..results.run import SimulationRun
from .scale import x_of

_ANSWERS = 5


@frozen
class MetricRow:
    """A metric or a flag of the judges.

    Attributes:
        name: The name of the metric or flag.
        value: The mean, the percentage, or the most frequent answers.
        answers: How many judged conversations have an answer.
        rule: The row of the rule about the metric; None if there is no rule.
    """

    name: str
    value: str
    answers: int
    rule: Row | None


@frozen
class ToolRow:
    """A tool.

    Attributes:
        name: The name of the tool.
        expected: How many conversations were expected to call the tool.
        called: How many of these called the tool.
        missing: How many of these did not call the tool.
        extra: How many other conversations called the tool.
        called_width: The width of the called part of the bar.
        expected_width: The width of the whole bar.
    """

    name: str
    expected: int
    called: int
    missing: int
    extra: int
    called_width: str
    expected_width: str


def metric_rows(verdict: Verdict) -> list[MetricRow]:
    """Return the judges' flags and the custom metrics of the judged conversations."""
    judged = Evidence(verdict.run).judged
    by_rule = {metric_name(each.rule): each for each in rows(verdict)}
    found = []
    for each in answer_deltas((), judged):
        if each.new is None:
            continue
        value = f"{each.new:.1f} %" if each.unit == "%" else f"{each.new:,.5g} {each.unit}".rstrip()
        rule = by_rule.get(f"max-{each.name}") or by_rule.get(metric_name(f"metric {plain(each.name)}"))
        found.append(MetricRow(each.name, value, _answer_count(verdict.run, each.name), rule))
    return [*found, *_unordered(verdict.run)]


def _answer_count(run: SimulationRun, name: str) -> int:
    def has_answer(evaluation: object) -> bool:
        if name in {"hallucination", "redundancy"}:
            return getattr(evaluation, name, None) is not None
        metrics = getattr(evaluation, "custom_metrics", None) or ()
        wanted = metric_name(name)
        return any(metric_name(each.name) == wanted and not is_not_applicable(each) for each in metrics)

    return sum(has_answer(each.evaluation) for each in Evidence(run).judged)


def _unordered(run: SimulationRun) -> Iterator[MetricRow]:
    """Yield the metrics whose answers have no order, with their most frequent answers."""
    found: dict[str, Counter[str]] = {}
    for each in Evidence(run).judged:
        for metric in (each.evaluation and each.evaluation.custom_metrics) or ():
            if metric_type(metric) not in ORDERED:
                found.setdefault(metric.name, Counter())[plain(metric.response_value, 80)] += 1
    for name, answers in found.items():
        most = answers.most_common(_ANSWERS)
        said = ", ".join(f"{text} ({count})" for text, count in most)
        others = len(answers) - len(most)
        more = f" and {others} other answers" if others > 1 else " and 1 other answer" if others else ""
        yield MetricRow(name, said + more, answers.total(), None)


def tool_rows(run: SimulationRun) -> list[ToolRow]:
    """Return the tools that were expected or called; the tool that was missing most often comes first."""
    expected, called, extra = Counter[str](), Counter[str](), Counter[str]()
    for each in run.results:
        expected.update(each.expected_tools)
        called.update(each.matched_tools)
        extra.update(set(each.actual_tools) - set(each.expected_tools))
    names = sorted({*expected, *extra}, key=lambda name: (called[name] - expected[name], name))
    largest = max(expected.values(), default=0) or 1
    return [
        ToolRow(
            name,
            expected[name],
            called[name],
            expected[name] - called[name],
            extra[name],
            x_of(100 * called[name] / largest),
            x_of(100 * expected[name] / largest),
        )
        for name in names
    ]
