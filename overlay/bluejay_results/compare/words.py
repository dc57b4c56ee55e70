"""A comparison as text. Received names and reasons are as received: whoever prints them makes them safe."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..judging.measurement import Condition
from ..judging.pass_rates import Caller, Unknown
from ..judging.readiness import incomplete_note, not_settled_reason, violation_reason
from ..judging.thresholds import distinct_number
from ..results.result import SimulationResult
from ..results.run import SimulationRun
from ..writing.safe_text import percent_text
from .comparison import FEWEST, Cause, Change, Comparison, Pair
from .deltas import Delta

_NAMED = 10
_DIGITS = {"ms": 0, "%": 1, "": 2}
_NOISE = 1e-9
"""A change below this many points is a rounding error of a change of 0."""


def sentence(comparison: Comparison) -> str:
    """Return the verdict, the change with its interval, and what would decide if the verdict is open."""
    if comparison.cause is not Cause.COMPARED:
        return f"{comparison.change}: {'; '.join(_obstacles(comparison))}"
    change = change_text(comparison)
    if not change:
        return f"{comparison.change}: no caller is in both runs with a passed, failed or unknown conversation"
    count = len(comparison.pairs)
    said = f"{comparison.change}: {count} caller{'' if count == 1 else 's'}, {change}"
    return f"{said}{_open_text(comparison)}"


def change_text(comparison: Comparison) -> str:
    """Return the change with its interval, such as `-18.0 points (-31.2 to -4.8)`; empty without callers.

    If unknown conversations leave several changes possible, both ends are given, and the interval contains
    the intervals of both.
    """
    failed, passed = comparison.if_failed, comparison.if_passed
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


def changed(comparison: Comparison) -> list[Pair]:
    """Return the callers whose pass rate changed, or may have changed, those that got worse first."""
    counted = (Unknown.FAILED, Unknown.PASSED)
    return [each for each in comparison.pairs if any(each.change(how) for how in counted)]


def passed_text(caller: Caller) -> str:
    """Return how many of a caller's conversations passed: `3 of 5`, or `3 to 4 of 5` with an unknown one."""
    most = f" to {caller.passed + caller.unknown}" if caller.unknown else ""
    return f"{caller.passed}{most} of {caller.counted}"


def reason_text(comparison: Comparison, pair: Pair) -> str:
    """Return the most frequent reason of a changed caller's failures; empty if none failed or is unknown.

    If the caller got better, these are the failures of the base run, and the text begins with `before: `.
    """
    is_better = sum(pair.change(how) for how in (Unknown.FAILED, Unknown.PASSED)) > 0
    run = comparison.base if is_better else comparison.run
    for results in (run.failed, run.unknown):
        reasons = Counter(str(each.reason) for each in results if each.digital_human_id == pair.now.id)
        if reasons:
            [(reason, _)] = reasons.most_common(1)
            return f"before: {reason}" if is_better else reason
    return ""


def left_out_text(comparison: Comparison) -> str:
    """Return which callers are left out; empty if none is."""
    ids = [str(each) for each in comparison.left_out if each is not None]
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    found = [f"caller{'' if len(ids) == 1 else 's'} {', '.join(ids[:_NAMED])}{more}"] if ids else []
    if unnamed := comparison.left_out.count(None):
        found.append(f"{_conversations(unnamed)} without a digital human")
    return "; ".join(found)


def figure_text(value: float | None, unit: str) -> str:
    """Return a figure with its unit; `-` if it is unknown."""
    return "-" if value is None else f"{value:,.{_DIGITS[unit]}f} {unit}".rstrip()


def change_of_figure_text(delta: Delta) -> str:
    """Return the change of a figure with a sign and without a unit; `-` if it is unknown."""
    return "-" if delta.change is None else f"{delta.change:+,.{_DIGITS[delta.unit]}f}"


def run_text(run: SimulationRun) -> str:
    """Return the id of a run and how many of its conversations passed."""
    rate, passed = run.judged_pass_rate, len(run.passed)
    if rate is None:
        return f"run {run.id}: no outcome known"
    return f"run {run.id}: {passed} of {passed + len(run.failed)} passed, {percent_text(rate)}"


def notes(comparison: Comparison) -> Iterator[str]:
    """Yield what to know before trusting the verdict, one line each."""
    base, run = comparison.base, comparison.run
    if base.simulation_id != run.simulation_id:
        yield (
            f"run {base.id} belongs to simulation {base.simulation_id}, run {run.id} to simulation "
            f"{run.simulation_id}"
        )
    if comparison.cause is Cause.COMPARED and len(comparison.pairs) < FEWEST:
        yield f"fewer than {FEWEST} callers are in both runs, so --fail-if-worse exits with 6"
    for each in (base, run):
        yield from (f"run {each.id}: {note}" for note in (*each.notes, incomplete_note(each)) if note)


def _obstacles(comparison: Comparison) -> Iterator[str]:
    """Yield which run can't be compared, and why."""
    for run in (comparison.base, comparison.run):
        if comparison.cause is Cause.VIOLATION and run.violations:
            yield f"run {run.id}: {violation_reason(run)}"
        if comparison.cause is Cause.NOT_SETTLED and not run.is_settled:
            yield f"run {run.id}: {not_settled_reason(run)}; to wait for it: bluejay-results wait {run.id}"
    for run, condition in comparison.unmet:
        yield f"run {run.id} is not a measurement: {_unmet_text(run, condition)}"


def _unmet_text(run: SimulationRun, condition: Condition) -> str:
    if condition.name == "min-conversations":
        return "no conversation passed or failed"
    if condition.value is not None and condition.limit is not None:  # max-void
        return (
            f"{condition.sample} of {_conversations(condition.total)} void or missing, "
            f"{distinct_number(condition.value, condition.limit)} % (at most {condition.limit:g} %)"
        )
    if condition.name == "total-tests":
        total = run.response.simulation_run.total_tests
        return f"its total_tests is {'null' if total is None else total}"
    return "; ".join(condition.details)


def _open_text(comparison: Comparison) -> str:
    """Return what would decide; empty if the verdict is decided."""
    failed, passed = comparison.if_failed, comparison.if_passed
    if comparison.change is not Change.CANT_TELL or failed is None or passed is None:
        return ""
    if (failed.high < 0, failed.low > 0) == (passed.high < 0, passed.low > 0):
        return ": the interval contains 0; more callers would make it narrower"
    unknown = _unknown(comparison)
    return f": {len(unknown)} unknown, open {unknown[0].id}"


def _unknown(comparison: Comparison) -> list[SimulationResult]:
    """Return the unknown conversations of the callers in both runs, those of the new run first."""
    ids = {each.now.id for each in comparison.pairs}
    runs = (comparison.run, comparison.base)
    return [each for run in runs for each in run.unknown if each.digital_human_id in ids]


def _conversations(count: int) -> str:
    return "1 conversation" if count == 1 else f"{count} conversations"
