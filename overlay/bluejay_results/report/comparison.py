"""The change of the pass rate since a base run, on a scale of percentage points."""

from __future__ import annotations

from attrs import frozen

from ..compare import Comparison
from ..writing.numbers import points_text
from .scale import Mark, Scale

_POINTS = Scale(-100.0, 100.0)
_WORDS = ("with unknown conversations counted as failed", "with unknown conversations counted as passed")


@frozen
class ChangeLine:
    """The change of the pass rate, if all unknown conversations count as failed, or if all count as passed.

    Attributes:
        dot: The change.
        interval: The positions of the interval's ends.
        words: How unknown conversations count; empty if that makes no difference.
    """

    dot: Mark
    interval: tuple[str, str]
    words: str


def change_lines(comparison: Comparison) -> list[ChangeLine]:
    """Return one line, or two if unknown conversations make a difference; empty without compared callers."""
    failed, passed = comparison.if_failed, comparison.if_passed
    if failed is None or passed is None:
        return []
    effects = [(failed, "")] if failed == passed else list(zip((failed, passed), _WORDS, strict=True))
    return [
        ChangeLine(
            _POINTS.mark(each.change, f"{points_text(each.change)} points"),
            (_POINTS.x(each.low), _POINTS.x(each.high)),
            text,
        )
        for each, text in effects
    ]
