"""The quality table: flags and custom metrics, each with its value, its rules, and what pulls it down."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from ..compare.comparison_text import change_of_figure_text
from ..compare.deltas import Delta
from ..gate import Aggregate, FigureRule, Finding, RunVerdict
from ..results.figures import ENUM, FLAGS, LATENCIES, Figures, RunFigure
from ..results.run_figures import computed
from ..writing.numbers import figure_text, obstacle_of_figure
from ..writing.words import count_text

_MOST_WORST = 5
_MOST_ANSWERS = 10


@frozen
class QualityRow:
    """A flag or a custom metric.

    Attributes:
        name: The flag's or the metric's name.
        value: The rate, the mean, or the number of times each answer was given; if there is no value, the
            reason.
        measured: How many conversations have the figure.
        rules: The rules about the figure, each with its verdict.
        change: The value in the base run and the change; empty if there is no base run.
        worst: The ids of the conversations that pull the figure down, worst first.
    """

    name: str
    value: str
    measured: str
    rules: str = ""
    change: str = ""
    worst: tuple[int, ...] = ()


def quality_rows(verdict: RunVerdict) -> list[QualityRow]:
    """Return a run's flags and custom metrics, except metrics with text or JSON answers."""
    run = verdict.run
    return [] if run.violations else [*_with_values(verdict), *_with_answers(computed(run))]


def _with_values(verdict: RunVerdict) -> Iterator[QualityRow]:
    comparison = next((each.comparison for each in verdict.findings if each.comparison), None)
    deltas = {each.name: each for each in comparison.deltas} if comparison else {}
    for each in verdict.figures:
        if each.figure in LATENCIES and not each.is_metric:
            continue
        rules = [found for found in verdict.findings if _is_about(found, each)]
        yield QualityRow(
            each.figure,
            _value_text(each),
            f"{each.sample} of {each.total}",
            "; ".join(f"{found.rule.title}: {found.verdict}" for found in rules),
            _change_text(deltas[each.name]) if each.name in deltas else "",
            _worst(each, computed(verdict.run)),
        )


def _is_about(finding: Finding, figure: RunFigure) -> bool:
    rule, named = finding.rule, (figure.figure, figure.is_metric)
    return isinstance(rule, FigureRule) and (rule.figure, rule.is_metric) == named


def _value_text(figure: RunFigure) -> str:
    if figure.value is None:
        return f"unknown, because {obstacle_of_figure(figure)}"
    said = "of conversations" if figure.aggregate is Aggregate.RATE else "on average"
    return f"{figure_text(figure)} {said}"


def _change_text(delta: Delta) -> str:
    if delta.change is None:
        return f"before {figure_text(delta.base)}"
    points = " points" if delta.now.unit == "%" else ""
    return f"before {figure_text(delta.base)}, {change_of_figure_text(delta)}{points}"


def _worst(figure: RunFigure, figures: Figures) -> tuple[int, ...]:
    """Return the ids of the conversations that are flagged, didn't pass or have the lowest values."""
    if figure.value is None:
        return ()
    values = figures.values(figure.figure, is_metric=figure.is_metric)
    is_flag = figure.figure in FLAGS and not figure.is_metric
    if figure.aggregate is Aggregate.RATE:
        worst = [each for each, value in values if value == float(is_flag)]
    else:
        worst = [each for each, value in sorted(values, key=lambda each: each[1]) if value < figure.value]
    return tuple(each.id for each in worst[:_MOST_WORST])


def _with_answers(figures: Figures) -> Iterator[QualityRow]:
    for name, types in figures.metrics.items():
        if types == {ENUM}:
            counts = figures.answers(name)
            said = ", ".join(f"{count} {answer}" for answer, count in counts.most_common(_MOST_ANSWERS))
            more = len(counts) - _MOST_ANSWERS
            yield QualityRow(
                name,
                f"{said}, {count_text(more, 'other answer')}" if more > 0 else said,
                f"{counts.total()} of {len(figures.conversations) + figures.missing}",
            )
