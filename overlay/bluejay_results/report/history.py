"""The history of a simulation: the pass rates of its runs with their intervals."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from attrs import frozen

from ..gate.verdict import Verdict
from .scale import Scale

HEIGHT = 160
"""The height of the chart, from 0 to 100 %, in pixels."""
_LONG_AGO = datetime.datetime.min.replace(tzinfo=datetime.UTC)
_LABELS = 0.14
"""The width for labels before the first run, as a share of the width for runs."""


@frozen
class HistoryRow:
    """One run in the history.

    Attributes:
        verdict: The verdict on the run; the same rules apply to every run of the history.
        x: The position on the axis of time.
        y: The distance of the pass rate from the top of the chart; None without a pass rate.
        ends: The distances of the interval's ends from the top; None without an interval.
    """

    verdict: Verdict
    x: str
    y: float | None
    ends: tuple[float, float] | None


def history_rows(verdicts: Sequence[Verdict]) -> list[HistoryRow]:
    """Return a row for each run, the oldest first."""
    ordered = sorted(verdicts, key=lambda each: (each.run.created_at or _LONG_AGO, each.run.id))
    axis = Scale(-0.5 - _LABELS * len(ordered), len(ordered) - 0.5)
    return [_row(each, axis.x(place)) for place, each in enumerate(ordered)]


def _row(verdict: Verdict, x: str) -> HistoryRow:
    rate = verdict.pass_rate
    return HistoryRow(
        verdict,
        x,
        None if rate.value is None else height(rate.value),
        (height(rate.interval[0]), height(rate.interval[1])) if rate.interval else None,
    )


def height(percent: float) -> float:
    """Return how far below the top of the chart a pass rate is, in pixels."""
    return round(HEIGHT * (1 - percent / 100), 1)
