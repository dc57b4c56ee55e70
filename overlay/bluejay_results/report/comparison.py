"""The change of the pass rate since a base run, on a scale of percentage points."""

from __future__ import annotations

from attrs import frozen

from ..compare import Comparison
from ..compare.words import points_text
from .scale import Mark, Scale

_WORDS = ("With unknown conversations counted as failed:", "With unknown conversations counted as passed:")


@frozen
class ChangeLine:
    """The change with unknown conversations counted in one way.

    Attributes:
        dot: The change.
        interval: The positions of the interval's ends.
        words: How unknown conversations count; empty if that makes no difference.
    """

    dot: Mark
    interval: tuple[str, str]
    words: str


@frozen
class ChangeChart:
    """The change on its scale.

    Attributes:
        lines: One line, or two if unknown conversations make a difference.
        zero: The position of no change.
        ends: The labels at both ends.
    """

    lines: list[ChangeLine]
    zero: str
    ends: tuple[Mark, Mark]


def change_chart(comparison: Comparison) -> ChangeChart | None:
    """Return the change on its scale; None if no caller was compared."""
    failed, passed = comparison.if_failed, comparison.if_passed
    if failed is None or passed is None:
        return None
    effects = [(failed, "")] if failed == passed else list(zip((failed, passed), _WORDS, strict=True))
    end = min(100.0, 1.15 * max(1.0, *(abs(side) for each, _ in effects for side in (each.low, each.high))))
    scale = Scale(-end, end)
    lines = [
        ChangeLine(
            scale.mark(each.change, f"{points_text(each.change)} points"),
            (scale.x(each.low), scale.x(each.high)),
            text,
        )
        for each, text in effects
    ]
    ends = scale.mark(-end, f"{-end:.0f} points: worse"), scale.mark(end, f"better: +{end:.0f} points")
    return ChangeChart(lines, scale.x(0.0), ends)
