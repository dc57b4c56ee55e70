"""The data for the charts. Positions are percentages of an axis, so charts fill the page's width."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from attrs import frozen

from ..compare import Comparison
from ..gate import Cause, Decision, PassRate, RunVerdict, Verdict
from ..results.figures import LATENCIES, RunFigure
from ..writing.numbers import figure_text, obstacle_of_figure, points_text
from ..writing.words import in_utc
from .conversations import day_text

_NEAR_END = 15.0
"""To fit, labels within this percentage of an end of the axis aren't centred on their mark."""


@frozen
class Mark:
    """A labelled position on an axis.

    Attributes:
        x: The SVG position, such as `62.5%`.
        text: The label.
        anchor: The part of the label at this position: start, middle or end.
    """

    x: str
    text: str
    anchor: str


@frozen
class Scale:
    """An axis with a minimum and a maximum. Values outside this range are placed at the nearer end."""

    low: float
    high: float

    def x(self, value: float) -> str:
        """Return the position of a value."""
        return _x(self._share(value))

    def mark(self, value: float, text: str) -> Mark:
        """Return a labelled position."""
        share = self._share(value)
        anchor = "start" if share < _NEAR_END else "end" if share > 100 - _NEAR_END else "middle"
        return Mark(_x(share), text, anchor)

    def width(self, low: float, high: float) -> str:
        """Return the width between two values."""
        return _x(self._share(high) - self._share(low))

    def _share(self, value: float) -> float:
        return min(100.0, max(0.0, 100 * (value - self.low) / (self.high - self.low)))


PERCENT = Scale(0.0, 100.0)
"""The axis for a rate in percent."""


def _x(share: float) -> str:
    return f"{share:.2f}".rstrip("0").rstrip(".") + "%"


_POINTS = Scale(-100.0, 100.0)
_WORDS = ("with unknown conversations counted as failed", "with unknown conversations counted as passed")


@frozen
class ChangeLine:
    """The change in the pass rate if all unknown conversations failed, or if all of them passed.

    Attributes:
        dot: The change.
        interval: The positions of the interval's ends.
        words: How unknown conversations count; empty if that makes no difference.
    """

    dot: Mark
    interval: tuple[str, str]
    words: str


def change_lines(comparison: Comparison) -> list[ChangeLine]:
    """Return one line, two if unknown conversations make a difference, or none if no callers are compared."""
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


HEIGHT = 160
"""The height of the chart from 0 to 100 %, in pixels."""
_LONG_AGO = datetime.datetime.min.replace(tzinfo=datetime.UTC)
_LABELS = 0.14
"""The width reserved for labels before the first run, as a fraction of the width for runs."""


@frozen
class HistoryRow:
    """A run in the history.

    Attributes:
        created_at: When the run was created; None if the value breaks the contract.
        id: The id of the run.
        app_url: The URL of the run's page in the app.
        decision: The decision; every run in the history is checked against the same rules.
        cause: The cause of the decision.
        is_measurement: Whether the run is a measurement.
        pass_rate: The run's pass rate.
        void: The number of void conversations.
    """

    created_at: datetime.datetime | None
    id: str
    app_url: str | None
    decision: Decision
    cause: Cause
    is_measurement: bool
    pass_rate: PassRate
    void: int

    @classmethod
    def of(cls, verdict: Verdict) -> HistoryRow:
        """Return a run's row, which doesn't refer to the run, so a long history uses little memory."""
        [of_run] = verdict.runs
        run, cause = of_run.run, of_run.cause
        numbers = of_run.is_measured, of_run.pass_rate, len(run.void)
        return cls(run.created_at, run.id, run.app_url, verdict.decision, cause, *numbers)

    @property
    def age(self) -> tuple[datetime.datetime, str]:
        """A sort key that puts the newest run last."""
        return self.created_at or _LONG_AGO, self.id

    @property
    def y(self) -> float | None:
        """How far the pass rate is from the top of the chart; None without a pass rate."""
        return None if self.pass_rate.value is None else height(self.pass_rate.value)

    @property
    def ends(self) -> list[float]:
        """How far the interval's ends are from the top; empty for a run without an interval."""
        return [height(each) for each in self.pass_rate.interval or ()]

    @property
    def range(self) -> list[float]:
        """How far the highest and the lowest possible rates are from the top; empty if they are equal."""
        rate = self.pass_rate
        return [height(each or 0.0) for each in (rate.highest, rate.lowest)] if rate.unknown else []


MOST_RUNS = 60
"""The maximum number of runs that a history shows, starting with the newest."""
_DATES = 5


@frozen
class History:
    """A history of runs, oldest first.

    Attributes:
        rows: The newest runs, each with its position on the time axis.
        dates: The axis labels.
        older: The number of older runs, which are not shown.
    """

    rows: list[tuple[HistoryRow, str]]
    dates: list[Mark]
    older: int

    @classmethod
    def of(cls, rows: Iterable[HistoryRow]) -> History:
        """Return the history of these runs, which may be in any order."""
        ordered = sorted(rows, key=lambda each: each.age)
        shown = ordered[-MOST_RUNS:]
        axis = Scale(-0.5 - _LABELS * len(shown), len(shown) - 0.5)
        last = len(shown) - 1
        dated = sorted({round(last * part / (_DATES - 1)) for part in range(_DATES)}) if shown else []
        days = [(place, shown[place].created_at) for place in dated]
        dates = [axis.mark(place, day_text(in_utc(day))) for place, day in days if day]
        named = list({each.text: each for each in dates}.values())
        return cls(
            [(each, axis.x(place)) for place, each in enumerate(shown)], named, len(ordered) - len(shown)
        )


def height(percent: float) -> float:
    """Return a pass rate's distance from the top of the chart, in pixels."""
    return round(HEIGHT * (1 - percent / 100), 1)


@frozen
class LatencyRow:
    """A latency figure.

    Attributes:
        name: The figure as written in a rule, such as `latency.p95`.
        measured: How many conversations have the figure.
        spread: The lowest, the median and the highest value, as text.
        line: The positions of the lowest and the highest value; None if the figure has no value.
        dot: The position of the median.
        obstacle: Why the figure has no value; empty if it has one.
    """

    name: str
    measured: int
    spread: tuple[str, ...]
    line: tuple[str, str] | None
    dot: str
    obstacle: str


def latency_rows(verdict: RunVerdict) -> list[LatencyRow]:
    """Return a row for each figure that was measured."""
    found = [each for each in verdict.figures if not each.is_metric]
    spreads = {name: [each for each in found if each.figure == name] for name in LATENCIES}
    scale = Scale(
        0.0, max((each.value or 0.0 for all_ in spreads.values() for each in all_), default=0.0) or 1.0
    )
    return [_latency_row(name, spread, scale) for name, spread in spreads.items() if spread]


def _latency_row(name: str, spread: list[RunFigure], scale: Scale) -> LatencyRow:
    low, middle, high = (scale.x(each.value or 0.0) for each in spread)
    is_known = spread[0].obstacle is None
    texts = tuple(map(figure_text, spread))
    reason = obstacle_of_figure(spread[0])
    return LatencyRow(name, spread[0].sample, texts, (low, high) if is_known else None, middle, reason)
