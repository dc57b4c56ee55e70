"""The history of a simulation: the pass rates of its runs with their intervals."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from ..gate.verdict import Cause, Verdict
from .first_screen import title
from .scale import Scale

HEIGHT = 160
"""The height of the chart, from 0 to 100 %, in pixels."""
_LABELS = 0.14
"""The width for labels before the first run, as a share of the width for runs."""


@frozen
class HistoryRow:
    """One run in the history.

    Attributes:
        verdict: The verdict on the run; the same rules apply to every run of the history.
        title: The decision.
        is_measured: Whether the run is a measurement.
        is_current: Whether this is the run that the page is about.
        x: The position on the axis of time.
        y: The distance of the pass rate from the top of the chart; None without a pass rate.
        ends: The distances of the interval's ends from the top; None without an interval.
    """

    verdict: Verdict
    title: str
    is_measured: bool
    is_current: bool
    x: str
    y: float | None
    ends: tuple[float, float] | None


@frozen
class History:
    """The runs in order of time, and the threshold.

    Attributes:
        rows: The runs, the oldest first.
        threshold: The distance of the threshold from the top of the chart; None if the rule is off.
    """

    rows: list[HistoryRow]
    threshold: float | None


def history_of(verdicts: Sequence[Verdict], minimum: float, current: str) -> History:
    """Return the history of runs; `current` is the id of the run that the page is about."""
    ordered = sorted(verdicts, key=lambda each: (each.run.created_at, each.run.id))
    axis = Scale(-0.5 - _LABELS * len(ordered), len(ordered) - 0.5)
    rows = [_row(each, axis.x(place), current) for place, each in enumerate(ordered)]
    return History(rows, _height(minimum) if minimum else None)


def _row(verdict: Verdict, x: str, current: str) -> HistoryRow:
    rate = verdict.pass_rate
    return HistoryRow(
        verdict,
        title(verdict),
        verdict.cause not in {Cause.VIOLATION, Cause.NOT_SETTLED, Cause.NOT_A_MEASUREMENT},
        verdict.run.id == current,
        x,
        None if rate.value is None else _height(rate.value),
        (_height(rate.interval[0]), _height(rate.interval[1])) if rate.interval else None,
    )


def _height(percent: float) -> float:
    return round(HEIGHT * (1 - percent / 100), 1)
