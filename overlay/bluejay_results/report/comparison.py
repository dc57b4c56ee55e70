"""The comparison with a base run: the change with its interval, and the callers that changed."""

from __future__ import annotations

from attrs import frozen

from ..compare import Comparison
from ..compare.words import (
    change_of_figure_text,
    changed,
    figure_text,
    passed_text,
    points_text,
    reason_text,
)
from ..judging.pass_rates import Unknown
from .scale import Mark, Scale

MOST_ROWS = 60
_WHOLE = ("counted as failed", "counted as passed")


@frozen
class ChangeLine:
    """The change of the pass rate with unknown conversations counted in one way.

    Attributes:
        dot: The change.
        interval: The positions of the interval's ends.
        words: How unknown conversations count; empty if there are none.
    """

    dot: Mark
    interval: tuple[str, str]
    words: str


@frozen
class ChangeChart:
    """The change of the pass rate on a scale of percentage points.

    Attributes:
        lines: One line, or two if unknown conversations make a difference.
        zero: The position of no change.
        ends: The labels at both ends.
    """

    lines: list[ChangeLine]
    zero: str
    ends: tuple[Mark, Mark]


@frozen
class PairRow:
    """A caller whose pass rate changed.

    Attributes:
        id: The digital human.
        before: How many of its conversations passed in the base run, such as `3 of 5`.
        now: How many of its conversations passed in this run.
        change: The change of its pass rate in points.
        reason: The most frequent reason of its failures.
    """

    id: int | None
    before: str
    now: str
    change: str
    reason: str


def change_chart(comparison: Comparison) -> ChangeChart | None:
    """Return the change on its scale; None if the runs were not compared."""
    effects = [each for each in (comparison.if_failed, comparison.if_passed) if each]
    if not effects:
        return None
    is_same = effects[0] == effects[-1]
    end = 1.15 * max(1.0, *(abs(side) for each in effects for side in (each.low, each.high)))
    scale = Scale(-end, end)
    lines = [
        ChangeLine(
            scale.mark(each.change, f"{points_text(each.change)} points"),
            (scale.x(each.low), scale.x(each.high)),
            "" if is_same else f"unknown {how}",
        )
        for each, how in zip(effects[: 1 if is_same else 2], _WHOLE, strict=False)
    ]
    ends = scale.mark(-end, f"{-end:.0f} points: worse"), scale.mark(end, f"better: +{end:.0f} points")
    return ChangeChart(lines, scale.x(0.0), ends)


def pair_rows(comparison: Comparison) -> list[PairRow]:
    """Return a row for each caller that changed, those that got worse first."""
    return [
        PairRow(
            each.now.id,
            passed_text(each.before),
            passed_text(each.now),
            " to ".join(
                dict.fromkeys(points_text(100 * each.change(how)) for how in (Unknown.FAILED, Unknown.PASSED))
            ),
            reason_text(comparison, each),
        )
        for each in changed(comparison)
    ]


def delta_rows(comparison: Comparison) -> list[tuple[str, str, str, str]]:
    """Return the name of each figure, its values before and now, and its change."""
    return [
        (
            each.name,
            figure_text(each.base, each.unit),
            figure_text(each.now, each.unit),
            change_of_figure_text(each),
        )
        for each in comparison.deltas
    ]
