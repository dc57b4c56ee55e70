"""The texts of a comparison, from its view. They quote received text: whoever prints them makes it safe."""

from __future__ import annotations

from collections.abc import Iterator

from ..judging.pass_rates import Caller
from ..results.notes import names_text
from ..results.outcome import Outcome
from ..writing.run_view import RunFacts
from ..writing.safe_text import percent_text
from ..writing.words import count_text, obstacle_text, unmet_text
from .comparison import Cause, Change, Comparison
from .deltas import Delta
from .view import ComparisonView, PairView

_NAMED = 10
_DIGITS = {"ms": 0, "%": 1, "": 2}
_NOISE = 1e-9
"""A change below this many points is a rounding error of a change of 0."""


def sentence(comparison: Comparison) -> str:
    """Return the verdict, the change with its interval, and what would decide if the verdict is open."""
    return headline(ComparisonView.of(comparison))


def headline(view: ComparisonView) -> str:
    """Return the verdict, the change with its interval, and what would decide if the verdict is open."""
    if view.cause is not Cause.COMPARED:
        return f"{view.change}: {'; '.join(_obstacles(view))}"
    change = change_text(view)
    if not change:
        return f"{view.change}: no caller is in both runs with a passed, failed or unknown conversation"
    return f"{view.change}: {count_text(len(view.pairs), 'caller')}, {change}{_open_text(view)}"


def change_text(view: ComparisonView) -> str:
    """Return the change with its interval, such as `-18.0 points (-31.2 to -4.8)`; empty without callers.

    If unknown conversations leave several changes possible, both ends are given, and the interval contains
    the intervals of both.
    """
    failed, passed = view.if_failed, view.if_passed
    if failed is None or passed is None:
        return ""
    ends = list(dict.fromkeys(points_text(each) for each in sorted((failed.change, passed.change))))
    low, high = min(failed.low, passed.low), max(failed.high, passed.high)
    return f"{' to '.join(ends)} points ({points_text(low)} to {points_text(high)})"


def points_text(value: float) -> str:
    """Return percentage points with a sign and one decimal, or with as many as a value other than 0 needs."""
    if abs(value) < _NOISE:
        return "0.0"
    return f"{value:+.1f}" if abs(value) >= 0.05 else f"{value:+.1g}"


def passed_text(caller: Caller) -> str:
    """Return how many of a caller's conversations passed: `3 of 5`, or `3 to 4 of 5` with an unknown one."""
    most = f" to {caller.passed + caller.unknown}" if caller.unknown else ""
    return f"{caller.passed}{most} of {caller.counted}"


def reason_text(pair: PairView) -> str:
    """Return the reason of a changed caller's failures; empty if none failed or is unknown."""
    if pair.reason is None:
        return ""
    return f"before: {pair.reason}" if pair.is_before else f"{pair.reason}"


def left_out_text(view: ComparisonView) -> str:
    """Return which callers are left out; empty if none is."""
    ids, unnamed = [each for each in view.left_out if each is not None], view.left_out.count(None)
    found = [f"caller{'' if len(ids) == 1 else 's'} {names_text(ids, _NAMED)}"] if ids else []
    if unnamed:
        found.append(f"{count_text(unnamed, 'conversation')} without a digital human")
    return "; ".join(found)


def figure_text(value: float | None, unit: str) -> str:
    """Return a figure with its unit; `-` if it is unknown."""
    return "-" if value is None else f"{value:,.{_DIGITS[unit]}f} {unit}".rstrip()


def change_of_figure_text(delta: Delta) -> str:
    """Return the change of a figure with a sign and without a unit; `-` if it is unknown."""
    return "-" if delta.change is None else f"{delta.change:+,.{_DIGITS[delta.unit]}f}"


def run_text(run: RunFacts) -> str:
    """Return the id of a run and how many of its conversations passed."""
    passed, failed = (run.outcomes[each] for each in (Outcome.PASSED, Outcome.FAILED))
    if run.judged_pass_rate is None:
        return f"run {run.id}: no outcome known"
    return f"run {run.id}: {passed} of {passed + failed} passed, {percent_text(run.judged_pass_rate)}"


def notes(view: ComparisonView) -> list[str]:
    """Return what to know before trusting the verdict, one line each."""
    of_runs = [f"run {each.id}: {note}" for each in (view.base, view.run) for note in each.notes]
    return [*map(str, view.notes), *of_runs]


def _obstacles(view: ComparisonView) -> Iterator[str]:
    """Yield which run can't be compared, and why."""
    for run in (view.base, view.run):
        if why := obstacle_text(run):
            yield f"run {run.id}: {why}"
        for each in view.unmet:
            if each.run_id == run.id:
                yield f"run {run.id} is not a measurement: {unmet_text(each.condition, run)}"


def _open_text(view: ComparisonView) -> str:
    """Return what would decide; empty if the verdict is decided."""
    failed, passed = view.if_failed, view.if_passed
    if view.change is not Change.CANT_TELL or failed is None or passed is None:
        return ""
    if (failed.high < 0, failed.low > 0) == (passed.high < 0, passed.low > 0):
        return ": the interval contains 0; more callers would make it narrower"
    return f": {len(view.unknown)} unknown, open {view.unknown[0]}"
