"""Compares runs. docs/definitions.md (Comparison) explains the numbers and the order of verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..errors import UsageError
from ..judging.readiness import incomplete_note, not_settled_reason, violation_reason
from ..judging.thresholds import confidence_level, percentage, points
from ..judging.void_share import VoidShare
from ..results.outcome import Outcome
from ..results.run import SimulationRun
from .comparison import (
    Comparison,
    Conclusion,
    Drop,
    Evidence,
    Limits,
    conclude,
    drop_of,
)
from .deltas import deltas
from .effect import effect_of
from .pairing import (
    Pair,
    callers_of,
    judged_results,
    with_every_doubt,
)

Runs = SimulationRun | Sequence[SimulationRun]
_TESTED = (Conclusion.BETTER, Conclusion.NO_CHANGE)
"""The verdicts that must also hold if every doubtful conversation counts as failed."""
_OPEN_CASE = (
    ". The verdict also holds if all of these conversations failed. But if only those of the new side "
    "failed, the pass rate fell further"
)


def compare(
    base: Runs,
    new: Runs,
    *,
    margin: float = 5.0,
    max_drop: float | None = None,
    confidence: float = 0.95,
    max_void: float = 20.0,
    strict: bool = False,
) -> Comparison:
    """Compare runs of a simulation, caller by caller.

    Args:
        base: The earlier run, or several runs, which are pooled by digital human.
        new: The later run, or several runs.
        margin: The largest change, in percentage points, that isn't meaningful.
        max_drop: The maximum drop of the pass rate, in percentage points. If given, it is also the margin.
        confidence: The confidence level of the interval, 0 to 1. The test uses the same level.
        max_void: The maximum percentage of a side's conversations that may be void or missing.
        strict: Refuse runs of different simulations. Otherwise a note is added.

    Raises:
        UsageError: A number is invalid, a side has no run, a run is given twice, or `strict` refuses a run.
    """
    before, now = _side("base", base), _side("new", new)
    limits = Limits(
        points("margin", margin) if max_drop is None else points("max_drop", max_drop),
        None if max_drop is None else points("max_drop", max_drop),
        confidence_level("confidence", confidence),
        percentage("max_void", max_void),
    )
    _check(before + now, strict)
    for conclusion, reason_of in (
        (Conclusion.VIOLATION, violation_reason),
        (Conclusion.NOT_SETTLED, not_settled_reason),
    ):
        for run in before + now:
            if reason := reason_of(run):
                is_advised = conclusion is Conclusion.NOT_SETTLED
                advice = f"; to wait for it: bluejay-results wait {run.id}" if is_advised else ""
                return Comparison(before, now, limits, conclusion, f"run {run.id}: {reason}{advice}")
    return _compared(before, now, limits)


def _compared(base: tuple[SimulationRun, ...], new: tuple[SimulationRun, ...], limits: Limits) -> Comparison:
    before, now = callers_of(base), callers_of(new)
    both = [Pair(id_, before[id_], now[id_]) for id_ in before if id_ in now]
    pairs = sorted((each for each in both if each.is_judged), key=lambda pair: pair.change)
    only_in_base = tuple(id_ for id_ in before if id_ not in now)
    absent = sum(before[id_].conversations for id_ in only_in_base)
    effect = effect_of([each.tallies for each in pairs], limits.confidence)
    missing = _unknown_callers(base), max(0, _unknown_callers(new) - absent)
    doubted = with_every_doubt(both, [before[id_] for id_ in only_in_base], missing)
    evidence = Evidence(
        effect,
        effect_of(doubted, limits.confidence),
        tuple(each for run in base + new for each in run.doubtful if each.digital_human_id is not None),
        sum(missing) + absent,
        _over("base", _void_of(base), limits)
        or _over("new", _void_of(new, absent), limits, _lacks(len(only_in_base), len(before))),
    )
    return Comparison(
        base,
        new,
        limits,
        conclude(evidence, limits),
        pairs=tuple(pairs),
        evidence=evidence,
        unjudged=tuple(each.id for each in both if not each.is_judged),
        only_in_base=only_in_base,
        only_in_new=tuple(id_ for id_ in now if id_ not in before),
        deltas=tuple(
            deltas(judged_results(each.base for each in pairs), judged_results(each.new for each in pairs))
        ),
        notes=(*_notes(base + new), *_doubt_note(evidence, limits)),
    )


def _doubt_note(evidence: Evidence, limits: Limits) -> Iterator[str]:
    """Yield a note about conversations that may have failed, and what follows if only new ones failed."""
    if count := len(evidence.doubtful) + evidence.missing:
        conversations = "1 conversation" if count == 1 else f"{count} conversations"
        is_tested = conclude(evidence, limits) in _TESTED or drop_of(evidence, limits) is Drop.KEPT
        yield (
            f"{conversations} may have failed. The pass rates use the verdicts of judged conversations and "
            f"leave out void and missing ones{_OPEN_CASE if is_tested else ''}"
        )


def _void_of(runs: tuple[SimulationRun, ...], absent: int = 0) -> VoidShare:
    """Count a side's void and missing conversations; those without a digital human count as missing."""
    named = [(run, each) for run in runs for each in run.results if each.digital_human_id is not None]
    void = tuple(each for run, each in named if each.outcome is Outcome.VOID)
    missing = absent + _unknown_callers(runs)
    return VoidShare(void, missing, len(named) + missing)


