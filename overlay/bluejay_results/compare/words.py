"""A comparison as text."""

from __future__ import annotations

import math
from statistics import fmean

from .comparison import Comparison, Conclusion, Drop
from .effect import Effect
from .pairing import Pair


def sentence(comparison: Comparison) -> str:
    """Return the verdict with the effect and its interval, in one sentence."""
    verdict, effect = comparison.conclusion, comparison.effect
    if comparison.problem:
        return f"Can't compare: {comparison.problem}"
    if comparison.evidence.void or effect is None:
        reason = _no_ids_reason(comparison) or comparison.evidence.void or _too_few_reason(comparison)
        measured = f"; {_change_text(comparison, effect)}" if effect else ""
        return f"{_capitalized(verdict)}: {reason}{measured}"
    said = f"{_capitalized(verdict)}: {_change_text(comparison, effect)}"
    if verdict is Conclusion.NO_CHANGE:
        return f"{said}, which is within {comparison.limits.margin:g} points"
    if verdict is Conclusion.TOO_SMALL:
        return f"{said}; {_doubt_text(comparison) or _unsure_text(effect)}"
    return f"{said}; {_chance_text(effect)}"


def _change_text(comparison: Comparison, effect: Effect) -> str:
    base, new = (
        fmean(tally.passed / tally.judged for tally in side)
        for side in zip(*(each.tallies for each in comparison.pairs), strict=True)
    )
    before, now = f"{100 * base:.1f} %", f"{100 * new:.1f} %"
    moved = f"fell from {before} to {now}" if new < base else f"rose from {before} to {now}"
    low, high = 100 * effect.interval.low, 100 * effect.interval.high
    return (
        f"pass rate {moved if before != now else f'stayed at {now}'} (mean over {effect.callers} callers): "
        f"{points_text(float(100 * effect.change))} points ({points_text(low)} to {points_text(high)} at "
        f"{100 * comparison.limits.confidence:.4g} % confidence)"
    )


def _unsure_text(effect: Effect) -> str:
    change = "a drop" if effect.change < 0 else "a rise" if effect.change > 0 else "a drop or a rise"
    return f"this may be {change}, but there are too few callers to be sure"


def _doubt_text(comparison: Comparison) -> str:
    """Return which conversations may have failed; empty if these conversations don't change the verdict."""
    if not comparison.is_upset_by_doubt:
        return ""
    found = comparison.evidence.doubtful
    count = len(found) + comparison.evidence.missing
    conversations = "1 conversation" if count == 1 else f"{count} conversations"
    where = f"open {found[0].id}" if found else "missing from a list"
    doubted = comparison.evidence.doubted
    change = f"; if counted as failed: {points_text(float(100 * doubted.change))} points" if doubted else ""
    return f"{conversations} may have failed: {where}{change}"


def _chance_text(effect: Effect) -> str:
    percent = 100 * effect.p
    said = "less than 0.1" if percent < 0.1 else f"{percent:.1f}"
    return f"if nothing had changed, a change this large would occur in {said} % of comparisons"


def drop_text(comparison: Comparison) -> str:
    """Return the verdict on `max_drop` and its reason; empty if no limit was given."""
    most = comparison.limits.max_drop
    if comparison.drop is None or most is None:
        return ""
    said = f"max-drop {most:g}: {comparison.drop}"
    effect = comparison.effect
    if comparison.evidence.void or effect is None:
        return f"{said}, {comparison.evidence.void or 'there are too few callers to say'}"
    low, high = -100 * effect.interval.high, -100 * effect.interval.low
    if comparison.drop is Drop.KEPT:
        return f"{said}, the drop is at most {max(high, 0):.1f} points"
    if comparison.drop is Drop.BROKEN:
        return f"{said}, the pass rate dropped by {float(-100 * effect.change):.1f} points, and not by chance"
    anything = f"the drop may be anything from {low:.1f} to {high:.1f} points"
    return f"{said}, {_doubt_text(comparison) or anything}"


def plan_text(comparison: Comparison, spread: float = 0.0) -> str:
    """Return how many callers are needed to detect a change, estimated from these runs."""
    needed = comparison.callers_needed(spread=spread)
    if comparison.effect is None:
        return "the number of callers needed can't be estimated: too few callers were judged on both sides"
    aim = comparison.limits.margin
    if needed is None and not (comparison.effect.flips or spread):
        return "the number of callers needed can't be estimated: no verdict differs between the sides"
    if needed is None:
        return f"no number of callers is enough to detect a change of {aim:g} points"
    size = comparison.effect.conversations
    each = "1 conversation" if size == 1 else f"{size:.2g} conversations"
    return (
        f"to detect a change of {aim:g} points in 80 % of comparisons, about {_rounded(needed):,} callers "
        f"must be on both sides, with {each} each; {100 * comparison.effect.flips:.0f} % of verdicts differ "
        "between the sides"
    )


def reason_text(pair: Pair) -> str:
    """Return why a caller fails; the text begins with `before: ` if the caller failed more in the base."""
    reason = pair.reason.removeprefix("goal not reached: ")
    return f"before: {reason}" if pair.change > 0 else reason


def points_text(value: float) -> str:
    """Return percentage points with a sign; a value that rounds to 0 has no sign."""
    return f"{value:+.1f}" if abs(value) >= 0.05 else "0.0"


def _no_ids_reason(comparison: Comparison) -> str:
    results = [each for run in comparison.base + comparison.new for each in run.results]
    if not results or any(each.digital_human_id is not None for each in results):
        return ""
    return "no conversation names its digital human, so callers can't be compared"


def _too_few_reason(comparison: Comparison) -> str:
    count = len(comparison.pairs)
    judged = "1 caller was" if count == 1 else "no callers were"
    return f"{judged} judged on both sides, but at least 2 are needed"


def _capitalized(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _rounded(number: int) -> int:
    """Round an estimate upwards, to two significant digits."""
    unit = int("1".ljust(len(str(number)) - 1, "0"))
    return math.ceil(number / unit) * unit
