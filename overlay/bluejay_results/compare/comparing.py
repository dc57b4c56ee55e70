"""Compare runs. The project's definitions say what each number means and which verdict comes first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .._readiness import incomplete, not_settled, violation
from ..errors import UsageError
from ..gate.rules import number, percentage
from ..result import Outcome
from ..run import SimulationRun
from .comparison import Comparison, Conclusion, conclude
from .deltas import deltas
from .effect import effect_of
from .pairing import Pair, callers_of, judged

Runs = SimulationRun | Sequence[SimulationRun]


def compare(
    base: Runs,
    new: Runs,
    *,
    margin: float = 5.0,
    max_drop: float | None = None,
    confidence: float = 0.95,
    strict: bool = False,
) -> Comparison:
    """Compare runs of a simulation, caller by caller.

    Args:
        base: The run before, or several: those of a side are pooled by digital human.
        new: The run now, or several.
        margin: A change within so many percentage points, either way, is not meaningful.
        max_drop: By how many points the pass rate may drop. It is then the margin too.
        confidence: Of the interval, and one less the chance of the test, 0 to 1.
        strict: Refuse runs of different simulations, which else are noted.

    Raises:
        UsageError: A number makes no sense, a side has no run, a run is there twice, or `strict` refuses.
    """
    before, now = _side("base", base), _side("new", new)
    margin = percentage("margin", margin) if max_drop is None else percentage("max_drop", max_drop)
    if not 0 < number("confidence", confidence) < 1:
        raise UsageError(f"confidence must be between 0 and 1, such as 0.95, got {confidence!r}.")
    _check(before + now, strict)
    given = (before, now, margin, None if max_drop is None else margin, confidence)
    for conclusion, problem in ((Conclusion.VIOLATION, violation), (Conclusion.NOT_SETTLED, not_settled)):
        for run in before + now:
            if reason := problem(run):
                return Comparison(*given, conclusion, f"run {run.id}: {reason}")
    return _compared(*given)


def _compared(
    base: tuple[SimulationRun, ...],
    new: tuple[SimulationRun, ...],
    margin: float,
    max_drop: float | None,
    confidence: float,
) -> Comparison:
    before, now = callers_of(base), callers_of(new)
    both = [Pair(id_, before[id_], now[id_]) for id_ in before if id_ in now]
    pairs = sorted((each for each in both if each.is_judged), key=lambda pair: pair.change)
    effect = effect_of([each.tallies for each in pairs], confidence)
    return Comparison(
        base,
        new,
        margin,
        max_drop,
        confidence,
        conclude(effect, margin, confidence),
        pairs=tuple(pairs),
        effect=effect,
        unjudged=tuple(each.id for each in both if not each.is_judged),
        only_in_base=tuple(id_ for id_ in before if id_ not in now),
        only_in_new=tuple(id_ for id_ in now if id_ not in before),
        deltas=tuple(deltas(judged(each.base for each in pairs), judged(each.new for each in pairs))),
        notes=tuple(_notes(base + new)),
    )


def _side(name: str, runs: Runs) -> tuple[SimulationRun, ...]:
    side = (runs,) if isinstance(runs, SimulationRun) else tuple(runs)
    if not side:
        raise UsageError(f"{name} has no run. Give one or several.")
    return side


def _check(runs: tuple[SimulationRun, ...], strict: bool) -> None:
    ids = [each.id for each in runs]
    if twice := next((each for each in ids if ids.count(each) > 1), None):
        raise UsageError(f"Run {twice} is there twice. Compare different runs.")
    if strict and (note := _simulations(runs)):
        raise UsageError(f"{note[0].upper()}{note[1:]}. Give runs of one simulation.")


def _simulations(runs: tuple[SimulationRun, ...]) -> str:
    first = runs[0]
    other = next((each for each in runs if each.simulation_id != first.simulation_id), None)
    if other is None:
        return ""
    return (
        f"run {first.id} is of simulation {first.simulation_id}, run {other.id} of simulation "
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
        if reason := incomplete(run):
            yield f"run {run.id}: {reason}"
        if run.latency_unit is None and any(each.latency.average for each in run.results):
            yield f"run {run.id}: the unit of its latencies can't be told; they are left out"
