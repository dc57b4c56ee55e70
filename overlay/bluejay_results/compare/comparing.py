"""Compares a run with a base run; docs/definitions.md, Better or worse, defines the verdict."""

from __future__ import annotations

from collections.abc import Set

from ..errors import UsageError
from ..judging.measurement import measurement
from ..judging.pass_rates import Caller, Unknown, callers_of
from ..results.run import SimulationRun
from .comparison import Cause, Comparison, Pair, effects
from .deltas import deltas


def compare(base: SimulationRun, run: SimulationRun) -> Comparison:
    """Compare a run with an earlier run of the same simulation, caller by caller.

    Args:
        base: The base run, settled.
        run: The new run, settled.

    Raises:
        UsageError: The two runs are the same run.
    """
    if base.id == run.id:
        raise UsageError(f"Both runs are run {run.id}. Give two different runs.")
    runs = (base, run)
    if any(each.violations for each in runs):
        return Comparison(base, run, Cause.VIOLATION)
    if not all(each.is_settled for each in runs):
        return Comparison(base, run, Cause.NOT_SETTLED)
    unmet = tuple((each, found) for each in runs for found in measurement(each) if not found.is_met)
    if unmet:
        return Comparison(base, run, Cause.NOT_A_MEASUREMENT, unmet)
    before, now = (_by_id(each) for each in runs)
    pairs = [Pair(before[id_], now[id_]) for id_ in before if id_ in now]
    pairs.sort(key=lambda each: (each.change(Unknown.FAILED), each.change(Unknown.PASSED)))
    return Comparison(
        base,
        run,
        Cause.COMPARED,
        (),
        tuple(pairs),
        _left_out(base, run, before.keys() & now.keys()),
        *effects(pairs),
        tuple(deltas(base, run)),
    )


def _by_id(run: SimulationRun) -> dict[int, Caller]:
    """Return the callers with an id that have a passed, failed or unknown conversation."""
    return {each.id: each for each in callers_of(run) if each.id is not None and each.counted}


def _left_out(base: SimulationRun, run: SimulationRun, compared: Set[int]) -> tuple[int | None, ...]:
    """Return the ids of the callers that aren't compared: each id once, and None for each caller without."""
    ids = [each.id for side in (base, run) for each in callers_of(side) if each.id not in compared]
    return (*dict.fromkeys(each for each in ids if each is not None), *[None] * ids.count(None))
