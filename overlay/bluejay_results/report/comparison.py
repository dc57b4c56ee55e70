"""The comparison with an earlier run: the change with its interval, and the callers that changed."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from ..compare import Comparison, Pair, compare
from ..compare.deltas import Delta
from ..compare.words import points_text, reason_text
from ..gate.verdict import Verdict
from ..judging.repeats import turned
from .history import is_valid
from .scale import PERCENT, Mark, Scale


@frozen
class Change:
    """The change of the pass rate on a scale of percentage points.

    Attributes:
        dot: The change.
        interval: The positions at which the confidence interval begins and ends.
        margin: Where the margin begins, and how wide it is.
        margin_text: The margin in words.
        zero: The position of no change.
        ends: The labels at both ends.
        words: The change in words.
    """

    dot: Mark
    interval: tuple[str, str]
    margin: tuple[str, str]
    margin_text: str
    zero: str
    ends: tuple[Mark, Mark]
    words: str


@frozen
class PairRow:
    """A caller whose pass rate changed.

    Attributes:
        id: The digital human.
        before: How many judged conversations passed before, such as `3 of 5`.
        now: How many judged conversations passed now.
        base: The position of the pass rate before, from 0 to 100 %.
        new: The position of the pass rate now.
        change: The change of the pass rate, in percentage points.
        is_turned: Whether the caller always passed on one side and always failed on the other.
        reason: Why the caller fails; the text begins with "before" if the failures are in the earlier run.
        open: The first conversation that failed now; None if none failed.
    """

    id: int
    before: str
    now: str
    base: str
    new: str
    change: str
    is_turned: bool
    reason: str
    open: int | None


@frozen
class DeltaRow:
    """One figure on both sides."""

    name: str
    before: str
    now: str
    change: str


def comparison_with(history: Sequence[Verdict]) -> Comparison | None:
    """Compare the newest run with an earlier one; return None if no earlier run is suitable.

    The earlier run is the last one that ships or, if none ships, the last valid measurement.
    """
    if not history:
        return None
    *earlier, newest = history
    bases = [each for each in earlier if each.ships] or [each for each in earlier if is_valid(each)]
    return compare(bases[-1].run, newest.run) if bases else None


def change_of(comparison: Comparison) -> Change | None:
    """Return the change on its scale; None if the runs can't be compared."""
    effect = comparison.effect
    if effect is None:
        return None
    change, margin = float(100 * effect.change), comparison.limits.margin
    low, high = 100 * effect.interval.low, 100 * effect.interval.high
    end = max(abs(low), abs(high), margin, 1.0) * 1.15
    scale = Scale(-end, end)
    return Change(
        scale.mark(change, f"{points_text(change)} points"),
        (scale.x(low), scale.x(high)),
        (scale.x(-margin), scale.width(-margin, margin)),
        f"grey: within {margin:g} points",
        scale.x(0.0),
        (scale.mark(-end, f"{-end:.0f}: worse"), scale.mark(end, f"better: +{end:.0f}")),
        f"{points_text(change)} points, confidence interval {points_text(low)} to {points_text(high)} points",
    )


def pair_rows(pairs: Sequence[Pair]) -> list[PairRow]:
    """Return one row per caller that changed.

    Callers that turned (all passed on one side, all failed on the other) come first.
    """
    rows = [_pair(each) for each in pairs]
    return sorted(rows, key=lambda each: not each.is_turned)


def _pair(pair: Pair) -> PairRow:
    before, now = pair.tallies
    failed = [each.id for each in pair.new.results if each.outcome == "failed"]
    return PairRow(
        pair.id,
        f"{before.passed} of {before.judged}",
        f"{now.passed} of {now.judged}",
        PERCENT.x(before.passed / before.judged),
        PERCENT.x(now.passed / now.judged),
        points_text(float(100 * pair.change)),
        turned(before, now),
        reason_text(pair),
        failed[0] if failed else None,
    )


def delta_rows(deltas: Sequence[Delta]) -> list[DeltaRow]:
    """Return one row per figure."""
    return [
        DeltaRow(
            each.name,
            _figure(each.base, each.unit),
            _figure(each.new, each.unit),
            "-" if each.change is None else _number(each.change, each.unit, "+"),
        )
        for each in deltas
    ]


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    return f"{_number(value, unit)} {unit}".rstrip()


def _number(value: float, unit: str, sign: str = "-") -> str:
    digits = {"ms": 0, "%": 1}.get(unit, 2)
    return f"{value:{sign},.{digits}f}"
