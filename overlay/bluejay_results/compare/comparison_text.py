"""Text about a comparison. It can contain received text, so escape it before printing."""

from __future__ import annotations

from collections.abc import Iterator

from ..results.notes import notes
from ..results.pass_rates import Caller
from ..results.unknown_fields import names_text
from ..writing.numbers import difference_text, obstacle_of_figure, points_text
from ..writing.words import count_text, obstacle_text, unmet_text
from .comparison import Change, Comparison, ComparisonCause, Pair
from .deltas import Delta

_NAMED = 10


def sentence(comparison: Comparison) -> str:
    """Return the verdict, the change with its interval and, if undecided, what would decide it."""
    if comparison.cause is not ComparisonCause.COMPARED:
        return f"{comparison.change}: {obstacles_text(comparison)}"
    change = change_text(comparison)
    if not change:
        return f"{comparison.change}: no caller has a passed, failed or unknown conversation in both runs"
    callers = count_text(len(comparison.pairs), "caller")
    return (
        f"{comparison.change}: {callers}, {', because '.join(filter(None, (change, open_text(comparison))))}"
    )


def change_text(comparison: Comparison) -> str:
    """Return the change with its interval, `-18.0 points (interval -31.2 to -4.8)`, or "" without callers.

    If the change depends on unknown conversations, the text contains the lowest and the highest possible
    change, and one interval that covers both of their intervals.
    """
    failed, passed = comparison.if_failed, comparison.if_passed
    if failed is None or passed is None:
        return ""
    ends = list(dict.fromkeys(points_text(each) for each in sorted((failed.change, passed.change))))
    low, high = min(failed.low, passed.low), max(failed.high, passed.high)
    return f"{' to '.join(ends)} points (interval {points_text(low)} to {points_text(high)})"


def passed_text(caller: Caller) -> str:
    """Return how many of a caller's conversations passed: `3 of 5`, or `3 to 4 of 5` if one is unknown."""
    most = f" to {caller.passed + caller.unknown}" if caller.unknown else ""
    return f"{caller.passed}{most} of {caller.counted}"


def reason_text(pair: Pair) -> str:
    """Return why a changed caller's conversations failed, or "" if no conversation failed or is unknown."""
    if pair.reason is None:
        return ""
    return f"before: {pair.reason}" if pair.is_before else f"{pair.reason}"


def left_out_text(comparison: Comparison) -> str:
    """Return which callers are left out, or an empty string if all are compared."""
    ids, unnamed = comparison.left_out, comparison.left_out_without_id
    found = [f"caller{'' if len(ids) == 1 else 's'} {names_text(ids, _NAMED)}"] if ids else []
    if unnamed:
        found.append(f"{count_text(unnamed, 'conversation')} without a caller id")
    return "; ".join(found)


def change_of_figure_text(delta: Delta) -> str:
    """Return the change in a figure, signed and without a unit, or `-` if it's unknown."""
    before, now = delta.base.value, delta.now.value
    return "-" if before is None or now is None else difference_text(before, now, delta.now.unit)


def unknown_figures(comparison: Comparison) -> list[str]:
    """Return the figures without a value, each with the run and the reason."""
    return [
        f"{each.name} in run {run.id}, because {obstacle_of_figure(figure)}"
        for each in comparison.deltas
        for run, figure in ((comparison.base, each.base), (comparison.run, each.now))
        if figure.obstacle
    ]


def all_notes(comparison: Comparison) -> list[str]:
    """Return the notes to read before trusting the verdict, one per line."""
    of_runs = [f"run {each.id}: {note}" for each in (comparison.base, comparison.run) for note in notes(each)]
    return [*map(str, comparison.notes), *of_runs]


def obstacles_text(comparison: Comparison) -> str:
    """Return which run can't be compared, and why, or an empty string if the runs were compared."""
    return "; ".join(_obstacles(comparison))


def _obstacles(comparison: Comparison) -> Iterator[str]:
    for run in (comparison.base, comparison.run):
        if why := obstacle_text(run, f"run {run.id}"):
            yield why
        if comparison.cause is ComparisonCause.NO_SIMULATION and not run.simulation_id:
            yield f"run {run.id} has no simulation id"
        if unmet := comparison.unmet.get(run.id):
            why = " and ".join(unmet_text(each, run) for each in unmet)
            yield f"run {run.id} isn't a valid measurement, because {why}"


def open_text(comparison: Comparison) -> str:
    """Return what would decide an undecided comparison, or an empty string if it is decided."""
    failed, passed = comparison.if_failed, comparison.if_passed
    if comparison.change is not Change.CANT_TELL or failed is None or passed is None:
        return ""
    if (failed.high < 0, failed.low > 0) == (passed.high < 0, passed.low > 0):
        return "the interval includes 0 (more callers would make it narrower)"
    unknown = count_text(len(comparison.unknown), "conversation")
    verb = "is" if len(comparison.unknown) == 1 else "are"
    return f"{unknown} {verb} unknown (see conversation {comparison.unknown[0]})"
