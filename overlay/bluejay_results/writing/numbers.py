"""Formats all numbers, so a number looks the same in every output."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal

from ..results.aggregate import Aggregate
from ..results.figures import FigureObstacle, RunFigure
from ..results.metrics import RATED
from ..results.unknown_fields import names_text

_NAMED = 10
_EXACT = Context(prec=800)
"""A decimal context in which any float can be rounded."""
_PLAIN = range(-6, 9)
"""The exponents of numbers that are written without an exponent."""
_NOISE = 1e-9
"""A change of fewer points than this is a rounding error and counts as 0."""


def number_text(value: float, unit: str = "", *limits: float | None) -> str:
    """Return a number with its unit: `84.2 %`, `840 ms`, `1.25 s`, `2.33`.

    The text has enough digits to show which side of each limit the number is on. For percentages, 0 and 100
    are limits too. Halves are rounded away from zero.
    """
    if not limits and Decimal(repr(float(value))).adjusted() not in _PLAIN:
        return f"{value:.3g} {unit}".rstrip()
    return f"{_text(_shown(value, unit, limits), unit)} {unit}".rstrip()


def difference_text(before: float, after: float, unit: str) -> str:
    """Return the signed change between two numbers as printed, so that it equals their difference."""
    change = _shown(after, unit) - _shown(before, unit)
    is_plain = not change or change.adjusted() in _PLAIN
    return f"{'+' if change > 0 else ''}{_text(change, unit) if is_plain else f'{change:.3g}'}"


def _text(value: Decimal, unit: str) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if unit != "%" and "." in text else text


def _shown(value: float, unit: str, limits: Iterable[float | None] = ()) -> Decimal:
    exact = Decimal(repr(float(value)))
    beside = [Decimal(repr(float(each))) for each in limits if each is not None]
    beside += [Decimal(0), Decimal(100)] if unit == "%" else []
    digits = 1 if unit == "%" else max(0 if unit else 2, 2 - exact.adjusted())
    while any(_rounded(exact, digits).compare(each) != exact.compare(each) for each in beside):
        digits += 1
    return _rounded(exact, digits)


def _rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, _EXACT)


def exact_text(value: float, unit: str = "") -> str:
    """Return a number with all its digits, without an exponent or trailing zeros: `80 %`."""
    text = f"{Decimal(repr(float(value))):f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} {unit}".rstrip()


def range_text(low: float | None, high: float | None, limit: float | None = None) -> str:
    """Return a range such as `80.0 to 85.0 %`, or a single percentage if both ends look the same."""
    ends = (number_text(each or 0.0, "%", limit).removesuffix(" %") for each in (low, high))
    return f"{' to '.join(dict.fromkeys(ends))} %"


def points_text(value: float) -> str:
    """Return signed percentage points with enough digits to differ from 0."""
    if abs(value) < _NOISE:
        return "0.0"
    return f"{'+' if value > 0 else ''}{number_text(value, '%').removesuffix(' %')}"


def figure_text(figure: RunFigure) -> str:
    """Return a figure's value with its unit, or `-` if it has no value."""
    return "-" if figure.value is None else number_text(figure.value, figure.unit)


def obstacle_of_figure(figure: RunFigure) -> str:
    """Return why a figure has no value, or an empty string if it has one."""
    match figure.obstacle:
        case None:
            return ""
        case FigureObstacle.UNIT_UNKNOWN:
            return "the latency unit is unknown"
        case FigureObstacle.UNREADABLE:
            return f"an answer can't be parsed ({names_text(map(repr, figure.details), _NAMED)})"
        case FigureObstacle.EVALUATIONS_DISAGREE:
            return f"the evaluations of conversation {figure.conversations[0]} disagree"
        case FigureObstacle.TYPE_UNFIT:
            is_rate = figure.aggregate is Aggregate.RATE
            *most, last = sorted(RATED)
            fitting = f"{', '.join(most)} or {last}" if is_rate else "type quantitative"
            types = names_text(figure.details, _NAMED)
            return f"the metric is of type {types}, but {figure.aggregate} needs {fitting}"
        case FigureObstacle.FEW_VALUES:
            if figure.sample or not figure.is_metric:
                verb = "has" if figure.sample == 1 else "have"
                counted = f"{figure.sample} of {figure.total} conversations"
                few = "only " if figure.sample else ""
                return f"{few}{counted} {verb} this figure (required: at least half)"
            if not figure.details:
                return "no conversation has a metric"
            names = names_text(figure.details, _NAMED)
            return f"no conversation has this metric (the run's metrics: {names})"