def _unknown_callers(runs: tuple[SimulationRun, ...]) -> int:
    """Return how many conversations name no digital human or are missing from the list."""
    unnamed = sum(each.digital_human_id is None for run in runs for each in run.results)
    return unnamed + sum(run.missing_count for run in runs)


def _lacks(absent: int, callers: int) -> str:
    """Return how many callers of the base the new side lacks; empty if it lacks none."""
    return f"; {absent} of the base's {callers} callers are missing from the new side" if absent else ""


def _over(side: str, share: VoidShare, limits: Limits, lacks: str = "") -> str:
    if not share.is_over(limits.max_void):
        return ""
    counted = f"{len(share.void)} void, {share.missing} missing of {share.total}{lacks}"
    return (
        f"{share} of the {side} side's conversations are void or missing ({counted}); the "
        f"maximum is {limits.max_void:g} %"
    )


def _side(name: str, runs: Runs) -> tuple[SimulationRun, ...]:
    side = (runs,) if isinstance(runs, SimulationRun) else tuple(runs)
    if not side:
        raise UsageError(f"{name} has no run. Give at least one run.")
    return side


def _check(runs: tuple[SimulationRun, ...], strict: bool) -> None:
    ids = [each.id for each in runs]
    if twice := next((each for each in ids if ids.count(each) > 1), None):
        raise UsageError(f"Run {twice} is given twice. Compare different runs.")
    if strict and (note := _simulations(runs)):
        raise UsageError(f"{note[0].upper()}{note[1:]}. Give runs of one simulation.")


def _simulations(runs: tuple[SimulationRun, ...]) -> str:
    first = runs[0]
    other = next((each for each in runs if each.simulation_id != first.simulation_id), None)
    if other is None:
        return ""
    return (
        f"run {first.id} belongs to simulation {first.simulation_id}, run {other.id} to simulation "
        f"{other.simulation_id}"
    )


def _notes(runs: tuple[SimulationRun, ...]) -> Iterator[str]:
    if note := _simulations(runs):
        yield note
    for run in runs:
        yield from (f"run {run.id}: {each}" for each in run.notes)
        void, listed = len(run.results_by_outcome[Outcome.VOID]), len(run.results)
        unnamed = sum(each.digital_human_id is None for each in run.results)
        if void:
            yield f"run {run.id}: {void} of {listed} conversations are void, neither passed nor failed"
        if unnamed:
            yield f"run {run.id}: {unnamed} of {listed} conversations name no digital human and are left out"
        if note := incomplete_note(run):
            yield f"run {run.id}: {note}"
        if run.latency_unit is None and any(each.latency.average for each in run.results):
            yield f"run {run.id}: the unit of its latencies is unknown, so they are left out"
